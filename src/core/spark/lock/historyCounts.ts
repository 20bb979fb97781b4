import type { DrawnEntry } from '../entries/drawnEntry.ts';
import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import type { PastItems } from '../inputs/history.ts';
import type { Log } from '../inputs/log.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { col, fn, not, sql, text, when } from '../../relation/expression.ts';
import { from, join, select, unionAll, unionDistinct } from '../../relation/relation.ts';
import type { Relation } from '../../relation/tree.ts';

/**
 * Counts of each history: the different past items of the users of the job, and the ids that are no item. As
 * `HistoryCounts` of the local run.
 */
export function addHistoryCounts(
  script: Script,
  sources: Sources,
  job: SparkJob,
  log: Log,
  entries: readonly DrawnEntry[],
): void {
  const all = entries.flatMap(({ entry }) => entry.exclusion.past ?? []);
  const histories = [...new Map(all.map((past) => [past.step, past])).values()];
  if (histories.length === 0) return;
  const known = script.table(
    'known_items',
    unionDistinct(...itemsOf(sources, log)),
    'The items of the corpus and of the logs. Other ids in a history have no effect.',
  );
  script.counts(
    'histories',
    unionAll(...histories.map((past) => countsOf(past, sources, job, known))),
    'Past items of exclude.history, and ids that are no item.',
  );
}

function itemsOf(sources: Sources, { unmatchedEvents }: Log): Relation[] {
  const others = (['candidates', 'rejections'] as const).flatMap((name) => {
    if (name === 'candidates' && !sources.drawsCandidates) return [];
    const source = sources.get(name);
    if (!source) return [];
    const ids = ['user', 'item', ...(name === 'candidates' ? ['request'] : [])].filter((role) => source.hasRole(role));
    const whole = ids.map((role) => sql`${source.id(role)} IS NOT NULL`);
    return [select([['item', source.id('item')]], source.view, { where: [...source.filter(), ...whole] })];
  });
  const unexposed = unmatchedEvents?.hasPositives === true ? unmatchedEvents.unmatched : null;
  return [
    select(['item'], 'log'),
    ...(sources.get('items') ? [select(['item'], 'corpus')] : []),
    ...others,
    ...(unexposed === null ? [] : [select(['item'], unexposed, { where: [col('is_positive')] })]),
  ];
}

function countsOf({ column, within, step }: PastItems, sources: Sources, job: SparkJob, known: string): Relation {
  const isKnown = sql`${col('item', 'n')} IS NOT NULL`;
  const pairs = select(
    [
      ['user', col('user', 'p')],
      ['item', col('item', 'n')],
      ['unknown', when([[not(isKnown), col('id', 'p')]])],
    ],
    from(step, 'p'),
    {
      distinct: true,
      joins: [join('left', known, 'n', sql`${col('item', 'n')} = ${col('item', 'p')}`)],
      where: ofChosenUsers(job, sources, col('user', 'p')),
    },
  );
  return select(
    [
      ['column', text(column)],
      ['within', text(within)],
      ['items', fn('count', col('item'))],
      ['unknown', fn('count', col('unknown'))],
    ],
    pairs,
  );
}
