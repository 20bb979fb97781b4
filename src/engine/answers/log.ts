import type { AskedEvent, AskedLog, AskedPeriod } from '../../protocol/askedTable.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { instantOf } from './instant.ts';
import { columnOf, conditionsSql, flagOf, roleTable, type RoleOptions } from './roleTable.ts';
import type { OpenTable, Tables } from './tables.ts';
import { quoteLiteral } from '../sql/quote.ts';

/** Name of the boolean column of event number `k`. */
export const eventColumn = (k: number): string => quoteIdentifier(`event ${k}`);

/**
 * SQL of the log by roles, with a boolean for each event and `positive`, which is true if any event is true. These
 * booleans are never NULL.
 * An event whose columns are not in the impressions is true if the clicks have a matching row: same user, request and
 * item. If one of the two tables has no requests, the same user and item are enough.
 * `further`: additional columns by name, as SQL over the impressions.
 */
export function logTable(
  tables: Tables,
  { impressions, clicks, events }: AskedLog,
  timezone: string,
  further: RoleOptions['more'] = {},
): string {
  const table = tables.table(impressions.ref);
  const own = events.map((event) =>
    table.columns.some(({ name }) => name === event.column) ? eventSql(event, table) : null,
  );
  const rows = roleTable(table, impressions, {
    timezone,
    more: { ...further, ...Object.fromEntries(own.flatMap((sql, k) => (sql === null ? [] : [[`own ${k}`, sql]]))) },
  });
  const shared = ['"user"', 'item', ...(clicks?.columns.request && impressions.columns.request ? ['request'] : [])];
  const columns = events.map((event, k) => {
    if (own[k] !== null || !clicks) return `coalesce(i.${quoteIdentifier(`own ${k}`)}, false) AS ${eventColumn(k)}`;
    const { time: _notJoined, ...joined } = clicks.columns;
    const chosen = roleTable(
      tables.table(clicks.ref),
      { ...clicks, columns: joined },
      {
        timezone,
        more: { holds: eventSql(event, tables.table(clicks.ref)) },
      },
    );
    return `EXISTS (SELECT 1 FROM ${chosen} c WHERE c.holds AND ${shared.map((role) => `c.${role} = i.${role}`).join(' AND ')}) AS ${eventColumn(k)}`;
  });
  const any = events.map((_, k) => eventColumn(k)).join(' OR ');
  return `(SELECT *, ${any === '' ? 'false' : `(${any})`} AS positive FROM (SELECT ${['i.*', ...columns].join(', ')} FROM ${rows} i))`;
}

function eventSql({ column, op, value }: AskedEvent, table: OpenTable): string {
  if (op !== undefined && value !== undefined)
    return conditionsSql([{ column, op, values: [String(value)] }], table.columns);
  return flagOf(quoteIdentifier(column), columnOf(table, column).type, column, table.path);
}

/** SQL that is true for times inside a window. Both ends are inclusive, and days count as whole days. */
export function insideSql(time: string, { from, to }: AskedPeriod, timezone: string): string {
  const bound = (text: string): ReturnType<typeof instantOf> =>
    instantOf(quoteLiteral(text), { kind: 'string' }, { timezone, name: 'window' });
  const tests = [
    ...(from === undefined ? [] : [`${time} >= ${bound(from).from}`]),
    ...(to === undefined ? [] : [`${time} <= ${bound(to).to}`]),
  ];
  return tests.length === 0 ? 'true' : `(${tests.join(' AND ')})`;
}
