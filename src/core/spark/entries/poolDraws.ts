import { sizeJoins, sizeOf } from './aliasTable.ts';
import { attributeText } from '../inputs/corpus.ts';
import { and, call, cast, col, fn, int, not, sql, when } from '../sql/expression.ts';
import { equal, from, join, select, unionAll } from '../sql/relation.ts';
import { attemptWordColumns, drawColumns, saltWords, unit53 } from '../hash.ts';
import { acceptableJoins, unexcludedJoins } from './exclusion.ts';
import { groupKey, joinedTexts, quotaColumn, sameGroup } from '../groups/groups.ts';
import { eligible, partitionOf, type PoolEntry } from './poolEntry.ts';
import { groupsWithValue, hasValueTables } from './valueTables.ts';
import { userPart } from '../groups/splitUsers.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Expression, Join, Relation } from '../sql/tree.ts';

/** Attempts after those of the quota, before the rest is drawn at once. */
export const SECOND = 8;

/** The table of each group: `<name>__groups`, with its quota. */
function addGroups(script: Script, entry: PoolEntry): void {
  const { name, index, plan, groups, hasOwn } = entry;
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
          ...(hasOwn ? [['own', col('item', 'g')] as const] : []),
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
  const isDrawn = [sql`${col('quota', 'g')} > ${int(0)}`, sql`${of('items')} > ${int(0)}`];
  const about = 'Groups that draw something, with the size of their table.';
  const columns = [...groupKey, 't', 'quota', ...(hasOwn ? ['own'] : []), ...by].map(
    (one) => [one, col(one, 'g')] as const,
  );
  if (by.length === 0)
    script.view(
      `${name}__groups`,
      select(columns, from(`${name}__values`, 'g'), { where: isDrawn }),
      'Groups that draw something.',
    );
  else
    script.table(
      `${name}__groups`,
      select([...columns, ['items', of('items')], ['bits', of('bits')]], from(`${name}__values`, 'g'), {
        joins: sizeJoins(name, by, 'g'),
        where: isDrawn,
      }),
      about,
    );
}

/** Attempts that are made together: the first and last of a group, and what the comment says. */
type Phase = readonly [first: Expression, last: Expression, about: string];

/** What attempts reject in addition: anti joins of an attempt `c` by user, which has these columns of its group. */
interface Rejection {
  readonly columns: readonly string[];
  readonly joins: readonly Join[];
}

/**
 * The steps `<name>__lists` and `<name>__drawn`: the negatives of a pool entry, as a list for each group and as rows.
 * docs/sampling.md: Pools.
 */
export function addPoolDraws(script: Script, job: SparkJob, entry: PoolEntry): void {
  addGroups(script, entry);
  const quota = col('quota');
  const first = sql`${quota} + ${call('shiftRight', quota, int(3))}`;
  const second = sql`${first} + ${int(SECOND)}`;
  const last = sql`${sql`${quota} * ${int(8)}`} + ${int(63)}`;
  addPhases(script, job, entry, [
    [int(0), first, 'An attempt more for each eight rows that are missing, and one more. Most groups are full then.'],
    [sql`${first} + ${int(1)}`, second, `Groups that are not full: ${SECOND} more attempts.`],
    [sql`${second} + ${int(1)}`, last, 'The few that are still not full: all attempts up to 8·quota + 64.'],
  ]);
}

/** The same of the groups of the step `<name>__groups`. Each phase is for groups that are not full. */
export function addPhases(
  script: Script,
  job: SparkJob,
  entry: PoolEntry,
  phases: readonly Phase[],
  rejection: Rejection = { columns: [], joins: [] },
): void {
  const { name } = entry;
  const quota = col('quota');
  const isFull = sql`${call('listSize', col('items'))} = ${quota}`;
  let groups = `${name}__groups`;
  let before: string | null = null;
  const lists: Relation[] = [];
  phases.forEach(([first, end, about], k) => {
    const found = accepted(job, entry, groups, [first, end], rejection);
    const all: Relation =
      before === null
        ? found
        : select(
            [
              ...[...groupKey, 'quota'].map((one) => [one, col(one, 'f')] as const),
              ['found', call('joinedLists', col('items', 'a'), col('found', 'f'))],
            ],
            from(found, 'f'),
            { joins: [join('inner', before, 'a', sameGroup('a', 'f'))] },
          );
    const step = script.table(
      `${name}__accepted_${k + 1}`,
      select([...groupKey, 'quota', ['items', call('firstDistinct', col('found'), quota)]], all),
      about,
      ...(k === 0 ? ['An item counts at its smallest accepted attempt k. docs/sampling.md: Pools.'] : []),
    );
    const isLast = k === phases.length - 1;
    lists.push(select([...groupKey, 'items'], step, isLast ? {} : { where: [isFull] }));
    if (isLast) return;
    before = script.table(
      `${name}__short_${k + 1}`,
      select([...groupKey, 'items'], step, { where: [not(isFull)] }),
      'Groups that are not full. They are few: Spark copies them to all tasks.',
    );
    groups = script.view(
      `${name}__retried_${k + 1}`,
      select([{ all: 'g' }], from(`${name}__groups`, 'g'), { joins: [join('semi', before, 's', sameGroup('s', 'g'))] }),
    );
  });
  script.view(`${name}__lists`, unionAll(...lists), 'The negatives of each group, in the order of their draws.');
  const places = select(
    [...groupKey, 'items', ['draw', call('eachInteger', int(0), sql`${call('listSize', col('items'))} - ${int(1)}`)]],
    `${name}__lists`,
    { where: [sql`${call('listSize', col('items'))} > ${int(0)}`] },
  );
  script.view(
    `${name}__drawn`,
    select([...groupKey, ['item', call('elementAt', col('items'), col('draw'))], 'draw'], places),
    'The negatives of the entry.',
  );
}

