import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { wilsonInterval } from '../../src/core/statistics/wilsonInterval.ts';
import { jsDivergence } from '../../src/core/statistics/jsDivergence.ts';

const near = (actual: number | null, expected: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
const weights = fc.array(fc.nat(1000), { minLength: 1, maxLength: 30 });
const pair = weights.chain((p) =>
  fc.tuple(fc.constant(p), fc.array(fc.nat(1000), { minLength: p.length, maxLength: p.length })),
);

suite('JS divergence, in bits', () => {
  test('by hand', () => {
    // M = (3/4, 1/4): ½·log2(4/3) + ½·(½·log2(2/3) + ½·log2(2)).
    near(jsDivergence([1, 0], [1, 1]), 0.5 * Math.log2(4 / 3) + 0.25 * (Math.log2(2 / 3) + 1));
    near(jsDivergence([5, 5, 0, 0], [0, 0, 2, 7]), 1);
    near(jsDivergence([2, 4, 6], [1, 2, 3]), 0);
  });
  test('an empty distribution has no divergence, and different lengths throw', () => {
    assert.equal(jsDivergence([0, 0], [1, 2]), null);
    assert.equal(jsDivergence([], []), null);
    assert.throws(() => jsDivergence([1], [1, 2]), RangeError);
  });
  test('symmetric, from 0 to 1, whatever the scale and the order', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 1e6 }), ([p, q], scale) => {
        const js = jsDivergence(p, q);
        if (js === null) return;
        assert.ok(js >= 0 && js <= 1);
        near(jsDivergence(q, p), js);
        near(
          jsDivergence(
            p.map((x) => x * scale),
            q,
          ),
          js,
        );
        near(jsDivergence(p.toReversed(), q.toReversed()), js);
      }),
    );
  });
  test('a million items give the same digits in either order', () => {
    const p = Float64Array.from({ length: 1_000_000 }, (_, k) => 1 / (k + 1));
    const q = new Float64Array(1_000_000).fill(1);
    near(jsDivergence(p.toReversed(), q), jsDivergence(p, q) ?? NaN);
  });
});

suite('Wilson interval, 95 %', () => {
  test('by hand', () => {
    // 10 of 100: (0.1 + z²/200 ± z·sqrt(0.09/100 + z²/40000)) / (1 + z²/100)
    const { low, high } = wilsonInterval(10, 100);
    assert.ok(Math.abs(low - 0.0552291) < 1e-6 && Math.abs(high - 0.1743657) < 1e-6, `${low} ${high}`);
  });
  test('it ends at 0 and 1, and covers everything if there is no data', () => {
    assert.equal(wilsonInterval(0, 50).low, 0);
    assert.equal(wilsonInterval(50, 50).high, 1);
    assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
  });
  test('it contains the share and narrows with more data', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (total, share) => {
        const count = Math.round(share * total);
        const [few, many] = [wilsonInterval(count, total), wilsonInterval(count * 100, total * 100)];
        assert.ok(few.low <= count / total && count / total <= few.high);
        assert.ok(many.high - many.low < few.high - few.low);
      }),
    );
  });
});
