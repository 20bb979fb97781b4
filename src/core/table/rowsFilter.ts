import { isBareName } from './expression/lexer.ts';
import type { Filter } from './filter.ts';

/** Values of a row as exact texts by column. */
export type RowValues = Readonly<Record<string, string>>;

/**
 * The filter that keeps rows with these values: conditions for one row, an expression for several. Null if there is no
 * row, or if a column is not among `columns`.
 */
export function rowsFilter(rows: readonly RowValues[], columns: ReadonlySet<string>): Filter | null {
  const [first, ...others] = rows;
  if (!first || rows.some((row) => Object.keys(row).some((name) => !columns.has(name)))) return null;
  if (others.length === 0)
    return {
      conditions: Object.entries(first).map(([column, value]) => ({ column, op: '=', values: [value] })),
      expression: '',
    };
  return { conditions: [], expression: rows.map((row) => `(${equalities(row)})`).join(' or ') };
}

function equalities(row: RowValues): string {
  return Object.entries(row)
    .map(([column, value]) => `${nameIn(column)} = '${value.replaceAll("'", "''")}'`)
    .join(' and ');
}

const nameIn = (column: string): string => (isBareName(column) ? column : `"${column.replaceAll('"', '""')}"`);
