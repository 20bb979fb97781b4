import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryRows } from './sparkJob.ts';

/** Impressions; a third of the clicks are of the user 1, and three tenths of the impressions of the item 1. */
const IMPRESSIONS = 1200;

/** One of the stages of a config draws from pools, the other from lists of its requests. */
export const skewedStages = {
  recall: {
    unit: 'positive',
    positives: { events: { click: 1 } },
    negatives: {
      per_positive: {
        popularity: 2,
        exposed_unclicked: { count: 2, scope: 'request_then_user', exclude: { events: ['click'] } },
      },
      exclude: { events: ['click'], lookback: '12h' },
    },
  },
  coarse_ranking: {
    unit: 'request',
    positives: { events: { click: 1 } },
    negatives: {
      per_request: {
        global_random: 2,
        exposed_unclicked: { count: 1, scope: 'user' },
        coarse_filtered: { count: 1, by: 'channel' },
        hard_score: { count: 1, top: 3 },
      },
      exclude: { events: ['click'], lookback: '12h' },
    },
    teacher: { column: 'score', from: 'candidates', kind: 'probability', on: 'exposed' },
  },
} as const;

/**
 * Writes a log with a user who has a third of all clicks, and an item with three tenths of the impressions.
 * @returns the config
 */
export async function writeSkewedWorld(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => join(folder, `${name}.parquet`);
  const write = (name: string, query: string): Promise<unknown> =>
    queryRows(`COPY (${query}) TO '${file(name)}' (FORMAT parquet)`);
  const time = (i: string): string => `make_timestamp(1793491200000000 + CAST(${i} AS BIGINT) * 1300000000)`;
  await write(
    'impressions',
    `SELECT CASE WHEN i % 3 = 0 THEN 1 ELSE 2 + CAST(hash(i) % 100 AS BIGINT) END AS user_id,
      CASE WHEN hash(i + 1) % 10 < 3 THEN 1
        WHEN i % 7 > 0 THEN 2 + CAST(hash(i + 2) % 300 AS BIGINT) ELSE 400 + CAST(hash(i + 2) % 20 AS BIGINT) END AS item_id,
      CAST(i AS BIGINT) AS request_id, ${time('i')} AS ts, i % 7 > 0 AS is_click
    FROM range(${IMPRESSIONS}) t(i)`,
  );
  await write(
    'items',
    `SELECT CAST(i AS BIGINT) AS item_id, CASE WHEN i % 5 = 0 THEN ${time('i')} END AS created FROM range(1, 420) t(i)`,
  );
  await write('users', `SELECT CAST(i AS BIGINT) AS user_id, 'city ' || i % 7 AS city FROM range(1, 90) t(i)`);
  await write(
    'candidates',
    `SELECT user_id, request_id, CASE k WHEN 0 THEN item_id ELSE 1 + CAST(hash(request_id * 4 + k) % 400 AS BIGINT) END AS item_id,
      CASE WHEN k % 2 = 0 THEN 'a' ELSE 'b' END AS channel, (hash(request_id + k) % 1000) / 1000.0 AS score,
      CASE k WHEN 0 THEN 'exposed' ELSE 'recall' END AS reached
    FROM '${file('impressions')}', range(4) t(k)`,
  );
  const config = join(folder, 'skewed.ratio.json');
  const user = 'user_id';
  const item = 'item_id';
  const text = {
    version: 1,
    seed: 'skewed',
    timezone: 'UTC',
    data: {
      impressions: { path: 'impressions.parquet', columns: { user, item, time: 'ts', request: 'request_id' } },
      items: { path: 'items.parquet', columns: { item, created: 'created' } },
      users: { path: 'users.parquet', columns: { user, attributes: ['city'] } },
      candidates: {
        path: 'candidates.parquet',
        columns: { user, item, request: 'request_id', channel: 'channel', score: 'score', reached: 'reached' },
      },
    },
    events: { click: 'is_click' },
    window: { train: { from: '2026-11-01', to: '2026-11-20' } },
    stages: skewedStages,
    output: { pass_through: ['city', { column: 'channel', from: 'candidates' }] },
  };
  writeFileSync(config, JSON.stringify(text));
  return config;
}
