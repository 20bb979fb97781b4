import { cut, type Defect } from './defect.ts';

const pools = `source IN ('popularity', 'global_random', 'same_attribute')`;
const noNumber = 'EXCLUDE (file_row_number)';

/** Of the rows of `others` (file_row_number and new values), `count` replace values of the sample. */
function replaced(
  sample: string,
  { others, count, columns }: { readonly others: string; readonly count: string; readonly columns: readonly string[] },
): string {
  const values = columns.map((column) => `CASE WHEN o.n IS NULL THEN s.${column} ELSE o.${column} END AS ${column}`);
  return `WITH others AS (SELECT file_row_number AS n, ${columns.join(', ')} FROM (SELECT *, row_number() OVER (PARTITION BY file_row_number ORDER BY hash(${columns.join(', ')})) AS place FROM (${others})) WHERE place = 1
      ORDER BY hash(file_row_number), file_row_number LIMIT (${count}))
    SELECT s.* ${noNumber} REPLACE (${values.join(', ')}) FROM ${sample} s LEFT JOIN others o ON o.n = s.file_row_number`;
}

/** SQL of a share of the rows that hold. */
const shareOf = (sample: string, share: number, holds: string): string =>
  `SELECT ceil(${share} * count(*)) FROM ${sample} WHERE ${holds}`;

/** `count` rows that hold once more, with other values. */
function repeated(
  sample: string,
  { holds, count, values }: { readonly holds: string; readonly count: number; readonly values: string },
): string {
  return `SELECT * ${noNumber} FROM ${sample} UNION ALL BY NAME
    (SELECT * ${noNumber} ${values} FROM ${sample} WHERE ${holds} ORDER BY hash(file_row_number), file_row_number LIMIT ${count})`;
}

/** Pairs of user and item whose first row of `from` comes after the cut. */
const firstAfterCut = (from: string, holds = 'true'): string =>
  `SELECT user_id, item_id FROM ${from} WHERE ${holds} GROUP BY ALL HAVING min(ts) >= ${cut}`;

/** `strength` rows that hold get pairs whose evidence comes after the cut. */
const futurePairs = (sample: string, pairs: string, holds: string, strength: number, source = 'source'): string =>
  replaced(sample, {
    others: `SELECT s.file_row_number, p.user_id, p.item_id, ${source} AS source FROM (SELECT file_row_number, source, row_number() OVER (ORDER BY hash(file_row_number)) AS k FROM ${sample} WHERE ${holds}) s
      JOIN (SELECT *, row_number() OVER (ORDER BY hash(user_id, item_id)) AS k FROM (${pairs})) p USING (k)`,
    count: String(strength),
    columns: ['user_id', 'item_id', 'source'],
  });

