import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fitExponent, type ExponentCounts } from '../../src/core/statistics/fitExponent.ts';
import { clusterRatio } from '../../src/core/statistics/ratioInterval.ts';
import { impliedUnit, negativesOfPositive, type ImpliedCounts } from '../../src/core/audit/metrics/implied.ts';

const none = { excluded: new Float64Array(0), starts: new Uint32Array(2), users: Uint32Array.of(0) };

function near(actual: number | undefined, expected: number, most = 1e-6): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) < most, `${String(actual)} is not ${expected}`);
}

suite('the fitted popularity exponent', () => {
  test('two items: in closed form', () => {
    // P(1) / P(2) = (c1 / c2)^a, so a = ln(n1 / n2) / ln(c1 / c2).
    const [n1, n2] = [80, 20];
    const pool = {
      items: Float64Array.of(Math.log(16), Math.log(2)),
      rows: Float64Array.of(n1 + n2),
      sums: Float64Array.of(n1 * Math.log(16) + n2 * Math.log(2)),
      ...none,
    };
    const fitted = fitExponent([pool]);
    near(fitted?.value, Math.log(n1 / n2) / Math.log(16 / 2));
    // Information of a binomial: n p (1 − p) ln²(c1 / c2).
    const information = 100 * 0.8 * 0.2 * Math.log(8) ** 2;
    near(fitted?.high, fitted ? fitted.value + 1.959963984540054 / Math.sqrt(information) : NaN);
    // The same draws of another user in another pool: half of the variance.
    const other = fitExponent([pool, { ...pool, users: Uint32Array.of(1) }]);
    near(other?.error, 1 / Math.sqrt(2 * information));
  });

  test('with excluded items: the maximum of the likelihood, by trying exponents', () => {
    const counts = [40, 20, 10, 5, 2, 1];
    const drawn = [
      { excluded: [0, 3], rows: [1, 1, 2, 4] },
      { excluded: [1], rows: [0, 0, 0, 5, 2] },
      { excluded: [], rows: [0, 1, 3] },
    ];
    const log = (item: number): number => Math.log(counts[item] ?? NaN);
    const likelihood = (a: number): number =>
      drawn.reduce((sum, { excluded, rows }) => {
        const all = counts.reduce((z, c, item) => z + (excluded.includes(item) ? 0 : c ** a), 0);
        return sum + rows.reduce((own, item) => own + a * log(item) - Math.log(all), 0);
      }, 0);
    let best = -3;
    for (let a = -3; a <= 3; a += 1e-4) if (likelihood(a) > likelihood(best)) best = a;
    const starts = [0];
    for (const { excluded } of drawn) starts.push((starts.at(-1) ?? 0) + excluded.length);
    const given: ExponentCounts = {
      items: Float64Array.from(counts, Math.log),
      rows: Float64Array.from(drawn, ({ rows }) => rows.length),
      sums: Float64Array.from(drawn, ({ rows }) => rows.reduce((sum, item) => sum + log(item), 0)),
      excluded: Float64Array.from(
        drawn.flatMap(({ excluded }) => excluded),
        log,
      ),
      starts: Uint32Array.from(starts),
      users: Uint32Array.of(0, 1, 2),
    };
    near(fitExponent([given])?.value, best, 2e-4);
    near(fitExponent([given])?.likelihood, likelihood(best));
    // Rows of one user are alike: its scores add up.
    const [apart, together] = [fitExponent([given]), fitExponent([{ ...given, users: Uint32Array.of(0, 0, 0) }])];
    near(together?.value, best, 2e-4);
    assert.ok(apart && together && together.error <= apart.error, 'the scores of all users sum to 0');
  });

  test('nothing to tell: no rows, equal counts, only the most popular item', () => {
    const one = (items: readonly number[], rows: readonly number[]): ExponentCounts => ({
      items: Float64Array.from(items, Math.log),
      rows: Float64Array.of(rows.length),
      sums: Float64Array.of(rows.reduce((sum, count) => sum + Math.log(count), 0)),
      ...none,
    });
    assert.equal(fitExponent([one([1, 2, 4], [])]), null);
    assert.equal(fitExponent([one([3, 3, 3], [3, 3])]), null);
    assert.equal(fitExponent([one([1, 2, 4], [4, 4, 4])]), null);
  });
});

test('a ratio with its cluster-robust interval, against plain sums', () => {
  const users = [
    [3, 1],
    [10, 2],
    [0, 4],
    [7, 7],
  ] as const;
  const sum = (of: (x: number, y: number) => number): number => users.reduce((all, [x, y]) => all + of(x, y), 0);
  const found = clusterRatio({
    clusters: users.length,
    x: sum((x) => x),
    y: sum((_, y) => y),
    xx: sum((x) => x * x),
    xy: sum((x, y) => x * y),
    yy: sum((_, y) => y * y),
  });
  const ratio = 20 / 14;
  near(found?.value, ratio);
  const variance = ((4 / 3) * sum((x, y) => (x - ratio * y) ** 2)) / 14 ** 2;
  near(found?.high, ratio + 1.959963984540054 * Math.sqrt(variance));
  assert.equal(clusterRatio({ clusters: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 }), null);
});

suite('the implied unit', () => {
  const of = (groups: readonly (readonly [number, number])[], more: Partial<ImpliedCounts> = {}): ImpliedCounts => {
    const sum = (value: (p: number, n: number) => number): number =>
      groups.reduce((all, [p, n]) => all + value(p, n), 0);
    return {
      namesPositive: false,
      ratio: null,
      groups: {
        groups: groups.length,
        withoutPositive: groups.filter(([p]) => p === 0).length,
        x: sum((p) => p),
        y: sum((_, n) => n),
        xx: sum((p) => p * p),
        xy: sum((p, n) => p * n),
        yy: sum((_, n) => n * n),
      },
      logged: null,
      classes: null,
      shownByChance: null,
      config: null,
      ...more,
    };
  };
  test('positive: each further positive brings negatives; request: it brings none', () => {
    const positive = of([1, 2, 3, 4].map((p) => [p, 5 * p]));
    near((positive.groups && negativesOfPositive(positive.groups)?.value) ?? undefined, 5);
    assert.equal(impliedUnit(positive), 'positive');
    const even = [
      [1, 20],
      [2, 20],
      [3, 20],
      [1, 20],
    ] as const;
    assert.equal(impliedUnit(of(even)), 'request');
    const once = [
      [1, 5],
      [1, 5],
      [1, 5],
    ] as const;
    assert.equal(impliedUnit(of(once)), null);
    assert.equal(impliedUnit(of(once, { namesPositive: true })), 'positive');
  });
  test('impression: the rows are exposures, also those of groups without a positive', () => {
    const groups = [
      [0, 4],
      [1, 3],
      [2, 2],
    ] as const;
    assert.equal(impliedUnit(of(groups, { logged: { rows: 12, exposures: 12 } })), 'impression');
    assert.notEqual(impliedUnit(of(groups, { logged: { rows: 12, exposures: 6 } })), 'impression');
  });
});
