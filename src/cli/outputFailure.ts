import { fail, type FailureError } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';

/** What was to be printed and could not be: a full disk behind `>`, or a device that fails. A fault of the machine. */
export function outputFailure(error: NodeJS.ErrnoException): FailureError {
  const cause = String(error);
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return fail('disk-full', message('The output is not complete: there is no room left where it is written'), {
      cause,
      advice: message('Free some space, then try again.'),
    });
  }
  return fail('internal', message('The output is not complete: {0}', error.message), { cause });
}
