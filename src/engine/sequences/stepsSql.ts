import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { hasExposureSteps, type Sequence } from '../../core/data/sequences.ts';
import type { AskedEvent, AskedLog, AskedTable } from '../../protocol/askedTable.ts';
import type { Where } from '../../core/source/where.ts';
import { carriedAs, hasTime, type SampledTables } from '../inputs/sampledTables.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { eventSql } from '../tables/log.ts';
import { roleTable, whereSql } from '../tables/roleTable.ts';
import type { OpenTable } from '../tables/tables.ts';
import { valueSql } from '../inputs/pickOrder.ts';

/** A table whose rows are steps: each row with one of its events, at its own time. */
export interface StepTable {
  readonly name: string;
  readonly asked: AskedTable<'user' | 'time', 'item' | 'value' | 'request'>;
  /** The events of the sequence that this table has. */
  readonly events: readonly AskedEvent[];
  /** Without requests: microseconds from an impression to its event, at most. */
  readonly within: number;
}

/** The tables of events that can have steps: those with times. */
export function stepTables({ clicks = [], events }: AskedLog): StepTable[] {
  return clicks.flatMap(({ name, columns: { time, ...columns }, within, ...asked }): StepTable[] => {
    if (time === undefined) return [];
    const ofTable = events.filter(({ table }) => table === name);
    return [{ name, asked: { ...asked, columns: { ...columns, time } }, events: ofTable, within }];
  });
}

/** An event of a row: SQL that is true if the row has it, and its weight. */
interface Held {
  readonly name: string;
  readonly weight: number;
  readonly sql: string;
}

/**
 * SQL of the steps of all users, as a FROM item: `"user"`, `time`, `request`, `position`, `item`, `source` (empty for the
 * impressions, else the name of the table), `event` (the heaviest), `actions` (the sum of the weights), and the copied
 * columns. docs/samples.md: Sequences.
 * @param copied columns of the rows of steps; NULL for a table without them
 */
export function stepsSql(
  sampled: SampledTables,
  sequence: Sequence,
  tables: readonly StepTable[],
  copied: readonly string[],
): string {
  const selects = [
    // Its items may have another type than values.
    ...(sequence.value === undefined ? [impressionSteps(sampled, sequence, tables, copied)] : []),
    ...tablesOf(sequence, tables).map((table) => tableSteps(sampled, sequence, table, copied)),
  ];
  return `(${selects.join(' UNION ALL BY NAME ')})`;
}

/** The tables with an event of the sequence. */
export function tablesOf(sequence: Sequence, tables: readonly StepTable[]): StepTable[] {
  return tables.filter(({ events }) => events.some(({ name }) => weightOf(sequence, name) !== null));
}

/** The order of steps: that of the log, then by source, copied columns and events. NULL comes first. */
export function stepOrder(copied: readonly string[]): string {
  return [
    ...['time', 'request', 'position', 'item', 'source'],
    ...[...copied].sort(compareTexts).map((name) => quoteIdentifier(carriedColumn(name))),
    ...['actions', 'event'],
  ]
    .map((term) => `${term} NULLS FIRST`)
    .join(', ');
}

/**
 * The impressions that are steps. A column has no time, so its event counts as the log has it. With `impressions` among
 * the events, an event of a table belongs to the step of its impression if it came less than `available_after` later.
 */
function impressionSteps(
  sampled: SampledTables,
  sequence: Sequence,
  tables: readonly StepTable[],
  copied: readonly string[],
): string {
  const { ref, columns } = sampled.data.log.impressions;
  const table = sampled.tables.table(ref);
  const ofTables = new Set(tables.flatMap(({ events }) => events.map(({ name }) => name)));
  const isExposure = hasExposureSteps(sequence);
  const holds = (name: string): string | null => {
    if (!ofTables.has(name)) return sampled.event(name);
    const at = isExposure ? sampled.firstEventTime(name) : null;
    if (at === null) return null;
    return `coalesce(epoch_us(${at}) - epoch_us("time@to") < ${sequence.availableAfter}, false)`;
  };
  const held = sequence.events.flatMap(({ name, weight }): Held[] => {
    const sql = holds(name);
    return sql === null ? [] : [{ name, weight, sql }];
  });
  const rows = sampled.log({
    ...carriedAs(table, ownColumns(table, copied)),
    'step where': conditionSql(sequence.where, table),
    ...(columns.position ? { 'step position': valueSql(table, columns.position.name) } : {}),
  });
  const without = sequence.without.flatMap((name) => holds(name) ?? []);
  const conditions = [anyOf(held), '"step where"', ...without.map((sql) => `NOT ${sql}`)];
  // A date without a time of day is visible from the next day on.
  return `SELECT "user", "time@to" AS time, ${columns.request ? 'request' : 'NULL AS request'}, ${columns.position ? '"step position"' : 'NULL'} AS position, item, '' AS source, ${heldColumns(held, sequence)}${copies(table, copied)} FROM ${rows} WHERE ${conditions.join(' AND ')}`;
}

