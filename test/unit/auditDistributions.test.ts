import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ChanceDivergence } from '../../src/core/statistics/chanceDivergence.ts';
import { equalRanges, sharesByRank } from '../../src/core/statistics/itemCounts.ts';
import { effectiveItems, gini } from '../../src/core/audit/metrics/concentration.ts';
import { coverage } from '../../src/core/audit/metrics/coverage.ts';
import { accidentalHits } from '../../src/core/audit/metrics/inBatch.ts';
import { psiOf } from '../../src/core/audit/metrics/psi.ts';
import { aucOf, spearmanOf } from '../../src/core/audit/metrics/teacher.ts';
import { lorenz, users } from '../../src/core/audit/metrics/users.ts';
import { weights } from '../../src/core/audit/metrics/weights.ts';

const of = (...values: readonly number[]): Float64Array => Float64Array.from(values);
const near = (actual: unknown, expected: number, tolerance = 1e-12): void =>
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) < tolerance,
    `${String(actual)} is not ${expected}`,
  );

suite('shares by rank of popularity', () => {
  test('by hand: a range takes its items, and equally popular items share their weight', () => {
    assert.deepEqual(sharesByRank(of(3, 2, 1), of(1, 1, 2), [0, 1, 3]), [0.25, 0.75]);
    assert.deepEqual(sharesByRank(of(3, 0, 0), of(2, 2, 0), [0, 1, 2, 3]), [0.5, 0.25, 0.25]);
    assert.deepEqual(sharesByRank(of(), of(), [0]), []);
    assert.deepEqual(sharesByRank(of(1, 1), of(0, 0), [0, 2]), [0]);
  });
  test('ranges smaller than an item take a part of it, and every curve sums to 1', () => {
    assert.deepEqual(sharesByRank(of(2, 1), of(1, 1), equalRanges(2, 4)), [0.25, 0.25, 0.25, 0.25]);
    const items = fc.array(fc.tuple(fc.nat(5), fc.nat(9)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 100 }), (pairs, bins) => {
        const sorted = [...pairs].sort(([a], [b]) => b - a);
        const own = Float64Array.from(sorted, ([, weight]) => weight);
        const shares = sharesByRank(
          Float64Array.from(sorted, ([popular]) => popular),
          own,
          equalRanges(sorted.length, bins),
        );
        near(
          shares.reduce((sum, x) => sum + x, 0),
          own.some((x) => x > 0) ? 1 : 0,
          1e-9,
        );
      }),
    );
  });
});

suite('concentration', () => {
  test('Gini: 0 for equal weights, (n − 1)/n if one has everything, half of the mean difference else', () => {
    near(gini(of(2, 2, 2)), 0);
    near(gini(of(0, 0, 0, 5)), 0.75);
    near(gini(of(1, 3)), 0.25);
    assert.equal(gini(of(0, 0)), null);
  });
  test('effective items: as many as there are if equal, 1 if one has everything', () => {
    near(effectiveItems(of(3, 3, 3, 3)), 4);
    near(effectiveItems(of(0, 7)), 1);
    near(effectiveItems(of(1, 1, 2)), 2 ** 1.5);
  });
});

suite('distance by chance', () => {
  const byChance = (input: Float64Array, size: number, seed: number): number | null =>
    new ChanceDivergence(input, size).divergence(seed);
  test('deterministic, and near the first order (k − 1) / (8 n ln 2) bits of a large sample', () => {
    const input = new Float64Array(100).fill(1);
    assert.equal(byChance(input, 1000, 3), byChance(input, 1000, 3));
    assert.notEqual(byChance(input, 1000, 3), byChance(input, 1000, 4));
    for (const size of [4000, 100_000]) {
      const found = Array.from({ length: 40 }, (_, seed) => byChance(input, size, seed) ?? NaN);
      const mean = found.reduce((sum, x) => sum + x, 0) / found.length;
      const expected = 99 / (8 * size * Math.LN2);
      assert.ok(Math.abs(mean / expected - 1) < 0.1, `${mean} against ${expected}`);
    }
  });
  test('nothing to draw from, or nothing drawn', () => {
    assert.equal(byChance(of(0, 0), 10, 0), null);
    assert.equal(byChance(of(1, 1), 0, 0), null);
  });
});

