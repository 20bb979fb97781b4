import type { LogicalType } from '../../core/table/type.ts';
import { isNumeric } from '../../core/table/type.ts';
import { quoteIdentifier } from './quote.ts';

/** Two conditions on the label of a row, both never NULL, with the meaning of `labelKind`. */
export interface LabelSql {
  readonly isPositive: string;
  /** A value that is neither 0 nor 1, such as a rating. NULL and NaN are not labels. */
  readonly isOther: string;
}

/** SQL of the label of a row; null for a type that holds no label. */
export function labelSql(name: string, type: LogicalType): LabelSql | null {
  const column = quoteIdentifier(name);
  if (type.kind === 'boolean') return { isPositive: `(${column} IS NOT DISTINCT FROM TRUE)`, isOther: 'FALSE' };
  if (isNumeric(type)) {
    const isNan = type.kind === 'float' ? `NOT isnan(${column})` : 'TRUE';
    return {
      isPositive: `(${column} IS NOT DISTINCT FROM 1)`,
      isOther: `(${column} IS NOT NULL AND ${isNan} AND ${column} NOT IN (0, 1))`,
    };
  }
  if (type.kind !== 'string' && type.kind !== 'enum') return null;
  const text = `lower(CAST(${column} AS VARCHAR))`;
  const value = `CASE ${text} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE TRY_CAST(${text} AS DOUBLE) END`;
  return {
    isPositive: `((${value}) IS NOT DISTINCT FROM 1)`,
    isOther: `(${column} IS NOT NULL AND coalesce((${value}) NOT IN (0, 1) AND NOT isnan(${value}), TRUE))`,
  };
}
