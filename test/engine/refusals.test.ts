import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { commands } from '../../src/cli/commands/registry.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { render } from '../../src/core/message/message.ts';
import { refusals } from '../../src/core/message/refusal.ts';
import type { Finding } from '../../src/core/policy/finding.ts';
import { splitsOf } from '../../src/core/policy/refusals.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { lintFile } from '../../src/project/lint/lintFile.ts';
import { policyTextWithin } from '../../src/project/lint/policyText.ts';
import { plannedProblems } from '../../src/project/stage/plannedProblems.ts';
import { engine, folder, parquet } from './fixture.ts';
import { worlds } from './refusalWorlds.ts';
import { baseFiles, bases, type RefusedWorld } from './refusedWorld.ts';

const config = 'x.ratio.yaml';

async function run(directory: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    commands,
    version: '1.2.3',
    directory,
    environment: {},
    terminal: { width: 120, colour: false },
    signal: new AbortController().signal,
    createEngine: () => Promise.resolve({ call: engine.call.bind(engine), dispose: () => Promise.resolve() }),
    print: (text) => {
      out += text;
      return Promise.resolve();
    },
    printError: (text) => {
      err += text;
    },
    note: () => undefined,
  });
  return { code, out, err };
}

/** Writes a world and returns its folder and the text of its config. */
async function write(
  name: string,
  { base = 'recall', change = [], files = {} }: Pick<RefusedWorld, 'base' | 'change' | 'files'>,
): Promise<{ directory: string; text: string }> {
  const directory = join(folder, name);
  for (const [file, content] of Object.entries({ ...baseFiles, ...files })) {
    if (content === null) continue;
    const path = join(directory, file);
    mkdirSync(dirname(path), { recursive: true });
    if (file.endsWith('.parquet')) await parquet(path, content.replace('log.csv', join(directory, 'log.csv')));
    else writeFileSync(path, content);
  }
  const text = change.reduce<string>((before, [from, to]) => {
    assert.ok(before.includes(from), `${name}: the config has no ${from}`);
    return before.replace(from, to);
  }, bases[base]);
  writeFileSync(join(directory, config), text);
  return { directory, text };
}

/** The errors of lint, and the refusals that the plans and the dry runs of all stages and splits have. */
async function lint(directory: string): Promise<{ errors: readonly Finding[]; refused: ReadonlySet<unknown> }> {
  const place = { folder: directory, root: directory };
  const { findings, facts, read } = await lintFile(
    { path: join(directory, config), text: readFileSync(join(directory, config), 'utf8'), language: 'yaml' },
    {
      level: 'data',
      root: directory,
      trusted: true,
      engine,
      cache: new FactsCache(),
      readText: policyTextWithin(directory),
    },
  );
  const planned = plannedProblems(read.config, facts, place);
  const refused = Object.keys(read.config.stages ?? {}).flatMap((stage) =>
    splitsOf(read.config).flatMap((split) => {
      const answer = facts.answer({ kind: 'refusal', stage: stage as Stage, split });
      const dry = answer && 'value' in answer ? (answer.value?.refusal ?? null) : null;
      return [...planned(stage as Stage, split).map(({ refusal }) => refusal), dry];
    }),
  );
  return { errors: findings.filter(({ severity }) => severity === 'error'), refused: new Set(refused) };
}

const source = join(import.meta.dirname, '../../src');

/** Where sampling stops because of the config or its data. */
const sampling = [
  'core/sampling/plan',
  'core/sampling/alias.ts',
  'core/sampling/key.ts',
  'core/table/noTimeUnit.ts',
  'engine/tables/instant.ts',
  'engine/tables/roleTable.ts',
  'engine/groups',
  'engine/inputs',
  'engine/write',
  'project/facts/dataTables.ts',
  'project/facts/resolveEvent.ts',
  'project/plan',
  'project/stage',
];
/** Files whose failures are about what the caller asks for: a stage, an extract, the options of a Spark job. */
const asked = ['drawSample.ts', 'extract.ts', 'extracted.ts', 'sparkScript.ts', 'stageJob.ts'];

suite('refusals', () => {
  for (const base of ['recall', 'coarse', 'fine'] as const)
    test(`the world ${base} is not refused`, async () => {
      const { directory } = await write(base, { base });
      const { errors, refused } = await lint(directory);
      assert.deepEqual([errors, [...refused].filter((one) => one !== null)], [[], []]);
      for (const command of ['sample', 'preview', 'spark'])
        assert.equal((await run(directory, command, config)).code, 0, command);
    });

  for (const refusal of refusals)
    test(`${refusal}: lint reports it in its place, and the other commands refuse`, async () => {
      const world = worlds[refusal];
      const { directory, text } = await write(refusal, world);
      const start = text.indexOf(
        world.at,
        world.after === undefined ? 0 : text.indexOf(world.after) + world.after.length,
      );
      const before = text.slice(0, start).split('\n');
      const { errors, refused } = await lint(directory);
      assert.ok(refused.has(refusal), [...refused].join(', '));
      const [line, character] = [before.length - 1, before.at(-1)?.length ?? 0];
      assert.ok(
        errors.some(({ range }) => range.start.line === line && range.start.character === character),
        `${line}:${character} ${JSON.stringify(errors)}`,
      );
      const { code, err } = await run(directory, 'sample', config);
      assert.equal(code, 2);
      assert.match(err, world.says);
      // What no other rule explains has the same words.
      const unexplained = errors.filter(({ rule }) => rule.endsWith('/refused'));
      assert.ok(unexplained.length === 0 || unexplained.some((one) => err.includes(render(one.message))), err);
      assert.equal((await run(directory, 'preview', config)).code, world.previews ? 0 : 2, 'preview');
      assert.equal((await run(directory, 'spark', config)).code, world.sparks ? 0 : 2, 'spark');
    });

  test('every failure on the way of sampling has the name of its refusal', () => {
    const files = sampling.flatMap((name) =>
      name.endsWith('.ts')
        ? [name]
        : readdirSync(join(source, name), { recursive: true, encoding: 'utf8' }).map((file) => join(name, file)),
    );
    const plain = files
      .filter((file) => file.endsWith('.ts') && !asked.includes(basename(file)))
      .filter((file) =>
        /\bfail\(\s*'(?:bad-request|unsupported|refused-path)'/.test(readFileSync(join(source, file), 'utf8')),
      );
    assert.deepEqual(plain, []);
  });
});
