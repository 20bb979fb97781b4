import { changedText, type Defect, type DemoTables } from './defect.ts';

/** Steps of a row `s`: exposures `l` of its user before its request, which began at `s.began`. */
const before = 'l.ts < s.began';
const firstDay = '(SELECT min(ts)::DATE FROM log)';

/** SQL of the groups of a share of the rows, with the alias `s`. */
const hits = (share: number): string => `hash(s.user_id, s.positive_item, s.ts) % 1000 < ${1000 * share}`;

/** How histories differ from those by definition. */
export interface HistoryFault {
  /** Which exposures `l` are steps of a row `s`. */
  readonly steps?: string;
  /** SQL of columns of a row `s` that differ. */
  readonly replace?: readonly string[];
  /** More to join with the exposures. */
  readonly join?: string;
  /** The user whose exposures are the steps. */
  readonly owner?: string;
  /** Whether the rows of a group have the time of its exposure, not that of its request. */
  readonly isOwnTime?: boolean;
  /** Whether rows look back over the whole log. */
  readonly isUnlimited?: boolean;
  /** Whether the lists have no times. */
  readonly isUntimed?: boolean;
}

/**
 * A sample of recall with what its users saw before as the lists `seen__item_id` and `seen__ts`, from the log.
 * @param lookback days that the rows look back: the sample begins so many days after the log. Null: the whole log
 */
export function withHistories(
  { sample, impressions }: Pick<DemoTables, 'sample' | 'impressions'>,
  {
    steps = before,
    replace = [],
    join = '',
    owner = 's.user_id',
    isOwnTime = false,
    isUnlimited = false,
    isUntimed = false,
  }: HistoryFault,
  lookback: number | null,
): string {
  const reach = lookback === null || isUnlimited ? 'true' : `l.ts >= s.began - INTERVAL ${lookback} DAY`;
  const rows = lookback === null ? 'true' : `s.ts >= ${firstDay} + ${lookback}`;
  const list = (value: string): string =>
    `coalesce((SELECT list(${value} ORDER BY l.ts, l.position) FROM log l ${join} WHERE l.user_id = s.owner AND ${reach} AND (${steps})), [])`;
  const changed = replace.length === 0 ? '' : `REPLACE (${replace.join(', ')})`;
  return `WITH log AS MATERIALIZED (FROM ${impressions}),
    requests AS (SELECT user_id, request_id, min(ts) AS began FROM log GROUP BY ALL),
    shown AS (SELECT user_id, positive_item, ts, min(began) AS began, min(shown_at) AS shown_at
      FROM (SELECT user_id, item_id AS positive_item, began, l.ts AS shown_at, unnest([began, l.ts]) AS ts FROM log l JOIN requests USING (user_id, request_id)) GROUP BY ALL),
    users AS (SELECT unnest(ids) AS user_id, unnest(list_append(ids[2:], ids[1])) AS other
      FROM (SELECT list(DISTINCT user_id ORDER BY hash(user_id), user_id) AS ids FROM log)),
    rows AS (SELECT s.*${isOwnTime ? ' REPLACE (shown_at AS ts)' : ''}, began, ${owner} AS owner
      FROM ${sample} s JOIN shown USING (user_id, positive_item, ts) JOIN users USING (user_id) WHERE ${rows}),
    listed AS (SELECT *, ${list('l.item_id')} AS seen__item_id, ${list('l.ts')} AS seen__ts FROM rows s)
  SELECT * EXCLUDE (began, owner${isUntimed ? ', seen__ts' : ''}) ${changed} FROM listed s`;
}

const both = (of: (list: string) => string): string[] =>
  ['seen__item_id', 'seen__ts'].map((list) => `${of(list)} AS ${list}`);

/** What later steps a join without a condition on the time adds. */
const withLater = (share: number): string =>
  `${before} OR (${hits(share)} AND l.ts BETWEEN s.ts + INTERVAL 1 SECOND AND s.ts + INTERVAL 1 DAY)`;

/** Faults of histories: each is planted in the defects of the demo, and in the worlds of the rules. */
export const historyFaults = {
  none: () => ({}),
  noneUntimed: () => ({ isUntimed: true }),
  future: (share) => ({ steps: withLater(share) }),
  futureUntimed: (share) => ({ steps: withLater(share), isUntimed: true }),
  // The label is cut one event too late.
  target: (share) => ({
    replace: [
      `CASE WHEN label = 1 AND ${hits(share)} THEN list_append(seen__item_id, item_id) ELSE seen__item_id END AS seen__item_id`,
      `CASE WHEN label = 1 AND ${hits(share)} THEN list_append(seen__ts, ts) ELSE seen__ts END AS seen__ts`,
    ],
  }),
  // Rows have the times of their exposures, and the histories end there.
  request: (share) => ({ steps: `${before} OR (${hits(share)} AND l.ts < s.ts)`, isOwnTime: true }),
  // Some groups were sorted the other way.
  order: (share) => ({
    replace: both((list) => `CASE WHEN ${hits(share)} THEN list_reverse(${list}) ELSE ${list} END`),
  }),
  // The lists were cut at the wrong end.
  side: (share) => ({
    replace: both((list) => `CASE WHEN ${hits(share)} THEN ${list}[:5] ELSE ${list}[-5:] END`),
    isUnlimited: true,
  }),
  // Items without a value were left out of one of the lists.
  uneven: (share) => ({ replace: [`CASE WHEN ${hits(share)} THEN seen__ts[2:] ELSE seen__ts END AS seen__ts`] }),
  // A part of the log was read twice.
  duplicate: (share) => ({
    join: 'CROSS JOIN range(2) t(k)',
    steps: `${before} AND (k = 0 OR hash(l.request_id, l.position) % 1000 < ${1000 * share})`,
  }),
  // The first days of the log were not read.
  shift: (days) => ({ steps: `${before} AND l.ts >= ${firstDay} + ${days}` }),
  // The items of another platform.
  log: (share) => ({
    replace: [
      `CASE WHEN ${hits(share)} THEN list_transform(seen__item_id, lambda x: x + 1) ELSE seen__item_id END AS seen__item_id`,
    ],
  }),
  // The user ids of the lists and of the rows were joined by their places.
  user: (share) => ({ owner: `CASE WHEN ${hits(share)} THEN other ELSE s.user_id END` }),
} as const satisfies Record<string, (strength: number) => HistoryFault>;

