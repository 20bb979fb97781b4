import './twoThreads.ts';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { everything } from '../../src/core/table/filter.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import type { ProfileDepth } from '../../src/protocol/engine.ts';
import { arrow, engine, file, opened, parquet, ref } from './fixture.ts';

async function profile(
  path: string,
  depth: ProfileDepth = 'nested',
  expression = '',
): Promise<(name: string) => ColumnProfile> {
  const { columns } = await opened(path);
  const result = await engine.call('profile', {
    ref: ref(path),
    view: { ...everything, filter: { conditions: [], expression } },
    columns: columns.map((_, k) => k),
    depth,
  });
  return (name) => {
    const found = result.columns.find((c) => c.name === name);
    assert.ok(found, `a profile of ${name}`);
    return found;
  };
}

type Vector = (number | null)[] | null;
interface Row {
  readonly id: number;
  readonly emb: Vector;
  readonly history: number[] | null;
  readonly context: { readonly device: string; readonly size: { readonly w: number | null } } | null;
}

const rows: Row[] = Array.from({ length: 300 }, (_, i) => ({
  id: i,
  emb: i % 50 === 7 ? null : i % 60 === 1 ? [0, 0, 0] : i === 5 ? [1, null, 2] : [i % 7, (i % 3) / 2, -(i % 11)],
  history: i % 10 === 3 ? null : Array.from({ length: (i * 7) % 90 }, (_unused, k) => i + k),
  context: i % 4 === 0 ? null : { device: `device ${i % 3}`, size: { w: i % 6 === 1 ? null : i } },
}));
const lines = `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;

const read = `SELECT * FROM read_json('${file('nested.jsonl', lines)}', columns = {id: 'BIGINT', emb: 'FLOAT[]', history: 'BIGINT[]', context: 'STRUCT(device VARCHAR, size STRUCT(w BIGINT))'})`;

/** Compares with counts of the rows that were written. */
function hold(found: (name: string) => ColumnProfile, kept: readonly Row[]): void {
  const vectors = kept.flatMap(({ emb }) => (emb === null ? [] : [emb]));
  const whole = vectors.flatMap((emb) => (emb.includes(null) ? [] : [emb as number[]]));
  const norms = whole.map((emb) => Math.sqrt(emb.reduce((sum, x) => sum + x * x, 0)));
  const emb = found('emb');
  assert.equal(emb.nulls, kept.length - vectors.length);
  assert.deepEqual(
    { ...emb.list, vectors: { ...emb.list?.vectors, mean: emb.list?.vectors?.mean?.toFixed(6) } },
    {
      shortest: 3,
      longest: 3,
      emptyLists: 0,
      listsWithNulls: vectors.length - whole.length,
      sequence: null,
      vectors: {
        min: 0,
        max: Math.max(...norms),
        mean: (norms.reduce((a, b) => a + b, 0) / norms.length).toFixed(6),
        zero: norms.filter((norm) => norm === 0).length,
        notFinite: 0,
      },
    },
  );
  const { histogram } = emb;
  assert.ok(histogram.kind === 'range' && histogram.of === 'norm');
  const width = Math.max(...norms) / 32;
  const bins = norms.map((norm) => Math.min(31, Math.floor(norm / width)));
  assert.deepEqual(
    histogram.counts,
    Array.from({ length: 32 }, (_, k) => bins.filter((bin) => bin === k).length),
  );
  const first = vectors.flatMap(([x]) => (typeof x === 'number' ? [x] : []));
  assert.equal(emb.dimensions?.means[0]?.toFixed(6), (first.reduce((a, b) => a + b, 0) / first.length).toFixed(6));
  assert.deepEqual([emb.dimensions.rows, emb.dimensions.complete], [vectors.length, true]);

  const lengths = kept.flatMap(({ history }) => (history === null ? [] : [history.length]));
  const history = found('history');
  const span = Math.max(...lengths) - Math.min(...lengths) + 1;
  assert.deepEqual(
    [history.list?.shortest, history.list?.longest, history.list?.emptyLists, history.list?.vectors],
    [Math.min(...lengths), Math.max(...lengths), lengths.filter((n) => n === 0).length, null],
  );
  const step = Math.ceil(span / 32);
  assert.deepEqual(history.histogram, {
    kind: 'range',
    of: 'length',
    from: Math.min(...lengths),
    to: Math.max(...lengths),
    counts: Array.from(
      { length: Math.ceil(span / step) },
      (_, k) => lengths.filter((n) => Math.floor((n - Math.min(...lengths)) / step) === k).length,
    ),
  });

  const context = found('context');
  assert.equal(context.nulls, kept.filter((row) => row.context === null).length);
  const widths = kept.flatMap((row) => row.context?.size.w ?? []);
  const [device, w] = context.fields?.list ?? [];
  assert.deepEqual(
    [device?.name, device?.nulls, device?.distinct.value, device?.top[0]?.count],
    [
      'device',
      context.nulls,
      3,
      Math.max(...[0, 1, 2].map((k) => kept.filter((row) => row.context?.device === `device ${k}`).length)),
    ],
  );
  assert.deepEqual(
    [w?.name, w?.nulls, Number(w?.min), Number(w?.max), w?.histogram.kind],
    ['size.w', kept.length - widths.length, Math.min(...widths), Math.max(...widths), 'range'],
  );
  assert.equal(context.fields?.total, 2);
}

test('vectors, lists and fields of structs have the counts of their rows, in Parquet and Arrow, also with a filter', async () => {
  for (const path of [await parquet('nested-facts.parquet', read), await arrow('nested-facts.arrow', read)]) {
    hold(await profile(path), rows);
    const kept = rows.filter(({ id }) => id % 2 === 1);
    hold(await profile(path, 'nested', 'id % 2 = 1'), kept);
  }
});

test('a profile has fields and dimensions only if they are asked for', async () => {
  const path = await parquet('nested-depth.parquet', read);
  const [base, whole] = [await profile(path, 'base'), await profile(path, 'whole')];
  assert.deepEqual(base('emb').list, whole('emb').list);
  assert.equal(base('emb').list?.longest, 3);
  assert.equal(base('emb').histogram.kind, 'none');
  assert.equal(whole('emb').histogram.kind, 'range');
  for (const found of [base, whole])
    assert.deepEqual([found('context').fields, found('emb').dimensions], [undefined, undefined]);
});

test('empty lists of a Parquet file of pyarrow have no norm', async () => {
  const path = file(
    'empty-lists.parquet',
    readFileSync(resolve(import.meta.dirname, '../fixtures/parquet/empty-lists.parquet')),
  );
  const { list, histogram } = (await profile(path))('e');
  assert.deepEqual([list?.emptyLists, list?.vectors?.min, list?.vectors?.max, histogram.kind], [1, 5, 10, 'range']);
});

test('NaN and infinite values are counted in columns and in vectors; equal norms make one bar', async () => {
  const path = await parquet(
    'not-finite.parquet',
    `SELECT CASE i % 10 WHEN 0 THEN 'nan' WHEN 1 THEN 'inf' WHEN 2 THEN '-inf' ELSE '1' END::FLOAT AS x,
      [CASE i % 25 WHEN 0 THEN 'nan' ELSE '1' END::FLOAT, 2] AS v, [cos(i), sin(i)]::FLOAT[] AS unit,
      CAST([i, 1] AS FLOAT[2]) AS fixed FROM range(12000) t(i)`,
  );
  for (const depth of ['base', 'whole'] as const) {
    const p = await profile(path, depth);
    assert.deepEqual(p('x').notFinite, { nan: 1200, infinite: 2400 });
    assert.equal(p('v').list?.vectors?.notFinite, 480);
    assert.deepEqual([p('fixed').list?.shortest, p('fixed').list?.vectors?.min], [2, 1]);
  }
  const unit = (await profile(path, 'whole'))('unit').histogram;
  assert.deepEqual(unit.kind === 'range' ? unit.counts : null, [12_000]);
  const { dimensions } = (await profile(path))('unit');
  assert.deepEqual([dimensions?.rows, dimensions?.complete], [12_000, true]);
});

test('lists of a sequence: how many are full, the order of their times, and rows of another length', async () => {
  const path = await parquet(
    'sequence-lists.parquet',
    `SELECT i, TIMESTAMP '2026-11-20 08:00:00' AS ts, range(n) AS clicks__item_id,
      CASE WHEN n > 0 THEN list_transform(range(n), k -> ts + to_seconds(CASE WHEN i = 7 THEN -k ELSE k END)) END AS clicks__ts,
      list_transform(range(n + CASE WHEN i % 100 = 3 THEN 1 ELSE 0 END), k -> CASE WHEN k = 0 THEN NULL ELSE '<b>' END) AS clicks__category,
      range(5, 0, -1) AS hist_ts, range(3) AS other FROM (SELECT i, i % 5 AS n FROM range(1000) t(i)), (SELECT TIMESTAMP '2026-11-20' AS ts)`,
  );
  for (const expression of ['', 'i >= 0']) {
    const p = await profile(path, 'whole', expression);
    const lists = ['clicks__item_id', 'clicks__ts', 'clicks__category'];
    const of = (uneven: number): unknown => ({ name: 'clicks', lists, uneven });
    assert.deepEqual(
      lists.map((name) => p(name).list?.sequence),
      [of(0), of(0), of(10)],
    );
    assert.deepEqual(p('clicks__item_id').steps, { full: 200, order: null });
    // 200 rows are NULL, and 200 have a single step.
    assert.deepEqual(p('clicks__ts').steps, { full: 200, order: { lists: 600, ascending: 599, descending: 1 } });
    assert.deepEqual(p('hist_ts').steps, { full: 1000, order: { lists: 1000, ascending: 0, descending: 1000 } });
    assert.deepEqual([p('other').list?.sequence, p('other').steps], [null, { full: 1000, order: null }]);
  }
  const base = await profile(path, 'base');
  assert.deepEqual([base('clicks__category').list?.sequence?.uneven, base('clicks__ts').steps], [10, undefined]);
});
