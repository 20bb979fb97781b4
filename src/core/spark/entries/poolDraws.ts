import { sizeJoins, sizeOf } from './aliasTable.ts';
import { attributeText } from '../inputs/corpus.ts';
import { and, asc, call, cast, col, countRows, fn, int, over, sql, when } from '../sql/expression.ts';
import { equal, from, join, select, unionAll } from '../sql/relation.ts';
import { attemptWordColumns, drawColumns, saltWords, unit53 } from '../hash.ts';
import { acceptableJoins } from './exclusion.ts';
import { groupKey, joinedTexts, quotaColumn, sameGroup } from '../groups/groups.ts';
import { eligible, partitionOf, type PoolEntry } from './poolEntry.ts';
import { groupsWithValue, hasValueTables } from './valueTables.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Expression, Join, Relation } from '../sql/tree.ts';

/** Attempts after those of the quota, before the rest is drawn at once. */
export const SECOND = 8;

/** The table of each group: `<name>__groups`, with its quota. */
function addGroups(script: Script, entry: PoolEntry): void {
  const { name, index, plan, groups } = entry;
  const by = partitionOf(entry);
  const matched = plan.partition?.by === 'positive' ? plan.partition.attributes : [];
  const texts = matched.map((one) => col(attributeText(one), 'i'));
  const of = sizeOf(name, by);
  const chosen = hasValueTables(entry) ? groupsWithValue(entry) : null;
  script.view(
    `${name}__values`,
    chosen ??
      select(
        [
          ...[...groupKey, 't'].map((one) => [one, col(one, 'g')] as const),
          ['quota', col(quotaColumn(index), 'g')],
          ...(by.length === 0 ? [] : [['value', joinedTexts(texts)] as const]),
        ],
        from(groups, 'g'),
        by.length === 0
          ? {}
          : {
              joins: [join('inner', 'corpus', 'i', sql`${col('item', 'i')} = ${col('item', 'g')}`)],
              where: texts.map((one) => sql`${one} IS NOT NULL`),
            },
      ),
    'The groups of the entry, with the value that chooses their table.',
  );
  script.table(
    `${name}__groups`,
    select(
      [
        ...[...groupKey, 't', 'quota', ...by].map((one) => [one, col(one, 'g')] as const),
        ['items', of('items')],
        ['bits', of('bits')],
      ],
      from(`${name}__values`, 'g'),
      {
        joins: sizeJoins(name, by, 'g'),
        where: [sql`${col('quota', 'g')} > ${int(0)}`, sql`${of('items')} > ${int(0)}`],
      },
    ),
    'Groups that draw something, with the size of their table.',
  );
}

/** Attempts that are made together: the first and last of a group, and what the comment says. */
type Phase = readonly [first: Expression, last: Expression, about: string];

/** What attempts reject in addition: joins of an attempt `c`, which has these columns of its group. */
interface Rejection {
  readonly columns: readonly string[];
  readonly joins: readonly Join[];
}

/** The step `<name>__drawn`: the negatives of a pool entry. docs/sampling.md: Pools. */
export function addPoolDraws(script: Script, job: SparkJob, entry: PoolEntry): void {
  addGroups(script, entry);
  const quota = col('quota');
  const last = sql`${sql`${quota} * ${int(8)}`} + ${int(63)}`;
  addPhases(script, job, entry, [
    [int(0), sql`${quota} - ${int(1)}`, 'As many attempts as rows are missing. Most groups are full then.'],
    [quota, sql`${quota} + ${int(SECOND - 1)}`, `Groups that are not full: ${SECOND} more attempts.`],
    [sql`${quota} + ${int(SECOND)}`, last, 'The few that are still not full: all attempts up to 8·quota + 64.'],
  ]);
}

