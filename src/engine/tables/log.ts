import type { EventCondition } from '../../core/config/eventConditions.ts';
import type { AskedLog, AskedPeriod } from '../../protocol/askedTable.ts';
import { orNull } from '../sql/notNan.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { instantOf } from './instant.ts';
import { columnOf, comparisonsSql, flagOf, roleTable, type RoleOptions } from './roleTable.ts';
import type { OpenTable, Tables } from './tables.ts';
import { quoteLiteral } from '../sql/quote.ts';

/** Name of the boolean column of event number `k`. */
export const eventColumn = (k: number): string => quoteIdentifier(`event ${k}`);

/** Time of event number `k`: NULL if it has no time of its own. Only for events of separate tables with times. */
export const eventTimeColumn = (k: number): string => quoteIdentifier(`event ${k} at`);

/** Earliest known time of event number `k`, if `eventTimeColumn` exists: rows without a time do not count. */
export const firstTimeColumn = (k: number): string => quoteIdentifier(`event ${k} first`);

/** Joins of the impressions `i` with the events of separate tables. */
export interface JoinedEvents {
  readonly joins: readonly string[];
  /** For each event, by number: a SQL condition that is true if it happened (never NULL), and SQL of its times. */
  readonly columns: ReadonlyMap<
    number,
    { readonly holds: string; readonly at: string | null; readonly first: string | null }
  >;
  /** True if the joins need `"pick rank"`: the rank in the pick order of the impressions of a user, item and time. */
  readonly isPicked: boolean;
}

/**
 * SQL of the log by roles, with a boolean for each event and `positive`, which is true if any event is true. These
 * booleans are never NULL. Events of separate tables also have their times.
 * `further`: additional columns by name, as SQL over the impressions. `pick`: terms of the pick order.
 */
export function logTable(
  tables: Tables,
  { impressions, events }: Pick<AskedLog, 'impressions' | 'events'>,
  timezone: string,
  { joins, columns: joined, isPicked }: JoinedEvents,
  { further = {}, pick = [] }: { readonly further?: RoleOptions['more']; readonly pick?: readonly string[] } = {},
): string {
  const table = tables.table(impressions.ref);
  const own = (k: number): string => `own ${k}`;
  const more = events.flatMap((event, k) => (joined.has(k) ? [] : [[own(k), eventSql(event, table)] as const]));
  const rows = roleTable(table, impressions, { timezone, more: { ...further, ...Object.fromEntries(more) } });
  const columns = events.flatMap((_, k) => {
    const { holds, at, first } = joined.get(k) ?? {
      holds: `coalesce(i.${quoteIdentifier(own(k))}, false)`,
      at: null,
      first: null,
    };
    return [
      `${holds} AS ${eventColumn(k)}`,
      ...(at === null ? [] : [`${at} AS ${eventTimeColumn(k)}`]),
      ...(first === null ? [] : [`${first} AS ${firstTimeColumn(k)}`]),
    ];
  });
  const from = isPicked
    ? `(SELECT *, rank() OVER (PARTITION BY "user", item, time ORDER BY ${pick.join(', ')}) AS "pick rank" FROM ${rows})`
    : rows;
  const any = events.map((_, k) => eventColumn(k)).join(' OR ');
  return `(SELECT *, ${any === '' ? 'false' : `(${any})`} AS positive FROM (SELECT ${['i.*', ...columns].join(', ')} FROM ${[`${from} i`, ...joins].join(' ')}))`;
}

/** SQL of whether an event holds for a row of its table: NULL where a NULL or NaN leaves it open. */
export function eventSql(event: EventCondition, table: OpenTable): string {
  const sqlOf = (part: EventCondition): string => eventSql(part, table);
  if ('not' in event) return `(NOT ${sqlOf(event.not)})`;
  if ('all' in event) return `(${event.all.map(sqlOf).join(' AND ')})`;
  if ('any' in event) return `(${event.any.map(sqlOf).join(' OR ')})`;
  if ('known' in event) return `coalesce(${sqlOf(event.known)}, false)`;
  if ('unknown' in event) return `(${sqlOf(event.unknown)} IS NULL)`;
  const { column, op, value } = event;
  const { type } = columnOf(table, column);
  if (op === undefined || value === undefined) return flagOf(quoteIdentifier(column), type, column, table.path);
  const holds = comparisonsSql([{ column, op, values: [value] }], table.columns);
  return `(CASE WHEN ${orNull(quoteIdentifier(column), type)} IS NOT NULL THEN ${holds} END)`;
}

/** SQL that is true for times inside a window. Both ends are inclusive, and days count as whole days. */
export function withinPeriodSql(time: string, { from, to }: AskedPeriod, timezone: string): string {
  const bound = (text: string): ReturnType<typeof instantOf> =>
    instantOf(quoteLiteral(text), { kind: 'string' }, { timezone, name: 'window' });
  const tests = [
    ...(from === undefined ? [] : [`${time} >= ${bound(from).from}`]),
    ...(to === undefined ? [] : [`${time} <= ${bound(to).to}`]),
  ];
  return tests.length === 0 ? 'true' : `(${tests.join(' AND ')})`;
}
