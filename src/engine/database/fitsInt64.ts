const fitting = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER']);

/** True if every value of a DuckDB type fits into a signed 64-bit integer. */
export function fitsInt64(sqlType: string): boolean {
  return fitting.has(sqlType);
}