/** The step `<name>__drawn` of the groups of the step `<name>__groups`. Each phase is for groups that are not full. */
export function addPhases(
  script: Script,
  job: SparkJob,
  entry: PoolEntry,
  phases: readonly Phase[],
  rejection: Rejection = { columns: [], joins: [] },
): void {
  const { name } = entry;
  const quota = col('quota');
  let groups = `${name}__groups`;
  let before: string | null = null;
  const full: Relation[] = [];
  phases.forEach(([first, end, about], k) => {
    const drawn = accepted(job, entry, groups, [first, end], rejection);
    const rows: Relation =
      before === null
        ? drawn
        : select(
            [...groupKey, 'quota', 'item', ['weight', fn('min', col('weight'))], ['k', fn('min', col('k'))]],
            unionAll(
              drawn,
              select(
                [...groupKey, 'quota', 'item', 'weight', 'k'].map((one) => [one, col(one, 'a')] as const),
                from(before, 'a'),
                { joins: [join('semi', groups, 'm', sameGroup('m', 'a'))] },
              ),
            ),
            { groupBy: [...groupKey, 'quota', 'item'].map((one) => col(one)) },
          );
    const partition = groupKey.map((one) => col(one));
    const step = script.table(
      `${name}__accepted_${k + 1}`,
      select(
        [
          ...groupKey,
          'quota',
          'item',
          'weight',
          'k',
          ['draw', sql`${over(fn('row_number'), { partition, order: [asc(col('k'))] })} - ${int(1)}`],
          ['got', over(countRows, { partition, order: [] })],
        ],
        rows,
      ),
      about,
      ...(k === 0 ? ['An item counts at its smallest accepted attempt k. docs/sampling.md: Pools.'] : []),
    );
    const isLast = k === phases.length - 1;
    full.push(
      select([...groupKey, 'item', 'weight', 'draw'], step, {
        where: [sql`${col('draw')} < ${quota}`, ...(isLast ? [] : [sql`${col('got')} >= ${quota}`])],
      }),
    );
    if (isLast) return;
    const done = select([...groupKey], step, { where: [sql`${sql`${col('draw')} + ${int(1)}`} = ${quota}`] });
    groups = script.table(
      `${name}__short_${k + 1}`,
      select([{ all: 'g' }], from(groups, 'g'), { joins: [join('anti', done, 'a', sameGroup('a', 'g'))] }),
      'Groups that are not full.',
    );
    before = step;
  });
  script.view(`${name}__drawn`, unionAll(...full), 'The negatives of the entry.');
}

/** The accepted items of the attempts from `first` to `last`, each at its smallest attempt. */
function accepted(
  job: SparkJob,
  entry: PoolEntry,
  groups: string,
  [first, last]: readonly [Expression, Expression],
  rejection: Rejection,
): Relation {
  const { name, plan, corpus, exclusion, label } = entry;
  const by = partitionOf(entry);
  const kept = [...groupKey, 't', 'quota', 'items', 'bits', ...by, ...rejection.columns];
  const attempts = select([...kept, ['k', call('eachInteger', first, last)]], {
    relation: select([{ all: null }], groups, { together: [col('user')] }),
    as: null,
  });
  const words = select([...kept, 'k', ...attemptWordColumns(col('k'))], attempts, { computed: [...kept, 'k', 'w'] });
  const draws = select([...kept, 'k', ...drawColumns(saltWords(job.plan, label))], words, {
    computed: [...kept, 'k', 'a', 'b'],
  });
  const row = [...groupKey, 't', 'quota', 'k', ...by, ...rejection.columns];
  const column = when(
    [[sql`${col('bits')} = ${int(0)}`, int(0)]],
    call('shiftRight', col('a'), sql`${int(32)} - ${col('bits')}`),
  );
  const uniform = fn(
    'least',
    sql`${col('items')} - ${int(1)}`,
    cast(fn('floor', sql`${unit53} * ${cast(col('items'), 'DOUBLE')}`), 'BIGINT'),
  );
  const places: Relation =
    plan.weight === null
      ? select([...row, ['place', uniform]], draws)
      : select(
          [
            ...row.map((one) => [one, col(one, 'd')] as const),
            ['place', when([[sql`${col('b', 'd')} < ${col('threshold', 't')}`, col('j', 'd')]], col('alias', 't'))],
          ],
          from(select([...row, 'b', ['j', column]], draws), 'd'),
          {
            joins: [join('inner', `${name}__alias`, 't', equal('t', 'd', [...by, 'j']))],
          },
        );
  const items = select(
    [...row.map((one) => [one, col(one, 'd')] as const), ['item', col('item', 'p')], ['weight', col('weight', 'p')]],
    from(places, 'd'),
    {
      joins: [
        join('inner', `${name}__pool`, 'p', and(equal('p', 'd', [...by, 'place']), ...eligible(corpus, 'p', 'd'))),
      ],
    },
  );
  return select(
    [
      ...[...groupKey, 'quota', 'item'].map((one) => [one, col(one, 'c')] as const),
      ['weight', fn('min', col('weight', 'c'))],
      ['k', fn('min', col('k', 'c'))],
    ],
    from(items, 'c'),
    {
      joins: [...acceptableJoins(exclusion, 'c'), ...rejection.joins],
      groupBy: [...groupKey, 'quota', 'item'].map((one) => col(one, 'c')),
    },
  );
}
