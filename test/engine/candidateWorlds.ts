import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../src/core/policy/rules.ts';
import { breakSample } from './breakSample.ts';
import { parquet } from './fixture.ts';
import { demo } from './lintDemo.ts';

const of = (file: string): string => `read_parquet('${join(demo, file)}')`;

/** The wrong example of a rule. */
const wrongText = (id: string): string => rules.find((rule) => rule.id === id)?.docs.wrong.text ?? '';

/** Faults of the candidates, or of the negatives that are drawn from them. */
export const candidateWorlds: Readonly<
  Record<string, { readonly write: (root: string) => Promise<unknown>; readonly tells: RegExp }>
> = {
  'data/not-recalled': {
    // Negatives of other requests: a join by the wrong key.
    write: async (root) => {
      await breakSample(
        root,
        wrongText('data/not-recalled'),
        (
          written,
        ) => `WITH other AS (SELECT *, lead(item_id, 200) OVER (PARTITION BY source ORDER BY request, item_id) AS next FROM ${written})
          SELECT * EXCLUDE (city, next, log_q, log_q_mix) REPLACE (CASE WHEN source = 'coarse_filtered' AND next IN (SELECT item_id FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM ${of('data/impressions/*/*.parquet')} i WHERE i.user_id = o.user_id AND i.item_id = o.next) AND NOT EXISTS (SELECT 1 FROM ${written} w WHERE w.request = o.request AND w.item_id = o.next) THEN next ELSE item_id END AS item_id) FROM other o`,
        'coarse_ranking',
      );
    },
    tells: /^\d+ of \d+ negatives of coarse_filtered were not recalled for their request$/,
  },
  'data/rank-window': {
    // Each request has 60 candidates with ranks of 100 to 1,280. The sample was drawn from all of them.
    write: async (root) => {
      const days = join(root, 'data/candidates');
      const all = `SELECT user_id, item_id, request_id, ts, 'i2i' AS channel, (80 + 20 * place)::INTEGER AS recall_rank, 'recall' AS reached, 0.5::DOUBLE AS coarse_score, 0.5::DOUBLE AS fine_score, 0.5::DOUBLE AS teacher_score
        FROM (SELECT r.*, i.item_id, row_number() OVER (PARTITION BY request_id ORDER BY hash(request_id, i.item_id)) AS place
          FROM (SELECT DISTINCT user_id, request_id, ts FROM ${of('data/impressions/*/*.parquet')}) r, ${of('data/items.parquet')} i WHERE i.created_at < '2026-11-01' AND i.removed_at IS NULL) WHERE place <= 60`;
      for (const day of readdirSync(days)) rmSync(join(days, day), { recursive: true });
      mkdirSync(join(days, 'dt=2026-11-20'));
      await parquet(join(days, 'dt=2026-11-20/part-0.parquet'), all);
      await breakSample(
        root,
        wrongText('data/rank-window').replace('ranks: [101, 500]', 'ranks: [101, 5000]'),
        (written) => `SELECT * EXCLUDE (log_q_mix, logq_correction) REPLACE (NULL::DOUBLE AS log_q) FROM ${written}`,
      );
    },
    tells: /^\d+ of \d+ negatives of hard_rank have a rank outside of 101 to 500$/,
  },
  'data/candidate-stage': {
    // The log has its own word for exposures.
    write: async (root) => {
      const days = join(root, 'data/candidates');
      for (const day of readdirSync(days))
        for (const file of readdirSync(join(days, day)))
          await parquet(
            join(days, day, file),
            `SELECT * REPLACE (replace(reached, 'exposed', 'shown') AS reached) FROM read_parquet('${join(demo, 'data/candidates', day, file)}', hive_partitioning = false)`,
          );
    },
    tells: /^\d+ of \d+ candidates have an unknown stage in reached, such as shown$/,
  },
};
