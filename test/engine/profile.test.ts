import './twoThreads.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everything } from '../../src/core/table/filter.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { engine, file, opened, parquet, ref } from './fixture.ts';

async function profile(path: string, expression = ''): Promise<(name: string) => ColumnProfile> {
  const { columns } = await opened(path);
  const result = await engine.call('profile', {
    ref: ref(path),
    view: { ...everything, filter: { conditions: [], expression } },
    columns: columns.map((_, k) => k),
  });
  return (name) => {
    const found = result.columns.find((c) => c.name === name);
    assert.ok(found, `a profile of ${name}`);
    return found;
  };
}

const rows = Array.from({ length: 1000 }, (_, i) => ({
  user_id: 9007199254740993n + BigInt(i % 100),
  click: i % 10 === 0 ? 1 : 0,
  score: i / 8,
  city: i % 3 === 0 ? null : `city ${i % 50}`,
}));
const path = file(
  'profile.csv',
  `user_id,click,score,city\n${rows.map((r) => `${r.user_id},${r.click},${r.score},${r.city ?? ''}`).join('\n')}\n`,
);

test('base facts, quantiles, top values and histograms are those of the rows', async () => {
  const p = await profile(path);
  assert.equal(p('user_id').role?.role, 'user');
  assert.deepEqual(
    [p('user_id').distinct, p('user_id').min, p('user_id').max],
    [{ value: 100, exact: true }, '9007199254740993', '9007199254741092'],
  );
  const ranks = p('user_id').histogram;
  assert.deepEqual(ranks.kind === 'rank' ? ranks.counts.reduce((a, b) => a + b, 0) : null, 1000);
  assert.deepEqual(p('click').histogram, {
    kind: 'parts',
    parts: [
      { value: '0', count: 900 },
      { value: '1', count: 100 },
    ],
  });
  assert.deepEqual(p('click').mean, 0.1);
  assert.deepEqual(p('score').quantiles, {
    p5: 49 / 8,
    p25: 249 / 8,
    p50: 499 / 8,
    p75: 749 / 8,
    p95: 949 / 8,
    exact: true,
  });
  const score = p('score').histogram;
  assert.ok(score.kind === 'range');
  assert.deepEqual(
    [score.from, score.to, score.counts.length, score.counts.reduce((a, b) => a + b, 0)],
    [0, 999 / 8, 32, 1000],
  );
  const mean = rows.reduce((sum, r) => sum + r.score, 0) / rows.length;
  const sd = Math.sqrt(rows.reduce((sum, r) => sum + (r.score - mean) ** 2, 0) / (rows.length - 1));
  assert.deepEqual([p('score').mean, p('score').sd], [Number(mean.toPrecision(10)), Number(sd.toPrecision(10))]);
  const nulls = rows.filter((r) => r.city === null).length;
  assert.deepEqual(
    [p('city').nulls, p('city').of, p('city').quantiles?.p50, p('city').quantiles?.p5],
    [nulls, 'length', 7, 6],
  );
  assert.deepEqual(p('city').top.length, 10);
  assert.equal(p('city').topExact, true);
});

test('a profile follows the filter', async () => {
  const p = await profile(path, 'click = 1');
  assert.deepEqual([p('click').rows, p('click').distinct.value, p('score').min, p('score').max], [100, 1, 0, 990 / 8]);
});

test('NaN and infinity count as values, not NULL, and distort no statistic', async () => {
  const nan = await parquet(
    'nan.parquet',
    "SELECT CAST(unnest(['nan', 'inf', '-inf', '1', '3', NULL]) AS DOUBLE) AS x",
  );
  const x = (await profile(nan))('x');
  assert.deepEqual([x.rows, x.nulls, x.mean, x.min, x.max], [6, 1, 2, '-Infinity', 'Infinity']);
});

