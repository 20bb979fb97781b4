import { DuckDBDecimalType, DuckDBTypeId, type DuckDBType } from '@duckdb/node-api';

/** Bytes of a value. */
export type FixedWidth = 1 | 2 | 4 | 8 | 16;

const widths: ReadonlyMap<DuckDBTypeId, FixedWidth> = new Map<DuckDBTypeId, FixedWidth>([
  [DuckDBTypeId.BOOLEAN, 1],
  [DuckDBTypeId.TINYINT, 1],
  [DuckDBTypeId.UTINYINT, 1],
  [DuckDBTypeId.SMALLINT, 2],
  [DuckDBTypeId.USMALLINT, 2],
  [DuckDBTypeId.INTEGER, 4],
  [DuckDBTypeId.UINTEGER, 4],
  [DuckDBTypeId.FLOAT, 4],
  [DuckDBTypeId.DATE, 4],
  [DuckDBTypeId.BIGINT, 8],
  [DuckDBTypeId.UBIGINT, 8],
  [DuckDBTypeId.DOUBLE, 8],
  [DuckDBTypeId.TIME, 8],
  [DuckDBTypeId.TIMESTAMP, 8],
  [DuckDBTypeId.TIMESTAMP_S, 8],
  [DuckDBTypeId.TIMESTAMP_MS, 8],
  [DuckDBTypeId.TIMESTAMP_NS, 8],
  [DuckDBTypeId.TIMESTAMP_TZ, 8],
  [DuckDBTypeId.HUGEINT, 16],
  [DuckDBTypeId.UHUGEINT, 16],
  [DuckDBTypeId.UUID, 16],
]);

/** Bytes of a value in DuckDB's vectors; null if values have no fixed width, or the type has parameters of its own. */
export function fixedWidth(type: DuckDBType): FixedWidth | null {
  if (!(type instanceof DuckDBDecimalType)) return widths.get(type.typeId) ?? null;
  if (type.width <= 4) return 2;
  if (type.width <= 9) return 4;
  return type.width <= 18 ? 8 : 16;
}
