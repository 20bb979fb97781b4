import { fail, type FailureError } from '../message/failure.ts';
import { message } from '../message/message.ts';

/** Largest number of cells in one copy. The clipboard holds the text in memory several times. */
export const maxCopiedCells = 5_000_000;

export function tooManyCells(selected: number): FailureError {
  return fail(
    'bad-request',
    message('At most {0} cells can be copied at once, but {1} are selected', maxCopiedCells, selected),
    { advice: message('Select fewer rows or columns.') },
  );
}
