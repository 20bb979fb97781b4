import type { DuckDBValue } from '@duckdb/node-api';
import { encodePage, type CellValue, type PageColumn } from '../../core/table/page.ts';
import type { Rows } from '../database/connections.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { Selection } from '../source/source.ts';
import { cellSql, type CellSql } from '../sql/cellText.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** Most columns of one query. DuckDB takes minutes to plan many thousands, and no interrupt ends that. */
const COLUMNS_AT_ONCE = 500;

/** Values to read from many columns, one selection per query. */
export type Selections = readonly [Selection, ...Selection[]];

/** @param sqlOf SQL of the values to read from a column; `k`: its place among the columns */
export function selectionsOf(
  columns: readonly SourceColumn[],
  sqlOf: (column: SourceColumn, k: number) => readonly string[],
): Selections {
  const from = (first: number): Selection => {
    const part = columns.slice(first, first + COLUMNS_AT_ONCE);
    return {
      columns: [...new Set(part.map(({ name }) => name))],
      sql: part.flatMap((column, k) => sqlOf(column, first + k)),
    };
  };
  const others: Selection[] = [];
  for (let first = COLUMNS_AT_ONCE; first < columns.length; first += COLUMNS_AT_ONCE) others.push(from(first));
  return [from(0), ...others];
}

/** Defines how the columns of a page are read from rows and converted to Arrow. */
export class PagePlan {
  readonly selections: Selections;
  readonly #cells: readonly CellSql[];

  constructor(private readonly columns: readonly SourceColumn[]) {
    this.#cells = columns.map(({ name, type }) => cellSql(quoteIdentifier(name), type));
    this.selections = selectionsOf(columns, (_, k) => {
      const { value, length } = this.#cells[k] as CellSql;
      return length === null ? [value] : [value, length];
    });
  }

  /** Converts rows, each with its row number first, to an Arrow page. */
  encode(rows: Rows): Uint8Array {
    let at = 1;
    const columns = this.columns.map((column, k): PageColumn => {
      const value = at++;
      const values = rows.map((row) => cellValue(row[value]));
      if (this.#cells[k]?.length === null) return { type: column.type, values };
      const length = at++;
      const lengths = new Map<number, number>();
      rows.forEach((row, r) => {
        const n = row[length];
        if (n !== null && n !== undefined) lengths.set(r, Number(n));
      });
      return { type: column.type, values, lengths };
    });
    return encodePage(
      rows.map((row) => Number(row[0])),
      columns,
    );
  }
}

function cellValue(value: DuckDBValue | undefined): CellValue {
  if (value === undefined || value === null) return null;
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'string':
      return value;
    default:
      return String(value);
  }
}

/** Rows in the order of the requested numbers. Throws if one is missing, because that would be a silent loss. */
export function inOrder(rows: Rows, wanted: readonly number[]): Rows {
  const byNumber = new Map(rows.map((row) => [Number(row[0]), row]));
  return wanted.map((n) => {
    const row = byNumber.get(n);
    if (row === undefined) throw new Error(`row ${n} was not read`);
    return row;
  });
}