/** The column `found`: the accepted items of the attempts from `first` to `last`, in the order of the attempts. */
function accepted(
  job: SparkJob,
  entry: PoolEntry,
  groups: string,
  [first, last]: readonly [Expression, Expression],
  rejection: Rejection,
): Relation {
  const { name, plan, corpus, exclusion, label, hasOwn } = entry;
  const by = partitionOf(entry);
  const ofTime = corpus?.hasLives === true || exclusion.lookback !== null ? ['t'] : [];
  const row = [...groupKey, ...ofTime, 'quota', ...(hasOwn ? ['own'] : []), ...by, ...rejection.columns];
  // Without values, the size of the only table is a constant.
  const sizes = by.length === 0 ? [] : ['items', 'bits'];
  const size = (column: 'items' | 'bits'): Expression => (by.length === 0 ? sizeOf(name, by)(column) : col(column));
  const kept = [...row, ...sizes];
  const attempts = select([...kept, ['k', call('eachInteger', first, last)]], {
    relation: select([{ all: null }], groups, { together: userPart.map((one) => col(one)) }),
    as: null,
  });
  const words = select([...kept, 'k', ...attemptWordColumns(col('k'))], attempts, { computed: [...kept, 'k', 'w'] });
  const draws = select([...kept, 'k', ...drawColumns(saltWords(job.plan, label))], words, {
    computed: [...kept, 'k', 'a', 'b'],
  });
  const drawn = [...row, 'k'];
  const column = when(
    [[sql`${size('bits')} = ${int(0)}`, int(0)]],
    call('shiftRight', col('a'), sql`${int(32)} - ${size('bits')}`),
  );
  const uniform = fn(
    'least',
    sql`${size('items')} - ${int(1)}`,
    cast(fn('floor', sql`${unit53} * ${cast(size('items'), 'DOUBLE')}`), 'BIGINT'),
  );
  const places: Relation =
    plan.weight === null
      ? select([...drawn, ['place', uniform]], draws)
      : select(
          [
            ...drawn.map((one) => [one, col(one, 'd')] as const),
            ['place', when([[sql`${col('b', 'd')} < ${col('threshold', 't')}`, col('j', 'd')]], col('alias', 't'))],
          ],
          from(select([...drawn, 'b', ['j', column]], draws), 'd'),
          {
            joins: [join('inner', `${name}__alias`, 't', equal('t', 'd', [...by, 'j']))],
          },
        );
  const items = select(
    [...drawn.map((one) => [one, col(one, 'd')] as const), ['item', col('item', 'p')]],
    from(places, 'd'),
    {
      joins: [
        join('left', `${name}__pool`, 'p', and(equal('p', 'd', [...by, 'place']), ...eligible(corpus, 'p', 'd'))),
      ],
    },
  );
  // Groups whose attempts are all rejected stay, so that no step must look for them.
  const rejections = [
    ...(hasOwn ? unexcludedJoins(exclusion, 'c') : acceptableJoins(exclusion, 'c')),
    ...rejection.joins,
  ];
  const isAccepted = and(
    sql`${col('item', 'c')} IS NOT NULL`,
    ...(hasOwn ? [sql`${col('item', 'c')} <> ${col('own', 'c')}`] : []),
    ...rejections.map(({ as }) => sql`${col('user', as ?? '')} IS NULL`),
  );
  const list: Expression = {
    kind: 'structs',
    fields: ['k', 'item'].map((one) => [one, col(one, 'c')] as const),
    where: isAccepted,
  };
  const collected = select(
    [...[...groupKey, 'quota'].map((one) => [one, col(one, 'c')] as const), ['members', list]],
    from(items, 'c'),
    {
      joins: rejections.map((one) => ({ ...one, kind: 'left' as const })),
      groupBy: [...groupKey, 'quota'].map((one) => col(one, 'c')),
    },
  );
  return select([...groupKey, 'quota', ['found', call('eachField', col('members'), col('item'))]], collected);
}
