import type { ListCounts, TimedCounts } from '../../core/audit/metrics/sequences.ts';
import type { SampleSequence } from '../../core/data/sampleSequences.ts';
import type { Sequence } from '../../core/data/sequences.ts';
import type { Rows, Work } from '../database/connections.ts';
import { numberIn, optionalNumberIn } from '../database/numberIn.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { sharedCounts } from '../tables/askedCounts.ts';
import type { Instant } from '../tables/instant.ts';
import type { Tables } from '../tables/tables.ts';
import { clockUnit } from './clockUnit.ts';
import { HistorySql, sequencesIn, type HistoryFile } from './historySql.ts';
import type { QuestionAnswerer } from './question.ts';

/** What the lists of a sample file say by themselves. */
export const sequenceLists: QuestionAnswerer<'sequence-lists'> = {
  tables: ({ samples }) => [samples.ref],
  async answer(question, tables, work) {
    const { samples, planned, timezone } = question;
    return {
      lists:
        sharedCounts(tables, samples, 'sequence-lists', planned) ??
        (await countLists(samples, planned, timezone, tables, work)),
    };
  },
};

/** Counts each sequence in one pass over the file, for the rules and the metric. */
export async function countLists(
  file: HistoryFile,
  planned: readonly Sequence[],
  timezone: string,
  tables: Tables,
  work: Work,
): Promise<readonly ListCounts[]> {
  const sequences = sequencesIn(tables, file, planned);
  const sql = HistorySql.of(tables, file, sequences, timezone);
  const counts: ListCounts[] = [];
  for (const sequence of sequences) counts.push(await countList(sequence, sql, tables, work));
  return counts;
}

async function countList(sequence: SampleSequence, sql: HistorySql, tables: Tables, work: Work): Promise<ListCounts> {
  const { name, planned } = sequence;
  const rowTime = sequence.time === null ? null : sql.time();
  const lengths = sequence.lists.map((list) => `coalesce(len(${quoteIdentifier(list)}), 0)`);
  const columns = [
    `${lengths[0] ?? '0'} AS n`,
    `${lengths.map((length) => `${length} <> ${lengths[0] ?? '0'}`).join(' OR ')} AS uneven`,
    `${repeatedSql(sequence, sql)} AS repeated`,
    `${undedupedSql(sequence)} AS undeduped`,
    ...repeatColumns(sequence),
    ...(rowTime === null ? [] : await timeColumns(sequence, sql, rowTime, tables, work)),
  ];
  const [row] = await tables.rows(
    `SELECT ${[...sums(planned?.length ?? null), ...(rowTime === null ? [] : timeSums)].join(', ')} FROM (SELECT ${columns.join(', ')} FROM ${sql.from})`,
    work,
  );
  return {
    name,
    rows: numberIn(row),
    empty: numberIn(row, 1),
    steps: numberIn(row, 2),
    longest: numberIn(row, 3),
    length: planned?.length ?? null,
    tooLong: numberIn(row, 4),
    uneven: numberIn(row, 5),
    repeated: optionalNumberIn(row, 6),
    undeduped: optionalNumberIn(row, 7),
    repeats:
      sequence.item === null
        ? null
        : { pairs: numberIn(row, 8), items: numberIn(row, 9), consecutive: numberIn(row, 10) },
    times: rowTime === null ? null : timesIn(row, planned?.isNewestFirst ?? null),
  };
}

const sums = (length: number | null): string[] => [
  'count(*)',
  'count(*) FILTER (WHERE n = 0)',
  'sum(n)',
  'max(n)',
  `count(*) FILTER (WHERE ${length === null ? 'false' : `n > ${length}`})`,
  'count(*) FILTER (WHERE uneven)',
  'sum(repeated)',
  'sum(undeduped)',
  'sum(pairs)',
  'sum("repeated items")',
  'sum("consecutive items")',
];

/** Number of the sums before those about times. */
const ownSums = sums(null).length;

/**
 * SQL of the repeats among the steps with a time of day; NULL without such steps. Two rows of one table may be one event
 * with two names, so without a list of events several events do not tell.
 */
function repeatedSql({ item, time, event, planned }: SampleSequence, sql: HistorySql): string {
  if (item === null || time === null || (event === null && (planned?.events.length ?? 1) > 1)) return 'NULL';
  const lists = [item, ...(event === null ? [] : [event])].map(quoteIdentifier);
  const steps = `list_filter(list_zip(${sql.stepTimes(time)}, ${lists.join(', ')}), lambda step: ${hasTimeOfDay('step[1]')})`;
  return `CASE WHEN len(${steps}) > 0 THEN len(${steps}) - len(list_distinct(${steps})) END`;
}

/**
 * SQL of whether an instant has a time of day. We write a date as the last microsecond of its day, other tools as the
 * first, and whole seconds cut off the microseconds. In all time zones, days begin at a quarter of an hour.
 */
const hasTimeOfDay = (at: string): string => `(epoch_us(${at}) + 1000000) % 900000000 > 1000000`;

