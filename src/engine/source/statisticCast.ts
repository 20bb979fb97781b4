import type { LogicalType } from '../../core/table/type.ts';

/**
 * SQL that parses the text of a statistic as a value of the type, or returns NULL if it is not one. Null for types
 * whose statistics are not usable.
 */
export function exactCast(type: LogicalType): ((text: string) => string) | null {
  const as =
    (name: string) =>
    (text: string): string =>
      `TRY_CAST(${text} AS ${name})`;
  switch (type.kind) {
    case 'integer':
      return as('HUGEINT');
    case 'float':
      return as('DOUBLE');
    case 'decimal':
      return as(`DECIMAL(${type.precision}, ${type.scale})`);
    case 'boolean':
      return as('BOOLEAN');
    case 'date':
      return as('DATE');
    case 'timestamp':
      return type.zoned
        ? (text) => `(${as('TIMESTAMPTZ')(text)} AT TIME ZONE 'UTC')`
        : as(type.unit === 'ns' ? 'TIMESTAMP_NS' : 'TIMESTAMP');
    default:
      return null;
  }
}
