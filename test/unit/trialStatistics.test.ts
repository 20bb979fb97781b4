import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelText } from '../../src/core/report/trialTexts.ts';
import { render } from '../../src/core/message/message.ts';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { compareArms, intervalLevel, pairOf } from '../../src/core/trial/compareArms.ts';
import { earlierConfigs, earlierTrial } from '../../src/core/trial/earlierTrials.ts';
import { finishTrial } from '../../src/core/trial/finishTrial.ts';
import { quantile, studentLimit } from '../../src/core/trial/quantile.ts';
import type { ArmMeasurement, TrialMeasurement } from '../../src/core/trial/report.ts';
import { Resampling, resamples, userBuckets } from '../../src/core/trial/resampling.ts';
import { madeFacts, madeMeasurement, madeTrial } from '../madeTrial.ts';

const near = (value: number, wanted: number, share: number): void =>
  assert.ok(Math.abs(value - wanted) <= Math.abs(wanted) * share, `${value} is not near ${wanted}`);

/** Values of users and seeds: an effect of the user, one of the seed, and noise. */
function matrix(key: string, users: number, seeds: number, seedEffects: readonly number[]): Float64Array[] {
  const effects = new BulkGenerator(`${key}/users`);
  const own = Float64Array.from({ length: users }, () => effects.unit());
  return Array.from({ length: seeds }, (_, seed) => own.map((value) => value + (seedEffects[seed] ?? 0)));
}

const zeros = (users: number, seeds: number): Float64Array[] =>
  Array.from({ length: seeds }, () => new Float64Array(users));

/** Standard deviation of the values. */
function deviation(values: ArrayLike<number>): number {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
}

test('the spread of resampled means is that of the two-way formula, with and without buckets', () => {
  const seedEffects = [0, 0.004, -0.003, 0.006, -0.007];
  for (const users of [500, 3 * userBuckets]) {
    const values = matrix('closed', users, 5, seedEffects);
    const { mean, resampled } = new Resampling('k', users, 5).differences(values, zeros(users, 5), undefined);
    const first = values[0] ?? new Float64Array();
    // Users and seeds are drawn independently, so their variances add: σ²/n of each.
    const wanted = Math.sqrt(deviation(first) ** 2 / users + deviation(seedEffects) ** 2 / 5);
    assert.equal(resampled.length, resamples);
    near(deviation(resampled), wanted, 0.05);
    near(mean ?? 0, first.reduce((sum, value) => sum + value, 0) / users, 1e-9);
  }
});

test('weights and missing values give the weighted mean of the users with a value', () => {
  const a = [Float64Array.from([1, NaN, 3, 5]), Float64Array.from([2, NaN, 3, 7])];
  const { mean, resampled } = new Resampling('k', 4, 2).differences(a, zeros(4, 2), Float64Array.from([1, 9, 2, 1]));
  assert.equal(mean, (1 + 6 + 5 + 2 + 6 + 7) / 8);
  assert.ok(resampled.every((value) => value >= 1 && value <= 7));
  // A resample without a user that has a value does not count.
  assert.ok(resampled.length < resamples);
});

test('quantiles and Student limits match tables', () => {
  assert.equal(quantile(Float64Array.from([1, 2, 3, 4]), 0.5), 2.5);
  assert.equal(quantile(Float64Array.from([7]), 0.9), 7);
  for (const [degrees, wanted] of [
    [1, 12.7062],
    [2, 4.30265],
    [4, 2.77645],
    [9, 2.26216],
    [100, 1.98397],
  ] as const)
    near(studentLimit(0.95, degrees), wanted, 1e-5);
  near(studentLimit(0.975, 4), 3.49541, 1e-5);
  near(intervalLevel(2), 0.95, 1e-12);
  near(intervalLevel(3), 0.975, 1e-12);
});

test('equal arms differ by exactly 0, and a turned pair is the exact negative', () => {
  const one = madeMeasurement(['a', 'b', 'c'], {}).arms[0] as ArmMeasurement;
  const popularity = one;
  const report = finishTrial(madeFacts(['a', 'b'], 5), { arms: [one, one], popularity, weights: {} });
  for (const { difference, low, high, word } of report.pairs[0]?.differences ?? [])
    assert.deepEqual([difference, low, high, word], [0, 0, 0, 'no_verdict']);
  const { pairs } = madeTrial();
  assert.deepEqual(
    pairs.map(({ reference, arm }) => [reference, arm]),
    [
      [0, 1],
      [0, 2],
      [1, 2],
    ],
  );
  for (const [k, one] of pairOf({ pairs }, 0, 1).differences.entries()) {
    const other = pairOf({ pairs }, 1, 0).differences[k];
    assert.equal(one.low, 0 - (other?.high ?? NaN));
    assert.equal(one.difference, 0 - (other?.difference ?? NaN));
  }
});

test('arms that differ only by chance rarely show a difference; a true difference shows', () => {
  let missed = 0;
  const trials = 40;
  for (let trial = 0; trial < trials; trial++) {
    const noise = new BulkGenerator(`chance/${trial}`);
    const arm = (): ArmMeasurement => ({
      byUser: { ndcg: Array.from({ length: 5 }, () => Float64Array.from({ length: 80 }, () => noise.unit())) },
      byLists: {},
    });
    const arms: TrialMeasurement['arms'] = [arm(), arm()];
    const [pair] = compareArms({ arms, popularity: arm(), weights: {} }, `k${trial}`, 0.95);
    if (pair?.differences[0]?.word !== 'no_clear_difference') missed++;
  }
  // Binomial: more than 6 of 40 at 5 % has a probability of 1 %; seeds add noise, so fewer are missed.
  assert.ok(missed <= 6, `${missed} of ${trials} intervals missed 0`);
  const words = Object.fromEntries(madeTrial().pairs[1]?.differences.map(({ metric, word }) => [metric, word]) ?? []);
  assert.deepEqual(
    [words['ndcg'], words['recall_tail'], words['recall_100'], words['coverage']],
    ['lower', 'higher', 'no_clear_difference', 'higher'],
  );
});

test('configs that were tried before on the same data and window widen the intervals, and are in the report', () => {
  const own = earlierTrial(madeTrial());
  const other = { ...own, arms: [own.arms[0] ?? '', 'sha256:a', 'sha256:b'] };
  const elsewhere = [
    { ...other, arms: ['sha256:c'], eval: { ...own.eval, to: '2026-03-22' } },
    { ...other, arms: ['sha256:d'], data: { ...own.data, impressions: 'sha256:other' } },
  ];
  assert.equal(earlierConfigs([], own), 0);
  assert.equal(earlierConfigs([own, other, { ...other, data: {} }, ...elsewhere], own), 2);
  const [alone, late] = [madeTrial(), madeTrial({ facts: { earlierConfigs: 2 } })];
  assert.deepEqual([alone.level, late.level], [1 - 0.05 / 2, 1 - 0.05 / 4]);
  for (const [k, { low, high }] of (alone.pairs[0]?.differences ?? []).entries()) {
    const wider = late.pairs[0]?.differences[k];
    assert.ok((wider?.low ?? 0) <= (low ?? 0) && (wider?.high ?? 0) >= (high ?? 0), JSON.stringify(wider));
  }
  assert.match(render(late.notes[0] ?? assert.fail()), /compared on this eval window before: 2\./);
  const levels = [2, 3, 7, 12, 2401].map((arms) => levelText({ level: intervalLevel(arms) }));
  assert.deepEqual(levels, ['95 %', '97.5 %', '99.17 %', '99.55 %', '99.9979 %']);
});
