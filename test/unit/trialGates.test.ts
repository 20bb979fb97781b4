import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithheld } from '../../src/core/trial/gates.ts';
import type { TrialFacts, TrialReport } from '../../src/core/trial/report.ts';
import { hostileTrial, madeFacts, madeTrial } from '../madeTrial.ts';

const names = ['spring', 'summer', 'cold-start'];
const fired = (report: TrialReport): string[] => report.gates.filter((gate) => gate.fired).map(({ id }) => id);
const wordsOf = (report: TrialReport, pair: number): Set<string> =>
  new Set(report.pairs[pair]?.differences.filter(({ metric }) => metric !== 'slice_recall').map(({ word }) => word));
const population = (more: Partial<TrialFacts['population']>): Partial<TrialFacts> => ({
  population: { ...madeFacts(names, 5).population, ...more },
});

test('a log of usual size passes all gates', () => {
  assert.deepEqual(fired(madeTrial()), []);
});

test('each gate fires at its limit, and withholds what it should', () => {
  const repeated = madeTrial({ popularityNdcg: 0.0412 * 0.83 });
  assert.deepEqual(fired(repeated), ['popularity']);
  for (const pair of [0, 1, 2]) assert.deepEqual([...wordsOf(repeated, pair)], ['no_verdict']);
  assert.deepEqual(fired(madeTrial({ popularityNdcg: 0.0412 * 0.75 })), []);

  assert.deepEqual(fired(madeTrial({ facts: population({ warmUsers: 99 }) })), ['size']);
  const few = population({ evalPositives: 1_400, invisible: { newUser: 200, newItem: 200, notInCorpus: 1 } });
  assert.deepEqual(fired(madeTrial({ facts: few })), ['size']);

  const unseen = population({ evalPositives: 10_000, invisible: { newUser: 4_000, newItem: 1, notInCorpus: 0 } });
  const warned = madeTrial({ facts: unseen });
  assert.deepEqual(fired(warned), ['visibility']);
  assert.ok(!wordsOf(warned, 0).has('no_verdict'), 'a warning leaves the verdicts');

  const against = madeTrial({
    shifts: { summer: { ndcg: 0.02, gauc: -0.02 }, 'cold-start': { ndcg: 0.02, gauc: 0.02 } },
  });
  assert.deepEqual(fired(against), ['agreement']);
  assert.deepEqual([...wordsOf(against, 0)], ['no_verdict']);
  assert.ok(wordsOf(against, 1).has('higher'), 'the other pairs keep their verdicts');

  const unreached = madeTrial({ shifts: { summer: { never_trained: 0.12 } } });
  assert.deepEqual(fired(unreached), ['reach']);
  assert.deepEqual(unreached.gates.at(-1)?.arms, [1]);
});

test('a log without anything to rank has no ratio, and no verdict', () => {
  const nothing = madeTrial({
    shifts: Object.fromEntries(names.map((name) => [name, { ndcg: -1 }])),
    facts: population({ evalPositives: 0, invisible: { newUser: 0, newItem: 0, notInCorpus: 0 } }),
  });
  assert.deepEqual(fired(nothing), ['popularity', 'size', 'visibility']);
  assert.equal(nothing.gates[0]?.figures[0]?.value, null);
  assert.deepEqual(fired(hostileTrial()), ['popularity', 'size', 'agreement', 'visibility', 'reach']);
});

test('a random slice needs positives and users', () => {
  const slice = { column: 'is_random', value: '1', k: 10 };
  const isHeld = (positives: number, users: number): boolean =>
    isWithheld('slice_recall', { reference: 0, arm: 1 }, [], { ...slice, positives, users });
  assert.deepEqual([isHeld(600, 100), isHeld(599, 100), isHeld(600, 99)], [false, true, true]);
  assert.equal(isWithheld('slice_recall', { reference: 0, arm: 1 }, [], null), true);
});
