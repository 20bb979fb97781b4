import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { GroupKey, View } from '../../core/table/filter.ts';
import { unreadableMessage } from '../../core/table/type.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { compileFilter } from '../sql/filter.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** SQL of a view: the row condition (`where`) and the ORDER BY clause. */
export interface ViewSql {
  readonly where: string;
  /**
   * Ends with the row number, so that ties keep the order of the file. Empty without sort keys, because DuckDB keeps
   * the order in which it reads rows. A LIMIT then ends the scan early; with an ORDER BY, all rows would be read.
   */
  readonly orderBy: string;
}

/**
 * @param alias name of the table, already quoted. Needed if a result has the name of a column: in ORDER BY, the name
 *   without a table is that of the result.
 * @throws FailureError `bad-filter`
 */
export function viewSql(view: View, columns: readonly SourceColumn[], rowColumn: string, alias?: string): ViewSql {
  const where = compileFilter(view.filter, columns);
  const row = quoteIdentifier(rowColumn);
  const prefix = alias === undefined ? '' : `${alias}.`;
  const sorted = view.sort.map(({ column, descending }) => ({
    name: `${prefix}${sortable(column, columns)}`,
    descending,
  }));
  const keys = sorted.map(({ name, descending }) => direction(name, descending));
  if (!isGrouped(view)) return { where, orderBy: keys.length === 0 ? '' : `ORDER BY ${[...keys, row].join(', ')}` };
  const over = ` OVER (PARTITION BY ${groupKeySql(view.group, columns).join(', ')})`;
  const groups = groupOrder(sorted, row).map(({ sql, descending }) => direction(`${sql}${over}`, descending));
  return { where, orderBy: `ORDER BY ${[...groups, ...keys, row].join(', ')}` };
}

/** A view with groups. */
export type GroupedView = View & { readonly group: readonly [GroupKey, ...GroupKey[]] };

export function isGrouped(view: View): view is GroupedView {
  return view.group !== undefined && view.group.length > 0;
}

/** SQL of the values that all rows of a group have. */
export function groupKeySql(keys: GroupedView['group'], columns: readonly SourceColumn[]): string[] {
  return keys.map(({ column, byDay }) => {
    const name = sortable(column, columns);
    if (!byDay) return name;
    const type = columns.find((one) => one.name === column)?.type;
    if (type?.kind === 'date') return name;
    if (type?.kind !== 'timestamp')
      throw fail('bad-request', message('Only timestamps and dates can be grouped by day'), { place: { column } });
    // Without this, the session's time zone would decide the day.
    return `CAST(${type.zoned ? `(${name} AT TIME ZONE 'UTC')` : `CAST(${name} AS TIMESTAMP)`} AS DATE)`;
  });
}

/** Sort terms of groups: aggregates over the rows of a group. The last term is unique, so that there are no ties. */
export function groupOrder(
  sort: readonly { readonly name: string; readonly descending: boolean }[],
  row: string,
): { readonly sql: string; readonly descending: boolean }[] {
  return [
    ...sort.map(({ name, descending }) => ({ sql: `${descending ? 'max' : 'min'}(${name})`, descending })),
    { sql: `min(${row})`, descending: false },
  ];
}

/** SQL of an ORDER BY term. */
export function direction(sql: string, descending: boolean): string {
  return `${sql} ${descending ? 'DESC' : 'ASC'} NULLS LAST`;
}

/** @throws FailureError `bad-request` for a column that does not exist or cannot be read */
export function sortable(name: string, columns: readonly SourceColumn[]): string {
  const column = columns.find((c) => c.name === name);
  if (column === undefined)
    throw fail('bad-request', message('There is no column named {0} to sort by', name), { place: { column: name } });
  const unreadable = unreadableMessage(column);
  if (unreadable !== null) throw fail('bad-request', unreadable, { place: { column: name } });
  return quoteIdentifier(column.name);
}
