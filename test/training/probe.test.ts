import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { groupOrder, initialVectors, trialSalts } from '../../src/core/trial/keyedProbe.ts';
import { probe, type ProbeSettings, type TrialGroups } from '../../src/core/trial/probe.ts';
import { ProbeModel } from '../../src/engine/trial/probeModel.ts';
import { runPython, skip } from './python.ts';

const [USERS, GROUPS, NEGATIVES, ITEMS] = [9, 48, 5, 160];
const EPOCHS = 3;

/** Positives differ, and so do the candidates of a group: an item that comes twice has two gradients in PyTorch. */
function distinctGroups(generator: BulkGenerator): TrialGroups {
  const candidates = Array.from({ length: GROUPS }, (_, positive) => {
    const negatives = new Set<number>();
    while (negatives.size < NEGATIVES) negatives.add(GROUPS + generator.integerBelow(ITEMS - GROUPS));
    return [positive, ...negatives];
  });
  const correction = (): number => -4 * generator.unit();
  return {
    count: GROUPS,
    users: Uint32Array.from({ length: GROUPS }, () => generator.integerBelow(USERS)),
    words: wordsOf(GROUPS, generator),
    offsets: Uint32Array.from({ length: GROUPS + 1 }, (_, k) => k * (NEGATIVES + 1)),
    candidates: Uint32Array.from(candidates.flat()),
    corrections: Float32Array.from({ length: GROUPS * (NEGATIVES + 1) }, correction),
    batchCorrections: Float32Array.from({ length: GROUPS }, correction),
    weights: Float32Array.from({ length: GROUPS }, () => 0.5 + generator.unit()),
  };
}

const wordsOf = (count: number, generator: BulkGenerator): Uint32Array =>
  Uint32Array.from({ length: 2 * count }, () => generator.word());

function vectorsOf(words: Uint32Array, seed: string, use: 'users' | 'items'): number[] {
  const out = new Float32Array((words.length / 2) * probe.dimensions);
  initialVectors(words, trialSalts(seed, use), out);
  return [...out];
}

test('the kernel trains as PyTorch does, by its gradients of each loss', { skip }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'recsample-probe-'));
  try {
    const generator = new BulkGenerator('pytorch');
    const seed = 'a seed/trial/0';
    const settings: readonly ProbeSettings[] = [
      { seed, loss: 'sampled_softmax', inBatch: null },
      { seed, loss: 'sampled_softmax', inBatch: { size: 8, maskSameItem: true } },
      { seed, loss: 'pairwise', inBatch: null },
    ];
    const runs = settings.map((one) => ({
      settings: one,
      groups: distinctGroups(generator),
      users: wordsOf(USERS, generator),
      items: wordsOf(ITEMS, generator),
    }));
    const asked = runs.map(({ settings: { loss, inBatch }, groups, users, items }) => ({
      loss,
      batch: inBatch?.size ?? 1,
      rate: probe.learningRate,
      initial_sum: probe.initialSum,
      users: vectorsOf(users, seed, 'users'),
      items: vectorsOf(items, seed, 'items'),
      dimensions: probe.dimensions,
      orders: Array.from({ length: EPOCHS }, (_, k) => [
        ...groupOrder(groups.words, trialSalts(seed, `epoch ${k + 1}`)),
      ]),
      groups: Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, arrayOf(values)])),
    }));
    writeFileSync(join(directory, 'probe.json'), JSON.stringify(asked));
    await runPython(fileURLToPath(new URL('peers/probe.py', import.meta.url)), directory);
    const trained = JSON.parse(readFileSync(join(directory, 'trained.json'), 'utf8')) as readonly {
      readonly losses: readonly number[];
      readonly users: readonly (readonly number[])[];
      readonly items: readonly (readonly number[])[];
    }[];
    runs.forEach(({ settings: own, groups, users, items }, k) => {
      const name = `${own.loss}, ${own.inBatch ? 'in batch' : 'drawn'}`;
      const expected = trained[k] ?? assert.fail(name);
      const model = new ProbeModel(groups, own, users, items);
      for (let epoch = 1; epoch <= EPOCHS; epoch++) {
        model.startEpoch(epoch);
        assertNear(model.train(0, GROUPS), expected.losses[epoch - 1] ?? NaN, 1e-4 * GROUPS, `${name}: loss`);
      }
      for (const of of ['users', 'items'] as const)
        expected[of].forEach((vector, number) => {
          vector.forEach((value, d) => {
            assertNear(model.vector(of, number)[d] ?? NaN, value, 1e-5, `${name}: ${of} ${number}`);
          });
        });
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

const arrayOf = (value: unknown): unknown =>
  value instanceof Uint32Array || value instanceof Float32Array ? [...value] : value;

function assertNear(own: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(own - expected) < tolerance, `${what} is ${own}, in PyTorch ${expected}`);
}
