import { isOfReadTime, type PassedColumn } from '../../core/data/passThrough.ts';
import type { TimelineCounts } from '../../core/sampling/featureCounts.ts';
import type { AskedFeatures } from '../../protocol/askedTable.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { storeTimeline } from '../features/storeTimeline.ts';
import { numberIn } from '../sql/notNan.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { idSql, type DrawnIds } from '../inputs/ids.ts';
import { pickOrder, tupleOrder } from '../inputs/pickOrder.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import { carriedAs, itemNumbers, type SampledTables } from '../inputs/sampledTables.ts';
import { storedUsers } from '../inputs/storedTables.ts';
import { microseconds, within, type Bounds } from '../inputs/world/within.ts';
import { carrying } from './wideRowGroup.ts';

/** Item columns that are copied to the output, by `item`. */
export const carriedItems = '"carried items"';
/** User columns that are copied to the output, by `"user"`. */
export const carriedUsers = '"carried users"';
/** Candidate columns that are copied to the output, by `"user"` if the candidates have users, `request` and `item`. */
export const carriedCandidates = '"carried candidates"';

/** A table whose newest row before or at the read time gives the values. Its columns are those of `AsOfTable`. */
export interface AsOfSource {
  readonly from: PassedColumn['from'];
  /** SQL of its name. */
  readonly table: string;
  /** Columns to copy. */
  readonly columns: readonly string[];
  /** Null for the log, whose rows have the item and its time only. */
  readonly features: AskedFeatures | null;
}

/** Columns to copy, by the table that stores them. */
export interface CarriedColumns {
  readonly items: readonly string[];
  readonly users: readonly string[];
  readonly candidates: readonly string[];
  readonly asOf: readonly AsOfSource[];
}

/** The columns that come from other tables than the stored log. */
export function carriedOf(passed: readonly PassedColumn[], { features = [] }: SamplingData): CarriedColumns {
  const namesOf = (filter: (column: PassedColumn) => boolean): string[] => [
    ...new Set(passed.filter(filter).map(({ column }) => column)),
  ];
  return {
    items: namesOf(({ from }) => from === 'items'),
    users: namesOf(({ from }) => from === 'users'),
    candidates: namesOf(({ from }) => from === 'candidates'),
    asOf: [...new Set(passed.filter(isOfReadTime).map(({ from }) => from))].map((from, k) => ({
      from,
      table: quoteIdentifier(`as-of rows ${k}`),
      columns: namesOf((column) => isOfReadTime(column) && column.from === from),
      features: features.find(({ name }) => name === from) ?? null,
    })),
  };
}

/**
 * Stores the columns to copy that are not in the stored log. For each key, one source row gives all of its columns.
 * @param until as-of rows after `to` are skipped, because every group is older
 */
export async function carryColumns(
  sampled: SampledTables,
  carried: CarriedColumns,
  { requests }: Pick<DrawnIds, 'requests'>,
  until: Pick<Bounds, 'to'>,
  work: Work,
): Promise<TimelineCounts[]> {
  const { data } = sampled;
  if (data.items && carried.items.length > 0)
    await store(sampled, data.items.ref, carried.items, work, (columns) => {
      const corpus = sampled.corpus({ carried: carried.items }) ?? '';
      return `CREATE TABLE ${carriedItems} AS SELECT n.item, ${prefixed('c', columns)} FROM ${corpus} c JOIN ${itemNumbers} n ON n.item = c.item`;
    });
  if (data.users && carried.users.length > 0)
    await store(sampled, data.users.ref, carried.users, work, (columns) => userSql(sampled, carried.users, columns));
  const { ref } = data.candidates ?? data.passedCandidates ?? {};
  if (ref && carried.candidates.length > 0)
    await store(sampled, ref, carried.candidates, work, (columns) =>
      candidateSql(sampled, carried.candidates, columns, requests),
    );
  const timelines: TimelineCounts[] = [];
  for (const { features, table, columns: names } of carried.asOf)
    if (features) {
      const quoted = names.map((name) => quoteIdentifier(name));
      await carrying({ tables: sampled.tables, ref: features.ref, columns: quoted }, work, async () => {
        timelines.push(await storeTimeline(sampled, features, names, table, work));
      });
    } else
      await store(sampled, data.log.impressions.ref, names, work, (columns) =>
        asOfSql(sampled, names, columns, table, until),
      );
  return timelines;
}

async function store(
  { tables }: SampledTables,
  ref: DatasetRef,
  columns: readonly string[],
  work: Work,
  statement: (columns: readonly string[]) => string,
): Promise<void> {
  const quoted = columns.map((name) => quoteIdentifier(carriedColumn(name)));
  await carrying({ tables, ref, columns }, work, async () => await tables.rows(statement(quoted), work));
}

function userSql(sampled: SampledTables, names: readonly string[], columns: readonly string[]): string {
  const among = (rows: string): string => `(SELECT d.* FROM ${rows} d JOIN ${storedUsers} u ON u."user" = d."user")`;
  return `CREATE TABLE ${carriedUsers} AS ${userSelect(sampled, names, columns, among)}`;
}

/**
 * SQL that selects one row per user with the columns to copy. Empty if the config has no table of users.
 * @param columns SQL of the columns after `"user"`
 * @param among restricts the SQL of all rows to the needed users
 */