function undedupedSql({ item, planned }: SampleSequence): string {
  if (item === null || planned === null || planned.dedup === 'none') return 'NULL';
  return planned.dedup === 'item' ? repeatedItems(item) : consecutiveItems(item);
}

const repeatedItems = (item: string): string =>
  `len(${quoteIdentifier(item)}) - len(list_distinct(${quoteIdentifier(item)}))`;
const consecutiveItems = (item: string): string =>
  `len(list_filter(list_zip(${quoteIdentifier(item)}[:-2], ${quoteIdentifier(item)}[2:]), lambda x: x[1] = x[2]))`;

function repeatColumns({ item }: SampleSequence): string[] {
  const counts =
    item === null
      ? ['0', '0', '0']
      : [`greatest(len(${quoteIdentifier(item)}) - 1, 0)`, repeatedItems(item), consecutiveItems(item)];
  return ['pairs', 'repeated items', 'consecutive items'].map((name, k) => `${counts[k] ?? '0'} AS "${name}"`);
}

/** Columns of a row with a time and steps; NULL in others. */
async function timeColumns(
  { item, time }: SampleSequence,
  sql: HistorySql,
  { from, to }: Instant,
  tables: Tables,
  work: Work,
): Promise<string[]> {
  if (time === null) return [];
  const times = sql.stepTimes(time);
  const isTimed = `${from} IS NOT NULL AND isfinite(${from})`;
  const bound = `${to} + to_microseconds(${await coarseness(times, from, sql, tables, work)})`;
  const isLate = `list_max(${times}) >= ${bound}`;
  const items = item === null ? `list_transform(${times}, lambda x: NULL::VARCHAR)` : sql.stepItems(item);
  const late = `list_transform(list_filter(list_zip(${items}, ${times}), lambda late_step: late_step[2] >= ${bound}), lambda late_step: late_step[1])`;
  const own = (label: boolean): string => sql.items(label);
  const isOwn = (list: string): string =>
    `len(list_filter(${list}, lambda own_item: list_contains(${late}, own_item)))`;
  return [
    `${isTimed} AS timed`,
    `${isTimed} AND ${isLate} AS late`,
    `CASE WHEN ${isTimed} AND ${isLate} THEN len(list_filter(${late}, lambda own_item: NOT coalesce(list_contains(${sql.kin()}, own_item), false))) > 0 END AS "late others"`,
    `len(${own(true)}) AS positives`,
    `len(${own(false)}) AS negatives`,
    `CASE WHEN ${isTimed} AND ${isLate} THEN ${isOwn(own(true))} END AS "own positives"`,
    `CASE WHEN ${isTimed} AND ${isLate} THEN ${isOwn(own(false))} END AS "own negatives"`,
    `len(${times}) > 1 AND list_count(${times}) = len(${times}) AS ordered`,
    `${times} = list_sort(${times}) AS ascending`,
    `${times} = list_reverse_sort(${times}) AS descending`,
    `CASE WHEN ${isTimed} AND list_max(${times}) < ${from} THEN date_diff('microsecond', list_max(${times}), ${from}) END AS age`,
  ];
}

const timeSums = [
  'count(*) FILTER (WHERE timed AND n > 0)',
  'count(*) FILTER (WHERE late)',
  'count(*) FILTER (WHERE "late others")',
  'sum(positives)',
  'sum("own positives")',
  'sum(negatives)',
  'sum("own negatives")',
  'count(*) FILTER (WHERE ordered)',
  'count(*) FILTER (WHERE ordered AND ascending)',
  'count(*) FILTER (WHERE ordered AND descending)',
  'min(age)',
];

function timesIn(row: Rows[number] | undefined, declared: boolean | null): TimedCounts {
  const sum = (k: number): number => numberIn(row, ownSums + k);
  const [ascending, descending] = [sum(8), sum(9)];
  return {
    compared: sum(0),
    late: sum(1),
    lateOthers: sum(2),
    own: { positives: { rows: sum(3), hits: sum(4) }, negatives: { rows: sum(5), hits: sum(6) } },
    ordered: sum(7),
    ascending,
    descending,
    isNewestFirst: declared ?? descending > ascending,
    youngest: optionalNumberIn(row, ownSums + 10),
  };
}

/**
 * Microseconds by which the times of the rows are coarser than those of the steps. A row of 10:00:00 in whole seconds
 * may be of 10:00:00.9, so a step of 10:00:00.2 is not after it.
 */
async function coarseness(times: string, from: string, sql: HistorySql, tables: Tables, work: Work): Promise<number> {
  const ofRows = await clockUnit((unit) => `epoch_us(${from}) % ${unit} = 0`, sql.from, tables, work);
  if (ofRows === 1) return 0;
  const areWhole = (unit: number): string => `len(list_filter(${times}, lambda x: epoch_us(x) % ${unit} <> 0)) = 0`;
  return Math.max(0, ofRows - (await clockUnit(areWhole, sql.from, tables, work)));
}
