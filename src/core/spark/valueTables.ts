import type { CountPlan } from '../source/drawPlan.ts';
import { dailyCount, groupedBy } from '../source/options.ts';
import { call, cast, col, concatenated, countRows, fn, int, sql, sum, text } from './sql/expression.ts';
import { from, join, select, unionAll, unionDistinct, type Columns } from './sql/relation.ts';
import { groupKey, joinedTexts, quotaColumn } from './groups.ts';
import type { Log } from './log.ts';
import type { PoolEntry } from './poolEntry.ts';
import type { Script } from './script.ts';
import type { Sources } from './sources.ts';
import type { Expression, Join, Relation } from './sql/tree.ts';

const DAY = 86_400_000_000;
/** The value of the table of all users. Values of users begin with a letter. */
const everybody = text('');

/** Whether the tables of an entry depend on the user or the day of a group. */
export function hasValueTables({ plan }: PoolEntry): boolean {
  return groupedBy({ draws: plan }).length > 0 || dailyCount({ draws: plan }) !== null;
}

/**
 * The counts of `popularity` with `group_by` or `as_of: day`, as rows with `value`, `item` and `counted`: for each value
 * of the users' attributes, for all users, and for each day of the groups. docs/sampling.md: Popularity that moves.
 * @param holds the conditions on the rows of the log that count, besides their day
 */
export function addValueCounts(
  script: Script,
  sources: Sources,
  log: Log,
  { name, plan, groups }: PoolEntry,
  holds: readonly Expression[],
): Relation {
  const attributes = groupedBy({ draws: plan });
  if (attributes.length > 0) addUserValues(script, sources, name, attributes);
  const daily = dailyCount({ draws: plan });
  const day: Columns = daily === null ? [] : [['row_day', call('dayNumber', col('t', 'l'))]];
  const rows = script.view(
    `${name}__counted`,
    select(['user', 'item', 't'], 'log', { where: holds }),
    'The rows that count.',
  );
  const counted = (value: Expression, joins: readonly Join[]): Relation =>
    select([['user_value', value], ['item', col('item', 'l')], ...day, ['counted', countRows]], from(rows, 'l'), {
      joins,
      groupBy: [
        ...(joins.length === 0 ? [] : [value]),
        col('item', 'l'),
        ...(daily === null ? [] : [call('dayNumber', col('t', 'l'))]),
      ],
    });
  const counts = script.table(
    `${name}__counts`,
    unionAll(
      counted(everybody, []),
      ...(attributes.length === 0
        ? []
        : [
            counted(col('value', 'u'), [
              join('inner', `${name}__users`, 'u', sql`${col('user', 'u')} = ${col('user', 'l')}`),
            ]),
          ]),
    ),
    'Counts by item, for all users and for the users of each value.',
  );
  if (daily === null) return select([['value', col('user_value')], 'item', 'counted'], counts);
  addWanted(script, log, { name, groups, attributes });
  return dailyCounts(script, name, counts, daily);
}

/** `<name>__users`: the value of each user that has all attributes. */
function addUserValues(script: Script, sources: Sources, name: string, attributes: readonly string[]): void {
  const source = sources.required('users');
  const user = source.id('user');
  const texts = attributes.map((one, k) => [`attribute_${k}`, fn('min', cast(source.column(one), 'STRING'))] as const);
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

/** `<name>__wanted`: the groups with the value of their user and, with days, the day before which rows count. */
function addWanted(
  script: Script,
  { ends }: Log,
  { name, groups, attributes }: Pick<PoolEntry, 'name' | 'groups'> & { readonly attributes: readonly string[] },
): void {
  const lastDay = sql`${call('dayNumber', ends.cut)} + ${int(1)}`;
  script.view(
    `${name}__wanted`,
    select(
      [
        ...groupKey.map((one) => [one, col(one, 'g')] as const),
        ['day', fn('least', call('dayNumber', col('t', 'g')), lastDay)],
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

function dailyCounts(script: Script, name: string, counts: string, { window }: CountPlan): Relation {
  const days = Math.round((window ?? DAY) / DAY);
  const wanted = unionDistinct(
    select(['day', 'user_value'], `${name}__wanted`),
    select(['day', ['user_value', everybody]], `${name}__wanted`),
  );
  const before = script.view(
    `${name}__days`,
    select(
      [
        'day',
        'user_value',
        ['row_day', call('eachInteger', sql`${col('day')} - ${int(days)}`, sql`${col('day')} - ${int(1)}`)],
      ],
      wanted,
    ),
    'The days that count for each day with groups.',
  );
  return select(
    [
      ['value', dayValue(col('day', 'w'), col('user_value', 'w'))],
      ['item', col('item', 'n')],
      ['counted', sum(col('counted', 'n'))],
    ],
    from(before, 'w'),
    {
      joins: [
        join(
          'inner',
          counts,
          'n',
          sql`${sql`${col('user_value', 'n')} = ${col('user_value', 'w')}`} AND ${sql`${col('row_day', 'n')} = ${col('row_day', 'w')}`}`,
        ),
      ],
      groupBy: [col('day', 'w'), col('user_value', 'w'), col('item', 'n')],
    },
  );
}

function dayValue(day: Expression, value: Expression): Expression {
  return joinedTexts([cast(day, 'STRING'), value]);
}

/**
 * The groups of an entry with the value of their table: their own if it has items, else that of all users, of the same
 * day.
 */
export function groupsWithValue({ name, index, plan, groups }: PoolEntry): Relation {
  const isDaily = dailyCount({ draws: plan }) !== null;
  const own = isDaily ? dayValue(col('day', 'w'), col('user_value', 'w')) : col('value', 'w');
  const other = isDaily ? dayValue(col('day', 'w'), everybody) : everybody;
  const same = groupKey.map((one) => sql`${col(one, 'w')} = ${col(one, 'g')}`);
  return select(
    [
      ...[...groupKey, 't'].map((one) => [one, col(one, 'g')] as const),
      ['quota', col(quotaColumn(index), 'g')],
      ['value', fn('coalesce', col('value', 'z'), other)],
    ],
    from(groups, 'g'),
    {
      joins: [
        isDaily
          ? join(
              'inner',
              `${name}__wanted`,
              'w',
              same.reduce((a, b) => sql`${a} AND ${b}`),
            )
          : join('left', `${name}__users`, 'w', sql`${col('user', 'w')} = ${col('user', 'g')}`),
        join('left', `${name}__size`, 'z', sql`${col('value', 'z')} = ${own}`),
      ],
    },
  );
}
