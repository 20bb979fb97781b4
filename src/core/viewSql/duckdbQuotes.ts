import { fail } from '../message/failure.ts';
import { message } from '../message/message.ts';

/** Quotes a name as an SQL identifier. All names in SQL for DuckDB must go through this function. */
export function quoteIdentifier(name: string): string {
  // DuckDB reads SQL as a C string, so everything after a NUL would be cut off.
  if (name.includes('\0'))
    throw fail('unsupported', message('A column name contains a NUL character'), { place: { column: name } });
  refuseUnpairedSurrogates(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text as an SQL string literal. @throws FailureError `bad-request` for an unpaired surrogate */
export function quoteLiteral(text: string): string {
  refuseUnpairedSurrogates(text);
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}

/** DuckDB stores UTF-8, in which an unpaired surrogate would become U+FFFD and match other texts. */
function refuseUnpairedSurrogates(text: string): void {
  if (/\p{Surrogate}/u.test(text))
    throw fail(
      'bad-request',
      message('The text {0} contains half a character (an unpaired surrogate)', JSON.stringify(text)),
      {
        advice: message('Write it with whole characters.'),
      },
    );
}
