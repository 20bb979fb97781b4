import { sequenceWithoutLists } from '../../data/sequences.ts';
import { call, col, countRows, int, or, sql, valueOf } from '../../relation/expression.ts';
import { columnsFrom, equal, from, join, select } from '../../relation/relation.ts';
import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import { addReadTimes, readTime } from '../groups/readTimes.ts';
import type { Log } from '../inputs/log.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { addHistoriesOf, historyJoin, historySize } from './lists.ts';

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

/** Counts of the positives with a history shorter than `min_steps`. Evaluation data has groups of them. */
export function addShortHistoryCounts(script: Script, sources: Sources, job: SparkJob): void {
  const { split, positives } = job.plan;
  const { minSteps } = positives;
  if (minSteps === undefined) return;
  const limits = job.inputs.sequences.flatMap((sequence, k) => {
    const length = minSteps.find(({ name }) => name === sequence.name)?.length;
    return length === undefined
      ? []
      : [{ join: historyJoin(sequence, k), isShort: sql`${historySize(k)} < ${int(length)}` }];
  });
  const groups = valueOf(select([['groups', countRows]], 'groups'));
  script.counts(
    'short_histories',
    split === 'train'
      ? select([['positives', sql`${countRows} - ${groups}`]], 'positive_reads', {
          where: ofChosenUsers(job, sources, col('user')),
        })
      : select([['positives', countRows]], from('groups', 'r'), {
          joins: limits.map((limit) => limit.join),
          where: [or(...limits.map(({ isShort }) => isShort))],
        }),
    'Positives whose history is shorter than min_steps.',
  );
}
