import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { assertClean } from './cleanSample.ts';
import { folder, parquet } from './fixture.ts';

// `min_steps` leaves out half of the training positives: those of new users, who see only the first category of items.
// So the positives of the train file are other ones than those of the log and of the eval file. That is no fault.
const root = join(folder, 'min-steps-audit');
const visits = (user: string, users: number, from: number, to: number): string =>
  `SELECT ${user} AS user_id, d, v FROM range(${users}) u(u), range(${from}, ${to}) d(d), range(4) v(v)`;

before(async () => {
  mkdirSync(join(root, 'out'), { recursive: true });
  await parquet(
    join(root, 'log.parquet'),
    `SELECT user_id, item, category, ts, (hash(user_id, item, ts) % 4 = 0)::TINYINT AS is_click FROM (
      SELECT user_id, (user_id < 1000)::BIGINT AS category, category * 100 + (least(hash(user_id, d, v, k) % 100, hash(k, v, d, user_id) % 100))::BIGINT AS item,
        TIMESTAMP '2026-11-01' + to_days(d::INTEGER) + to_seconds(hash(user_id, d, v) % 80000 + 3) AS ts
      FROM (${visits('u', 50, 0, 12)} UNION ALL SELECT 1000 + u + d * 100, d, v FROM range(100) u(u), range(4, 12) d(d), range(2) v(v)) visits, range(5) k(k))
      GROUP BY ALL`,
  );
  await parquet(join(root, 'items.parquet'), 'SELECT i AS item, i // 100 AS category FROM range(200) i(i)');
  await parquet(
    join(root, 'users.parquet'),
    `SELECT DISTINCT user_id, (user_id < 1000)::BIGINT AS kind FROM read_parquet('${join(root, 'log.parquet')}')`,
  );
});

interface Case {
  readonly mix: string;
  readonly more?: string;
  readonly training?: string;
}
const cases: readonly Case[] = [
  { mix: 'same: {source: same_attribute, match: [category], share: 1}' },
  { mix: 'popularity: {share: 1, exponent: 1, smoothing: 1, group_by: kind}' },
  { mix: 'popularity: {share: 1, count: click, window: 2d, as_of: day, smoothing: 1, group_by: kind}' },
  {
    mix: 'exposed_unclicked: {share: 0.4, scope: user}, global_random: 0.6',
    training: 'loss: sampled_softmax, logq: shares',
  },
  {
    mix: 'popularity: {share: 1, exponent: 0.75}',
    more: ', max_per_user_per_day: 2, downsample_hot: {threshold: 2.0e-3}',
  },
  {
    mix: 'popularity: 0.5, global_random: 0.5',
    training: 'loss: sampled_softmax, logq: shares, in_batch: {batch_size: 64, weight: 0.3}',
  },
];

const config = ({ mix, more = '', training }: Case, sample: string): string => `version: 1
seed: demo
data:
  impressions: {path: log.parquet, columns: {user: user_id, item: item, time: ts}}
  items: {path: items.parquet, columns: {item: item, attributes: [category]}}
  users: {path: users.parquet, columns: {user: user_id, attributes: [kind]}}
  samples:
    recall:
      path: ${sample}
      columns: {user: user_id, item: item, label: label, source: source, entry: entry, time: ts, positive_item: positive_item, draw: draw, log_q: log_q}
events: {click: is_click}
window: {train: {from: 2026-11-05, to: 2026-11-10}, eval: {from: 2026-11-11, to: 2026-11-12}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}, min_steps: {clicks: 4}${more}}
    negatives: {per_positive: 4, mix: {${mix}}}
${training === undefined ? '' : `    training: {${training}}\n`}output: {sequences: {clicks: {events: [click], length: 20, available_after: 1m, lookback: 4d}}}
`;

cases.forEach((one, k) => {
  for (const split of ['train', 'eval'] as const)
    test(`${split}, ${one.mix}: no false alarm`, async () => {
      const sample = `out/${k}-${split}.parquet`;
      await assertClean(root, config(one, sample), sample, split);
    });
});
