import { fail, type FailureError } from '../message/failure.ts';
import { message } from '../message/message.ts';

/** Most cells of one copy. Text for the clipboard is in memory several times. */
export const mostCopiedCells = 5_000_000;

export function tooManyCells(selected: number): FailureError {
  return fail(
    'bad-request',
    message('At most {0} cells can be copied at once, but {1} are selected', mostCopiedCells, selected),
    { advice: message('Select fewer rows or columns.') },
  );
}
