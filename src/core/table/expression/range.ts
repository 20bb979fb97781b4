import { fail, type FailureError } from '../../report/failure.ts';
import type { Message } from '../../report/message.ts';

/** Part of an expression's text: 0-based UTF-16 offsets, `end` not included (as editors count). */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The one failure of expressions: `bad-filter` at a range. To be thrown. */
export function badFilter(range: Range, text: Message, advice?: Message): FailureError {
  return fail('bad-filter', text, {
    place: { character: range.start + 1, length: range.end - range.start },
    ...(advice ? { advice } : {}),
  });
}
