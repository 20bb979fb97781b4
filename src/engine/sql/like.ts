import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { TypedExpression } from '../../core/table/expression/typed.ts';

/** Longest pattern that becomes a regular expression, in characters. Compiling longer ones takes a second or more. */
const MAX_PATTERN = 1000;
/** Text by which `readFailure` recognizes the error. */
export const patternTooLong = 'like pattern too long';

type Like = TypedExpression & { readonly kind: 'like' };

/**
 * `LIKE` in time bounded by text × pattern. `operand` and `pattern` are the compiled operands. DuckDB's `LIKE`
 * backtracks over every `%` if the pattern has `_`, ignores case or is not constant, and it cannot be interrupted.
 * @throws FailureError `bad-filter` for a pattern that is too long
 */
export function compileLike({ anyCase, negated, pattern: typed }: Like, operand: string, pattern: string): string {
  const folded = (sql: string): string => (anyCase ? `lower(${sql})` : sql);
  const no = negated ? 'NOT ' : '';
  if (typed.kind !== 'constant') {
    // The list contains both operands once. A condition that repeats them would double the SQL with every nesting
    // level.
    const matches = `CASE WHEN len(q.p) - len(replace(q.p, '%', '')) <= 1 THEN q.x LIKE q.p WHEN len(q.p) > ${MAX_PATTERN} THEN error('${patternTooLong}') ELSE ${regex('q.x', 'q.p')} END`;
    return `(${no}list_transform([{'x': ${folded(operand)}, 'p': ${folded(pattern)}}], lambda q: ${matches})[1])`;
  }
  const text = typed.text ?? '';
  if (!text.includes('_') || text.split('%').length <= 2) return `(${folded(operand)} ${no}LIKE ${folded(pattern)})`;
  if (text.length > MAX_PATTERN) throw tooLong();
  return `(${no}${regex(folded(operand), folded(pattern))})`;
}

export function tooLong(): FailureError {
  return fail(
    'bad-filter',
    message('A pattern of like with _ and several % is longer than {0} characters', MAX_PATTERN),
    { advice: message('Use contains, starts_with or ends_with, or a shorter pattern.') },
  );
}

/** `LIKE` through RE2, which does not backtrack. */
function regex(text: string, pattern: string): string {
  return `regexp_full_match(${text}, replace(replace(regexp_escape(${pattern}), '\\%', '.*'), '_', '.'), 's')`;
}
