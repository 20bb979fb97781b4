import type { DuckDBValue } from '@duckdb/node-api';
import type { Scalar } from '../../core/table/profile.ts';
import { isPlainNumber, type LogicalType } from '../../core/table/type.ts';
import { CELL_CHARACTERS, exactText } from '../sql/cellText.ts';

/** SQL of a value that becomes a `Scalar`: numbers and booleans natively, everything else as exact text, cut where it is very long. */
export function scalarSql(expression: string, type: LogicalType): string {
  if (type.kind === 'boolean' || isPlainNumber(type)) return expression;
  return `left(${exactText(expression, type)}, ${CELL_CHARACTERS})`;
}

/** A `Scalar` from a value that `scalarSql` gave. Non-finite floats are text, as JSON has no numbers for them. */
export function scalarOf(value: DuckDBValue | undefined): Scalar {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'boolean' || typeof value === 'string' ? value : String(value);
}

/** SQL of a finite number, digit for digit; a bare literal would be read as a decimal. */
export function doubleSql(value: number): string {
  return `CAST('${String(value)}' AS DOUBLE)`;
}
