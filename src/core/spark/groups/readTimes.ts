import { isAsOf } from '../../data/passThrough.ts';
import type { ListPlan } from '../../source/drawPlan.ts';
import { requestKey, type Log } from '../inputs/log.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { cast, col, concatenated, fn, sql, text } from '../../relation/expression.ts';
import { equal, join, select, unionAll } from '../../relation/relation.ts';
import type { Expression, Join } from '../../relation/tree.ts';

/** Column of the read time of a group. */
export const readTime = 'read_t';

const step = 'read_times';

/** True if something is read at the read times of the groups. */
export function needsReadTimes({ plan, inputs }: SparkJob): boolean {
  const isListed = plan.entries.some(
    ({ draws }) => draws.kind === 'list' && (readsBefore(draws) || hasUserExposures(draws)),
  );
  return inputs.passed.some(isAsOf) || inputs.sequences.length > 0 || isListed;
}

/** True if a drawn row may have an exposure of another request. */
function hasUserExposures({ rows }: ListPlan): boolean {
  return rows.of === 'exposures' && rows.scope !== 'request';
}

/** How rows with `t` and `request_key` get the column `readTime`. */
export interface ReadTimes {
  readonly joins: readonly Join[];
  readonly columns: readonly (readonly [string, Expression])[];
}

/**
 * The step `read_times`: the earliest time at which the log knows of a user's request. Rows that nothing is read for
 * need no such step. docs/sampling.md: Read time.
 * @param as name of the rows
 */
export function addReadTimes(script: Script, sources: Sources, job: SparkJob, log: Log, as: string): ReadTimes {
  if (!needsReadTimes(job)) return { joins: [], columns: [] };
  const t = col('t', as);
  const shown = log.hasRequests
    ? [select(['user', ['request_key', requestKey], 't'], 'log', { where: [sql`${col('request')} IS NOT NULL`] })]
    : [];
  const isInteger =
    sources.required('impressions').hasRole('request') && sources.required('impressions').isInteger('request');
  const events = sources.clicks.flatMap(({ source }) => {
    if (!source.hasRole('request') || !source.hasRole('time')) return [];
    const request = cast(cast(source.id('request'), isInteger ? 'BIGINT' : 'STRING'), 'STRING');
    const rows = select(
      [
        ['user', source.id('user')],
        ['request_key', concatenated(text('#'), request)],
        ['t', source.time('time')],
      ],
      source.view,
      { where: source.filter() },
    );
    const known = ['user', 'request_key', 't'].map((name) => sql`${col(name)} IS NOT NULL`);
    return [select(['user', 'request_key', 't'], rows, { where: known })];
  });
  const all = [...shown, ...events];
  if (all.length === 0) return { joins: [], columns: [[readTime, t]] };
  if (!script.hasStep(step))
    script.view(
      step,
      select(['user', 'request_key', ['t', fn('min', col('t'))]], unionAll(...all), {
        groupBy: [col('user'), col('request_key')],
      }),
      'The earliest impression or event of each request: what is read for its rows is read before. docs/sampling.md: Read time.',
    );
  return {
    joins: [join('left', step, 'rt', equal('rt', as, ['user', 'request_key']))],
    columns: [[readTime, fn('least', t, fn('coalesce', col('t', 'rt'), t))]],
  };
}

/** True if candidates of the user count only if their first row is before the read time of the group. */
export function readsBefore({ rows }: ListPlan): boolean {
  return rows.of !== 'candidates' && rows.before === true;
}
