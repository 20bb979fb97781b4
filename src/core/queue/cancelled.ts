import { fail, type FailureError } from '../message/failure.ts';
import { message } from '../message/message.ts';

/** The failure of work whose signal was aborted. */
export function cancelled(): FailureError {
  return fail('cancelled', message('Cancelled'));
}
