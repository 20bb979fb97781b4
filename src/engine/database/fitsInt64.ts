const fitting = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER']);

/** Whether every value of a type of DuckDB is a signed integer of 64 bits. */
export function fitsInt64(sqlType: string): boolean {
  return fitting.has(sqlType);
}
