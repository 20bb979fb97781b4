import './twoThreads.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GroupKey, View } from '../../src/core/table/filter.ts';
import { decodePage } from '../../src/core/table/page.ts';
import { engine, failureCode, parquet, ref } from './fixture.ts';

const ROWS = 900;
const sources = ['popularity', 'exposed_unclicked', 'global_random'];

interface Row {
  readonly i: number;
  /** Null for some, so that the rows without a user are a group too. */
  readonly user: bigint | null;
  readonly label: number;
  readonly source: string | null;
  /** Microseconds. */
  readonly time: number;
}

const first = 9_007_199_254_740_993n;
const rows = Array.from({ length: ROWS }, (_, i): Row => {
  const user = (i * 37) % 23;
  const label = i % 5 === 0 ? 1 : 0;
  return {
    i,
    user: user === 7 ? null : first + BigInt(user),
    label,
    source: label === 1 ? null : (sources[(i * 3 + (i % 2)) % 3] ?? null),
    time: Date.UTC(2026, 2, 1) * 1000 + ((i * 7919) % 900) * 600_000_000,
  };
});
const path = await parquet(
  'groups.parquet',
  `SELECT CAST(i AS INTEGER) AS i, CASE WHEN (i * 37) % 23 = 7 THEN NULL ELSE ${first} + (i * 37) % 23 END::BIGINT AS user_id,
    CAST(i % 5 = 0 AS TINYINT) AS label,
    CASE WHEN i % 5 <> 0 THEN ['${sources.join("','")}'][1 + (i * 3 + i % 2) % 3] END AS source,
    make_timestamp(${Date.UTC(2026, 2, 1) * 1000} + ((i * 7919) % 900) * 600000000) AS ts,
    1 AS n, 2 AS s, 3 AS p, 4 AS "@kept", 5 AS lead, 6 AS start, 7 AS m0, 8 AS "@source"
    FROM range(${ROWS}) t(i)`,
  'COMPRESSION zstd, ROW_GROUP_SIZE 2048',
);
const day = (row: Row): string => new Date(row.time / 1000).toISOString().slice(0, 10);

type Group = { readonly key: string; readonly rows: Row[]; readonly all: number };

/** Groups in the order of the view, with their rows in order, computed without the engine. */
function reference(keys: readonly GroupKey[], minimum: number, sort: View['sort']): Group[] {
  const key = (row: Row): string => keys.map(({ byDay }) => (byDay ? day(row) : String(row.user))).join();
  const value = (row: Row, column: string): bigint | number | null =>
    column === 'user_id' ? row.user : column === 'label' ? row.label : column === 'ts' ? row.time : row.i;
  const compare = (x: bigint | number | null, y: bigint | number | null, descending: boolean): number =>
    x === y ? 0 : x === null ? 1 : y === null ? -1 : (x < y ? -1 : 1) * (descending ? -1 : 1);
  const ordered = (a: Row, b: Row): number => {
    for (const { column, descending } of sort) {
      const found = compare(value(a, column), value(b, column), descending);
      if (found !== 0) return found;
    }
    return a.i - b.i;
  };
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const old = groups.get(key(row)) ?? { key: key(row), rows: [], all: 0 };
    groups.set(key(row), { ...old, rows: row.i >= minimum ? [...old.rows, row] : old.rows, all: old.all + 1 });
  }
  const edge = (group: Group, column: string, descending: boolean): bigint | number | null =>
    group.rows.map((row) => value(row, column)).sort((a, b) => compare(a, b, descending))[0] ?? null;
  return [...groups.values()]
    .filter((group) => group.rows.length > 0)
    .sort((a, b) => {
      for (const { column, descending } of sort) {
        const found = compare(edge(a, column, descending), edge(b, column, descending), descending);
        if (found !== 0) return found;
      }
      return (a.rows[0]?.i ?? 0) - (b.rows[0]?.i ?? 0);
    })
    .map((group) => ({ ...group, rows: [...group.rows].sort(ordered) }));
}

const byUser: GroupKey = { column: 'user_id', byDay: false };
const byDay: GroupKey = { column: 'ts', byDay: true };
const viewOf = (group: readonly GroupKey[], minimum: number, sort: View['sort']): View => ({
  filter: { conditions: minimum === 0 ? [] : [{ column: 'i', op: '>=', values: [String(minimum)] }], expression: '' },
  sort,
  group,
});

