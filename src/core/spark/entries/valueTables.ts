import { dailyCount, groupedBy } from '../../source/options.ts';
import { addDayCounts, byValue, dayAfterCut, dayValue, everybody } from './dayCounts.ts';
import { call, cast, col, concatenated, countRows, fn, sql, text } from '../../relation/expression.ts';
import { columnsFrom, from, join, select } from '../../relation/relation.ts';
import { groupKey, sameGroup, joinedTexts } from '../groups/groups.ts';
import { quotaColumn } from '../groups/quotas.ts';
import { candidatesHaveTime } from '../inputs/candidates.ts';
import type { Log } from '../inputs/log.ts';
import type { PoolEntry } from './poolEntry.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Relation } from '../../relation/tree.ts';

/**
 * True if the counts of an entry depend on the user or the day of a group. A *value* selects one table of counts: the
 * users' attribute values, the day, or `everybody`.
 */
export function hasValueTables({ plan }: Pick<PoolEntry, 'plan'>): boolean {
  return groupedBy({ draws: plan }).length > 0 || dailyCount({ draws: plan }) !== null;
}

/** The tables of an entry. */
interface ValueCounts {
  /** Columns `value`, `item` and `counted`. Counts may be 0. */
  readonly counts: Relation;
  /** One row per table that covers all users; column `value`. */
  readonly everybodyValues: Relation;
}

/**
 * The counts of `popularity` with `group_by` or `as_of: day`: for each value of the users' attributes, for all users,
 * and for each day of the groups. docs/sampling.md: Popularity that moves.
 * @param rows source of the counts if there is no day: columns `user` and `item`
 */
export function addValueCounts(
  script: Script,
  sources: Sources,
  job: SparkJob,
  log: Log,
  { name, label, plan, groups }: Pick<PoolEntry, 'name' | 'label' | 'plan' | 'groups'>,
  rows: () => Relation,
): ValueCounts {
  const attributes = groupedBy({ draws: plan });
  if (attributes.length > 0) addUserValues(script, sources, name, attributes);
  const daily = dailyCount({ draws: plan });
  if (daily !== null) {
    addGroupDays(script, log, { name, groups, attributes });
    const afterCut = isLaterThanLog(sources, job, log) ? 'data' : job.inputs.windows.afterCut[label];
    return {
      counts: addDayCounts(script, log, { name, attributes, daily, afterCut }),
      everybodyValues: select([['value', dayValue(col('day'), everybody)]], `${name}__wanted`, { distinct: true }),
    };
  }
  const counted = script.view(`${name}__counted`, rows(), 'The rows that count.');
  const counts = script.table(
    `${name}__counts`,
    byValue({ name, attributes, rows: counted, columns: [], countedItem: countRows }),
    'Counts by item, for all users and for the users of each value.',
  );
  return {
    counts: select([['value', col('user_value')], 'item', 'counted'], counts),
    everybodyValues: select([['value', everybody]], 'corpus', { distinct: true }),
  };
}

/** True if groups may be later than the newest impression, which is the cut. */
function isLaterThanLog(sources: Sources, { plan, inputs }: SparkJob, { unmatchedEvents }: Log): boolean {
  if (inputs.windows.train.to !== null) return false;
  return plan.unit === 'request'
    ? candidatesHaveTime(sources)
    : plan.split === 'eval' && unmatchedEvents?.hasPositives === true;
}

/** `<name>__users`: the value of each user that has all attributes. */
function addUserValues(script: Script, sources: Sources, name: string, attributes: readonly string[]): void {
  const source = sources.required('users');
  const user = source.id('user');
  const texts = attributes.map(
    (name, index) => [`attribute_${index}`, fn('min', cast(source.column(name), 'STRING'))] as const,
  );
  const users = select([['user', user], ...texts], source.view, {
    where: [sql`${user} IS NOT NULL`],
    groupBy: [user],
  });
  const values = texts.map(([column]) => col(column));
  script.table(
    `${name}__users`,
    select(['user', ['value', concatenated(text('v'), joinedTexts(values))]], users, {
      where: values.map((value) => sql`${value} IS NOT NULL`),
    }),
    'The values of group_by of each user. Of several rows of a user, the smallest.',
  );
}

/** `<name>__wanted`: each group with the value of its user and the day before which rows count. */
function addGroupDays(
  script: Script,
  log: Log,
  { name, groups, attributes }: Pick<PoolEntry, 'name' | 'groups'> & { readonly attributes: readonly string[] },
): void {
  script.view(
    `${name}__wanted`,
    select(
      [
        ...columnsFrom(groupKey, 'g'),
        ['day', fn('least', call('dayNumber', col('t', 'g')), dayAfterCut(log))],
        ['user_value', attributes.length === 0 ? everybody : fn('coalesce', col('value', 'u'), everybody)],
      ],
      from(groups, 'g'),
      attributes.length === 0
        ? {}
        : { joins: [join('left', `${name}__users`, 'u', sql`${col('user', 'u')} = ${col('user', 'g')}`)] },
    ),
    'The day of each group, at most the one after the cut, and the value of its user.',
  );
}

/**
 * Assigns each group its table of counts: that of its user's value if it has items, else that of all users on the same
 * day.
 */
export function groupsWithValue({ name, index, plan, groups, hasOwn }: PoolEntry): Relation {
  const isDaily = dailyCount({ draws: plan }) !== null;
  const preferredValue = isDaily ? dayValue(col('day', 'w'), col('user_value', 'w')) : col('value', 'w');
  const fallbackValue = isDaily ? dayValue(col('day', 'w'), everybody) : everybody;
  return select(
    [
      ...columnsFrom([...groupKey, 't'], 'g'),
      ['quota', col(quotaColumn(index), 'g')],
      ...(hasOwn ? [['own', col('item', 'g')] as const] : []),
      ['value', fn('coalesce', col('value', 'z'), fallbackValue)],
    ],
    from(groups, 'g'),
    {
      joins: [
        isDaily
          ? join('inner', `${name}__wanted`, 'w', sameGroup('w', 'g'))
          : join('left', `${name}__users`, 'w', sql`${col('user', 'w')} = ${col('user', 'g')}`),
        join('left', `${name}__size`, 'z', sql`${col('value', 'z')} = ${preferredValue}`),
      ],
    },
  );
}
