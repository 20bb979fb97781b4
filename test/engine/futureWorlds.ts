import { join } from 'node:path';
import { changed } from '../../src/core/policy/examples/example.ts';
import { breakSample } from './breakSample.ts';
import { parquet } from './fixture.ts';
import { demo } from './lintDemo.ts';

const of = (file: string): string => `read_parquet('${join(demo, file)}')`;

/** Files of the demo that know the future, for the rules that report them. */
export const futureWorlds: Readonly<
  Record<string, { readonly write: (root: string) => Promise<unknown>; readonly tells: RegExp }>
> = {
  'data/impossible-draw': {
    // Some draws are items that are offline by now, which the pool does not have.
    write: async (root) => {
      await breakSample(
        root,
        changed('recall'),
        (written) => `WITH few AS (SELECT row_number() OVER (ORDER BY item_id) AS place, item_id, city, category
              FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL AND status <> 'online' ORDER BY item_id),
            drawn AS (SELECT *, CASE source WHEN 'popularity' THEN row_number() OVER (PARTITION BY source ORDER BY ts, user_id, positive_item, draw) END AS place FROM ${written})
            SELECT d.* EXCLUDE (place) REPLACE (coalesce(f.item_id, d.item_id) AS item_id, CASE WHEN f.item_id IS NULL THEN d.city ELSE f.city END AS city, CASE WHEN f.item_id IS NULL THEN d.category ELSE f.category END AS category)
              FROM drawn d LEFT JOIN few f ON d.place = 20 * f.place`,
      );
    },
    tells: /^\d+ of \d+ draws of popularity have the probability 0: their items are not in its pool$/,
  },
  'data/missing-choices': {
    // On the next day, every user chooses a few items. The file was written before, and a filter dropped these choices.
    write: async (root) => {
      await parquet(
        join(root, 'data/impressions/dt=2026-11-21/later.parquet'),
        `SELECT l.* REPLACE (u.user_id AS user_id, i.item_id AS item_id, l.request_id + row_number() OVER (ORDER BY u.user_id, i.item_id) AS request_id, TIMESTAMP '2026-11-21 20:00:00' AS ts, 1 AS is_click)
            FROM (SELECT * FROM read_parquet('${join(root, 'data/impressions/dt=2026-11-21/*.parquet')}', hive_partitioning = false) ORDER BY request_id DESC LIMIT 1) l,
              (SELECT user_id FROM ${of('data/users.parquet')}) u, (SELECT item_id FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL AND status = 'online' AND hash(item_id) % 12 = 0) i`,
      );
      await breakSample(
        root,
        changed('recall'),
        (written) =>
          `SELECT * EXCLUDE (log_q_mix, logq_correction) FROM ${written} WHERE label = 1 OR hash(item_id) % 12 <> 0`,
      );
    },
    tells: /^\d of \d+ negatives from pools are chosen later by their users, but the config leads to [\d.]+$/,
  },
};
