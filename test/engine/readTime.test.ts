import './twoThreads.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { AskedPass } from '../../src/core/data/passThrough.ts';
import { engine, folder } from './fixture.ts';
import { queryObjects } from './queryObjects.ts';
import { groupsOf, plainOutput, previewed, recallConfig, requestOf, said, taken, writeWorld } from './samplingCase.ts';

const at = (seconds: number): string => `TIMESTAMP '2026-11-01' + INTERVAL ${seconds} SECOND`;

/**
 * User 1 is shown item 1 in request 10, and clicks it in request 20. That request has three exposures, 30 s apart; the
 * client's clock puts its click at 190. `mark` is the second of the exposure.
 */
const exposures: readonly (readonly [
  user: number,
  item: number,
  second: number,
  request: number | null,
  click: boolean,
])[] = [
  [1, 1, 100, 10, false],
  [1, 2, 200, 20, false],
  [1, 1, 230, 20, true],
  [1, 3, 260, 20, false],
  // Another user sees item 1 between the first exposure of request 20 and the click.
  [2, 1, 210, 30, false],
  // A positive without a request: its own time is its read time. Item 4 has no earlier row.
  [3, 1, 300, null, true],
  [3, 4, 310, null, true],
];
const log = exposures
  .map(
    ([user, item, second, request, click]) =>
      `SELECT ${user} AS user_id, ${item} AS item_id, ${at(second)} AS ts, CAST(${request ?? 'NULL'} AS INTEGER) AS request_id, ${click} AS is_click, ${second} AS mark`,
  )
  .join(' UNION ALL ');
const items = 'SELECT i AS item_id FROM range(1, 6) t(i)';
const mark: AskedPass = { column: 'mark', side: 'item' };
const young: AskedPass = { column: 'mark', side: 'item', as: 'young', max_age: '95s' };
const text = recallConfig('{per_positive: {global_random: 2}}');

let root: string;
before(async () => {
  root = await writeWorld('read-time', { log, items });
});

let files = 0;
async function positives(config: string, world = root): Promise<unknown[]> {
  const request = await requestOf(world, 'recall', config);
  const path = join(folder, 'read-time', `${++files}.parquet`);
  const output = { ...plainOutput, path, format: 'parquet' as const, passThrough: [mark, young] };
  await engine.call('sample', { ...request, users: null, output });
  const rows = await queryObjects(
    `SELECT "user", item, mark, young FROM read_parquet('${path}') WHERE label = 1 ORDER BY ALL`,
  );
  return rows.map((row) => Object.values(row).map((value) => (value === null ? null : Number(value))));
}

/** Pools alone are drawn from columns; a list needs the rows of a user one by one. */
const plans = { pools: text, lists: text.replace('global_random: 2', 'global_random: 1, exposed_unclicked: 1') };

describe('the read time of a group', () => {
  for (const [name, config] of Object.entries(plans)) {
    test(`${name}: as-of values are read strictly before the first exposure of the request`, async () => {
      assert.deepEqual(await positives(config), [
        // Not 230, its own exposure; not 210, after its request. `young`: 200 − 100 is more than 95 s.
        [1, 1, 100, null],
        [3, 1, 230, 230],
        [3, 4, null, null],
      ]);
    });
  }

  test('an event of the request that is logged before its exposures moves its read time', async () => {
    const events = (second: number): string =>
      `SELECT 1 AS user_id, 1 AS item_id, ${at(second)} AS ts, 20 AS request_id, true AS is_buy UNION ALL SELECT 2, 1, ${at(20)}, 20, true`;
    const table =
      '  clicks: {path: data/clicks.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id}}';
    const config = (one: string): string => one.replace('events: {click', `${table}\nevents: {buy: is_buy, click`);
    for (const one of Object.values(plans)) {
      const early = await writeWorld('read-time-early', { log, items, clicks: events(90) });
      assert.deepEqual((await positives(config(one), early))[0], [1, 1, null, null]);
      const late = await writeWorld('read-time-late', { log, items, clicks: events(190) });
      assert.deepEqual((await positives(config(one), late))[0], [1, 1, 100, 100]);
    }
  });

  test('the preview shows the same values', async () => {
    const request = await requestOf(root, 'recall', text);
    const { users } = await engine.call('preview', {
      ...request,
      users: ['1', '3'],
      groupLimit: null,
      copies: { names: plainOutput.names, passThrough: [mark, young] },
    });
    const shown = users.flatMap(({ user, groups }) =>
      groups.flatMap(({ rows }) =>
        rows
          .filter(({ label }) => label === 1)
          .map(({ item, passed }) => [user, item, ...(passed ?? []).map(({ value }) => value)]),
      ),
    );
    assert.deepEqual(shown, [
      ['1', '1', '100', null],
      ['3', '1', '230', '230'],
      ['3', '4', null, null],
    ]);
  });
});

