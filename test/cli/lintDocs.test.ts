import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { commands } from '../../src/cli/commands/registry.ts';
import { changed } from '../../src/core/policy/examples/example.ts';
import { recallMixing, withoutInBatch } from '../../src/core/policy/examples/mixes.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample, type Outcome } from './commandLine.ts';

// Runs the commands of the linting guides on a demo workspace.
const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const [guide, cli, mixes] = [read('docs/lint.md'), read('docs/cli.md'), read('docs/mixes.md')];

let directory = '';
before(async () => {
  directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-guide-')));
  const { code, err } = await run(['demo', 'demo', '--scale', 'tiny', '--bad']);
  assert.equal(code, 0, err);
});
after(() => {
  rmSync(directory, { recursive: true, force: true });
});

function run(args: readonly string[], folder = directory): Promise<Outcome> {
  return recsample(
    args,
    {},
    {
      directory: folder,
      createEngine: () =>
        Promise.resolve(createEngine({ temporaryDirectory: directory, threads: 1, memoryBytes: 5e8 })),
    },
  );
}

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');
}
const words = (line: string): string[] =>
  line
    .replace(/ > .*$/, '')
    .trim()
    .split(/\s+/)
    .slice(1);
const block = (language: string, having: string): string =>
  blocks(guide, language).find((text) => text.includes(having)) ?? assert.fail(having);
const write = (file: string, text: string): void => {
  writeFileSync(path.join(directory, file), text);
};

test('the first config of the guide is clean, and the shown change produces the shown report', async () => {
  const first = block('yaml', 'seed: mine');
  write('demo/configs/mine.ratio.yaml', first);
  const command = words(block('sh', 'demo/configs/mine'));
  const clean = await run([...command, '--facts', 'data']);
  assert.deepEqual([clean.code, clean.out], [0, '1 config, no findings\n']);
  write('demo/configs/mine.ratio.yaml', `${first}      downsample: 0.1\n`);
  const { code, out } = await run(command);
  assert.deepEqual([code, out], [0, block('text', 'demo/configs/mine')]);
  rmSync(path.join(directory, 'demo/configs/mine.ratio.yaml'));
});

test('the team policy of the guide works in a config and on the command line', async () => {
  write('demo/configs/team.policy.yaml', block('yaml', 'team.policy.yaml'));
  write(
    'demo/configs/mine.ratio.yaml',
    changed(
      'recall',
      ['policy: recommended', 'policy: team.policy.yaml'],
      ['      downsample_hot: {threshold: 1.0e-3}\n', ''],
      ['{share: 0.3, seen', '{share: 0.45, seen'],
      ['popularity: {share: 0.4,', 'popularity: {share: 0.25,'],
    ),
  );
  for (const more of [[], ['--policy', 'demo/configs/team.policy.yaml']]) {
    const { code, out } = await run(['lint', 'demo/configs/mine.ratio.yaml', ...more]);
    assert.equal(code, 0);
    assert.deepEqual(out.split('\n').filter((line) => / (?:error|warning|info) /.test(line)).length, 1, out);
    assert.match(out, / warning {2}exposed_unclicked has 45 % .* recall\/exposed-share\n/);
  }
  rmSync(path.join(directory, 'demo/configs/mine.ratio.yaml'));
});

test('the suppression of the guide silences its finding, which appears without it', async () => {
  const [, snippet = ''] = block('yaml', 'recsample-disable-next-line').split('    negatives:\n');
  const mixed = recallMixing(['global_random: 1'], withoutInBatch);
  const bare = mixed.replace(/ {6}mix:\n {8}global_random: 1\n/, snippet);
  assert.notEqual(bare, mixed);
  write('demo/configs/mine.ratio.yaml', bare);
  const silent = await run(['lint', 'demo/configs/mine.ratio.yaml', '--facts', 'none']);
  assert.ok(!/random-only|unused-suppression/.test(silent.out), silent.out);
  write('demo/configs/mine.ratio.yaml', bare.replace(/.*recsample-disable.*\n/, ''));
  assert.match((await run(['lint', 'demo/configs/mine.ratio.yaml', '--facts', 'none'])).out, /recall\/random-only/);
  rmSync(path.join(directory, 'demo/configs/mine.ratio.yaml'));
});

