import { comparisonProblem, comparisonsOf } from '../../core/data/comparison.ts';
import { timeRoles } from '../../core/data/dataColumns.ts';
import { refuse } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { ColumnComparison, Where } from '../../core/source/where.ts';
import { isNumeric, typeName, type LogicalType } from '../../core/table/type.ts';
import type { AskedColumn, AskedTable } from '../../protocol/askedTable.ts';
import { exactText } from '../sql/cellText.ts';
import { compileFilter } from '../sql/filter.ts';
import { orNull } from '../sql/notNan.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { OpenTable } from './tables.ts';
import { instantOf } from './instant.ts';

/** Type as which the column of a role is read. */
const times: ReadonlySet<string> = new Set(timeRoles);
const ids = new Set(['user', 'item', 'value', 'request', 'positive_item']);

export interface RoleOptions {
  readonly timezone: string;
  /** Additional columns by name: SQL over the columns of the file. */
  readonly more?: Readonly<Record<string, string>>;
  /** A SEMI JOIN on columns of the file. Values of other rows are not computed. */
  readonly only?: string;
  /** For a table of features: local days from the start of a day to the end of the period that it names, by role. */
  readonly periods?: Readonly<Record<string, number>>;
}

/**
 * SQL of a table whose columns are roles, as a FROM item. Ids compare exactly. Times are in UTC: `time`, and `time@to`
 * for the last microsecond of a day. Flags are booleans, everything else is text.
 * `role@text` is the exact text of the file. Unused columns cost nothing.
 */
export function roleTable(
  table: OpenTable,
  { columns, where, days }: AskedTable,
  { timezone, more = {}, only = '', periods }: RoleOptions,
): string {
  const asked = Object.entries<AskedColumn>(columns);
  const found = asked.map(([role, column]) => ({ role, asked: column, column: columnOf(table, column.name) }));
  const select: string[] = Object.entries(more).map(([name, sql]) => `${sql} AS ${quoteIdentifier(name)}`);
  for (const { role, asked: named, column } of found) {
    const { type } = column;
    const x = quoteIdentifier(column.name);
    const as = (name: string, sql: string): void => void select.push(`${sql} AS ${quoteIdentifier(name)}`);
    as(`${role}@text`, exactText(x, type));
    if (times.has(role)) {
      const version = periods ? { isVersion: true, days: periods[role] ?? 1 } : {};
      const { path } = table;
      const { from, to } = instantOf(x, type, { unit: named.unit, timezone, name: column.name, path, ...version });
      as(role, from);
      as(`${role}@to`, to);
    } else if (role === 'label') as(role, labelOf(x, type, column.name, table.path));
    else if (role === 'viewed') as(role, flagOf(x, type, column.name, table.path));
    else if (ids.has(role)) as(role, idOf(x, type, named));
    else as(role, exactText(x, type));
  }
  return `(SELECT ${select.length === 0 ? '1' : select.join(', ')} FROM ${table.relation(days)} ${only}${where ? ` WHERE ${whereSql(where, table.columns)}` : ''})`;
}

export function columnOf({ columns, path }: OpenTable, name: string): SourceColumn {
  const column = columns.find((c) => c.name === name);
  if (!column)
    throw refuse('column-missing', message('There is no column {0}', name), { place: { path, column: name } });
  return column;
}

/** Reads a label as the audit does: a grade above 0 is positive, and −1 is not. NULL and NaN become NULL. */
export function labelOf(x: string, type: LogicalType, name: string, path: string): string {
  return isNumeric(type) ? `(${orNull(x, type)} > 0)` : flagOf(x, type, name, path);
}

/** Reads a flag as a boolean. NULL and NaN become NULL. */
export function flagOf(x: string, type: LogicalType, name: string, path: string): string {
  if (type.kind === 'boolean') return x;
  if (isNumeric(type)) return `(${orNull(x, type)} <> 0)`;
  throw refuse(
    'flag-type',
    message('column {0} must be boolean or contain 0 and 1, but its type is {1}', name, typeName(type)),
    { place: { path, column: name } },
  );
}

/** An id. Integers of every type compare as numbers, texts compare character by character. */
function idOf(x: string, type: LogicalType, { type: as }: AskedColumn): string {
  if (as === 'int64') return type.kind === 'integer' ? x : `CAST(${x} AS BIGINT)`;
  if (as === 'string') return exactText(x, type);
  return type.kind === 'decimal' ? `CAST(${x} AS HUGEINT)` : x;
}

/** SQL of one boolean for all conditions of a `where`. */
export function whereSql(where: Where, columns: readonly SourceColumn[]): string {
  return comparisonsSql(comparisonsOf(where), columns);
}

/**
 * SQL of one boolean for all comparisons of a config. Unlike in the filter of a view, NaN fulfills no condition.
 * @throws FailureError if a column cannot be compared with its value
 */
export function comparisonsSql(comparisons: readonly ColumnComparison[], columns: readonly SourceColumn[]): string {
  const found = new Map(columns.map((column) => [column.name, column]));
  const floats: string[] = [];
  for (const one of comparisons) {
    const column = found.get(one.column);
    const problem = column && comparisonProblem(one, column);
    if (problem) throw refuse('comparison', problem.message, { place: { column: one.column }, advice: problem.advice });
    if (column?.type.kind === 'float') floats.push(`NOT isnan(${quoteIdentifier(column.name)})`);
  }
  const conditions = comparisons.map(({ column, op, values }) => ({ column, op, values: values.map(String) }));
  const all = compileFilter({ conditions, expression: '' }, columns);
  return floats.length === 0 ? all : `(${[all, ...floats].join(' AND ')})`;
}