/** Faults of the rows of a finished file. */
export const rowDefects: readonly Defect[] = [
  {
    name: 'false-negative',
    title: 'negatives that the user had clicked',
    rule: 'data/false-negative',
    stage: 'recall',
    unit: 'share',
    strengths: [0.003, 0.005, 0.01, 0.02],
    target: 0.02,
    rows: ({ sample, impressions }, share) =>
      replaced(sample, {
        others: `SELECT s.file_row_number, c.item_id FROM ${sample} s JOIN ${impressions} c ON c.user_id = s.user_id AND c.ts < s.ts AND c.item_id <> s.positive_item WHERE c.is_click = 1 AND s.label = 0 AND s.${pools}`,
        count: shareOf(sample, share, 'label = 0'),
        columns: ['item_id'],
      }),
  },
  {
    name: 'unknown-item',
    title: 'unknown items',
    rule: 'data/unknown-item',
    stage: 'recall',
    unit: 'share',
    strengths: [0.0001, 0.001],
    target: 0.001,
    rows: ({ sample }, share) =>
      replaced(sample, {
        others: `SELECT file_row_number, -1 - file_row_number AS item_id FROM ${sample} WHERE label = 0`,
        count: shareOf(sample, share, 'true'),
        columns: ['item_id'],
      }),
  },
  {
    name: 'contradiction',
    title: 'positives that are also negatives',
    rule: 'data/contradiction',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample, rejections }, count) =>
      repeated(sample, {
        holds: `label = 1 AND (user_id, item_id) NOT IN (SELECT (user_id, item_id) FROM ${rejections})`,
        count,
        values: `REPLACE (0::TINYINT AS label, 'global_random' AS source)`,
      }),
  },
  {
    name: 'future-click',
    title: 'clicks after the cut',
    rule: 'data/future',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample, impressions }, count) =>
      futurePairs(sample, firstAfterCut(impressions, 'is_click = 1 OR play_time >= 7'), 'label = 1', count),
  },
  {
    name: 'future-exposure',
    title: 'exposures after the cut',
    rule: 'data/future',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample, impressions }, count) =>
      futurePairs(sample, firstAfterCut(impressions), `source = 'exposed_unclicked'`, count),
  },
  {
    name: 'future-rejection',
    title: 'rejections after the cut',
    rule: 'data/future',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample, rejections }, count) =>
      futurePairs(sample, firstAfterCut(rejections), 'label = 0', count, `'rejected'`),
  },
  {
    name: 'log-q',
    title: 'log q of counts after the cut',
    rule: 'data/log-q',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample, impressions }, count) =>
      replaced(sample, {
        others: `SELECT s.file_row_number, ln(c.share) AS log_q FROM ${sample} s
          JOIN (SELECT item_id, count(*) ** 0.75 / sum(count(*) ** 0.75) OVER () AS share FROM ${impressions} WHERE is_click = 1 GROUP BY item_id) c ON c.item_id = s.item_id WHERE s.source = 'popularity'`,
        count: String(count),
        columns: ['log_q'],
      }),
  },
  {
    name: 'log-q-sign',
    title: 'log q with the wrong sign',
    rule: 'data/log-q-values',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample }, count) =>
      replaced(sample, {
        others: `SELECT file_row_number, -log_q AS log_q FROM ${sample} WHERE label = 0 AND log_q < -0.1`,
        count: String(count),
        columns: ['log_q'],
      }),
  },
  {
    name: 'pass-through',
    title: 'features of later rows',
    rule: 'data/pass-through',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample, impressions }, count) =>
      replaced(sample, {
        others: `SELECT s.file_row_number, i.item_ctr FROM ${sample} s JOIN ${impressions} i ON i.item_id = s.item_id AND i.ts > s.ts AND i.item_ctr <> s.item_ctr`,
        count: String(count),
        columns: ['item_ctr'],
      }),
  },
  {
    name: 'future-teacher',
    title: 'scores of the teacher from later requests',
    rule: 'data/future',
    stage: 'fine_ranking',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample, impressions }, count) =>
      replaced(sample, {
        others: `SELECT s.file_row_number, i.teacher_score AS teacher FROM ${sample} s JOIN ${impressions} i ON i.user_id = s.user_id AND i.item_id = s.item_id AND i.ts > s.time AND i.request_id <> s.request
          WHERE i.teacher_score IS DISTINCT FROM s.teacher AND i.teacher_score IS NOT NULL`,
        count: String(count),
        columns: ['teacher'],
      }),
  },
  {
    name: 'time-leak',
    title: 'rows after the cut',
    rule: 'data/time-leak',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample }, count) =>
      replaced(sample, {
        others: `SELECT file_row_number, ts + INTERVAL 60 DAY AS ts FROM ${sample}`,
        count: String(count),
        columns: ['ts'],
      }),
  },
  {
    name: 'time-order',
    title: 'rows of an earlier day at the end of a file in the order of time',
    rule: 'data/time-order',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample }, count) =>
      `SELECT * ${noNumber} REPLACE (CASE WHEN row_number() OVER (ORDER BY ts DESC, file_row_number DESC) <= ${count} THEN ts - INTERVAL 1 DAY ELSE ts END AS ts)
          FROM ${sample} s ORDER BY s.ts, s.file_row_number`,
  },
  {
    name: 'duplicate',
    title: 'repeated rows',
    rule: 'data/duplicate',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample }, count) => repeated(sample, { holds: 'label = 0', count, values: '' }),
  },
  {
    name: 'never-exposed',
    title: 'rows that were never shown',
    rule: 'data/never-exposed',
    stage: 'fine_ranking',
    unit: 'rows',
    strengths: [1],
    target: 1,
    rows: ({ sample, items, impressions }, count) =>
      replaced(sample, {
        others: `SELECT s.file_row_number, i.item_id FROM (SELECT * FROM ${sample} WHERE label = 0 ORDER BY hash(file_row_number) LIMIT ${count}) s, (SELECT item_id FROM ${items} ORDER BY hash(item_id) LIMIT 100) i
          WHERE NOT EXISTS (SELECT 1 FROM ${impressions} l WHERE l.request_id = s.request AND l.item_id = i.item_id)`,
        count: String(count),
        columns: ['item_id'],
      }),
  },
  {
    name: 'empty-groups',
    title: 'groups without negatives',
    rule: 'data/empty-groups',
    stage: 'recall',
    unit: 'share',
    strengths: [0.015, 0.02, 0.03],
    target: null,
    rows: ({ sample }, share) =>
      `SELECT * ${noNumber} FROM ${sample} WHERE label = 1 OR hash(user_id, positive_item, ts) % 10000 >= ${10_000 * share}`,
  },
  {
    name: 'unseen',
    title: 'exposures that were not seen',
    rule: 'data/unseen',
    stage: 'recall',
    unit: 'share',
    strengths: [0.002, 0.005, 0.01],
    target: null,
    rows: ({ sample, impressions }, share) =>
      replaced(sample, {
        others: `SELECT s.file_row_number, i.item_id FROM ${sample} s JOIN (SELECT user_id, item_id FROM ${impressions} WHERE ts < ${cut} GROUP BY ALL HAVING NOT bool_or(is_viewed OR is_click = 1 OR play_time >= 7)) i USING (user_id) WHERE s.source = 'exposed_unclicked'`,
        count: shareOf(sample, share, `source = 'exposed_unclicked'`),
        columns: ['item_id'],
      }),
  },
  {
    name: 'hot-ratio',
    title: 'negatives of the head are dropped',
    rule: 'data/hot-ratio',
    stage: 'recall',
    unit: 'share',
    strengths: [0.95, 0.98, 1],
    target: null,
    rows: ({ sample, impressions, items }, share) =>
      `WITH head AS (SELECT item_id FROM ${impressions} WHERE ts < ${cut} AND (is_click = 1 OR play_time >= 7) GROUP BY item_id ORDER BY count(*) DESC LIMIT (SELECT count(*) // 100 FROM ${items}))
      SELECT * ${noNumber} FROM ${sample} WHERE label = 1 OR item_id NOT IN (SELECT item_id FROM head) OR hash(file_row_number) % 1000 >= ${1000 * share}`,
  },
  {
    name: 'selection-bias',
    title: 'uniform draws from a part of the corpus (missing share)',
    rule: 'data/selection-bias',
    stage: 'recall',
    unit: 'share',
    strengths: [0.5, 0.8, 0.95],
    target: null,
    rows: ({ sample, items }, missing) =>
      replaced(sample, {
        others: partOf(sample, items, missing),
        count: shareOf(sample, 1, `source = 'global_random'`),
        columns: ['item_id'],
      }),
  },
  {
    name: 'declared-q',
    title: 'uniform draws replaced by clicked items',
    rule: 'data/declared-q',
    stage: 'recall',
    unit: 'share',
    strengths: [0.1, 0.2, 0.5],
    target: null,
    rows: ({ sample, impressions }, share) =>
      replaced(sample, {
        others: partOf(
          sample,
          `(SELECT item_id FROM ${impressions} WHERE is_click = 1 AND ts < ${cut} GROUP BY item_id)`,
          0,
        ),
        count: shareOf(sample, share, `source = 'global_random'`),
        columns: ['item_id'],
      }),
  },
  {
    name: 'label-leak',
    title: 'a column that is the label (share of the rows)',
    rule: 'data/label-leak',
    stage: 'recall',
    unit: 'share',
    strengths: [0.98, 0.99, 1],
    target: null,
    rows: ({ sample }, share) =>
      `SELECT * ${noNumber}, CASE WHEN hash(file_row_number) % 1000 < ${1000 * share} THEN label ELSE hash(file_row_number, 1) % 2 END::DOUBLE AS dwell FROM ${sample}`,
  },
  {
    name: 'calibration',
    title: 'negatives dropped after sampling',
    rule: 'data/calibration',
    stage: 'fine_ranking',
    unit: 'share',
    strengths: [0.1, 0.2, 0.3, 0.5],
    target: null,
    rows: ({ sample }, share) =>
      `SELECT * ${noNumber} FROM ${sample} WHERE label = 1 OR hash(file_row_number) % 1000 >= ${1000 * share}`,
  },
  {
    name: 'not-recalled',
    title: 'negatives of other requests',
    rule: 'data/not-recalled',
    stage: 'coarse_ranking',
    unit: 'share',
    strengths: [0.002, 0.005, 0.01],
    target: null,
    rows: ({ sample, items, candidates }, share) =>
      replaced(sample, {
        others: `SELECT s.file_row_number, i.item_id FROM (SELECT *, hash(file_row_number) % 100 AS k FROM ${sample} WHERE source = 'coarse_filtered') s
          JOIN (SELECT item_id, row_number() OVER (ORDER BY hash(item_id)) - 1 AS k FROM ${items} LIMIT 100) i USING (k) WHERE NOT EXISTS (SELECT 1 FROM ${candidates} c WHERE c.request_id = s.request AND c.item_id = i.item_id)`,
        count: shareOf(sample, share, `source = 'coarse_filtered'`),
        columns: ['item_id'],
      }),
  },
  {
    name: 'teacher',
    title: 'scores of the teacher inverted',
    rule: 'data/teacher',
    stage: 'coarse_ranking',
    unit: 'share',
    strengths: [0.6, 0.8, 1],
    target: null,
    rows: ({ sample }, share) =>
      `SELECT * ${noNumber} REPLACE (CASE WHEN hash(file_row_number) % 1000 < ${1000 * share} THEN 1 - teacher ELSE teacher END AS teacher) FROM ${sample}`,
  },
  {
    name: 'user-skew',
    title: 'a few users have a large part of the rows',
    rule: 'data/user-skew',
    stage: 'fine_ranking',
    unit: 'share',
    strengths: [0.2, 0.3, 0.4],
    most: 0.5,
    target: null,
    // One user in a hundred also has copies of the requests of others.
    rows: ({ sample }, share) =>
      `WITH own AS (SELECT * ${noNumber} FROM ${sample}),
        robots AS (SELECT list(user_id ORDER BY n DESC, user_id) AS ids FROM (SELECT user_id, count(*) AS n FROM own GROUP BY user_id ORDER BY n DESC, user_id LIMIT (SELECT count(DISTINCT user_id) // 100 + 1 FROM own)))
      SELECT * FROM own UNION ALL BY NAME
        (SELECT own.* REPLACE (ids[1 + (hash(request, user_id) % len(ids))::INTEGER] AS user_id) FROM own, robots WHERE hash(user_id, request) % 1000 < ${(1000 * share) / (1 - share)})`,
  },
  {
    name: 'impossible-draw',
    title: 'draws of items that are offline',
    rule: 'data/impossible-draw',
    stage: 'recall',
    unit: 'share',
    strengths: [0.01, 0.05],
    target: null,
    rows: ({ sample, items }, share) =>
      replaced(sample, {
        others: `SELECT s.file_row_number, i.item_id FROM ${sample} s, (SELECT item_id FROM ${items} WHERE status <> 'online' ORDER BY item_id LIMIT 20) i WHERE s.source = 'popularity'`,
        count: shareOf(sample, share, `source = 'popularity'`),
        columns: ['item_id'],
      }),
  },
];

/** Uniform draws of `global_random` get items of a part of `items`, chosen by their ids. */
function partOf(sample: string, items: string, missing: number): string {
  const part = `SELECT item_id, row_number() OVER (ORDER BY item_id) - 1 AS k FROM ${items} WHERE hash(item_id) % 1000 >= ${1000 * missing}`;
  return `SELECT s.file_row_number, i.item_id FROM (SELECT file_row_number, hash(file_row_number) % (SELECT count(*) FROM (${part})) AS k FROM ${sample} WHERE source = 'global_random') s
    JOIN (${part}) i USING (k)`;
}
