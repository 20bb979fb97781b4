import { fail, type FailureError } from '../../message/failure.ts';
import type { Message } from '../../message/message.ts';

/** Part of an expression's text: 0-based UTF-16 offsets, `end` excluded (as in editors). */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Creates the only failure of expressions, `bad-filter` at a range. The caller throws it. */
export function badFilter(range: Range, text: Message, advice?: Message): FailureError {
  return fail('bad-filter', text, {
    place: { character: range.start + 1, length: range.end - range.start },
    ...(advice ? { advice } : {}),
  });
}
