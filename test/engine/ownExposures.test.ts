import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { queryObjects } from './queryObjects.ts';
import type { SampleFormat, SampleRequest, SampleSummary } from '../../src/protocol/sampling.ts';
import { engine, failureOf, folder } from './fixture.ts';
import { render } from '../../src/core/message/message.ts';
import { recallConfig, requestOf, writeWorld } from './samplingCase.ts';
import { ownNames } from '../../src/core/data/outputName.ts';

/** Ratings without requests, like in MovieLens: 3,600 exposures of 40 users in 24 days, each with its own `mark`. */
const log = `SELECT i % 40 AS user_id, (i * 7919) % 389 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i * 9) MINUTE AS ts,
  i // 120 AS request_id, hash(i) % 4 = 0 AS is_click, 1000 + i AS mark FROM range(3600) t(i)`;
const windows = 'window: {train: {from: 2026-11-01, to: 2026-11-18}, eval: {from: 2026-11-19, to: 2026-11-20}}\n';
const mix = '{per_positive: {exposed_unclicked: {count: 3, mature_after: 12h}, global_random: 2, exposed_random: 1}}';

let root: string;
before(async () => {
  root = await writeWorld('own-exposures', { log, items: 'SELECT i AS item_id FROM range(400) t(i)' });
});

const withoutRequests = (text: string): string => text.replace(', request: request_id', '');
let files = 0;

type SampleLayout = 'long' | 'wide' | 'grouped';

async function written(
  request: Omit<SampleRequest, 'users' | 'output'>,
  format: SampleFormat,
  layout: SampleLayout,
  passThrough = ['mark'],
): Promise<SampleSummary & { readonly path: string }> {
  const path = join(folder, 'own-exposures', 'written', `${++files}.${format}`);
  const output = { path, format, layout, names: ownNames, passThrough, within: null, facts: {} };
  return { ...(await engine.call('sample', { ...request, users: null, output })), path };
}

const long = (path: string): string =>
  path.endsWith('.csv')
    ? `read_csv('${path}')`
    : path.endsWith('.jsonl')
      ? `read_json('${path}')`
      : `read_parquet('${path}')`;
/** Negatives of every layout with the mark of their positive: `user`, `item`, `entry`, `mark`, `positive`, `t`. */
const negatives: { readonly [L in SampleLayout]: (path: string) => string } = {
  long: (path) => `SELECT n."user", n.item, n.entry, n.mark, p.mark AS positive, CAST(n.time AS TIMESTAMP) AS t
    FROM ${long(path)} n JOIN ${long(path)} p ON p.label = 1 AND n.label = 0 AND p."user" = n."user" AND p.positive_item = n.positive_item AND p.time = n.time`,
  wide: (path) =>
    `SELECT "user", unnest(negative_item) AS item, unnest(negative_entry) AS entry, unnest(negative_mark) AS mark, mark AS positive, time AS t FROM ${long(path)}`,
  grouped: (path) =>
    `SELECT * FROM (SELECT "user", unnest(item) AS item, unnest(entry) AS entry, unnest(mark) AS mark, mark[1] AS positive, time AS t, unnest(label) AS label FROM ${long(path)}) WHERE label = 0`,
};

/**
 * Counts about the negatives of a file, from a separate SQL query on the log. `foreign`: marks of another item or user.
 */
async function counted(path: string, layout: SampleLayout, window: string): Promise<Record<string, unknown>> {
  const [row = {}] =
    await queryObjects(`WITH n AS (${negatives[layout](path)}), l AS (${log}) SELECT count(*) FILTER (WHERE entry = 'exposed_unclicked') > 100 AS many,
    count(*) FILTER (WHERE n.mark = n.positive) AS of_positive, count(*) FILTER (WHERE n.mark IS NOT NULL AND (l.user_id <> n."user" OR l.item_id <> n.item OR l.is_click)) AS "foreign",
    count(*) FILTER (WHERE entry = 'exposed_unclicked' AND n.mark IS NULL) AS exposed_null, count(*) FILTER (WHERE entry <> 'exposed_unclicked' AND n.mark IS NOT NULL) AS drawn_marked,
    count(*) FILTER (WHERE entry = 'exposed_unclicked' AND NOT (CAST(l.ts AS DATE) BETWEEN ${window})) AS outside FROM n LEFT JOIN l USING (mark)`);
  return row;
}

const sound = { many: true, of_positive: '0', foreign: '0', exposed_null: '0', drawn_marked: '0', outside: '0' };
const days = {
  train: "DATE '2026-11-01' AND DATE '2026-11-18'",
  eval: "DATE '2026-11-19' AND DATE '2026-11-20'",
} as const;

