import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { engine, failureOf } from './fixture.ts';
import { groupsOf, previewed, recallConfig, requestOf, said, writeWorld } from './samplingCase.ts';
import { outputTo, place, withEngine } from './sampleWithstandCase.ts';
import { corpus, day, recall, shown } from './samplingWorlds.ts';

type Click = readonly [user: number, item: number, time: string];
const log = (clicks: readonly Click[]): string =>
  shown(clicks.map(([user, item, time], k) => [user, item, time, `r${k}`, 1, true, true] as const));
const times = (count: number, [user, item, time]: Click): Click[] =>
  Array.from({ length: count }, () => [user, item, time]);

describe('as_of: day', () => {
  let root = '';
  before(async () => {
    root = await writeWorld('day-tables', {
      impressions: log([
        ...times(4, [2, 20, day(3)]),
        ...times(2, [3, 30, day(4)]),
        [3, 31, day(4, 0)],
        // User 1 has one positive a day, at the first and the last hour too.
        [1, 90, day(2)],
        [1, 91, day(4, 0)],
        [1, 92, day(5, 23)],
        [1, 93, day(9)],
        [1, 94, day(12, 23)],
        // After the cut.
        ...times(9, [2, 21, day(11)]),
      ]),
      items: corpus([20, 21, 30, 31, 90, 91, 92, 93, 94].map((item) => [item, 'x'] as const)),
      users: `SELECT * FROM (VALUES (1::BIGINT, 'north', 'a'), (2, 'north', 'a'), (3, 'north', 'b'), (4, NULL, 'a')) t(user_id, region, level)`,
    });
  });
  const users = '  users: {path: data/users.parquet, columns: {user: user_id, attributes: [region, level]}}\n';
  /** The tables of the groups of user 1, by day of the group: what they count, and the weights of their items. */
  const tables = async (
    options: string,
    split: 'train' | 'eval' = 'train',
  ): Promise<Record<string, readonly [table: string, weights: Record<string, number>]>> => {
    const config = recall(
      `per_positive: 40\n      exclude: none\n      mix: {popularity: {share: 1, exponent: 1, ${options}}}`,
      '{events: {click: 1}}',
      users,
    );
    const preview = await previewed(await requestOf(root, 'recall', config, { split }), '1');
    return Object.fromEntries(
      groupsOf(preview, '1').map(({ time, rows, shortfall }) => {
        const pools = rows.flatMap(({ item, why }) => (why.kind === 'pool' ? [{ item, why }] : []));
        const [first] = pools;
        const table = first
          ? `${first.why.pool ?? 'all'} before ${first.why.before ?? 'cut'}`
          : String(shortfall['popularity']?.cause);
        return [
          time.slice(0, 10),
          [table, Object.fromEntries(pools.map(({ item, why }) => [item, why.weight / 1024]))],
        ];
      }),
    );
  };

  test('each group counts the events before its day; a day without earlier events is a shortfall', async () => {
    assert.deepEqual(await tables('as_of: day'), {
      '2026-11-02': ['pool', {}],
      '2026-11-04': ['all before 2026-11-04', { 20: 4, 90: 1 }],
      '2026-11-05': ['all before 2026-11-05', { 20: 4, 30: 2, 31: 1, 90: 1, 91: 1 }],
      '2026-11-09': ['all before 2026-11-09', { 20: 4, 30: 2, 31: 1, 90: 1, 91: 1, 92: 1 }],
    });
  });

  test('a window counts calendar days; an empty window never takes another table', async () => {
    assert.deepEqual(await tables('as_of: day, window: 1d'), {
      '2026-11-02': ['pool', {}],
      '2026-11-04': ['all before 2026-11-04', { 20: 4 }],
      '2026-11-05': ['all before 2026-11-05', { 30: 2, 31: 1, 91: 1 }],
      '2026-11-09': ['pool', {}],
    });
  });

  test('smoothing gives every item a weight, on empty days too', async () => {
    const found = await tables('as_of: day, window: 1d, smoothing: 1');
    const one = Object.fromEntries([20, 21, 30, 31, 91, 92, 93, 94].map((item) => [item, 1]));
    assert.deepEqual(found['2026-11-02'], ['all before 2026-11-02', one]);
    assert.equal(found['2026-11-05']?.[1]['30'], 3);
    assert.equal(found['2026-11-09']?.[1]['30'], 1);
  });

  test('evaluation counts up to the cut, never beyond it', async () => {
    assert.deepEqual(await tables('as_of: day', 'eval'), {
      '2026-11-12': ['all before 2026-11-11', { 20: 4, 30: 2, 31: 1, 90: 1, 91: 1, 92: 1, 93: 1 }],
    });
    assert.deepEqual(await tables('as_of: day, window: 2d', 'eval'), {
      '2026-11-12': ['all before 2026-11-11', { 93: 1 }],
    });
  });

  test('group_by: unknown values and values without events take the table of all users of that day', async () => {
    const found = await tables('as_of: day, group_by: [region, level]');
    assert.deepEqual(found, {
      '2026-11-02': ['pool', {}],
      '2026-11-04': ['north, a before 2026-11-04', { 20: 4, 90: 1 }],
      '2026-11-05': ['north, a before 2026-11-05', { 20: 4, 90: 1, 91: 1 }],
      '2026-11-09': ['north, a before 2026-11-09', { 20: 4, 90: 1, 91: 1, 92: 1 }],
    });
    const recent = await tables('as_of: day, window: 2d, group_by: [region, level]');
    assert.deepEqual(recent['2026-11-04'], ['north, a before 2026-11-04', { 20: 4, 90: 1 }]);
    const config = recall(
      'per_positive: 4\n      exclude: none\n      mix: {popularity: {share: 1, as_of: day, group_by: [region, level]}}',
      '{events: {click: 1}}',
      users,
    );
    const preview = await previewed(await requestOf(root, 'recall', config), '3');
    assert.deepEqual(
      groupsOf(preview, '3').map(({ rows }) => rows.map(({ why }) => why.kind === 'pool' && [why.pool, why.before])),
      Array.from({ length: 3 }, () => [false, [null, '2026-11-04'], [null, '2026-11-04']]),
    );
    assert.deepEqual(said(preview), [
      '3 groups of these users have no region, level, or a value without events before their day. popularity draws for them from the counts of all users',
    ]);
  });

  test('group_by with several attributes also works up to the cut', async () => {
    const cut = await tables('group_by: [level, region]');
    assert.deepEqual(cut['2026-11-02'], ['a, north before cut', { 20: 4, 91: 1, 92: 1, 93: 1 }]);
    assert.deepEqual(await tables('group_by: [level, region], as_of: cut'), cut);
  });

  test('an explained pair names the table of each draw, and counts the groups without the item', async () => {
    const config = recall(
      'per_positive: 20\n      exclude: none\n      mix: {popularity: {share: 1, as_of: day}}',
      '{events: {click: 1}}',
    );
    const pair = await engine.call('explainPair', {
      ...(await requestOf(root, 'recall', config)),
      user: '1',
      item: '30',
    });
    const [entry] = pair.entries;
    assert.ok(entry);
    assert.deepEqual(
      entry.drawnIn.map(({ before: end, pool }) => [end, pool]),
      [
        ['2026-11-05', null],
        ['2026-11-09', null],
      ],
    );
    assert.equal(entry.membership?.groups, 2);
    assert.equal(entry.refused.absent, 2);
  });

  test('tables that do not fit in memory are refused with their size, before anything is drawn', async () => {
    const text = recall('per_positive: 4\n      mix: {popularity: {share: 1, as_of: day, smoothing: 1}}');
    const request = await requestOf(root, 'recall', text);
    const { path, unchanged } = place();
    const probe = { disk: async () => Promise.resolve({ free: 1e12, device: 1 }), memory: () => 800 };
    const failure = await withEngine(
      { capacity: probe },
      async (own) => await failureOf(own.call('sample', { ...request, users: null, output: outputTo(path) })),
    );
    unchanged();
    assert.equal(failure.code, 'out-of-memory');
    assert.match(
      render(failure.message),
      /^popularity needs 5 tables by day, about 2\d\.\d kB of memory, but only 800 B is free$/,
    );
    assert.match(render(failure.advice ?? failure.message), /^Choose fewer days, a shorter window or fewer attributes/);
  });
});

