import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parquet } from './fixture.ts';
import { demo } from './lintDemo.ts';

const of = (file: string): string => `read_parquet('${join(demo, file)}')`;

const log = 'data/impressions';
/** The steps of a row `s` of the sample: exposures `l` of its user before its request, which began at `s.began`. */
const before = 'l.ts < s.began';

/**
 * The sample of the demo with what its users saw before: lists by the definition, from the log.
 * @param steps which exposures `l` are steps of a row `s`
 * @param replace SQL of columns that differ
 * @param isOwnTime whether the rows of a group have the time of its exposure, not that of its request
 */
export function withSeen({
  steps = before,
  replace = [] as readonly string[],
  from = '',
  isOwnTime = false,
} = {}): string {
  const list = (value: string): string =>
    `coalesce((SELECT list(${value} ORDER BY l.ts, l.position) FROM log l ${from} WHERE l.user_id = s.user_id AND ${steps}), [])`;
  const changed = replace.length === 0 ? '' : `REPLACE (${replace.join(', ')})`;
  return `WITH log AS (FROM ${of('data/impressions/*/*.parquet')}),
    requests AS (SELECT user_id, request_id, min(ts) AS began FROM log GROUP BY ALL),
    rows AS (SELECT s.*${isOwnTime ? ' REPLACE (l.ts AS ts)' : ''}, r.began FROM ${of('out/recall.parquet')} s JOIN log l ON l.user_id = s.user_id AND l.item_id = s.positive_item JOIN requests r ON r.user_id = s.user_id AND r.request_id = l.request_id AND r.began = s.ts),
    listed AS (SELECT *, ${list('l.item_id')} AS seen__item_id, ${list('l.ts')} AS seen__ts FROM rows s)
  SELECT * EXCLUDE (began) ${changed} FROM listed`;
}

/** Replaces the sample of a demo workspace. */
const sample = (sql: string) => async (root: string) => await parquet(join(root, 'out/recall.parquet'), sql);
const both = (of: (list: string) => string): string[] =>
  ['seen__item_id', 'seen__ts'].map((list) => `${of(list)} AS ${list}`);

/** For each rule of sequences, the sample of the demo with that fault. */
export const sequenceWorlds = {
  'data/sequence-future': {
    // A join without a condition on the time.
    write: sample(
      withSeen({ steps: `(${before} OR l.ts BETWEEN s.ts + INTERVAL 1 SECOND AND s.ts + INTERVAL 1 DAY)` }),
    ),
    tells: /^seen: \d+ of \d+ rows have a step at or after their time$/,
  },
  'data/sequence-target': {
    // The label is cut one event too late.
    write: sample(
      withSeen({
        replace: [
          'CASE WHEN label = 1 THEN list_append(seen__item_id, item_id) ELSE seen__item_id END AS seen__item_id',
          'CASE WHEN label = 1 THEN list_append(seen__ts, ts) ELSE seen__ts END AS seen__ts',
        ],
      }),
    ),
    tells: /^seen: in (\d+) of \1 positives, a step is the event of the row$/,
  },
  'data/sequence-order': {
    // Some days were sorted the other way.
    write: sample(
      withSeen({ replace: both((list) => `CASE WHEN day(ts) % 4 = 0 THEN list_reverse(${list}) ELSE ${list} END`) }),
    ),
    tells: /^seen: \d+ of \d+ rows are not in the order of time$/,
  },
  'data/sequence-length': {
    // Items without a value were left out of one of the lists.
    write: sample(withSeen({ replace: ['CASE WHEN draw = 1 THEN seen__ts[2:] ELSE seen__ts END AS seen__ts'] })),
    tells: /^seen: the lists of \d+ of \d+ rows differ in length$/,
  },
  'data/sequence-duplicate': {
    // The log of a day was read twice.
    write: sample(withSeen({ from: 'CROSS JOIN range(2) t(k)', steps: `${before} AND (k = 0 OR day(l.ts) % 4 = 0)` })),
    tells: /^seen: [\d.]+ % of the steps are logged twice$/,
  },
  'data/sequence-request': {
    // Rows have the times of their exposures, and the histories end there.
    write: sample(withSeen({ steps: 'l.ts < s.ts', isOwnTime: true })),
    tells: /^seen: \d+ of \d+ rows have steps of their own request$/,
  },
  'data/sequence-side': {
    // The lists were cut at the wrong end.
    write: sample(withSeen({ replace: both((list) => `${list}[:5]`) })),
    tells: /^seen: full lists keep the oldest steps$/,
  },
  'data/sequence-shift': {
    // The steps of the days before were not read. For each user three, because few have early and late rows.
    write: async (root: string) => {
      const thrice = (sql: string) => `SELECT * REPLACE (user_id + k AS user_id) FROM (${sql}), range(3) t(k)`;
      const replace = ['NULL::DOUBLE AS log_q'];
      await sample(thrice(withSeen({ steps: `${before} AND l.ts >= '2026-11-19'`, replace })))(root);
      for (const day of readdirSync(join(demo, log)))
        for (const file of readdirSync(join(demo, log, day)))
          await parquet(join(root, log, day, file), thrice(`FROM ${of(join(log, day, file))}`));
    },
    tells: /^seen: rows up to 2026-11-\d\d have [\d.]+ steps on average, later rows of these users [\d.]+$/,
  },
  'data/sequence-log': {
    // The items of another platform.
    write: sample(withSeen({ replace: ['list_transform(seen__item_id, lambda x: x + 1) AS seen__item_id'] })),
    tells: /^seen: in [\d.]+ % of the rows, the newest step is not in the log$/,
  },
};
