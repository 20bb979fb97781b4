import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aucError } from '../../src/core/statistics/aucError.ts';
import { departure } from '../../src/core/statistics/expectedShares.ts';
import { fitExponent } from '../../src/core/statistics/fitExponent.ts';
import { twoSidedP } from '../../src/core/statistics/normalTail.ts';
import { clusteredRate, lowerShare, rateInterval, upperShare } from '../../src/core/statistics/rate.ts';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';

const near = (actual: number, expected: number, within: number): void => {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected} ± ${within}`);
};

test('two-sided tails of the normal distribution', () => {
  for (const [z, p] of [
    [0, 1],
    [1, 0.31731050786291415],
    [1.959963984540054, 0.05],
    [3 - 1e-9, 0.0026997960632601866],
    [3 + 1e-9, 0.0026997960632601866],
    [3.890591886413094, 0.0001],
    [6, 1.973175290075396e-9],
  ] as const) {
    near(twoSidedP(z), p, 1e-6 * p + 1e-8 * (z < 3 ? 1 : 0) + 1e-12);
    assert.equal(twoSidedP(-z), twoSidedP(z));
  }
  assert.equal(twoSidedP(Infinity), 0);
});

test('the bounds of no rows and of all rows are exact', () => {
  for (const n of [1, 20, 1000]) {
    const none = upperShare({ rows: n, hits: 0, design: 1 });
    // The chance of no hit, if the share were the bound.
    near((1 - none) ** n, 0.01, 1e-12);
    near(lowerShare({ rows: n, hits: n, design: 1 }), 1 - none, 1e-12);
    near(upperShare({ rows: 10 * n, hits: 0, design: 10 }), none, 1e-12);
  }
  assert.equal(upperShare({ rows: 0, hits: 0, design: 1 }), 1);
});

test('a share of rows of few users has a lower bound that is further away', () => {
  const alone = { rows: 1000, hits: 30, design: 1 };
  assert.ok(lowerShare(alone) > 0.018 && lowerShare(alone) < 0.02);
  assert.ok(lowerShare({ ...alone, design: 20 }) < 0.008);
  assert.equal(lowerShare({ rows: 0, hits: 0, design: 1 }), 0);
  assert.ok(lowerShare(alone) < 0.03 && rateInterval(alone).high > 0.03);
});

test('without a difference between rows, the rows of a user count as equal', () => {
  const rateOf = (rows: readonly number[], hits: readonly number[]): ReturnType<typeof clusteredRate> => {
    const sum = (of: (user: number) => number): number => rows.reduce((all, _, user) => all + of(user), 0);
    const [x, y] = [(user: number) => hits[user] ?? 0, (user: number) => rows[user] ?? 0];
    return clusteredRate({
      x: sum(x),
      y: sum(y),
      xx: sum((user) => x(user) ** 2),
      xy: sum((user) => x(user) * y(user)),
      yy: sum((user) => y(user) ** 2),
    });
  };
  // One user with all rows is one observation.
  assert.deepEqual(rateOf([1000], [0]), { rows: 1000, hits: 0, design: 1000 });
  assert.deepEqual(rateOf([1000], [1000]), { rows: 1000, hits: 1000, design: 1000 });
  assert.ok(upperShare(rateOf([1000], [0])) > 0.8 && lowerShare(rateOf([1000], [1000])) < 0.2);
  // 100 users with 10 rows each are 100 observations.
  assert.equal(rateOf(Array<number>(100).fill(10), []).design, 10);
  assert.equal(rateOf(Array<number>(100).fill(1), []).design, 1);
  // Σy² / Σy of unequal users.
  near(rateOf([1, 2, 7], []).design, 54 / 10, 1e-9);
  assert.deepEqual(rateOf([], []), { rows: 0, hits: 0, design: 1 });
});

test('the error of the area under the curve is that of the published formula', () => {
  // Without ties and with many rows, an area of ½ has the variance (n₁ + n₀ + 1) / 12 n₁ n₀.
  near(aucError(0.5, 400, 600) ?? 0, Math.sqrt(1001 / (12 * 400 * 600)), 1e-12);
  assert.equal(aucError(1, 10, 10), 0);
  assert.equal(aucError(0.5, 0, 10), null);
});

/** Draws from chances, by the sum up to each of them. */
function drawnFrom(chances: readonly number[], draws: number, seed: string): Float64Array {
  const random = new BulkGenerator(seed);
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  const counts = new Float64Array(chances.length);
  for (let k = 0; k < draws; k++) {
    let [rest, at] = [random.unit() * total, 0];
    while (at < chances.length - 1 && rest >= (chances[at] ?? 0)) rest -= chances[at++] ?? 0;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

test('the fitted exponent is that of the draws, within its error', () => {
  const counts = Array.from({ length: 200 }, (_, k) => 1 + ((k * 37) % 101));
  const logs = Float64Array.from(counts, Math.log);
  for (const exponent of [0, 0.5, 0.75, 1]) {
    const weights = counts.map((count) => count ** exponent);
    const drawn = drawnFrom(weights, 5000, `exponent ${exponent}`);
    const sum = drawn.reduce((all, count, k) => all + count * (logs[k] ?? 0), 0);
    const fitted = fitExponent([
      {
        items: logs,
        rows: Float64Array.of(5000),
        sums: Float64Array.of(sum),
        users: Uint32Array.of(0),
        excluded: new Float64Array(0),
        starts: new Uint32Array(2),
      },
    ]);
    assert.ok(fitted);
    near(fitted.value, exponent, 4 * fitted.error);
    assert.ok(fitted.error > 0.005 && fitted.error < 0.05, String(fitted.error));
  }
});

test('draws from their chances depart from them as rarely as the tests say; other draws are found', () => {
  const chances = Array.from({ length: 10 }, () => 0.1);
  let alarms = 0;
  let beyond = 0;
  for (let seed = 0; seed < 300; seed++) {
    const bins = [...drawnFrom(chances, 500, `departure ${seed}`)].map((observed) => ({ observed, expected: 50 }));
    const found = departure(bins);
    assert.ok(found);
    if (found.p < 1e-4) alarms++;
    if (found.variation > found.chance) beyond++;
  }
  assert.equal(alarms, 0);
  assert.ok(beyond <= 12, `${beyond} of 300 are beyond the 99th percentile`);
  const biased = departure(
    [...drawnFrom([0.2, ...chances.slice(2), 0.1], 2000, 'biased')].map((observed) => ({ observed, expected: 200 })),
  );
  assert.ok(biased && biased.p < 1e-4 && biased.bin === 0 && biased.z > 5);
  assert.equal(departure([{ observed: 0, expected: 0 }]), null);
});