/** Days before the rows that their histories reach back. */
const REACH = 7;

const inWindow = ({ sample, impressions }: DemoTables, fault: HistoryFault): string =>
  withHistories({ sample: `(SELECT * EXCLUDE (file_row_number) FROM ${sample})`, impressions }, fault, REACH);

function historyDefect(
  fault: keyof typeof historyFaults,
  defect: Pick<Defect, 'name' | 'title' | 'rule' | 'strengths'> & Partial<Pick<Defect, 'unit' | 'most' | 'usual'>>,
): Defect {
  return {
    stage: 'recall',
    unit: 'share',
    target: null,
    rows: (tables, strength) => inWindow(tables, historyFaults[fault](strength)),
    ...defect,
  };
}

/** Faults of the histories of a finished file. */
export const sequenceDefects: readonly Defect[] = [
  historyDefect('future', {
    name: 'sequence-future',
    title: 'histories with steps after their row',
    rule: 'data/sequence-future',
    strengths: [0.005, 0.02, 1],
  }),
  historyDefect('futureUntimed', {
    name: 'sequence-future-untimed',
    title: 'histories without times, with steps after their row',
    rule: 'data/sequence-future',
    strengths: [0.005, 0.02, 1],
  }),
  historyDefect('target', {
    name: 'sequence-target',
    title: 'histories of positives that end with their own event',
    rule: 'data/sequence-target',
    strengths: [0.005, 0.02, 1],
  }),
  historyDefect('request', {
    name: 'sequence-request',
    title: 'histories with steps of their own request',
    rule: 'data/sequence-request',
    strengths: [0.005, 0.02, 1],
  }),
  historyDefect('order', {
    name: 'sequence-order',
    title: 'histories in the other order',
    rule: 'data/sequence-order',
    strengths: [0.005, 0.02, 0.25],
    most: 0.5,
  }),
  historyDefect('side', {
    name: 'sequence-side',
    title: 'histories cut at the wrong end',
    rule: 'data/sequence-side',
    strengths: [0.4, 0.6, 1],
  }),
  historyDefect('uneven', {
    name: 'sequence-uneven',
    title: 'histories whose lists differ in length',
    rule: 'data/sequence-length',
    strengths: [0.005, 0.02, 1],
  }),
  {
    name: 'sequence-length',
    title: 'histories that are longer than in the config',
    rule: 'data/sequence-length',
    stage: 'recall',
    unit: 'times',
    strengths: [1.1, 2],
    step: 0.1,
    most: 100,
    target: null,
    config: (text) => withSequence(text, 10),
    drawnWith: (text, times) => changedText(text, ['length: 10,', `length: ${Math.round(10 * times)},`]),
    hasNoLock: true,
  },
  historyDefect('duplicate', {
    name: 'sequence-duplicate',
    title: 'steps of the log that were read twice',
    rule: 'data/sequence-duplicate',
    strengths: [0.005, 0.02, 0.25],
  }),
  historyDefect('shift', {
    name: 'sequence-shift',
    title: 'histories from a log without its first days',
    rule: 'data/sequence-shift',
    unit: 'days',
    strengths: [3, 5, 7],
    most: 14,
  }),
  historyDefect('log', {
    name: 'sequence-log',
    title: 'histories with the item ids of another log',
    rule: 'data/sequence-log',
    strengths: [0.01, 0.02, 0.05],
  }),
  historyDefect('user', {
    name: 'sequence-user',
    title: 'histories of another user',
    rule: 'data/sequence-log',
    strengths: [0.02, 0.05, 1],
  }),
];

/** Samples with histories that no rule reports: two by the definition, and one that RecSample draws. */
export const healthyHistories: readonly Defect[] = [
  historyDefect('none', healthy('histories')),
  historyDefect('noneUntimed', healthy('histories-untimed')),
  {
    ...healthy('histories-drawn'),
    stage: 'recall',
    unit: 'rows',
    target: null,
    config: (text) => withSequence(text, 10),
  },
];

function healthy(name: string): Pick<Defect, 'name' | 'title' | 'rule' | 'strengths'> {
  return { name, title: name, rule: 'data/sequence-future', strengths: [1] };
}

/** A config of recall with histories, and with a log that begins a week before its window. */
function withSequence(text: string, length: number): string {
  return changedText(
    text,
    ['train: {from: 2026-11-01', 'train: {from: 2026-11-08'],
    [
      'output: {',
      `output: {sequences: {seen: {events: [impressions], length: ${length}, available_after: 1m, lookback: 7d}}, `,
    ],
  );
}
