import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedFilter } from '../../src/core/table/condition.ts';
import type { Condition } from '../../src/core/table/filter.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import { guessRoles } from '../../src/core/table/guessRoles.ts';
import type { Role } from '../../src/core/table/role.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { inspectCommand } from '../../webview/inspector/command.ts';

const bare = [
  { name: 'user_id', type: { kind: 'integer', bits: 64, signed: true } },
  { name: 'price of "it"', type: { kind: 'decimal', precision: 9, scale: 2 } },
  { name: 'ts', type: { kind: 'timestamp', unit: 'us', zoned: true } },
  { name: '城市', type: { kind: 'string' } },
  { name: 'tags', type: { kind: 'list', item: { kind: 'string' } } },
  { name: 'order', type: { kind: 'boolean' } },
] satisfies { name: string; type: LogicalType }[];
const columns = withRoles(bare);

/** Columns as the view has them: with guesses, but for the roles that the user set. */
function withRoles(
  some: readonly Pick<Column, 'name' | 'type'>[],
  set: Readonly<Record<string, Role | null>> = {},
): Pick<Column, 'name' | 'type' | 'role'>[] {
  const guesses = guessRoles(some, set);
  return some.map((column, k) => ({ ...column, role: guesses[k] ?? null }));
}

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
  const view = { filter: { conditions: [], expression: '' }, sort: [], group: [{ column: 'user_id', byDay: false }] };
  assert.equal(inspectCommand('log.csv', view, columns, null), 'recsample inspect log.csv --group-by user');
  // Without the role, the command would print rows, or other groups.
  assert.throws(
    () => inspectCommand('log.csv', view, withRoles(bare, { user_id: null }), null),
    /grouped by user_id, but the roles have changed/,
  );
});

test('the command line gives the roles that it would not guess', () => {
  const view = { filter: { conditions: [], expression: '' }, sort: [], group: [{ column: '城市', byDay: false }] };
  // The user role of 城市 takes it from user_id, which is then a guess of nothing: only one role is given.
  for (const set of [
    { 城市: 'user' },
    { 城市: 'user', ts: null },
    { user_id: 'item', 城市: 'user', order: 'label', tags: 'embedding' },
  ] satisfies Record<string, Role | null>[]) {
    const shown = withRoles(bare, set);
    const [, , , , , ...rest] = words(inspectCommand('log.csv', view, shown, null));
    const given = rest.flatMap((word, k) => {
      const at = word.lastIndexOf('=');
      return rest[k - 1] === '--role' ? [[word.slice(0, at), word.slice(at + 1) || null] as const] : [];
    });
    assert.deepEqual(Object.fromEntries(given), set);
    const again = guessRoles(bare, Object.fromEntries(given) as Record<string, Role | null>);
    assert.deepEqual(
      again.map((one) => one?.role),
      shown.map(({ role }) => role?.role),
    );
  }
});
