import { fail, type FailureError } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';

/** Output that could not be written: a full disk behind `>`, or a failing device. */
export function outputFailure(error: NodeJS.ErrnoException): FailureError {
  const cause = String(error);
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return fail('disk-full', message('The output is not complete: there is no space left to write it'), {
      cause,
      advice: message('Free some space, then try again.'),
    });
  }
  return fail('internal', message('The output is not complete: {0}', error.message), { cause });
}
