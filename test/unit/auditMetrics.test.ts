import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { metrics } from '../../src/core/audit/metrics.ts';
import type { Measured, Value } from '../../src/core/audit/metric.ts';
import { mix } from '../../src/core/audit/metrics/mix.ts';
import { rateInterval } from '../../src/core/statistics/rate.ts';
import { sampleColumns } from '../../src/core/audit/sampleColumns.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

function figures({ figures: found }: Measured): Readonly<Record<string, Value>> {
  return Object.fromEntries(found.map(({ id, value }) => [id, value]));
}

test('every metric has its section in the guide, in the order of reports', () => {
  const guide = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
  assert.deepEqual(
    [...guide.matchAll(/^### .*\(`([a-z_]+)`\)$/gm)].map(([, id]) => id),
    metrics.map(({ id }) => id),
  );
});

suite('mix', () => {
  const amounts = (asked: Readonly<Record<string, number>>): { entry: string; amount: number }[] =>
    Object.entries(asked).map(([entry, amount]) => ({ entry, amount }));
  test('total variation: 0 for equal mixes, 1 for mixes without a common entry', () => {
    const entries = [
      { entry: 'a', rows: 30 },
      { entry: 'b', rows: 70 },
    ];
    const of = (asked: Readonly<Record<string, number>>): Value | undefined =>
      figures(mix.measure({ entries, configured: amounts(asked), recorded: null, shortfalls: null }))[
        'total_variation'
      ];
    assert.equal(of({ a: 3, b: 7 }), 0);
    assert.equal(of({ c: 1 }), 1);
    assert.ok(Math.abs(Number(of({ b: 1 })) - 0.3) < 1e-12);
  });
  test('rows that a run was short of have their most frequent cause; entries of one source count together', () => {
    const { tables } = mix.measure({
      entries: [
        { entry: 'a', rows: 30 },
        { entry: 'b', rows: 70 },
      ],
      configured: null,
      recorded: amounts({ a: 30, b: 70 }),
      shortfalls: [
        { entry: 'a', pool: 1, attempts: 2, list: 0 },
        { entry: 'a', pool: 4, attempts: 0, list: 0 },
        { entry: 'b', pool: 0, attempts: 0, list: 0 },
      ],
    });
    assert.deepEqual(
      tables[0]?.columns.slice(-2).map(({ id }) => id),
      ['missing', 'cause'],
    );
    assert.deepEqual(
      tables[0].rows.map((row) => [row[0], ...row.slice(-2)]),
      [
        ['a', 7, 'pool'],
        ['b', 0, null],
      ],
    );
  });
  test('intervals are those of data/mix: clustered by user', () => {
    const entries = [
      { entry: 'a', rows: 30 },
      { entry: 'b', rows: 70 },
    ];
    const designs = new Map([
      ['a', 4],
      ['b', 9],
    ]);
    const { tables } = mix.measure({
      entries,
      designs,
      configured: amounts({ a: 1, c: 1 }),
      recorded: null,
      shortfalls: null,
    });
    const ends = (hits: number, design: number): number[] => {
      const { low, high } = rateInterval({ rows: 100, hits, design });
      return [low, high];
    };
    assert.deepEqual(
      tables[0]?.rows.map(([entry, , , low, high]) => [entry, low, high]),
      // The largest design counts for an entry without rows.
      [
        ['a', ...ends(30, 4)],
        ['c', ...ends(0, 9)],
        ['b', ...ends(70, 9)],
      ],
    );
  });
  test('an entry that draws nothing has a row, and no negatives have no distance', () => {
    const { tables, figures: found } = mix.measure({
      entries: [],
      configured: amounts({ a: 1 }),
      recorded: null,
      shortfalls: null,
    });
    assert.deepEqual(tables[0]?.rows, [['a', 0, null, 0, 1, 1]]);
    assert.equal(found[0]?.value, null);
  });
});

suite('columns of a sample', () => {
  const int: LogicalType = { kind: 'integer', bits: 64, signed: true };
  const of = (
    columns: Readonly<Record<string, LogicalType>>,
    known: Partial<Parameters<typeof sampleColumns>[1]> = {},
  ) =>
    sampleColumns(
      Object.entries(columns).map(([name, type]) => ({ name, type })),
      { set: {}, names: {}, layout: null, ...known },
    );
  const list: LogicalType = { kind: 'list', item: int };

  test('long, wide and grouped are recognised', () => {
    const plain = { user_id: int, item_id: int, label: int };
    assert.equal(of(plain).layout, 'long');
    assert.deepEqual(of({ user_id: int, item_id: list, label: list }), {
      layout: 'grouped',
      columns: {
        user: { name: 'user_id', negatives: null },
        item: { name: 'item_id', negatives: null },
        label: { name: 'label', negatives: null },
      },
    });
    for (const negatives of ['negative_item_id', 'neg_items', 'negatives', 'neg_item_ids']) {
      const { layout, columns } = of({ user_id: int, item_id: int, [negatives]: list });
      assert.deepEqual([layout, columns.item], ['wide', { name: 'item_id', negatives }], negatives);
    }
  });
  test('names of a config win over guesses, and roles that the user sets over both', () => {
    const columns = { user_id: int, item_id: int, sku_id: int, label: int };
    assert.equal(of(columns).columns.item?.name, 'item_id');
    const names = { item: { name: 'sku_id' }, request: { name: 'absent' } };
    assert.equal(of(columns, { names }).columns.item?.name, 'sku_id');
    assert.equal(of(columns, { names }).columns.request, undefined);
    assert.equal(of(columns, { names, set: { item_id: 'item' } }).columns.item?.name, 'item_id');
    assert.equal(of(columns, { set: { label: null } }).columns.label, undefined);
  });
});
