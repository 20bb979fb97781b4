import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { TypedExpression } from '../../core/table/expression/typed.ts';
import { formatCount } from '../../core/table/format.ts';

/**
 * Longest text that `replace` makes longer, in bytes. DuckDB's memory limit does not count the texts of a block of 2048
 * rows, so the length of each is limited: a block then takes at most 200 MB for each `replace` and thread.
 */
const MAX_BYTES = 100_000;
/** Text by which `readFailure` recognizes the error. The length that the result would have follows. */
export const replaceTooLong = 'replace result too long: ';

/** `replace(text, what, by)` that never makes a text much longer. `sql`: the compiled arguments. */
export function compileReplace(
  args: readonly TypedExpression[],
  [text = '', what = '', by = '']: readonly string[],
): string {
  if (!isGrowing(args)) return `replace(${text}, ${what}, ${by})`;
  const bytes =
    "strlen(q.x) + (strlen(q.x) - strlen(replace(q.x, q.w, ''))) // greatest(1, strlen(q.w)) * (strlen(q.b) - strlen(q.w))";
  return `list_transform([{'x': ${text}, 'w': ${what}, 'b': ${by}}], lambda q: CASE WHEN ${bytes} > greatest(${MAX_BYTES}, strlen(q.x)) THEN error('${replaceTooLong}' || (${bytes})) ELSE replace(q.x, q.w, q.b) END)[1]`;
}

/** False if the result is never longer than the text. */
function isGrowing([, what, by]: readonly TypedExpression[]): boolean {
  const added = constantBytes(by);
  const removed = constantBytes(what);
  return added !== 0 && (added === null || removed === null || added > removed);
}

/** Length of a constant text in bytes; null for anything else. */
function constantBytes(e: TypedExpression | undefined): number | null {
  return e?.kind === 'constant' ? Buffer.byteLength(e.text ?? '') : null;
}

/**
 * `TRY` around an operation. TRY makes every error inside NULL, also a text or pattern that is too long, which would
 * leave rows out silently. So operands that may fail are computed outside.
 */
export function tryOutside(operands: readonly string[], operation: (operands: readonly string[]) => string): string {
  if (!operands.some((sql) => sql.includes("error('"))) return operation(operands);
  const fields = operands.map((sql, k) => `'o${k}': ${sql}`).join(', ');
  return `list_transform([{${fields}}], lambda o: ${operation(operands.map((_, k) => `o.o${k}`))})[1]`;
}

/** @param cause the error of DuckDB */
export function textTooLong(cause: string): FailureError {
  const bytes = new RegExp(`${replaceTooLong}(\\d+)`).exec(cause)?.[1] ?? '';
  return fail(
    'bad-filter',
    message(
      'replace would make a text of {0} bytes; longer texts than {1} bytes are not made',
      formatCount(Number(bytes)),
      formatCount(MAX_BYTES),
    ),
    { cause, advice: message('Replace by a shorter text, or replace fewer times.') },
  );
}
