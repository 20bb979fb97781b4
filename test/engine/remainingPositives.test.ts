import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { jsDivergence } from '../../src/core/statistics/jsDivergence.ts';
import { assertClean } from './cleanSample.ts';
import { folder, parquet } from './fixture.ts';
import { previewed, requestOf } from './samplingCase.ts';
import { writeSample } from './sampledFile.ts';
import { withConnection } from './testDatabase.ts';

// A few users click items of the first category all day; many users click one or two of the second a day. The cap,
// `downsample_hot` and `min_steps` each leave other shares of the two categories, and so of their pools.
const root = join(folder, 'remaining-positives');

before(async () => {
  mkdirSync(join(root, 'out'), { recursive: true });
  await parquet(
    join(root, 'log.parquet'),
    `SELECT user_id, item, ts, (k % 2 = 0)::TINYINT AS is_click FROM (
      SELECT u AS user_id, d, k, (hash(u, d, k) % 1000)::BIGINT AS item,
        TIMESTAMP '2026-11-01' + to_days(d::INTEGER) + to_seconds((60 * k + hash(u, d, k) % 50)::BIGINT) AS ts
        FROM range(100) u(u), range(11) d(d), range(30) k(k)
      UNION ALL
      SELECT 1000 + u, d, k, 1000 + least(hash(u, d, k) % 1000, hash(k, d, u) % 1000)::BIGINT,
        TIMESTAMP '2026-11-01' + to_days(d::INTEGER) + to_seconds((3600 + 60 * k + hash(u, d, k) % 50)::BIGINT)
        FROM range(1000) u(u), range(11) d(d), range(4) k(k) WHERE k < 2 OR u % 2 = 0) rows`,
  );
  await parquet(join(root, 'items.parquet'), 'SELECT i AS item, i // 1000 AS category FROM range(2000) i(i)');
  await parquet(
    join(root, 'users.parquet'),
    `SELECT DISTINCT user_id, (user_id < 1000)::BIGINT AS kind FROM read_parquet('${join(root, 'log.parquet')}')`,
  );
});

const limits = {
  cap: 'max_per_user_per_day: 1',
  hot: 'downsample_hot: {threshold: 2.0e-4}',
  'cap and hot': 'max_per_user_per_day: 3, downsample_hot: {threshold: 3.0e-4}',
  min_steps: 'min_steps: {clicks: 6}',
  'cap and min_steps': 'max_per_user_per_day: 1, min_steps: {clicks: 6}',
};
const mixes = {
  same_attribute: 'same: {source: same_attribute, match: [category], share: 1}',
  group_by: 'popularity: {share: 1, exponent: 1, smoothing: 1, group_by: kind}',
  day: 'popularity: {share: 1, count: click, window: 2d, as_of: day, smoothing: 1, group_by: kind}',
};

const config = (limit: string, mix: string, sample: string, seed = 'demo'): string => `version: 1
seed: ${seed}
data:
  impressions: {path: log.parquet, columns: {user: user_id, item: item, time: ts}}
  items: {path: items.parquet, columns: {item: item, attributes: [category]}}
  users: {path: users.parquet, columns: {user: user_id, attributes: [kind]}}
  samples:
    recall:
      path: ${sample}
      columns: {user: user_id, item: item, label: label, source: source, entry: entry, time: ts, positive_item: positive_item, draw: draw, log_q: log_q}
events: {click: is_click}
window: {train: {from: 2026-11-05, to: 2026-11-09}, eval: {from: 2026-11-10, to: 2026-11-11}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}, ${limit}}
    negatives: {per_positive: 4, mix: {${mix}}}
output: {sequences: {clicks: {events: [click], length: 50, available_after: 1m, lookback: 4d}}}
`;

for (const name of ['cap', 'cap and min_steps'] as const)
  for (const [by, mix] of Object.entries(mixes))
    test(`${name}, pools by ${by}: no false alarm`, async () => {
      const sample = `out/${name}-${by}.parquet`;
      await assertClean(root, config(limits[name], mix, sample), sample, 'train');
    });

for (const [name, limit] of Object.entries(limits))
  test(`${name}: the distance of an entry in the preview is that of the positives in the file`, async () => {
    const sample = `out/${name}-distance.parquet`;
    for (const seed of ['one', 'two']) {
      const text = config(limit, mixes.same_attribute, sample, seed);
      await writeSample(root, text, 'recall', sample);
      const first = await withConnection(async (connection) => {
        const share = `SELECT avg((item < 1000)::DOUBLE) FROM read_parquet('${join(root, sample)}') WHERE label = 1`;
        return Number((await connection.runAndReadAll(share)).getRows()[0]?.[0]);
      });
      const mixed = Array.from({ length: 2000 }, (_, item) => (item < 1000 ? first : 1 - first));
      const { totals } = await previewed(await requestOf(root, 'recall', text), '1000');
      const distance = totals.entries[0]?.distance;
      assert.ok(
        Math.abs((distance ?? NaN) - (jsDivergence(mixed, new Array<number>(2000).fill(1)) ?? NaN)) < 1e-9,
        `${distance}, but ${first} of the positives are in the first category`,
      );
    }
  });
