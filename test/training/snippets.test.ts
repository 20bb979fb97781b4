import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample } from '../cli/commandLine.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { runPython, skip } from './python.ts';

const page = readFileSync(new URL('../../docs/training.md', import.meta.url), 'utf8');
const blocks = new Map(
  [...page.matchAll(/^```python (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]),
);
/**
 * Snippets that run one after another in one Python process. `without`: modules that are installed for other snippets.
 * These trainers import them if they find them, which takes as long as the snippets.
 */
const runs: readonly { readonly names: readonly string[]; readonly without?: readonly string[] }[] = [
  { names: ['torch-wide', 'torch-long', 'torch-pairwise', 'sasrec-user', 'hstu-user'] },
  { names: ['tensorflow-long', 'tensorflow-wide'], without: ['pandas', 'scipy', 'sklearn'] },
  { names: ['recbole', 'recbole-sequence'], without: ['tensorflow'] },
];
/** Snippets of movielens.test.ts. */
const onMovieLens = ['torch-sasrec'];
const checkOf = (name: string): string => readFileSync(new URL(`checks/${name}.py`, import.meta.url), 'utf8');

let directory = '';
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-training-'));
  await tinyDemo(directory, { bad: false });
  const config = (name: string): string => join(directory, 'configs', `${name}.ratio.yaml`);
  const text = readFileSync(config('recall'), 'utf8');
  const wide = text.replace('layout: long', 'layout: wide');
  writeFileSync(config('recall.wide'), wide);
  for (const [loss, own] of [
    ['pointwise', text],
    ['pairwise', wide],
  ] as const)
    writeFileSync(config(loss), own.replace(/training: .*/, `training: {loss: ${loss}}`));
  const [, sequences = ''] = /`(sequences: \{.*\})` under `output`/.exec(page) ?? [];
  writeFileSync(config('sequence'), text.replace(/^output: \{/m, `output: {${sequences}, `));
  const [, ofUsers = ''] = /`layout: user` and `(sequences: \{.*\})`/.exec(page) ?? [];
  const users = text.replace('layout: long', 'layout: user');
  writeFileSync(config('user'), users.replace(/^output: \{/m, `output: {${ofUsers}, `));
  const [, lines = ''] = /```sampling\n([\s\S]*?)```/.exec(page) ?? [];
  for (const line of lines.trim().split('\n')) await run(...line.split(' ').slice(1));
  // The same rows in a format that Python's standard library reads.
  await run('sample', 'configs/recall.ratio.yaml', '--out', 'out/recall.csv');
  await run('sample', 'configs/recall.ratio.yaml', '--split', 'eval', '--out', 'out/recall.eval.csv');
  await run('sample', 'configs/sequence.ratio.yaml', '--out', 'out/sequence.jsonl');
  await run('sample', 'configs/sequence.ratio.yaml', '--split', 'eval', '--out', 'out/sequence.eval.jsonl');
});
after(() => rmSync(directory, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<void> {
  const { code, err } = await recsample(
    args,
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );
  assert.equal(code, 0, err);
}

async function python(script: string): Promise<void> {
  const file = join(directory, 'script.py');
  writeFileSync(file, script);
  await runPython(file, directory);
}

describe('the snippets of the guide to training', () => {
  test('each has its check, and each check its snippet', () => {
    assert.deepEqual([...blocks.keys()].sort(), [...runs.flatMap(({ names }) => names), ...onMovieLens].sort());
  });
  for (const { names, without = [] } of runs) {
    test(names.join(', '), { skip }, async () => {
      const hide = `import sys\nsys.modules.update(dict.fromkeys(${JSON.stringify(without)}))\n`;
      const parts = names.flatMap((name) => [blocks.get(name) ?? '', checkOf(name)]);
      await python([hide, checkOf('common'), ...parts].join('\n'));
    });
  }
});
