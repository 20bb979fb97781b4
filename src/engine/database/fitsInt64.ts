const fitting = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER']);

/** Whether every value of a DuckDB type is a signed 64-bit integer. */
export function fitsInt64(sqlType: string): boolean {
  return fitting.has(sqlType);
}