test('PSI: 0 for equal shares, symmetric, by hand, and an empty bin counts as half a row', () => {
  near(
    psiOf(
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      10,
      10,
    ),
    0,
  );
  near(
    psiOf(
      [
        [0.75, 0.5],
        [0.25, 0.5],
      ],
      10,
      10,
    ),
    0.25 * Math.log(1.5) + 0.25 * Math.log(2),
  );
  near(
    psiOf(
      [
        [1, 0.5],
        [0, 0.5],
      ],
      10,
      10,
    ),
    0.5 * Math.log(2) + (0.5 - 0.05) * Math.log(10),
  );
  assert.equal(psiOf([[0, 1]], 0, 10), null);
});

test('Wasserstein distance: all weight moves from the popularity 7 to the popularity 0', () => {
  const { figures } = coverage.measure({
    popularity: of(7, 3, 0),
    negatives: of(5, 0, 0),
    input: of(0, 0, 1),
    inputName: 'corpus',
    idAt: (k) => `item ${k}`,
  });
  const value = (id: string): unknown => figures.find((figure) => figure.id === id)?.value;
  near(value('wasserstein'), Math.log(8));
  assert.deepEqual([value('l_infinity'), value('l_infinity_item'), value('outside')], [1, 'item 0', 1]);
});

test('users: the Lorenz curve of equal users is a diagonal, and the top 1 % is at least one user', () => {
  const equal = lorenz([{ rows: 3, users: 50 }]);
  equal.forEach((share, k) => {
    near(share, k / 100);
  });
  const { figures } = users.measure([
    { rows: 1, users: 3 },
    { rows: 7, users: 1 },
  ]);
  assert.deepEqual(
    figures.map(({ value }) => value),
    [1, 0.7, 1 - 2 * 0.275],
  );
  assert.deepEqual(users.measure([]).tables, []);
});

test('weights: the declared calibration gives the rate back that downsampling changed', () => {
  // 10 positives and 90 negatives, of which 1 in 10 is kept: 10 and 9.
  const counts = {
    rows: 19,
    positives: 10,
    sum: 100,
    squares: 10 + 9 * 100,
    positiveSum: 10,
    hasWeights: true,
    invalid: 0,
    log: { positives: 10, exposures: 100 },
    downsample: 0.1,
  };
  for (const calibration of ['weight', 'formula', null] as const) {
    const { figures, notes } = weights.measure({ ...counts, calibration });
    const value = (id: string): unknown => figures.find((figure) => figure.id === id)?.value;
    near(value('weighted_rate'), 0.1);
    near(value('log_rate'), 0.1);
    near(value('effective_rows'), 10_000 / 910);
    // The formula would calibrate a file with weights twice.
    if (calibration === 'weight') assert.equal(value('formula_rate'), undefined);
    else near(value('formula_rate'), 0.1);
    assert.equal(notes.length, calibration === null ? 0 : 1);
  }
});

test('accidental hits: none in a batch of one, all of one item, and by hand', () => {
  assert.equal(accidentalHits(of(3, 1), 1), 0);
  assert.equal(accidentalHits(of(5), 2), 1);
  assert.equal(accidentalHits(of(5), 1), 0);
  assert.equal(accidentalHits(of(0), 8), null);
  near(accidentalHits(of(1, 1), 3), 1 - 0.25);
  near(accidentalHits(of(3, 1), 2), 0.75 * 0.75 + 0.25 * 0.25);
  // 1 − (1 − p)^(B − 1) of a rare item: p · (B − 1) to first order.
  const items = new Float64Array(1e6).fill(1);
  near(accidentalHits(items, 2), 1e-6, 1e-15);
});

test('teacher: AUC 1 if every positive is above, 0.5 and no correlation if all values are equal', () => {
  const two = { entry: null, rows: 2, known: 2, positives: 2 };
  const above = { ...two, rankSum: 3 + 4, ties: 0 };
  assert.equal(aucOf(above), 1);
  // The largest value for a label of 0 and 1: the ranks 1 to 4 against 0, 0, 1, 1.
  near(spearmanOf(above), 2 / Math.sqrt(5));
  const equal = { ...two, rankSum: 5, ties: 60 };
  assert.equal(aucOf(equal), 0.5);
  assert.equal(spearmanOf(equal), null);
  assert.equal(aucOf({ ...two, positives: 0, rankSum: 0 }), null);
});
