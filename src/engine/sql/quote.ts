import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/** A name as an SQL identifier. This is the only such function: every name in SQL goes through it. */
export function quoteIdentifier(name: string): string {
  // DuckDB reads SQL as a C string, so everything after a NUL would be cut off.
  if (name.includes('\0'))
    throw fail('unsupported', message('A column name contains a NUL character'), { place: { column: name } });
  return `"${name.replaceAll('"', '""')}"`;
}

/** The path of one file to read, as an SQL string literal. DuckDB takes `[1]` in the name of a file for a pattern. */
export function quotePath(path: string): string {
  return quoteLiteral(path.replace(/[*?[]/g, '[$&]'));
}

/** A text as an SQL string literal, including NUL characters. */
export function quoteLiteral(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}
