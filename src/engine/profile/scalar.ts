import type { DuckDBValue } from '@duckdb/node-api';
import type { Scalar } from '../../core/table/profile.ts';
import { isPlainNumber, type LogicalType } from '../../core/table/type.ts';
import { CELL_CHARACTERS, exactText } from '../sql/cellText.ts';

/**
 * SQL of a value that becomes a `Scalar`. Numbers and booleans stay native. Everything else is exact text, truncated if
 * it is very long.
 */
export function scalarSql(expression: string, type: LogicalType): string {
  if (type.kind === 'boolean' || isPlainNumber(type)) return expression;
  return `left(${exactText(expression, type)}, ${CELL_CHARACTERS})`;
}

/** A `Scalar` from a value of `scalarSql`. Non-finite floats become text, because JSON has no numbers for them. */
export function scalarOf(value: DuckDBValue | undefined): Scalar {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'boolean' || typeof value === 'string' ? value : String(value);
}

/** SQL of a finite number, with all digits. DuckDB would parse a bare literal as a decimal. */
export function doubleSql(value: number): string {
  return `CAST('${String(value)}' AS DOUBLE)`;
}
