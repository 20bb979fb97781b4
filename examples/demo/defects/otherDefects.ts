import { changedText, type Defect } from './defect.ts';

/** Items that are in the corpus for the whole log. */
const lasting = `created_at < TIMESTAMP '2026-11-01' AND removed_at IS NULL AND status = 'online'`;

const twoDigits = (n: number): string => String(n).padStart(2, '0');

/** Faults of how a sample was drawn, of its config or of its data. */
export const otherDefects: readonly Defect[] = [
  {
    name: 'missing-choices',
    title: 'no negatives that are chosen later',
    rule: 'data/missing-choices',
    stage: 'recall',
    unit: 'share',
    strengths: [0.5, 1],
    target: null,
    rows: ({ sample, impressions }, share) =>
      `SELECT s.* EXCLUDE (file_row_number) FROM ${sample} s WHERE label = 1 OR hash(file_row_number) % 100 >= ${100 * share} OR NOT EXISTS
        (SELECT 1 FROM ${impressions} c WHERE c.user_id = s.user_id AND c.item_id = s.item_id AND c.ts > s.ts AND (c.is_click = 1 OR c.play_time >= 7))`,
  },
  {
    name: 'mix',
    title: 'another mix, with a lock file',
    rule: 'data/mix',
    stage: 'recall',
    unit: 'difference',
    strengths: [0.02, 0.03, 0.05],
    most: 0.39,
    step: 0.001,
    target: 0.05,
    // Points from `popularity` to `global_random`.
    drawnWith: (text, points) =>
      changedText(
        text,
        ['popularity: {share: 0.4', `popularity: {share: ${(0.4 - points).toFixed(3)}`],
        ['global_random: 0.2', `global_random: ${(0.2 + points).toFixed(3)}`],
      ),
  },
  {
    name: 'exponent',
    title: 'another exponent',
    rule: 'data/exponent',
    stage: 'recall',
    unit: 'difference',
    strengths: [0.1, 0.15, 0.25],
    most: 0.75,
    step: 0.01,
    target: 0.25,
    drawnWith: (text, less) => changedText(text, ['exponent: 0.75', `exponent: ${(0.75 - less).toFixed(2)}`]),
    hasNoLock: true,
  },
  {
    name: 'rank-window',
    title: 'hard negatives of other ranks',
    rule: 'data/rank-window',
    stage: 'coarse_ranking',
    unit: 'share',
    strengths: [0.005, 0.01, 0.02, 0.05],
    target: null,
    config: (text) =>
      changedText(text, [
        'coarse_filtered: {count: 40, by: channel}',
        'coarse_filtered: {count: 40, by: channel}, hard_rank: {count: 10, ranks: [11, 40]}',
      ]),
    rows: ({ sample, candidates }, share) =>
      `WITH others AS (SELECT file_row_number, any_value(item_id ORDER BY hash(file_row_number, item_id)) AS item_id
        FROM (SELECT s.file_row_number, c.item_id FROM ${sample} s JOIN (SELECT request_id, item_id, min(recall_rank) AS place FROM ${candidates} GROUP BY ALL) c ON c.request_id = s.request WHERE s.source = 'hard_rank' AND c.place > 40)
        GROUP BY file_row_number ORDER BY hash(file_row_number), file_row_number LIMIT (SELECT ceil(${share} * count(*)) FROM ${sample} WHERE source = 'hard_rank'))
      SELECT s.* EXCLUDE (file_row_number) REPLACE (coalesce(o.item_id, s.item_id) AS item_id) FROM ${sample} s LEFT JOIN others o USING (file_row_number)`,
  },
  {
    name: 'split-overlap',
    title: 'an eval file of days that are in the training file',
    rule: 'data/split-overlap',
    stage: 'recall',
    unit: 'days',
    strengths: [1, 3],
    most: 19,
    target: null,
    evalWith: (text, days) =>
      changedText(
        text,
        ['train: {from: 2026-11-01, to: 2026-11-20}', `train: {from: 2026-11-01, to: 2026-11-${twoDigits(20 - days)}}`],
        ['eval: {from: 2026-11-21, to: 2026-11-21}', `eval: {from: 2026-11-${twoDigits(21 - days)}, to: 2026-11-20}`],
      ),
  },
  {
    name: 'popularity-group',
    title: 'a region whose users choose other items (share of its clicks)',
    rule: 'data/popularity-group',
    stage: 'recall',
    unit: 'share',
    strengths: [0.3, 0.5, 0.8],
    target: null,
    config: (text) => changedText(text, [', group_by: region', '']),
    data: {
      name: 'impressions',
      rows: ({ impressions, users, items }, share) =>
        `WITH few AS (SELECT list(item_id ORDER BY item_id) AS ids FROM (SELECT item_id FROM ${items} WHERE ${lasting} ORDER BY hash(item_id), item_id LIMIT 20)),
          own AS (SELECT region FROM ${users} GROUP BY region ORDER BY count(*) DESC, region LIMIT 1 OFFSET 1)
        SELECT i.* EXCLUDE (dt) REPLACE (CASE WHEN i.is_click = 1 AND u.region = own.region AND hash(i.user_id, i.request_id, i.position) % 1000 < ${1000 * share} THEN few.ids[1 + (hash(i.position, i.user_id, i.request_id) % 20)::INTEGER] ELSE i.item_id END AS item_id)
        FROM ${impressions} i JOIN ${users} u ON u.user_id = i.user_id, few, own ORDER BY i.ts, i.user_id, i.request_id, i.position`,
    },
  },
  {
    name: 'downsample-nothing',
    title: 'a threshold of downsample_hot that no item exceeds',
    rule: 'data/downsample-effect',
    stage: 'recall',
    unit: 'times',
    strengths: [10, 100, 500],
    most: 1000,
    target: null,
    config: (text, times) => changedText(text, ['threshold: 1.0e-3', `threshold: ${(1e-3 * times).toPrecision(3)}`]),
  },
  {
    name: 'downsample-most',
    title: 'a threshold of downsample_hot that drops most positives (divided)',
    rule: 'data/downsample-effect',
    stage: 'recall',
    unit: 'times',
    strengths: [3, 10, 100],
    target: null,
    config: (text, times) => changedText(text, ['threshold: 1.0e-3', `threshold: ${(1e-3 / times).toPrecision(3)}`]),
  },
  {
    name: 'shortfall',
    title: 'items that are alone in their city (share of the corpus)',
    rule: 'data/shortfall',
    stage: 'recall',
    unit: 'share',
    strengths: [0.02, 0.05, 0.1],
    target: null,
    config: (text) =>
      changedText(
        text,
        ['on_shortfall: refill\n      refill_from: global_random\n', 'on_shortfall: keep\n'],
        ['        host_refused: {source: rejected, share: 0.05, exclude: none}\n', ''],
        ['global_random: 0.2', 'global_random: 0.25'],
      ),
    data: {
      name: 'items',
      rows: ({ items }, share) =>
        `SELECT * REPLACE (CASE WHEN hash(item_id) % 1000 < ${1000 * share} THEN concat('city ', item_id) ELSE city END AS city) FROM ${items} ORDER BY item_id`,
    },
  },
  {
    name: 'partition-day',
    title: 'exposures in the folder of another day',
    rule: 'data/partition-day',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: null,
    config: (text) =>
      changedText(text, [
        'path: impressions/dt=*/*.parquet\n',
        'path: impressions/dt=*/*.parquet\n    partition: {column: dt, day_of: time}\n',
      ]),
    data: {
      name: 'impressions',
      folders: 'dt',
      rows: ({ impressions }, count) =>
        `WITH moved AS (SELECT request_id, position FROM ${impressions} ORDER BY hash(request_id, position), request_id, position LIMIT ${count})
        SELECT i.* REPLACE (CASE WHEN m.position IS NULL THEN i.dt ELSE DATE '2026-12-24' END AS dt)
        FROM ${impressions} i LEFT JOIN moved m ON m.request_id = i.request_id AND m.position = i.position ORDER BY i.ts, i.user_id, i.request_id, i.position`,
    },
  },
  {
    name: 'candidate-stage',
    title: 'candidates with an unknown stage name',
    rule: 'data/candidate-stage',
    stage: 'coarse_ranking',
    unit: 'rows',
    strengths: [1],
    target: null,
    data: {
      name: 'candidates',
      folders: 'dt',
      rows: ({ candidates }, count) =>
        `WITH renamed AS (SELECT request_id, item_id, channel FROM ${candidates} WHERE reached = 'exposed' ORDER BY hash(request_id, item_id, channel), request_id, item_id, channel LIMIT ${count})
        SELECT c.* REPLACE (CASE WHEN r.channel IS NULL THEN c.reached ELSE 'shown' END AS reached)
        FROM ${candidates} c LEFT JOIN renamed r ON r.request_id = c.request_id AND r.item_id = c.item_id AND r.channel = c.channel ORDER BY c.ts, c.user_id, c.request_id, c.item_id, c.channel`,
    },
  },
  {
    name: 'digest',
    title: 'another seed, with a lock file',
    rule: 'data/digest',
    stage: 'recall',
    unit: 'rows',
    strengths: [1],
    target: null,
    drawnWith: (text) => changedText(text, ['seed: demo', 'seed: another']),
  },
];