export function userSelect(
  sampled: SampledTables,
  names: readonly string[],
  columns: readonly string[],
  among: (rows: string) => string,
): string {
  const { tables, data } = sampled;
  if (!data.users) return '';
  const table = tables.table(data.users.ref);
  const { more, terms } = tupleOrder(table, [...data.users.attributes, ...names], names);
  const rows = sampled.everyUser({ ...carriedAs(table, names), ...more }) ?? '';
  return `SELECT "user", ${columns.join(', ')} FROM ${among(rows)}
    QUALIFY row_number() OVER (PARTITION BY "user" ORDER BY ${terms.join(', ')}) = 1`;
}

function candidateSql(
  sampled: SampledTables,
  names: readonly string[],
  columns: readonly string[],
  requests: DrawnIds['requests'],
): string {
  const request = requests === 'int64' ? 'request' : 'CAST(request AS VARCHAR) AS request';
  return `CREATE TABLE ${carriedCandidates} AS ${candidateSelect(sampled, names, [request, ...columns], 'true')}`;
}

/**
 * SQL that selects one candidate per user, request and item: the smallest rank (NULL last), then the smallest channel.
 * If candidates have no user column, one per request and item. Empty if the config has no candidates.
 * @param columns SQL of the columns after `"user"` and `item`
 * @param holds SQL of a filter on the candidates
 */
export function candidateSelect(
  sampled: SampledTables,
  names: readonly string[],
  columns: readonly string[],
  holds: string,
): string {
  const { tables, data } = sampled;
  const candidates = data.candidates ?? data.passedCandidates;
  if (!candidates) return '';
  const table = tables.table(candidates.ref);
  const roles = Object.values(candidates.columns).map(({ name }) => name);
  const time = candidates.columns.time ? { [candidates.columns.time.name]: 'time' } : {};
  const { more, terms } = tupleOrder(table, [...roles, ...names], names, time);
  const rows = sampled.passedCandidates({ ...carriedAs(table, names), ...more }) ?? '';
  const user = candidates.columns.user ? '"user", ' : '';
  const order = [
    ...(candidates.columns.rank ? [`${numberIn('rank')} NULLS LAST`] : []),
    ...(candidates.columns.channel ? [`coalesce(channel, '')`] : []),
    ...terms,
  ];
  return `SELECT ${user}item, ${columns.join(', ')} FROM (SELECT * FROM ${rows} WHERE ${holds})
    QUALIFY row_number() OVER (PARTITION BY ${user}request, item ORDER BY ${order.join(', ')}) = 1`;
}

function asOfSql(
  sampled: SampledTables,
  names: readonly string[],
  columns: readonly string[],
  table: string,
  until: Pick<Bounds, 'to'>,
): string {
  return `CREATE TABLE ${table} AS ${asOfSelect(sampled, names, columns, until, 'true')} ORDER BY n.number, us`;
}

/**
 * SQL that selects one log row per item and time, for the as-of columns.
 * @param columns SQL of the columns after `number` (of the item) and `us` (the time in microseconds)
 * @param holds SQL of a filter on items; their number is `n.number`
 */
export function asOfSelect(
  sampled: SampledTables,
  names: readonly string[],
  columns: readonly string[],
  until: Pick<Bounds, 'to'>,
  holds: string,
): string {
  const table = sampled.tables.table(sampled.data.log.impressions.ref);
  const { more, terms } = pickOrder(sampled, names);
  const rows = sampled.exposures({ ...carriedAs(table, names), ...more });
  return `SELECT n.number, us, ${columns.join(', ')} FROM (SELECT *, ${microseconds('time')} AS us FROM ${rows} WHERE ${within('time', { from: -Infinity, to: until.to })}) e JOIN ${itemNumbers} n USING (item) WHERE ${holds}
    QUALIFY row_number() OVER (PARTITION BY n.number, us ORDER BY ${terms.join(', ')}) = 1`;
}

/** SQL that joins the stored columns to rows named r. */
export function carriedJoins(sampled: SampledTables, carried: CarriedColumns, ids: DrawnIds): string[] {
  const { data } = sampled;
  const item = idSql(ids.items, 'r.item');
  const user = idSql(ids.users, 'r."user"');
  const request = ids.requests === 'int64' ? 'CASE WHEN r.known = 1 THEN r.request END' : 'r.request';
  const candidates = data.candidates ?? data.passedCandidates;
  return [
    ...(carried.items.length > 0 ? [`LEFT JOIN ${carriedItems} c ON c.item = ${item}`] : []),
    ...(carried.users.length > 0 ? [`LEFT JOIN ${carriedUsers} d ON d."user" = ${user}`] : []),
    ...(carried.candidates.length > 0
      ? [
          `LEFT JOIN ${carriedCandidates} k ON ${candidates?.columns.user ? `k."user" = ${user} AND ` : ''}k.request = ${request} AND k.item = ${item}`,
        ]
      : []),
  ];
}

/** SQL of the value of a column that `carriedJoins` joins. */
export function carriedSql({ column, from }: PassedColumn): string {
  const value = quoteIdentifier(carriedColumn(column));
  switch (from) {
    case 'items':
      return `c.${value}`;
    case 'users':
      return `d.${value}`;
    case 'candidates':
      return `k.${value}`;
    default:
      throw new Error(`${from} is not joined by a key`);
  }
}

function prefixed(table: string, columns: readonly string[]): string {
  return columns.map((column) => `${table}.${column}`).join(', ');
}
