import { isForeign, type HistoryGrowth, type LoggedList } from '../../core/audit/loggedList.ts';
import type { SampleSequence } from '../../core/data/sampleSequences.ts';
import type { Sequence } from '../../core/data/sequences.ts';
import type { AskedLog } from '../../protocol/askedTable.ts';
import type { Work } from '../database/connections.ts';
import { numberIn, optionalNumberIn } from '../database/numberIn.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { microsecondsOfDay } from '../inputs/world/localTime.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { sharedCounts } from '../tables/askedCounts.ts';
import type { Tables } from '../tables/tables.ts';
import { clockUnit } from './clockUnit.ts';
import { historyGrowth, type GrowingRows } from './historyGrowth.ts';
import { HistorySql, sequencesIn, type HistoryFile } from './historySql.ts';
import { newestSteps, rowsSql, StepLog, type RowSql } from './loggedRows.ts';
import type { QuestionAnswerer } from './question.ts';

/** What the log says about the lists of a sample file. */
export const sequenceLog: QuestionAnswerer<'sequence-log'> = {
  tables: ({ samples, evaluated, log }) => [
    samples.ref,
    ...(evaluated ? [evaluated.samples.ref] : []),
    log.impressions.ref,
    ...(log.clicks ?? []).map(({ ref }) => ref),
  ],
  async answer({ samples, planned, log, evaluated, timezone }, tables, work) {
    const lists =
      sharedCounts(tables, samples, 'sequence-log', { planned, log }) ??
      (await countLogged(samples, { planned, log, timezone }, tables, work));
    const [rows, others = []] = [samples, ...(evaluated ? [evaluated.samples] : [])].map((file) =>
      loggedRows(file, planned, timezone, tables),
    );
    const growths: HistoryGrowth[] = [];
    for (const list of lists) {
      const [ofFile, ofEval = null] = [rows ?? [], others].map((all) =>
        all.find(({ sequence }) => sequence.name === list.name),
      );
      if (!ofFile || list.logStart === null || isForeign(list)) continue;
      const growth = await historyGrowth(ofFile, ofEval, list.logStart, tables, work);
      if (growth) growths.push(growth);
    }
    return { lists, growths };
  },
};

/** The sequences of a file whose steps can be compared with the log. */
function loggedRows(file: HistoryFile, planned: readonly Sequence[], timezone: string, tables: Tables): GrowingRows[] {
  const sequences = sequencesIn(tables, file, planned).filter(hasItem);
  const sql = HistorySql.of(tables, file, sequences, timezone);
  const [user, time] = [sql.id('user'), sql.time()];
  return user === null || time === null ? [] : sequences.map((sequence) => ({ sql, sequence, user, time, timezone }));
}

interface LogParams {
  readonly planned: readonly Sequence[];
  readonly log: AskedLog;
  readonly timezone: string;
}

/** Compares each sequence of a file with the log, for the rules and the metric. docs/sequences.md: Check a file. */
export async function countLogged(
  file: HistoryFile,
  { planned, log, timezone }: LogParams,
  tables: Tables,
  work: Work,
): Promise<readonly LoggedList[]> {
  const compared = loggedRows(file, planned, timezone, tables);
  const [first] = compared;
  if (!first) return [];
  const { sql, time } = first;
  const steps = new StepLog(await SampledTables.open(tables, { log }, timezone, work), log);
  const isWhole = (x: string) => (unit: number) => `epoch_us(${x}) % ${unit} = 0`;
  const ofRows = await clockUnit(isWhole(time.from), sql.from, tables, work);
  const ofLog = await clockUnit(isWhole('time'), steps.times(), tables, work);
  const coarse = Math.max(0, ofRows - ofLog);
  const lists: LoggedList[] = [];
  for (const sequence of compared) {
    const rows: RowSql = { ...sequence, coarse, unit: coarse === 0 ? 1 : ofRows };
    const source = await sourceOf(rows, steps, tables, work);
    const list = await countList(rows, source, steps, tables, work);
    lists.push({ ...list, logStart: await startOf(source, steps, tables, work) });
  }
  return lists;
}

/** The first time of the steps, or else of the log, in microseconds since 1970. Null: it has none. */
async function startOf(source: Source | null, steps: StepLog, tables: Tables, work: Work): Promise<number | null> {
  const times = source ? steps.timeline(source.steps) : steps.times();
  const [row] = await tables.rows(`SELECT epoch_us(min(time)) FROM ${times} WHERE isfinite(time)`, work);
  return optionalNumberIn(row);
}

const hasItem = (sequence: SampleSequence): sequence is RowSql['sequence'] => sequence.item !== null;

/** The steps that lists repeat, and at which end the newest one is. */
interface Source {
  readonly steps: Sequence;
  readonly isNewestFirst: boolean;
}

/** An event counts as the source of the lists if this share of them repeats its steps. */
const MIN_REPEATED = 0.05;
/** The first candidate with this share is taken, without a look at the others. */
const ENOUGH_REPEATED = 0.5;