describe('exposures of the user after the request of a positive', () => {
  /** Request 20 has the exposures 7 and 1, and comes before request 21. Item 1 is clicked when request 21 has begun. */
  const shown: readonly (readonly [item: number, second: number, request: number, click: boolean])[] = [
    [2, 100, 10, false],
    [7, 200, 20, false],
    [3, 210, 21, false],
    [1, 220, 20, true],
    [4, 300, 30, false],
    // First shown before, and again afterwards.
    [2, 310, 30, false],
  ];
  /** `more`: further items of request 10, so that the user is drawn from like a pool. */
  const userLog = (more = 0): string =>
    [
      ...shown.map(
        ([item, second, request, click]) =>
          `SELECT 1 AS user_id, ${item} AS item_id, ${at(second)} AS ts, ${request} AS request_id, ${click} AS is_click`,
      ),
      `SELECT 1, 100 + i, ${at(100)}, 10, false FROM range(${more}) t(i)`,
    ].join(' UNION ALL ');
  const config = (options: string): string =>
    recallConfig(`{per_positive: {exposed_unclicked: {count: 9${options}}}}`).replace(/ {2}items: .*\n/, '');
  const drawn = async (options: string): Promise<readonly string[]> => {
    const world = await writeWorld('read-time-exposures', { log: userLog() });
    const [group] = groupsOf(await previewed(await requestOf(world, 'recall', config(options)), '1'), '1');
    return taken(group)['exposed_unclicked'] ?? [];
  };

  test('only items that were first shown before the request, and those of the request, are drawn', async () => {
    assert.deepEqual(await drawn(''), ['2', '7']);
    assert.deepEqual(await drawn(', scope: request'), ['7']);
    assert.deepEqual(await drawn(', scope: user'), ['2']);
  });

  test('before: false draws later ones too', async () => {
    assert.deepEqual(await drawn(', before: false'), ['2', '3', '4', '7']);
    assert.deepEqual(await drawn(', scope: user, before: false'), ['2', '3', '4', '7']);
  });

  test('the preview and the report of a file count later ones', async () => {
    const world = await writeWorld('read-time-counted', { log: userLog() });
    const request = await requestOf(world, 'recall', config(', before: false'));
    const notice =
      '2 of 4 negatives of exposed_unclicked were first shown to their user after the request of the positive (before: false)';
    assert.ok(said(await previewed(request, '1')).includes(notice));
    const output = { ...plainOutput, path: join(folder, 'read-time', 'counted.parquet'), format: 'parquet' as const };
    assert.ok(said(await engine.call('sample', { ...request, users: null, output })).includes(notice));
  });

  test('a user with many exposures: the acceptable items, which log_q divides by, are counted alike', async () => {
    const world = await writeWorld('read-time-heavy', { log: userLog(2000) });
    for (const scope of ['request_then_user', 'user'] as const) {
      const options = `, scope: ${scope}`;
      const request = await requestOf(world, 'recall', config(options));
      const [group] = groupsOf(await previewed(request, '1'), '1');
      const rows = (group?.rows ?? []).filter(({ label }) => label === 0);
      assert.equal(rows.length, 9);
      for (const { item } of rows) assert.ok(!['3', '4'].includes(item), item);
      // 2001 items were first shown before the request. One row of the request comes first.
      const asked = scope === 'user' ? 9 : 8;
      assert.equal(rows.at(-1)?.logQ?.toFixed(9), Math.log(asked / 2001 / 9).toFixed(9));
    }
  });
});
