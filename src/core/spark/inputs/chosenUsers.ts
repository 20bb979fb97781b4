import { fail } from '../../message/failure.ts';
import { message } from '../../message/message.ts';
import { printableId } from '../../message/printable.ts';
import { int, text } from '../../relation/expression.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from './sources.ts';
import type { Expression } from '../../relation/tree.ts';

/**
 * The condition that a row is of a user of the job; none if the job is for all users. `user`: the id of the row.
 * @throws FailureError if ids are integers, and one of the given ids is not
 */
export function ofChosenUsers({ users }: SparkJob, sources: Sources, user: Expression): Expression[] {
  if (users === null) return [];
  const isInteger = sources.required('impressions').isInteger('user');
  const values = users.map((id) => (isInteger ? int(integerOf(id)) : text(id)));
  const list = values.flatMap((value, k) => (k === 0 ? [value] : [', ', value]));
  return [{ kind: 'syntax', parts: [user, ' IN (', ...list, ')'] }];
}

function integerOf(id: string): bigint {
  if (/^-?\d{1,19}$/.test(id) && BigInt.asIntN(64, BigInt(id)) === BigInt(id)) return BigInt(id);
  throw fail('bad-request', message('The ids of users are 64-bit integers, but not {0}', printableId(id)));
}