/** The candidate with most lists whose newest three steps follow one another in its timeline. Null: none. */
async function sourceOf(
  { sql, sequence, user }: RowSql,
  steps: StepLog,
  tables: Tables,
  work: Work,
): Promise<Source | null> {
  const { item, planned } = sequence;
  const ends = [false, true].flatMap(newestSteps).map((index, k) => `${sql.stepItem(item, index)} AS e${k}`);
  const lists = `(SELECT *, count(*) AS r FROM (SELECT ${user} AS u, ${ends.join(', ')} FROM ${sql.from} WHERE len(${quoteIdentifier(item)}) > 2) GROUP BY ALL)`;
  let best: (Source & { readonly share: number }) | null = null;
  for (const candidate of steps.candidates(planned)) {
    const matches = [0, 3].map(
      (k) => `(l.u, l.e${k}, l.e${k + 1}, l.e${k + 2}) IN (SELECT (u, i, i1, i2) FROM triples)`,
    );
    const [row] = await tables.rows(
      `WITH triples AS MATERIALIZED (SELECT DISTINCT u, i, i1, i2 FROM ${steps.timeline(candidate)} WHERE i2 IS NOT NULL)
      SELECT sum(r), ${matches.map((holds) => `sum(r) FILTER (WHERE ${holds})`).join(', ')} FROM ${lists} l`,
      work,
    );
    const [all, oldestFirst, newestFirst] = [numberIn(row), numberIn(row, 1), numberIn(row, 2)];
    if (all === 0) return null;
    const share = Math.max(oldestFirst, newestFirst) / all;
    if (share >= MIN_REPEATED && share > (best?.share ?? 0))
      best = { steps: candidate, isNewestFirst: newestFirst > oldestFirst, share };
    if (share >= ENOUGH_REPEATED) break;
  }
  return best;
}

/**
 * A batch is at most this old, so the newest step of a user with an older one is in the log. The shorter age decides if
 * too few rows have a step of the longer one.
 */
const ages = [8, 2].map((days) => days * microsecondsOfDay);
const ENOUGH_ROWS = 1000;

async function countList(
  rows: RowSql,
  source: Source | null,
  steps: StepLog,
  tables: Tables,
  work: Work,
): Promise<Omit<LoggedList, 'logStart'>> {
  const { sql, sequence, unit } = rows;
  const requests = steps.requests(sql.id('request') !== null, unit);
  const isNewestFirst = source?.isNewestFirst ?? sequence.planned?.isNewestFirst ?? false;
  // Without a source, a user must have an old step of every kind.
  const timelines = source ? [source.steps] : steps.candidates(null);
  const numbers = timelines.map((_, k) => k);
  const olds = ages.map((_, a) => `least(${numbers.map((k) => `coalesce(o${k}_${a}.nth, 0)`).join(', ')}) AS old${a}`);
  const joins = numbers.flatMap((k) =>
    ages.map((age, a) => {
      const s = `o${k}_${a}`;
      return `ASOF LEFT JOIN s${k} ${s} ON ${s}.u = q.u AND ${s}.time < q.row_at - to_microseconds(${age})`;
    }),
  );
  const window = windowOf(sequence, source);
  const began = requests === null ? 'NULL::TIMESTAMP' : 't.began';
  // An ASOF join may match a NULL: lists of one or two steps, as `lookback` makes them, have no place in the timeline.
  const isMissing = 'm IS NOT NULL AND x.time < coalesce(began, row_at)';
  const [row] = await tables.rows(
    `WITH q AS MATERIALIZED ${rowsSql(rows, isNewestFirst)},
    ${timelines.map((timeline, k) => `s${k} AS MATERIALIZED (SELECT * FROM ${steps.timeline(timeline)} WHERE u IN (SELECT u FROM q))`).join(', ')},
    first AS (SELECT u, i, min(time) AS first FROM ${steps.contacts()} WHERE (u, i) IN (SELECT (u, newest) FROM q) GROUP BY ALL),
    logged AS (SELECT q.*, first, ${began} AS began, coalesce(${began}, bound) AS own_from, ${olds.join(', ')},
      ${window.columns}, m.nth, m.time AS m
      FROM q LEFT JOIN first ON first.u = q.u AND first.i = q.newest
      ${requests === null ? '' : `LEFT JOIN ${requests} t ON t.u = q.u AND t.key = q.key`}
      ${joins.join(' ')} ${window.joins}
      ASOF LEFT JOIN s0 m ON m.u = q.u AND m.i = q.newest AND m.i1 = q.second AND m.i2 = q.third AND m.time < q.row_at)
    SELECT quantile_disc(epoch_us(l.row_at) - epoch_us(x.time), 0.99) FILTER (WHERE ${isMissing}), min(epoch_us(row_at) - epoch_us(m)),
      ${ages.flatMap((_, a) => sumsOf(`old${a}`, sequence)).join(', ')}
    FROM (SELECT *, ${sequence.planned?.length ?? 'max(n) OVER ()'} AS "full length" FROM logged) l ASOF LEFT JOIN s0 x ON x.u = l.u AND x.time > l.m`,
    work,
  );
  const [long, short] = ages.map((_, a) => Array.from({ length: SUMS }, (_sum, k) => numberIn(row, 2 + a * SUMS + k)));
  const [rowsOfLong = 0] = long ?? [];
  return {
    name: sequence.name,
    event: source?.steps.name ?? null,
    ...countsIn((rowsOfLong >= ENOUGH_ROWS ? long : short) ?? [], sequence, source !== null),
    missing: source && optionalNumberIn(row),
    youngest: source && optionalNumberIn(row, 1),
  };
}

