import { copiedOfCandidates } from '../inputs/copiedCandidates.ts';
import { carried } from '../inputs/log.ts';
import type { Sources } from '../inputs/sources.ts';
import { inEachPart, userPart, withPart } from '../groups/splitUsers.ts';
import { and, cast, col, concatenated, sql, text } from '../../relation/expression.ts';
import { equal, join } from '../../relation/relation.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Expression, Join } from '../../relation/tree.ts';

/** Whether the rows of a job have the part of their user. In the unit impression, nothing is drawn. */
const hasParts = ({ plan }: SparkJob): boolean => plan.unit !== 'impression';

/** Join of the rows `r` with their user `d`. */
export function usersJoin(job: SparkJob): Join {
  if (!hasParts(job)) return join('left', 'users', 'd', equal('d', 'r', ['user']));
  const copies = job.inputs.passed.filter((one) => one.from === 'users').map(({ column }) => carried(column));
  return join('left', inEachPart(['user', ...new Set(copies)], 'users'), 'd', equal('d', 'r', userPart));
}

/** Join of the rows `r` with their candidate `k`. `request`: the request of a row. */
export function copiedCandidateJoins(sources: Sources, job: SparkJob, request: Expression): Join[] {
  const copies = copiedOfCandidates(job).map(carried);
  if (copies.length === 0) return [];
  const same = and(sql`${col('request', 'k')} = ${request}`, equal('k', 'r', ['item']));
  if (!sources.required('candidates').has('user')) return [join('left', 'copied_candidates', 'k', same)];
  if (!hasParts(job)) return [join('left', 'copied_candidates', 'k', and(equal('k', 'r', ['user']), same))];
  const requestKey = concatenated(text('#'), cast(col('request', 's'), 'STRING'));
  const rows = withPart(['user', 'request', 'item', ...copies], 'copied_candidates', requestKey);
  return [join('left', rows, 'k', and(equal('k', 'r', userPart), same))];
}
