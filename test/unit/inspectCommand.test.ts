import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedFilter } from '../../src/core/table/condition.ts';
import type { Condition } from '../../src/core/table/filter.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { inspectCommand } from '../../webview/inspector/command.ts';

const columns: readonly Pick<Column, 'name' | 'type' | 'role'>[] = (
  [
    { name: 'user_id', type: { kind: 'integer', bits: 64, signed: true } },
    { name: 'price of "it"', type: { kind: 'decimal', precision: 9, scale: 2 } },
    { name: 'ts', type: { kind: 'timestamp', unit: 'us', zoned: true } },
    { name: '城市', type: { kind: 'string' } },
    { name: 'tags', type: { kind: 'list', item: { kind: 'string' } } },
    { name: 'order', type: { kind: 'boolean' } },
  ] satisfies { name: string; type: LogicalType }[]
).map((column) => ({ ...column, role: null }));

const conditions: readonly Condition[] = [
  { column: 'user_id', op: '=', values: ['9007199254740993'] },
  { column: 'price of "it"', op: 'between', values: ['-0.10', '12.50'] },
  { column: 'ts', op: '<', values: ['2026-11-20 00:00:00'] },
  { column: '城市', op: 'in', values: ["it's", '杭州', ''] },
  { column: '城市', op: 'starts with', values: ['100%'] },
  { column: 'user_id', op: 'contains', values: ['42'] },
  { column: 'tags', op: 'contains', values: ['a'] },
  { column: 'order', op: 'is not null', values: [] },
];

/** The words of a command line, as a POSIX shell reads them. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|\\'|[^\s'\\])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(')/g, (_, quoted?: string, quote?: string) => quoted ?? quote ?? ''),
  );
}

test('the command line of a view selects its rows', () => {
  for (const expression of ['', "user_id > 7 or 城市 = 'x'"])
    for (const some of [...conditions.map((one) => [one]), conditions]) {
      const filter = { conditions: some, expression };
      const [, , path, flag, where = ''] = words(inspectCommand('/a b/c.parquet', { filter, sort: [] }, columns, null));
      assert.deepEqual([path, flag], ['/a b/c.parquet', '--where']);
      assert.deepEqual(
        typedFilter({ conditions: [], expression: where }, columns),
        typedFilter(filter, columns),
        where,
      );
    }
});

test('a condition on a column that is gone is not dropped', () => {
  const filter = { conditions: [{ column: 'gone', op: '=' as const, values: ['7'] }], expression: '' };
  assert.equal(
    inspectCommand('log.csv', { filter, sort: [] }, columns, null),
    `recsample inspect log.csv --where 'gone = '\\''7'\\'''`,
  );
});

test('a view of all rows has only the path; sort keys and shown columns are options', () => {
  const filter = { conditions: [], expression: ' ' };
  assert.equal(inspectCommand('log.csv', { filter, sort: [] }, columns, null), 'recsample inspect log.csv');
  const sort = [
    { column: 'user_id', descending: false },
    { column: 'ts', descending: true },
  ];
  assert.deepEqual(words(inspectCommand('log.csv', { filter, sort }, columns, ['ts', '城市'])).slice(3), [
    ...['--sort', 'user_id', '--sort', 'ts:desc', '--columns', 'ts', '--columns', '城市'],
  ]);
});

test('a grouped view prints its groups', () => {
  const user = { role: 'user', reason: { kind: 'declared' } } as unknown as Column['role'];
  const grouped = columns.map((column) => ({ ...column, role: column.name === 'user_id' ? user : null }));
  const view = { filter: { conditions: [], expression: '' }, sort: [], group: [{ column: 'user_id', byDay: false }] };
  assert.equal(inspectCommand('log.csv', view, grouped, null), 'recsample inspect log.csv --group-by user');
  // Without the role, the command would print rows, or other groups.
  assert.throws(() => inspectCommand('log.csv', view, columns, null), /grouped by user_id, but the roles have changed/);
});
