import { message } from '../../../core/message/message.ts';
import type { CountPlan, StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import { f64At, i32At, valueAt, valueFor } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { positiveSql } from '../positiveSql.ts';
import { requestSql } from '../requestSql.ts';
import { textColumn } from '../columnNames.ts';
import { anyUnmatched } from '../events/unmatchedSql.ts';
import { dayOf } from '../users/dayOf.ts';
import { itemNumbers, type SampledTables } from '../sampledTables.ts';
import { holdsSql, type CountOf } from './counts.ts';
import { firstInstants, microsecondsOfDay, wallAt } from './localTime.ts';
import type { Windows } from './windows.ts';
import { within } from './within.ts';

/** A number of groups that draw from the table of one period and one value. */
interface Needed {
  readonly period: number;
  /** Index into `values`; -1 if an attribute of the users is unknown. */
  readonly value: number;
  readonly groups: number;
}

/** A local day with groups, and the period that these groups count. */
export interface GroupDay {
  /** First instant of the day, and of the next day; µs. */
  readonly from: number;
  readonly to: number;
  /** Index into `periods`. */
  readonly period: number;
}

/** The period that a table counts: the rows of the buckets `first` … `last`. */
export interface Period {
  /** The wall clock at the first instant that is not counted, µs since 1970. */
  readonly wall: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Counts of log rows, ordered by value, bucket and item. A period counts a row if its bucket is not after the period
 * and `dated` is not before it.
 */
export interface BucketRows {
  /** Rows of value v: offsets[v] … offsets[v + 1] − 1. */
  readonly offsets: Uint32Array;
  /** When the row is known: the event of a separate table may be later than its impression. */
  readonly bucket: Uint32Array;
  /** Bucket of the time that the row counts at; not after `bucket`. */
  readonly dated: Uint32Array;
  readonly item: Uint32Array;
  /** Negative where an event without an impression gets one later. */
  readonly count: Float64Array;
}

/**
 * Counts of an entry by the days of its groups. The log is cut into buckets at the ends of all periods, so that every
 * period is a run of buckets, and one scan counts all of them.
 */
export class DayCounts {
  #whole: BucketRows | null = null;

  private constructor(
    readonly days: readonly GroupDay[],
    readonly periods: readonly Period[],
    /** Distinct values of the attributes, ordered by their UTF-8 bytes. Empty without attributes. */
    readonly values: readonly (readonly string[])[],
    readonly needed: readonly Needed[],
    /** Counts of the users of each value. Null without attributes. */
    readonly byValue: BucketRows | null,
    private readonly loadWhole: (work: Work) => Promise<BucketRows>,
  ) {}

  /** Counts of all users together, as the only value. Loaded when first needed. */
  async whole(work: Work): Promise<BucketRows> {
    return (this.#whole ??= await this.loadWhole(work));
  }

  get rows(): number {
    return (this.byValue?.item.length ?? 0) + (this.#whole?.item.length ?? 0);
  }

  static async load(
    sampled: SampledTables,
    plan: StagePlan,
    windows: Windows,
    { of, window }: CountPlan,
    attributes: readonly string[],
    work: Work,
  ): Promise<DayCounts> {
    const owners = ownersSql(sampled, attributes);
    const groups = await loadGroups(sampled, plan, windows, owners, work);
    const { days, periods, bounds } = await periodsOf(sampled, groups.days, windows.train.to, window, work);
    const periodOf = new Map(groups.days.map((day, k) => [day, valueAt(days, k).period]));
    const needed = new Map<string, Needed>();
    for (const { day, value, groups: count } of groups.pairs) {
      const period = valueFor(periodOf, day);
      const key = `${period} ${value}`;
      needed.set(key, { period, value, groups: count + (needed.get(key)?.groups ?? 0) });
    }
    const values = owners === null ? [] : await loadValues(sampled, owners, attributes.length, work);
    const counting = { of, bounds, isEndless: window === null };
    const used = [...new Set(groups.pairs.flatMap(({ value }) => (value < 0 ? [] : [value])))];
    return new DayCounts(
      days,
      periods,
      values,
      [...needed.values()].sort((a, b) => a.period - b.period || a.value - b.value),
      owners === null ? null : await loadRows(sampled, counting, { owners, used, values: values.length }, work),
      async (later) => await loadRows(sampled, counting, null, later),
    );
  }
}

/** Common table expressions: `named`, the distinct values with numbers `v`, and `owners`, the value of each user. */
function ownersSql(sampled: SampledTables, attributes: readonly string[]): string | null {
  const users = attributes.length === 0 ? null : sampled.users(attributes);
  if (users === null) return null;
  const columns = attributes.map((name) => quoteIdentifier(textColumn(name)));
  const same = columns.map((column) => `d.${column} = n.${column}`).join(' AND ');
  return `described AS MATERIALIZED (SELECT * FROM ${users} WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')}),
    named AS MATERIALIZED (SELECT row_number() OVER (ORDER BY ${columns.join(', ')}) - 1 AS v, ${columns.join(', ')} FROM (SELECT DISTINCT ${columns.join(', ')} FROM described)),
    owners AS MATERIALIZED (SELECT d."user", n.v FROM described d JOIN named n ON ${same})`;
}

async function loadValues(
  { tables }: SampledTables,
  owners: string,
  attributes: number,
  work: Work,
): Promise<string[][]> {
  const rows = await tables.columnar(
    `WITH ${owners} SELECT * EXCLUDE (v) FROM named ORDER BY v`,
    message('Counting events'),
    work,
  );
  const columns = Array.from({ length: attributes }, (_, k) => rows.texts(k));
  return Array.from({ length: rows.rows }, (_, row) => columns.map((texts) => valueAt(texts, row) ?? ''));
}

/** The local days with groups, ascending, and the number of groups by day and value. */
async function loadGroups(
  sampled: SampledTables,
  plan: StagePlan,
  windows: Windows,
  owners: string | null,
  work: Work,
): Promise<{
  readonly days: readonly number[];
  readonly pairs: readonly { readonly day: number; readonly value: number; readonly groups: number }[];
}> {
  const groups =
    plan.unit === 'request'
      ? `SELECT "user", time FROM (${requestSql(sampled)}) WHERE ${within('time', windows.split)}`
      : `SELECT "user", time FROM (${positiveSql(sampled, plan, windows)})`;
  const [value, join] =
    owners === null ? ['-1', ''] : ['coalesce(o.v, -1)', 'LEFT JOIN owners o ON o."user" = g."user"'];
  const rows = await sampled.tables.columnar(
    `${owners === null ? '' : `WITH ${owners} `}SELECT ${dayOf('g.time', sampled.timezone)} AS day, CAST(${value} AS DOUBLE) AS v, CAST(count(*) AS DOUBLE)
      FROM (${groups}) g ${join} GROUP BY ALL ORDER BY day, v`,
    message('Counting groups'),
    work,
  );
  const [days, values, counts] = [rows.numbers(0), rows.numbers(1), rows.numbers(2)];
  return {
    days: [...new Set(days)],
    pairs: Array.from(days, (day, row) => ({ day, value: f64At(values, row), groups: f64At(counts, row) })),
  };
}

/**
 * The periods that the groups of some days count: from `window` calendar days before it, up to the start of the day or
 * the first instant after the cut, whichever is earlier. `bounds`: their ends, ascending, in microseconds.
 */
async function periodsOf(
  { tables, timezone }: SampledTables,
  days: readonly number[],
  cut: number,
  window: number | null,
  work: Work,
): Promise<{ readonly days: GroupDay[]; readonly periods: Period[]; readonly bounds: Float64Array }> {
  const dayWalls = days.map((day) => day * microsecondsOfDay);
  const edges = await firstInstants(
    tables,
    [...dayWalls, ...dayWalls.map((wall) => wall + microsecondsOfDay)],
    timezone,
    work,
  );
  const wallOf = new Map<number, number>();
  const limits: number[] = [];
  for (const [k, wall] of dayWalls.entries()) {
    const start = f64At(edges, k);
    const limit = Math.min(start, cut + 1);
    limits.push(limit);
    if (!wallOf.has(limit)) wallOf.set(limit, limit === start ? wall : await wallOfEnd(tables, limit, timezone, work));
  }
  const distinct = [...wallOf.keys()].sort((a, b) => a - b);
  const walls = distinct.map((limit) => valueFor(wallOf, limit));
  const starts =
    window === null
      ? null
      : await firstInstants(
          tables,
          walls.map((wall) => wall - window),
          timezone,
          work,
        );
  const bounds = Float64Array.from(new Set([...distinct, ...(starts ?? [])])).sort();
  // Bucket k holds the rows from bound k − 1 on, and before bound k.
  const places = new Map(Array.from(bounds, (bound, k) => [bound, k]));
  const periods = distinct.map((limit, k) => ({
    wall: valueAt(walls, k),
    first: starts === null ? 0 : valueFor(places, f64At(starts, k)) + 1,
    last: valueFor(places, limit),
  }));
  const periodOf = new Map(distinct.map((limit, k) => [limit, k]));
  return {
    days: limits.map((limit, k) => ({
      from: f64At(edges, k),
      to: f64At(edges, days.length + k),
      period: valueFor(periodOf, limit),
    })),
    periods,
    bounds,
  };
}

/** The wall clock at the end of a period. At the first instant of a day it is midnight, even if the clock skips it. */
export async function wallOfEnd(
  tables: SampledTables['tables'],
  end: number,
  timezone: string,
  work: Work,
): Promise<number> {
  const wall = await wallAt(tables, end, timezone, work);
  const midnight = Math.floor(wall / microsecondsOfDay) * microsecondsOfDay;
  const [start] = await firstInstants(tables, [midnight], timezone, work);
  return start === end ? midnight : wall;
}

/** Counts the rows of each bucket by item; with `owners`, for the users of each value. */
async function loadRows(
  sampled: SampledTables,
  { of, bounds, isEndless }: { readonly of: string; readonly bounds: Float64Array; readonly isEndless: boolean },
  grouping: { readonly owners: string; readonly used: readonly number[]; readonly values: number } | null,
  work: Work,
): Promise<BucketRows> {
  const values = grouping?.values ?? 1;
  if (bounds.length === 0 || grouping?.used.length === 0)
    return {
      offsets: new Uint32Array(values + 1),
      bucket: new Uint32Array(),
      dated: new Uint32Array(),
      item: new Uint32Array(),
      count: new Float64Array(),
    };
  const counted = {
    any: [of],
    from: isEndless ? -Infinity : f64At(bounds, 0),
    to: f64At(bounds, bounds.length - 1) - 1,
  };
  const [common, value, join] =
    grouping === null
      ? ['', '0', '']
      : [
          `WITH ${grouping.owners} `,
          'o.v',
          `JOIN (SELECT * FROM owners WHERE v IN (SELECT unnest([${grouping.used.join(', ')}]))) o ON o."user" = l."user"`,
        ];
  const rows = await sampled.tables.columnar(
    `${common}SELECT CAST(v AS DOUBLE), CAST(bucket AS UINTEGER), CAST(dated AS UINTEGER), n.number, CAST(c AS DOUBLE) FROM (
      SELECT ${value} AS v, bucket, dated, item, sum(n) AS c FROM (${countedSql(sampled, counted, bounds)}) l ${join} GROUP BY ALL
    ) JOIN ${itemNumbers} n USING (item) ORDER BY v, bucket, dated, n.number`,
    message('Counting events'),
    work,
  );
  const valueOf = Int32Array.from(rows.numbers(0));
  const offsets = new Uint32Array(values + 1);
  for (let row = 0, v = 0; v <= values; v++) {
    while (row < valueOf.length && i32At(valueOf, row) < v) row++;
    offsets[v] = row;
  }
  return { offsets, bucket: rows.unsigned(1), dated: rows.unsigned(2), item: rows.unsigned(3), count: rows.numbers(4) };
}

/**
 * SQL of the rows that count for some period: `"user"`, `item`, `bucket`, `dated`, and their number `n`. An impression
 * counts at its time, once its event is known. A positive without an impression counts at its own time, until an
 * impression of its request takes its place.
 */
function countedSql(sampled: SampledTables, counted: CountOf, bounds: Float64Array): string {
  const bucket = (time: string): string => bucketSql(time, bounds, 0, bounds.length);
  const of = counted.any[0] ?? '';
  const at = sampled.eventTime(of);
  const known = at === null ? 'time' : `greatest(time, coalesce(${at}, time))`;
  const shown = `SELECT "user", item, ${bucket(known)} AS bucket, ${bucket('time')} AS dated, 1 AS n FROM ${sampled.log()} WHERE ${holdsSql(sampled, counted)}`;
  const unmatched = sampled.matched.hasPositives ? sampled.unmatched() : null;
  if (unmatched === null) return shown;
  const own = `FROM ${unmatched} WHERE positive AND ${anyUnmatched(sampled, [of])} AND ${within('time', counted)}`;
  const replaced = `shown IS NOT NULL AND ${within('shown', { from: -Infinity, to: counted.to })}`;
  return `${shown} UNION ALL SELECT "user", item, ${bucket('time')}, ${bucket('time')}, 1 ${own}
    UNION ALL SELECT "user", item, ${bucket('greatest(time, shown)')}, ${bucket('time')}, -1 ${own} AND ${replaced}`;
}

/** SQL of the number of bounds from … to that are at or before a time, plus `from`. A binary search. */
function bucketSql(time: string, bounds: Float64Array, from: number, to: number): string {
  if (from === to) return String(from);
  const middle = (from + to) >> 1;
  return `CASE WHEN ${time} < make_timestamp(${BigInt(f64At(bounds, middle))}) THEN ${bucketSql(time, bounds, from, middle)} ELSE ${bucketSql(time, bounds, middle + 1, to)} END`;
}
