import { quoteLiteral } from '../../core/viewSql/duckdbQuotes.ts';

export { quoteIdentifier, quoteLiteral } from '../../core/viewSql/duckdbQuotes.ts';

/** The path of one file to read, as an SQL string literal. DuckDB takes `[1]` in the name of a file for a pattern. */
export function quotePath(path: string): string {
  return quoteLiteral(path.replace(/[*?[]/g, '[$&]'));
}
