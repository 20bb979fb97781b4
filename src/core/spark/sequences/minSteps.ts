import { sequenceWithoutLists } from '../../data/sequences.ts';
import { call, col, int, sql } from '../../relation/expression.ts';
import { columnsFrom, equal, from, join, select } from '../../relation/relation.ts';
import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { addReadTimes, readTime } from '../groups/readTimes.ts';
import type { Log } from '../inputs/log.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { addHistoriesOf } from './lists.ts';

/**
 * `min_steps`: the positives of the training data whose histories have enough steps.
 * @param rows the name of a step with the columns `kept`, among them `user`, `t` and `request_key`
 * @param prefix of the names of the steps
 */
export function addMinSteps(
  {
    script,
    sources,
    job,
    log,
  }: { readonly script: Script; readonly sources: Sources; readonly job: SparkJob; readonly log: Log },
  { split, positives: { minSteps = [] } }: StagePlan,
  kept: readonly string[],
  rows: string,
  prefix: '' | 'train_' = '',
): string {
  if (split !== 'train' || minSteps.length === 0) return rows;
  const readTimes = addReadTimes(script, sources, job, log, 'g');
  const reads = script.table(
    `${prefix}positive_reads`,
    select([...columnsFrom(kept, 'g'), ...readTimes.columns], from(rows, 'g'), { joins: readTimes.joins }),
    'The positives with their read times.',
  );
  const histories = minSteps.map((limited, k) => {
    const index = job.inputs.sequences.findIndex(({ name }) => name === limited.name);
    const sequence = { ...sequenceWithoutLists(limited), copies: [] };
    const name = `${prefix}min_steps_${k}`;
    // Of all users, also if only some are drawn: the share of an item in the batches depends on all positives.
    return addHistoriesOf(script, sources, { ...job, users: null }, log, {
      sequence,
      index,
      name,
      fields: [],
      rows: select([{ all: null }], reads),
    });
  });
  return script.view(
    `${prefix}full_positives`,
    select([...columnsFrom(kept, 'g')], from(reads, 'g'), {
      joins: histories.map((step, k) => join('inner', step, `h${k}`, equal(`h${k}`, 'g', ['user', readTime]))),
      where: minSteps.map(({ length }, k) => sql`${call('listSize', col('steps', `h${k}`))} >= ${int(length)}`),
    }),
    'min_steps: the positives with enough steps in their histories.',
  );
}