describe('as_of: day in a zone whose clocks change', () => {
  /** The counted items of the group at a time, with a window of one day. */
  const counted = async (
    name: string,
    timezone: string,
    clicks: Readonly<Record<number, string>>,
    group: string,
  ): Promise<string[]> => {
    const root = await writeWorld(name, {
      log: `SELECT * FROM (VALUES ${[...Object.entries(clicks), ['99', group] as const]
        .map(
          ([item, time]) =>
            `(${item === '99' ? 1 : 2}::BIGINT, ${item}::BIGINT, TIMESTAMPTZ '${time}+00', 'r${item}', true)`,
        )
        .join(', ')}) t(user_id, item_id, ts, request_id, is_click)`,
      items: `SELECT CAST(i AS BIGINT) AS item_id FROM range(100) t(i)`,
    });
    const text = recallConfig(
      '{per_positive: 40, exclude: none, mix: {popularity: {share: 1, as_of: day, window: 1d}}}',
    );
    const request = await requestOf(root, 'recall', text.replace('seed: demo', `seed: demo\ntimezone: ${timezone}`));
    const [own] = groupsOf(await previewed(request, '1'), '1');
    return (own?.rows ?? []).flatMap(({ item, label }) => (label === 0 ? [item] : [])).sort();
  };

  test('a day of 25 hours is counted whole: New York, 1 November 2026', async () => {
    const clicks = {
      10: '2026-11-01 03:59:59.999999',
      11: '2026-11-01 04:00:00',
      12: '2026-11-02 04:59:59.999999',
      13: '2026-11-02 05:00:00',
    };
    assert.deepEqual(await counted('new-york', 'America/New_York', clicks, '2026-11-02 12:00:00'), ['11', '12']);
  });

  test('midnight that occurs twice is its first occurrence: Havana, 1 November 2026', async () => {
    const clicks = {
      10: '2026-10-31 03:59:59',
      11: '2026-10-31 04:00:00',
      12: '2026-11-01 03:59:59.999999',
      13: '2026-11-01 04:00:00',
      14: '2026-11-01 04:15:00',
    };
    assert.deepEqual(await counted('havana', 'America/Havana', clicks, '2026-11-01 04:30:00'), ['11', '12']);
    assert.deepEqual(await counted('havana-later', 'America/Havana', clicks, '2026-11-02 12:00:00'), ['13', '14']);
  });

  test('a day without midnight begins at its first instant: Cairo, 24 April 2026', async () => {
    const clicks = {
      10: '2026-04-22 21:59:59',
      11: '2026-04-22 22:00:00',
      12: '2026-04-23 21:59:59.999999',
      13: '2026-04-23 22:00:00',
      14: '2026-04-24 20:59:59.999999',
      15: '2026-04-24 21:00:00',
    };
    assert.deepEqual(await counted('cairo', 'Africa/Cairo', clicks, '2026-04-24 08:00:00'), ['11', '12']);
    assert.deepEqual(await counted('cairo-later', 'Africa/Cairo', clicks, '2026-04-25 08:00:00'), ['13', '14']);
  });
});