describe('log columns that are passed through come from the row’s own exposure', () => {
  for (const split of ['train', 'eval'] as const) {
    for (const requests of [true, false]) {
      test(`${split}, ${requests ? 'with' : 'without'} requests: negatives have their own exposure`, async () => {
        const text = recallConfig(mix) + windows;
        const request = await requestOf(root, 'recall', requests ? text : withoutRequests(text), { split });
        for (const layout of ['long', 'wide', 'grouped'] as const) {
          const { path, negatives: count, withoutExposure, notices } = await written(request, 'parquet', layout);
          assert.deepEqual(await counted(path, layout, days[split]), sound, layout);
          const [drawn] = await queryObjects(
            `SELECT CAST(count(*) FILTER (WHERE entry <> 'exposed_unclicked') AS INTEGER) AS n FROM (${negatives[layout](path)})`,
          );
          assert.equal(withoutExposure, drawn?.['n']);
          assert.ok(withoutExposure !== undefined && withoutExposure < count);
          assert.ok(notices.some((notice) => /their mark from data\.impressions is NULL$/.test(render(notice))));
        }
        for (const format of ['csv', 'jsonl'] as const)
          assert.deepEqual(
            await counted((await written(request, format, 'long')).path, 'long', days[split]),
            sound,
            format,
          );
      });
    }
  }

  test('of several exposures the request’s earliest is used, else the latest before the request', async () => {
    const own = await writeWorld('own-exposures-several', {
      items: 'SELECT i AS item_id FROM range(9) t(i)',
      log: `SELECT 1 AS user_id, item_id, TIMESTAMP '2026-11-01' + INTERVAL (minute) MINUTE AS ts, request_id, is_click, mark FROM (VALUES
        (1, 10, 7, true, 0), (2, 11, 7, false, 22), (2, 10, 7, false, 21), (2, 5, 6, false, 20), (3, 2, 1, false, 31), (3, 8, 2, false, 33), (3, 8, 3, false, 32), (3, 12, 4, false, 34), (4, 20, 8, false, 41), (4, 30, 9, false, 42))
        t(item_id, minute, request_id, is_click, mark)`,
    });
    const markOf = async (options: string): Promise<Record<string, unknown>> => {
      const { path } = await written(
        await requestOf(own, 'recall', recallConfig(`{per_positive: {exposed_unclicked: {count: 5${options}}}}`)),
        'parquet',
        'long',
      );
      return Object.fromEntries(
        (
          await queryObjects(
            `SELECT item::VARCHAR AS item, mark FROM read_parquet('${path}') WHERE label = 0 ORDER BY item`,
          )
        ).map(({ item, mark }) => [String(item), Number(mark)]),
      );
    };
    assert.deepEqual(await markOf(''), { 2: 21, 3: 33 });
    assert.deepEqual(await markOf(', before: false'), { 2: 21, 3: 33, 4: 41 });
    assert.deepEqual(await markOf(', scope: request'), { 2: 21 });
    assert.deepEqual(await markOf(', scope: user'), { 2: 20, 3: 33 });
    assert.deepEqual(await markOf(', scope: user, before: false'), { 2: 20, 3: 33, 4: 41 });
  });
});

describe('a split without rows', () => {
  const refused = async (text: string, split: 'train' | 'eval' = 'train'): Promise<string> => {
    const failure = await failureOf(
      written(
        await requestOf(root, text.includes('fine_ranking') ? 'fine_ranking' : 'recall', text, { split }),
        'parquet',
        'long',
        [],
      ),
    );
    assert.equal(failure.code, 'bad-request');
    return render(failure.message).replace('No file is written because there are no rows: ', '');
  };
  const recall = recallConfig('{per_positive: {global_random: 2}}');
  const fine = (options: string): string =>
    recallConfig(`{mix: {exposed_unclicked: {share: 1${options}}}}`)
      .replace('recall:', 'fine_ranking:')
      .replace('unit: positive', 'unit: impression') + windows;

  test('the message names the step that left no rows', async () => {
    const first = '2026-11-01T00:00:00.000000Z';
    const last = '2026-11-23T11:51:00.000000Z';
    assert.equal(
      await refused(`${recall}window: {train: {from: 2026-12-01, to: 2026-12-02}}\n`),
      `none of the 3,600 impressions is in window.train: they range from ${first} to ${last}`,
    );
    assert.equal(
      await refused(`${recall}window: {train: {from: 2026-11-03, to: 2026-11-02}}\n`),
      'window.train ends before it begins',
    );
    assert.equal(
      await refused(recall.replace('is_click}', '{column: mark, op: "<", value: 0}}')),
      'none of the 3,600 impressions of the log has a positive event (click)',
    );
    assert.equal(
      await refused(fine(', mature_after: 5d'), 'eval'),
      `seen drops 0 and mature_after drops 320 of the 320 impressions of window.eval; outcomes are known until ${last}`,
    );
    assert.match(
      await refused(fine(', mature_after: 30d')),
      /^seen drops 0 and mature_after drops 2,880 of the 2,880 impressions of window\.train; outcomes are known until 2026-11-18T23:59:59/,
    );
  });

  test('maturity of the eval window counts to the end of the log', async () => {
    const { rows } = await written(
      await requestOf(root, 'fine_ranking', fine(', mature_after: 3d'), { split: 'eval' }),
      'parquet',
      'long',
      [],
    );
    const [expected] = await queryObjects(
      `SELECT CAST(count(*) AS INTEGER) AS n FROM (${log}) WHERE CAST(ts AS DATE) BETWEEN ${days.eval} AND ts <= TIMESTAMP '2026-11-23 11:51:00' - INTERVAL 3 DAY`,
    );
    assert.equal(rows, expected?.['n']);
    assert.ok(rows > 100);
  });
});
