import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../src/core/config/read.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample } from '../cli/commandLine.ts';
import { runPython, skip } from './python.ts';

/** What each sampler was asked for. They know neither sources nor RecSample. */
const samples = [
  { name: 'recbole-uniform', perPositive: 4, exponent: 0, excludes: true },
  { name: 'recbole-half', perPositive: 4, exponent: 0.5, excludes: true },
  { name: 'recbole-full', perPositive: 4, exponent: 1, excludes: true },
  { name: 'rechub-random', perPositive: 3, exponent: 0, excludes: false },
  { name: 'rechub-word2vec', perPositive: 3, exponent: 0.75, excludes: false },
] as const;

let directory = '';
before(async () => {
  if (skip !== false) return;
  directory = mkdtempSync(join(tmpdir(), 'recsample-peers-'));
  await runPython(fileURLToPath(new URL('peers/samplers.py', import.meta.url)), directory, [directory]);
});
after(() => {
  if (directory !== '') rmSync(directory, { recursive: true, force: true });
});

async function run(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await recsample(
    args,
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );
  assert.equal(code, 0, err);
  return out;
}

interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function assertInside({ low, high }: Figure, value: number, what: string): void {
  assert.ok(low <= value + 1e-9 && value <= high + 1e-9, `${what}: ${value} is not in ${low} to ${high}`);
}

for (const { name, perPositive, exponent, excludes } of samples)
  test(`a sample of another tool is audited without a source column: ${name}`, { skip }, async () => {
    const config = `${name}.ratio.yaml`;
    await run(
      ...['infer', `${name}.parquet`, '--out', config],
      ...['--data', 'impressions=impressions.parquet', '--data', 'items=items.parquet'],
    );
    const text = readFileSync(join(directory, config), 'utf8');
    const { negatives } = readConfig(text, { language: 'yaml' }).config.stages?.recall ?? {};
    const entry = exponent === 0 ? { global_random: 1 } : { popularity: { share: 1, exponent, count: 'click' } };
    assert.equal(negatives?.per_positive, perPositive, text);
    assert.deepEqual(negatives.mix, entry, text);
    assert.deepEqual(negatives.exclude, excludes ? { events: ['click'], within: 'train' } : 'none', text);

    const args = ['audit', `${name}.parquet`, '--config', config, '--format', 'json'];
    const { code, out, err } = await recsample(
      args,
      {},
      { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
    );
    assert.ok(code === 0 || code === 1, err);
    const { metrics } = JSON.parse(out) as {
      readonly metrics: readonly { readonly metric: string; readonly figures: Readonly<Record<string, Figure>> }[];
    };
    const figure = (metric: string, id: string): Figure =>
      metrics.find((one) => one.metric === metric)?.figures[id] ?? assert.fail(`${metric} ${id}`);
    assertInside(figure('implied', 'ratio'), perPositive, 'ratio');
    assertInside(figure('exponent', 'exponent'), exponent, 'exponent');
  });