/**
 * SQL of the ends of the `lookback` of a row among the steps of its user: the number of steps before it (`beginning`) and
 * the rank of the last one in it (`ending`, null without a lookback). The end is a day early, because the config may not
 * name a batch. A newest step before `reach` is older than the lookback, even if the history is that of a batch per day.
 */
function windowOf({ planned }: SampleSequence, source: Source | null): { columns: string; joins: string } {
  const { lookback = null, availableAfter = 0, asOf = 'request' } = planned ?? {};
  if (lookback === null || source === null)
    return { columns: '0 AS beginning, NULL AS ending, NULL AS reach', joins: '' };
  const oldest = availableAfter + lookback + (asOf === 'day' ? microsecondsOfDay : 0);
  const join = (name: string, age: number): string =>
    `ASOF LEFT JOIN s0 ${name} ON ${name}.u = q.u AND ${name}.time < q.row_at - to_microseconds(${age})`;
  return {
    columns: `coalesce(b.passed, 0) AS beginning, coalesce(e.nth, 0) AS ending, q.row_at - to_microseconds(${oldest}) AS reach`,
    joins: `${join('b', availableAfter + lookback)} ${join('e', availableAfter + microsecondsOfDay)}`,
  };
}

/** Sums over rows whose user has `old` steps before an age. */
function sumsOf(old: string, { time }: SampleSequence): string[] {
  const rows = (holds: string, of = 'r'): string => `sum(${of}) FILTER (WHERE ${holds})`;
  const isOld = `${old} > 0`;
  const isOwn = `${isOld} AND first >= own_from`;
  // The newest three steps tell where the list ends, even if the user saw their items again.
  const inReach = `coalesce(ending, ${old}) - beginning`;
  const isFull = `l.nth IS NOT NULL AND n >= "full length" AND ${inReach} >= 2 * "full length"`;
  // The newest step is one of the oldest within the lookback, or of all. Another one before the lookback is stale.
  const isOldest = 'l.nth - CASE WHEN l.nth > beginning THEN beginning ELSE 0 END <= "full length"';
  const isWithin = 'l.nth IS NOT NULL AND ending > beginning';
  const ofRequest =
    time === null ? `${isOld} AND NOT kin AND first >= began AND first < bound` : '"step time" >= began';
  return [
    rows(isOld),
    rows(`${isOld} AND first IS NULL`),
    rows(`${isOld} AND first >= bound`),
    rows(`${isOld} AND first >= bound AND NOT kin`),
    rows(isOld, 'r * positives'),
    rows(isOwn, 'r * "own positives"'),
    rows(isOld, 'r * negatives'),
    rows(isOwn, 'r * "own negatives"'),
    rows(`began IS NOT NULL AND ${time === null ? isOld : 'true'}`),
    rows(ofRequest),
    rows(isFull),
    rows(`${isFull} AND ${isOldest}`),
    rows(isWithin),
    rows(`${isWithin} AND l.m < reach`),
  ];
}
const SUMS = 14;

function countsIn(
  sums: readonly number[],
  { time }: SampleSequence,
  hasSource: boolean,
): Pick<LoggedList, 'compared' | 'foreign' | 'contacts' | 'requests' | 'full' | 'stale'> {
  const [compared = 0, foreign = 0, late = 0, lateOthers = 0, ...others] = sums;
  const [positives = 0, ownPositives = 0, negatives = 0, ownNegatives = 0, ...counts] = others;
  const [ofRequests = 0, inRequest = 0, ofFull = 0, oldest = 0, ofWindow = 0, stale = 0] = counts;
  const own = {
    positives: { rows: positives, hits: ownPositives },
    negatives: { rows: negatives, hits: ownNegatives },
  };
  const isJudged = hasSource || time !== null;
  return {
    compared,
    foreign,
    contacts: time === null && hasSource ? { compared, late, lateOthers, own } : null,
    requests: isJudged ? { compared: ofRequests, rows: inRequest } : { compared: 0, rows: 0 },
    full: hasSource ? { compared: ofFull, rows: oldest } : { compared: 0, rows: 0 },
    stale: hasSource ? { compared: ofWindow, rows: stale } : { compared: 0, rows: 0 },
  };
}
