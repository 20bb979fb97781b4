import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { View } from '../../src/core/table/filter.ts';
import { engine, file, folder, parquet, ref } from './fixture.ts';

const ROWS = 10_240;
const GROUP = 2048;
/** Five row groups. `n` ascends; the others have NULLs, NaN, and a group without values. */
const path = await parquet(
  'row-groups.parquet',
  `SELECT CAST(i AS BIGINT) AS n, CASE WHEN i // ${GROUP} = 3 THEN NULL ELSE nullif((i * 7) % 50, 0) + 50 * (i // ${GROUP}) END AS g,
    'k' || lpad(CAST(i // 100 AS VARCHAR), 3, '0') AS s, CASE WHEN i % 1000 = 999 THEN 'NaN'::DOUBLE ELSE i / 8 END AS x,
    i / 8 AS y, i >= 4096 AS b, TIMESTAMP '2026-03-01' + to_minutes(i) AS t, CAST(i AS DECIMAL(20, 4)) / 3 AS d, 7 AS same
  FROM range(${ROWS}) r(i)`,
  `ROW_GROUP_SIZE ${GROUP}`,
);
const asked = ref(path);
const viewOf = (expression: string): View => ({ filter: { conditions: [], expression }, sort: [] });
const skippedBy = async (expression: string): Promise<number[]> => {
  const { total, list } = await engine.call('skippedGroups', { ref: asked, view: viewOf(expression) });
  assert.equal(total, list.length);
  return list.map(({ index }) => index);
};

test('readers skip the row groups whose statistics exclude the filter', async () => {
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['n < 2048', [1, 2, 3, 4]],
    ['2048 <= n', [0]],
    ['n = 5000', [0, 1, 3, 4]],
    ['n in (1, 9000)', [1, 2, 3]],
    ['n between 2000 and 2100', [2, 3, 4]],
    ['n < 100 or n > 10000', [1, 2, 3]],
    ['g is null', []],
    ['g is not null', [3]],
    ['g >= 0', [3]],
    ['b', [0, 1]],
    ["s = 'k000'", [1, 2, 3, 4]],
    ["t < '2026-03-02'", [1, 2, 3, 4]],
    ['d < 100', [1, 2, 3, 4]],
    ['same != 7', [0, 1, 2, 3, 4]],
    // A NaN is larger than any number, and no statistics say whether there is one.
    ['x > 5000', []],
    ['y > 5000', []],
    ['y < 100', [1, 2, 3, 4]],
    // No comparison of a column with a constant.
    ['not (n < 2048)', []],
    ['n + 1 < 100', []],
    ["s like 'k1%'", []],
  ];
  for (const [expression, skipped] of cases) assert.deepEqual(await skippedBy(expression), skipped, expression);
});

test('no row of a skipped row group matches', async () => {
  const bounds = [0, 1, 49, 50, 2047, 2048, 5000, 10_239, 20_000];
  const operators = ['=', '!=', '<', '<=', '>', '>='];
  const filters = bounds.flatMap((bound, k) => {
    const op = operators[k % operators.length] ?? '=';
    const other = operators[(k + 2) % operators.length] ?? '=';
    return [
      `n ${op} ${bound}`,
      `g ${op} ${bound} or n ${other} ${bound}`,
      `x ${op} ${bound}.5 and b`,
      `s ${op} 'k0${bound % 90}'`,
      `d ${other} ${bound}`,
      `same ${op} ${bound % 9}`,
      `g in (${bound}, 51) or y < ${bound}`,
    ];
  });
  let skips = 0;
  for (const expression of filters) {
    for (const index of await skippedBy(expression)) {
      skips++;
      const inGroup = `(${expression}) and n between ${index * GROUP} and ${(index + 1) * GROUP - 1}`;
      const { rows } = await engine.call('count', { ref: asked, view: viewOf(inGroup) });
      assert.equal(rows, 0, `${expression}, row group ${index}`);
    }
  }
  assert.ok(skips > 50, `${skips}`);
});

test('folders of other days are skipped, and columns that files store differently are not judged', async () => {
  for (const [day, type] of [
    ['01', 'BIGINT'],
    ['02', 'BIGINT'],
    ['03', 'INTEGER'],
  ] as const) {
    mkdirSync(join(folder, 'row-group-days', `dt=2026-03-${day}`), { recursive: true });
    await parquet(`row-group-days/dt=2026-03-${day}/part.parquet`, `SELECT CAST(${day} AS ${type}) AS n`);
  }
  const days = ref(join(folder, 'row-group-days'));
  const skipped = async (expression: string): Promise<number[]> =>
    (await engine.call('skippedGroups', { ref: days, view: viewOf(expression) })).list.map(({ file: place }) => place);
  assert.deepEqual(await skipped("dt = '2026-03-02'"), [0, 2]);
  assert.deepEqual(await skipped('dt is null'), [0, 1, 2]);
  assert.deepEqual(await skipped('n = 2'), []);
});

test('the statistics of a row group are those of the file; other formats have none', async () => {
  const { total, list } = await engine.call('rowGroup', { ref: asked, file: 0, index: 1 });
  assert.equal(total, 9);
  const [n, g] = list;
  assert.deepEqual([n?.name, n?.min, n?.max, n?.nulls, n?.values], ['n', '2048', '4095', 0, GROUP]);
  assert.deepEqual([g?.min, g?.max, g?.nulls], ['51', '99', 41]);
  const [, empty] = (await engine.call('rowGroup', { ref: asked, file: 0, index: 3 })).list;
  assert.deepEqual([empty?.min, empty?.max, empty?.nulls], [null, null, GROUP]);
  const text = ref(file('row-groups.csv', 'n\n1\n'));
  assert.deepEqual(await engine.call('rowGroup', { ref: text, file: 0, index: 0 }), { total: 0, list: [] });
  assert.deepEqual(await engine.call('skippedGroups', { ref: text, view: viewOf('n = 1') }), { total: 0, list: [] });
});
