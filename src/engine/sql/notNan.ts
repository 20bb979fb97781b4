import type { LogicalType } from '../../core/table/type.ts';

/** SQL that is NULL where a float is NaN, which is no number, and which DuckDB takes for equal to itself and larger than all others. */
export function orNull(x: string, type: LogicalType): string {
  return type.kind === 'float' ? `(CASE WHEN NOT isnan(${x}) THEN ${x} END)` : x;
}

/** SQL of a number that a text says; NULL where it says none, or NaN. */
export function numberIn(text: string): string {
  return `nullif(TRY_CAST(${text} AS DOUBLE), CAST('nan' AS DOUBLE))`;
}