test('lists have quantiles of their lengths, nested columns nulls', async () => {
  const nested = await parquet(
    'nested.parquet',
    "SELECT CASE WHEN i < 5 THEN range(i) END AS l, {'a': i} AS s, MAP {'k': i} AS m, 'ab'::BLOB AS b FROM range(10) t(i)",
  );
  const p = await profile(nested);
  assert.deepEqual(
    [p('l').nulls, p('l').of, p('l').quantiles],
    [5, 'length', { p5: 0, p25: 1, p50: 2, p75: 3, p95: 4, exact: true }],
  );
  assert.deepEqual([p('s').nulls, p('s').quantiles, p('m').quantiles?.p50, p('b').quantiles?.p50], [0, null, 1, 2]);
});

test('a large table is profiled with estimates that say so', async () => {
  const large = await parquet(
    'large.parquet',
    "SELECT CAST(i AS BIGINT) AS user_id, i * 0.5::DOUBLE AS x, TIMESTAMP '2026-01-01' + to_seconds(i) AS ts, i % 3 AS g FROM range(1500000) t(i)",
  );
  const p = await profile(large);
  assert.deepEqual(p('user_id').distinct, { value: 1_500_000, exact: true });
  assert.deepEqual([p('g').distinct, p('g').histogram.kind], [{ value: 3, exact: true }, 'parts']);
  assert.equal(p('x').distinct.exact, false);
  assert.ok(Math.abs(p('x').distinct.value / 1.5e6 - 1) < 0.1);
  assert.equal(p('x').quantiles?.exact, false);
  assert.ok(Math.abs(Number(p('x').quantiles?.p50) / 375_000 - 1) < 0.02);
  assert.match(String(p('ts').quantiles?.p50), /^2026-01-(09|10) /);
  const ts = p('ts').histogram;
  assert.ok(ts.kind === 'range');
  assert.deepEqual(
    [ts.from, ts.to, ts.counts.reduce((a, b) => a + b, 0)],
    ['2026-01-01 00:00:00', '2026-01-18 08:39:59', 1_500_000],
  );
});

test('columns without a value have the same profile in a wide table as in a narrow one', async () => {
  const types = ['BIGINT', 'VARCHAR', 'DOUBLE', 'TIMESTAMP', 'BOOLEAN', 'DECIMAL(18, 2)', 'BIGINT[]', 'UUID'];
  const own = types.map((type, k) => `CAST(NULL AS ${type}) AS c${k}`).join(', ');
  const others = Array.from({ length: 250 }, (_, k) => `i + ${k} AS x${k}`).join(', ');
  for (const [name, rows] of [
    ['some', 3],
    ['none', 0],
  ] as const) {
    const narrow = await parquet(`narrow-${name}.parquet`, `SELECT i AS filled, ${own} FROM range(${rows}) t(i)`);
    const wide = await parquet(
      `wide-${name}.parquet`,
      `SELECT i AS filled, ${own}, ${others} FROM range(${rows}) t(i)`,
    );
    for (const depth of ['base', 'whole'] as const) {
      const ask = async (path: string) =>
        (
          await engine.call('profile', {
            ref: ref(path),
            view: everything,
            columns: [0, ...types.map((_, k) => k + 1)],
            depth,
          })
        ).columns;
      await opened(narrow);
      await opened(wide);
      assert.deepEqual(await ask(wide), await ask(narrow));
    }
  }
});