test('heads and rows of a grouped view are those of a plain grouping, for every filter, order and page', async () => {
  const sortKey = fc.record({ column: fc.constantFrom('user_id', 'label', 'ts', 'i'), descending: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        keys: fc.constantFrom([byUser], [byDay], [byUser, byDay]),
        minimum: fc.constantFrom(0, 1, 450, 890, 2000),
        sort: fc.uniqueArray(sortKey, { selector: (k) => k.column, maxLength: 2 }),
        from: fc.nat(30),
        count: fc.integer({ min: 1, max: 40 }),
      }),
      async ({ keys, minimum, sort, from, count }) => {
        const view = viewOf(keys, minimum, sort);
        const expected = reference(keys, minimum, sort);
        const page = await engine.call('groups', { ref: ref(path), view, first: from, count, columns: [0, 1] });
        assert.equal(page.groups, expected.length);
        const wanted = expected.slice(from, from + count);
        let start = expected.slice(0, from).reduce((sum, group) => sum + group.rows.length, 0);
        const places = wanted.map((group) => [start, (start += group.rows.length)][0]);
        const leads = wanted.map(({ rows: own }) => {
          const numbers = (of: readonly Row[]): number => Math.min(...of.map(({ i }) => i));
          const positives = own.filter(({ label }) => label === 1);
          return numbers(positives.length > 0 ? positives : own);
        });
        assert.deepEqual(
          page.heads,
          wanted.map((group, k) => ({
            row: leads[k],
            start: places[k],
            rows: group.rows.length,
            all: group.all,
            positives: group.rows.filter(({ label }) => label === 1).length,
            mix: page.sources.map((source) => group.rows.filter((row) => row.source === source).length),
          })),
        );
        const decoded = decodePage(page.arrow);
        assert.deepEqual(
          leads.map((_, k) => decoded.text(k, 1)),
          leads.map((i) => rows[i]?.user?.toString() ?? null),
        );
        // The rows of the groups of a page are found by a scan, those of a long page by ordering the whole view.
        const members = wanted.flatMap((group) => group.rows);
        if (members.length === 0) return;
        const found = await engine.call('page', {
          ref: ref(path),
          view,
          first: (places[0] ?? 0) + (count % 2),
          count: members.length - (count % 2),
          columns: [0],
        });
        const cells = decodePage(found.arrow);
        assert.equal(found.rows, rows.filter(({ i }) => i >= minimum).length);
        assert.deepEqual(
          Array.from({ length: found.count }, (_, k) => cells.sourceRow(k)),
          members.slice(count % 2).map(({ i }) => i),
        );
        if (count % 4 > 0) return;
        const whole = await engine.call('page', { ref: ref(path), view, first: 0, count: 2_000, columns: [0] });
        const order = decodePage(whole.arrow);
        assert.deepEqual(
          Array.from({ length: whole.count }, (_, k) => order.sourceRow(k)),
          expected.flatMap((group) => group.rows.map(({ i }) => i)),
        );
      },
    ),
    { numRuns: 60, seed: 5 },
  );
});

test('a file that is written group by group is read in its own order', async () => {
  const grouped = await parquet(
    'adjacent.parquet',
    `SELECT CAST(i // 4 AS INTEGER) AS group_id, CAST(i % 4 = 2 AS BOOLEAN) AS label, CAST(i AS INTEGER) AS i FROM range(40) t(i)`,
  );
  const view: View = {
    filter: { conditions: [], expression: 'i % 4 <> 0' },
    sort: [],
    group: [{ column: 'group_id', byDay: false }],
  };
  const { heads, groups, sources } = await engine.call('groups', {
    ref: ref(grouped),
    view,
    first: 2,
    count: 1,
    columns: [],
  });
  assert.deepEqual(
    { heads, groups, sources },
    {
      groups: 10,
      sources: [],
      heads: [{ row: 10, start: 6, rows: 3, all: 4, positives: 1, mix: [] }],
    },
  );
  const page = decodePage(
    (await engine.call('page', { ref: ref(grouped), view, first: 6, count: 3, columns: [2] })).arrow,
  );
  assert.deepEqual(
    [0, 1, 2].map((k) => page.text(k, 0)),
    ['9', '10', '11'],
  );
  // With a sort, rows of a group are found by their numbers: of all groups, and of one.
  const sorted: View = { ...view, sort: [{ column: 'i', descending: true }] };
  const kept = Array.from({ length: 40 }, (_, i) => 39 - i).filter((i) => i % 4 !== 0);
  for (const [from, count] of [
    [0, 40],
    [6, 3],
  ] as const) {
    const { arrow } = await engine.call('page', { ref: ref(grouped), view: sorted, first: from, count, columns: [2] });
    const some = decodePage(arrow);
    assert.deepEqual(
      Array.from({ length: some.length }, (_, k) => Number(some.text(k, 0))),
      kept.slice(from, from + count),
    );
  }
});

test('ratings are no positives, and a view that cannot be grouped says why', async () => {
  const rated = await parquet('rated.parquet', `SELECT 1 AS user_id, 5 AS label UNION ALL SELECT 1, 0`);
  const view = viewOf([byUser], 0, []);
  const { heads } = await engine.call('groups', { ref: ref(rated), view, first: 0, count: 1, columns: [] });
  assert.equal(heads[0]?.positives, null);
  const call = (group: readonly GroupKey[]): Promise<unknown> =>
    engine.call('groups', { ref: ref(rated), view: { ...view, group }, first: 0, count: 1, columns: [] });
  assert.equal(await failureCode(call([])), 'bad-request');
  assert.equal(await failureCode(call([{ column: 'label', byDay: true }])), 'bad-request');
  assert.equal(await failureCode(call([{ column: 'gone', byDay: false }])), 'bad-request');
});
