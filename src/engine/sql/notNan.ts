import type { LogicalType } from '../../core/table/type.ts';

/** SQL that replaces a NaN float by NULL. DuckDB treats NaN as equal to itself and larger than all other values. */
export function orNull(x: string, type: LogicalType): string {
  return type.kind === 'float' ? `(CASE WHEN NOT isnan(${x}) THEN ${x} END)` : x;
}

/** SQL of the number in a text; NULL if the text is not a number, or is NaN. */
export function numberIn(text: string): string {
  return `nullif(TRY_CAST(${text} AS DOUBLE), CAST('nan' AS DOUBLE))`;
}
