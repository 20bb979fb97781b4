import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withConnection } from '../engine/testDatabase.ts';

/** Negatives of a group: more than its first attempts find among 12 items. */
export const quota = 8;
/** The only entry, from one pool of items without times. */
export const entry = 'scarce';

/**
 * A log of 20 users and 12 items with text ids. Every fifth user clicked most items, which are excluded, so that no
 * attempts fill a group. Positives are bought items: clicks do not exclude them.
 * @returns the config
 */
export async function writeScarceWorld(directory: string): Promise<string> {
  for (const folder of ['data', 'configs']) mkdirSync(join(directory, folder), { recursive: true });
  await withConnection(async (connection) => {
    await connection.run(
      `COPY (
        SELECT 'é, "' || u AS user_id, '品 ' || (u * 7 + k * 5) % 12 AS item_id, 'r' || u || '-' || k // 3 AS request_id,
          TIMESTAMP '2026-11-01 08:00:00' + INTERVAL 1 HOUR * (u + k * 7) AS ts,
          k % 4 <> 1 AND (u % 5 = 0 OR k % 4 = 0) AS is_click, k % 4 = 1 AS is_buy
        FROM range(20) AS users(u), range(12) AS shown(k)
      ) TO '${join(directory, 'data', 'log.parquet')}' (FORMAT parquet)`,
    );
    await connection.run(
      `COPY (SELECT '品 ' || k AS item_id FROM range(12) AS items(k))
      TO '${join(directory, 'data', 'items.parquet')}' (FORMAT parquet)`,
    );
  });
  const config = {
    version: 1,
    seed: 9,
    timezone: 'UTC',
    data: {
      impressions: {
        path: '../data/log.parquet',
        columns: { user: 'user_id', item: 'item_id', time: 'ts', request: 'request_id' },
      },
      items: { path: '../data/items.parquet', columns: { item: 'item_id' } },
    },
    events: { click: 'is_click', buy: 'is_buy' },
    window: {
      train: { from: '2026-11-01', to: '2026-11-05' },
      eval: { from: '2026-11-06', to: '2026-11-07' },
    },
    stages: {
      recall: {
        unit: 'positive',
        positives: { events: { buy: 1 } },
        negatives: {
          per_positive: { [entry]: { source: 'popularity', count: quota, as_of: '2026-11-06', exponent: 0.75 } },
          exclude: { events: ['click'] },
        },
        training: { logq: 'shares' },
      },
    },
  };
  const path = join(directory, 'configs', 'scarce.ratio.json');
  writeFileSync(path, JSON.stringify(config, null, 2));
  return path;
}