test('a base profile has the rows, nulls, bounds, mean and sd of a full one, and no more', async () => {
  const wide = await parquet(
    'depth.parquet',
    "SELECT CAST(i % 50 AS INTEGER) AS few, CASE WHEN i % 4 <> 0 THEN i * 0.5::DOUBLE END AS many, 's' || (i % 7) AS text, [i] AS list FROM range(1200000) t(i)",
  );
  const columns = (await opened(wide)).columns.map((_, k) => k);
  const ask = async (depth: 'base' | 'whole'): Promise<ColumnProfile[]> =>
    (await engine.call('profile', { ref: ref(wide), view: everything, columns, depth })).columns;
  const [base, whole] = [await ask('base'), await ask('whole')];
  // Two threads add floats in any order, so moments agree to nine digits; everything else is equal.
  const nine = (x: number | null): string | null => (x === null ? null : x.toExponential(8));
  const alike = (c: ColumnProfile): object => ({ ...c, steps: null, mean: nine(c.mean), sd: null });
  assert.deepEqual(
    base.map(alike),
    whole.map((c) => alike({ ...c, quantiles: null, top: [], topExact: false, histogram: { kind: 'none' } })),
  );
  for (const [k, c] of base.entries())
    assert.ok(Math.abs((c.sd ?? 0) - (whole[k]?.sd ?? 0)) <= 1e-9 * (c.sd ?? 0), c.name);
  const [few, many, text] = base;
  assert.deepEqual(
    [few?.rows, few?.nulls, few?.min, few?.max, few?.mean, few?.distinct],
    [1_200_000, 0, 0, 49, 24.5, { value: 50, exact: true }],
  );
  assert.deepEqual(
    [many?.nulls, many?.min, many?.max, many?.mean, many?.distinct.exact],
    [300_000, 0.5, 599_999.5, 300_000, false],
  );
  assert.deepEqual([text?.min, text?.max, text?.of, text?.distinct], ['s0', 's6', 'length', { value: 7, exact: true }]);
});

test('estimated quantiles of large columns are close in rank, whatever the shape; bins and lengths are exact', async () => {
  const rows = 1_200_000;
  const shapes = await parquet(
    'shapes.parquet',
    `SELECT i * 0.25::DOUBLE AS even, pow(i + 1, 6)::DOUBLE AS tail, CAST(${rows} - i AS BIGINT) * 1000000007 AS big, CASE WHEN i = 7 THEN 'nan'::DOUBLE WHEN i < 500000 THEN 0 ELSE i * 1.5::DOUBLE END AS holes, repeat('x', CAST(i % 20 AS INTEGER)) || i AS text, range(CAST(i % 5 AS BIGINT)) AS list FROM range(${rows}) t(i)`,
  );
  const p = await profile(shapes);
  const close = (name: string, inverse: (x: number) => number): void => {
    const q = p(name).quantiles;
    assert.equal(q?.exact, false, name);
    for (const [value, share] of [
      [q.p5, 0.05],
      [q.p25, 0.25],
      [q.p50, 0.5],
      [q.p75, 0.75],
      [q.p95, 0.95],
    ] as const) {
      assert.ok(Math.abs(inverse(Number(value)) / rows - share) < 0.01, `${name} ${share}: ${String(value)}`);
    }
  };
  close('even', (x) => x / 0.25);
  close('tail', (x) => x ** (1 / 6));
  close('big', (x) => x / 1000000007);
  assert.deepEqual([p('holes').quantiles?.p25, p('holes').nulls], [0, 0]);
  assert.deepEqual(p('holes').notFinite, { nan: 1, infinite: 0 });
  assert.ok(Math.abs(Number(p('holes').quantiles?.p75) / (0.75 * rows * 1.5) - 1) < 0.01);
  const even = p('even').histogram;
  assert.deepEqual(
    even.kind === 'range' ? even.counts : null,
    Array.from(
      { length: 32 },
      (_, k) => Math.ceil(((k + 1) * (rows - 1)) / 32 - (k === 31 ? -1 : 0)) - Math.ceil((k * (rows - 1)) / 32),
    ),
  );
  assert.deepEqual(
    [p('text').of, p('list').of, p('list').quantiles],
    ['length', 'length', { p5: 0, p25: 1, p50: 2, p75: 3, p95: 4, exact: true }],
  );
  const lengths = Array.from({ length: rows }, (_, i) => (i % 20) + String(i).length).sort((a, b) => a - b);
  const at = (q: number): number | undefined => lengths[Math.ceil(q * rows) - 1];
  assert.deepEqual(p('text').quantiles, {
    p5: at(0.05),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    exact: true,
  });
  assert.deepEqual(await profile(shapes).then((again) => again('tail').quantiles), p('tail').quantiles);
});