/** The rows of a table with an event of the sequence, also those without a time, which are no steps. */
function eventRows(
  sampled: SampledTables,
  sequence: Sequence,
  { asked, events }: StepTable,
  copied: readonly string[],
): { readonly held: readonly Held[]; readonly subject: 'item' | 'value'; readonly sql: string } {
  const table = sampled.tables.table(asked.ref);
  const held = events.flatMap((event, k): (Held & { readonly flag: string })[] => {
    const weight = weightOf(sequence, event.name);
    const flag = `step event ${k}`;
    return weight === null ? [] : [{ name: event.name, weight, sql: quoteIdentifier(flag), flag }];
  });
  const flags = held.map(({ name, flag }) => {
    const event = events.find((one) => one.name === name);
    return [flag, event ? `coalesce(${eventSql(event, table)}, false)` : 'false'] as const;
  });
  const rows = roleTable(table, asked, {
    timezone: sampled.timezone,
    more: {
      ...carriedAs(table, ownColumns(table, copied)),
      ...Object.fromEntries(flags),
      'step where': conditionSql(sequence.where, table),
    },
  });
  const subject = asked.columns.item ? 'item' : 'value';
  const conditions = [`"user" IS NOT NULL`, `${subject} IS NOT NULL`, anyOf(held), '"step where"'];
  return { held, subject, sql: `SELECT * FROM ${rows} WHERE ${conditions.join(' AND ')}` };
}

/** SQL of the number of rows of a table that are no steps of the sequence only because they have no time. */
export function untimedSql(sampled: SampledTables, sequence: Sequence, table: StepTable): string {
  return `SELECT count(*) FROM (${eventRows(sampled, sequence, table, []).sql} AND NOT ${hasTime})`;
}

/** The rows of a table that are steps, without those that belong to the step of an impression. */
function tableSteps(
  sampled: SampledTables,
  sequence: Sequence,
  stepTable: StepTable,
  copied: readonly string[],
): string {
  const { name: source, asked, within } = stepTable;
  const table = sampled.tables.table(asked.ref);
  const { held, subject, sql } = eventRows(sampled, sequence, stepTable, copied);
  const select = `${sql} AND ${hasTime}`;
  const isMerged = hasExposureSteps(sequence) && asked.columns.item !== undefined;
  const unmerged = isMerged
    ? withoutMerged(sampled, sequence, asked.columns.request !== undefined, within, select)
    : `(${select})`;
  return `SELECT "user", "time@to" AS time, ${asked.columns.request ? 'request' : 'NULL AS request'}, NULL AS position, ${subject} AS item, ${quoteLiteral(source)} AS source, ${heldColumns(held, sequence)}${copies(table, copied)} FROM ${unmerged}`;
}

/** Events that came `available_after` or later after their impression, or have none. */
function withoutMerged(
  sampled: SampledTables,
  { availableAfter }: Sequence,
  hasRequests: boolean,
  within: number,
  events: string,
): string {
  const exposures = sampled.exposures();
  const late = `epoch_us(e."time@to") - epoch_us(i.newest) >= ${availableAfter}`;
  if (hasRequests && sampled.data.log.impressions.columns.request)
    return `(SELECT e.* FROM (${events}) e LEFT JOIN (SELECT "user", item, request, max("time@to") AS newest FROM ${exposures} WHERE request IS NOT NULL GROUP BY ALL) i ON i."user" = e."user" AND i.item = e.item AND i.request = e.request WHERE i.newest IS NULL OR ${late})`;
  const beyond = `epoch_us(e.time) - epoch_us(i.time) > ${within}`;
  return `(SELECT e.* FROM (${events}) e ASOF LEFT JOIN (SELECT "user", item, time, max("time@to") AS newest FROM ${exposures} GROUP BY ALL) i ON i."user" = e."user" AND i.item = e.item AND e.time >= i.time WHERE i.newest IS NULL OR ${beyond} OR ${late})`;
}

function weightOf({ events }: Sequence, name: string): number | null {
  return events.find((event) => event.name === name)?.weight ?? null;
}

const anyOf = (held: readonly Held[]): string => `(${held.map(({ sql }) => sql).join(' OR ') || 'false'})`;

/** The heaviest event, ties by name, and the sum of the weights. */
function heldColumns(held: readonly Held[], { events }: Sequence): string {
  const isInteger = events.every(({ weight }) => Number.isInteger(weight));
  const type = isInteger ? 'BIGINT' : 'DOUBLE';
  const heaviest = [...held].sort((a, b) => b.weight - a.weight || compareTexts(a.name, b.name));
  const cases = heaviest.map(({ name, sql }) => `WHEN ${sql} THEN ${quoteLiteral(name)}`);
  const weights = held.map(
    ({ weight, sql }) => `CAST(CASE WHEN ${sql} THEN ${isInteger ? BigInt(weight) : weight} ELSE 0 END AS ${type})`,
  );
  return `${cases.length === 0 ? 'NULL' : `CASE ${cases.join(' ')} END`} AS event, ${weights.join(' + ') || `CAST(0 AS ${type})`} AS actions`;
}

export const hasColumn = ({ columns }: OpenTable, name: string): boolean =>
  columns.some((column) => column.name === name);
const ownColumns = (table: OpenTable, names: readonly string[]): string[] =>
  names.filter((name) => hasColumn(table, name));

function copies(table: OpenTable, names: readonly string[]): string {
  return names
    .map((name) => quoteIdentifier(carriedColumn(name)))
    .map((column, k) => `, ${hasColumn(table, names[k] ?? '') ? column : `NULL AS ${column}`}`)
    .join('');
}

/** A condition on a column that the table lacks is false. */
function conditionSql(where: Where, table: OpenTable): string {
  if (Object.keys(where).some((name) => !hasColumn(table, name))) return 'false';
  return Object.keys(where).length === 0 ? 'true' : `coalesce(${whereSql(where, table.columns)}, false)`;
}
