import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample, type Outcome } from './commandLine.ts';
import { demoId } from './demoFolder.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

let directory = '';
before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'recsample-docs-demo-'));
  // The scale is the default one.
  assert.equal((await run(['demo', '.'])).code, 0);
});
after(() => rmSync(directory, { recursive: true, force: true }));

function run(args: readonly string[]): Promise<Outcome> {
  const terminal = { width: 200, colour: false };
  return recsample(
    args,
    {},
    { directory, terminal, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );
}

/** The commands of the pages that name an id, as a reader in the folder of the demo types them. Each once. */
function commandsWithIds(): string[] {
  const lines = pages.flatMap((page) =>
    [...readFileSync(path.join(root, page), 'utf8').matchAll(/```(?:sh|bash|sampling)\n([\s\S]*?)```/g)].flatMap(
      ([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'),
    ),
  );
  const typed = lines.map((line) =>
    line.replace(/^npm run -s recsample -- |^recsample /, '').replaceAll('.cache/demo/', ''),
  );
  return [...new Set(typed.filter((line) => demoId.test(line)))];
}

test('commands of the pages that name users and items find them in the demo of the default scale', async () => {
  const lines = commandsWithIds();
  assert.ok(lines.length >= 8, lines.join('\n'));
  for (const line of lines) {
    const { code, out, err } = await run(line.split(' '));
    assert.equal(code, 0, `${line}: ${err}`);
    assert.doesNotMatch(out + err, /no rows in the log|The log has no rows|· 0 groups|\b0 rows|"groups":\s*\[\]/, line);
    if (line.startsWith('explain')) assert.match(out, /^Drawn/m, line);
  }
});

test('the figures of the README: unseen negatives without `seen`', async () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const [, lines = ''] = /recsample demo shop && cd shop\nsed .*\n([\s\S]*?)```/.exec(readme) ?? [];
  const config = readFileSync(path.join(directory, 'configs/recall.ratio.yaml'), 'utf8');
  writeFileSync(
    path.join(directory, 'configs/naive.ratio.yaml'),
    config.replace(/exposed_unclicked: \{.*\}/, 'exposed_unclicked: 0.3'),
  );
  const outcomes: Outcome[] = [];
  for (const line of lines.trim().split('\n')) outcomes.push(await run(line.split(' ').slice(1)));
  assert.deepEqual(
    outcomes.map(({ code }) => code),
    [0, 0],
  );
  const finding = /warning: (\d+) of (\d+) unclicked rows were not seen/.exec(outcomes[1]?.out ?? '');
  assert.ok(finding);
  assert.ok(readme.includes(finding[0]));
  const [unseen = '', all = ''] = finding.slice(1).map((figure) => Number(figure).toLocaleString('en'));
  assert.match(readme, new RegExp(`\\*\\*${unseen} of the ${all} negatives`));
});