test('the commit hook lints only configs and blocks bad ones', async () => {
  const [hook] = parse(read('.pre-commit-hooks.yaml')) as {
    id: string;
    entry: string;
    args: string[];
    files: string;
  }[];
  const asked = parse(block('yaml', '.pre-commit-config')) as { repos: { hooks: { id: string }[] }[] };
  assert.equal(hook?.id, asked.repos[0]?.hooks[0]?.id);
  const files = new RegExp(hook?.files ?? '^$');
  for (const file of ['a.ratio.yaml', 'configs/b.ratio.yml', 'c.ratio.json']) assert.ok(files.test(file), file);
  for (const file of ['a.yaml', 'ratio.yaml', 'a.ratio.yaml.md', 'aratio.yaml']) assert.ok(!files.test(file), file);
  const line = [...words(hook?.entry ?? ''), ...(hook?.args ?? [])];
  assert.equal((await run([...line, 'demo/configs/recall.ratio.yaml'])).code, 0);
  assert.equal(
    (await run([...line, 'demo/configs/recall.ratio.yaml', 'demo/bad/config-share-sum.ratio.yaml'])).code,
    1,
  );
  const plain = words(block('sh', 'recsample lint --facts none'));
  assert.equal((await run(plain, path.join(directory, 'demo/configs'))).code, 0);
  assert.equal((await run(plain, path.join(directory, 'demo'))).code, 1);
});

test('the workflow uploads the SARIF file that it writes, and fails on errors', async () => {
  const flow = parse(block('yaml', 'upload-sarif')) as {
    jobs: { lint: { steps: { run?: string; with?: Record<string, unknown>; if?: string }[] } };
  };
  const { steps } = flow.jobs.lint;
  const step = steps.find(({ run: line }) => line !== undefined)?.run ?? '';
  const line = step.slice(step.indexOf('-- ') + 2);
  assert.equal(steps.at(-1)?.with?.['sarif_file'], /> (\S+)$/.exec(step)?.[1]);
  const good = await run(['lint', ...words(line)], path.join(directory, 'demo'));
  assert.deepEqual([good.code, (JSON.parse(good.out) as { version: string }).version], [0, '2.1.0']);
  const bad = await run(['lint', ...words(line.replace('configs', 'bad'))], path.join(directory, 'demo'));
  assert.equal(bad.code, 1);
  assert.equal(steps.at(-1)?.if, 'success() || failure()');
});

test('the command lines of the reference and of the help run', async () => {
  const section = cli.slice(cli.indexOf('## recsample lint'), cli.indexOf('### JSON of lint'));
  const lint = commands.find(({ name }) => name === 'lint');
  for (const line of [...blocks(section, 'sh').flatMap((text) => text.trim().split('\n')), ...(lint?.examples ?? [])]) {
    const { code, err } = await run(
      words(line),
      path.join(directory, line.includes('configs') ? 'demo' : 'demo/configs'),
    );
    assert.equal(code, 0, `${line}: ${err}`);
  }
  for (const [name, option] of Object.entries(lint?.options ?? {})) {
    const shown = [
      `--${name}`,
      ...(option.placeholder === undefined ? [] : [option.placeholder.replaceAll('|', '\\|')]),
    ].join(' ');
    assert.ok(section.includes(`\`${shown}\``), shown);
  }
});

test('the mixes for the three stages lint clean', async () => {
  const configs = blocks(mixes, 'yaml');
  assert.equal(configs.length, 3);
  assert.deepEqual(blocks(read('docs/mixes.zh-CN.md'), 'yaml'), configs);
  for (const [index, text] of configs.entries()) {
    write('mix.ratio.yaml', text);
    const { code, out } = await run(['lint', 'mix.ratio.yaml', '--facts', 'none', '--fail-on', 'info']);
    assert.deepEqual([code, out.split('\n')[0]], [0, '1 config, no findings'], `config ${index}`);
  }
});
