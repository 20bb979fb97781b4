import { fail } from '../message/failure.ts';
import { message } from '../message/message.ts';

/** A name as an SQL identifier. This is the only such function: every name in SQL of DuckDB goes through it. */
export function quoteIdentifier(name: string): string {
  // DuckDB reads SQL as a C string, so everything after a NUL would be cut off.
  if (name.includes('\0'))
    throw fail('unsupported', message('A column name contains a NUL character'), { place: { column: name } });
  refuseHalfPairs(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL string literal, including NUL characters. @throws FailureError `bad-request` for half a pair */
export function quoteLiteral(text: string): string {
  refuseHalfPairs(text);
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}

/** DuckDB has UTF-8, in which half of a surrogate pair would become U+FFFD and match other texts. */
function refuseHalfPairs(text: string): void {
  if (/\p{Surrogate}/u.test(text))
    throw fail(
      'bad-request',
      message('The text {0} contains half a character (an unpaired surrogate)', JSON.stringify(text)),
      {
        advice: message('Write it with whole characters.'),
      },
    );
}
