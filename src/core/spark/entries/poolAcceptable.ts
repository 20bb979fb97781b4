import { sizeOf } from './aliasTable.ts';
import { always } from '../always.ts';
import { and, asc, cast, col, countRows, double, fn, int, nothing, over, sql, sum } from '../sql/expression.ts';
import { equal, from, join, select, unionAll } from '../sql/relation.ts';
import { unexcludedJoins } from './exclusion.ts';
import { groupKey, sameGroup } from '../groups/groups.ts';
import { eligible, partitionOf, type PoolEntry } from './poolEntry.ts';
import { userPart } from '../groups/splitUsers.ts';
import { runningSums } from '../prefixSums.ts';
import type { Script } from '../script.ts';
import type { Expression, Join, Relation } from '../sql/tree.ts';

/**
 * The step `<name>__acceptable`: the weight and the number of the items that a group accepts. Sums over the change
 * points of each user, never pairs of groups and items. docs/sampling.md: log q.
 */
export function addAcceptable(script: Script, entry: PoolEntry): void {
  const { name, corpus, exclusion } = entry;
  const by = partitionOf(entry);
  const of = sizeOf(name, by);
  const hasLives = corpus?.hasLives === true;
  const values = `${name}__values`;
  const moves = hasLives || exclusion.lookback !== null;
  const key = [...groupKey, 't', ...by];
  let whole: Relation;
  if (hasLives) {
    addEligible(script, entry);
    whole = select(
      [
        ...key.map((one) => [one, col(one, 'g')] as const),
        ['weight', fn('coalesce', col('weight', 'e'), int(0))],
        ['items', fn('coalesce', col('items', 'e'), int(0))],
      ],
      from(values, 'g'),
      {
        joins: [join('left', `${name}__eligible`, 'e', equal('e', 'g', [...by, 't']))],
      },
    );
  } else
    whole = select(
      [
        ...key.map((one) => [one, col(one, 'g')] as const),
        ['weight', fn('coalesce', of('total'), int(0))],
        ['items', fn('coalesce', of('items'), int(0))],
      ],
      from(values, 'g'),
      { joins: by.length === 0 ? [] : [join('left', `${name}__size`, 's', equal('s', 'g', by))] },
    );
  const joins: Join[] = [];
  if (exclusion.step !== null) {
    const taken = excludedWeights(entry, exclusion.step);
    if (moves) {
      addSweep(script, entry, taken);
      joins.push(join('left', `${name}__excluded`, 'x', equal('x', 'b', groupKey)));
    } else {
      const sums = select([...userPart, ...by, ['weight', sum(col('weight'))], ['items', countRows]], taken, {
        groupBy: [...userPart, ...by].map((one) => col(one)),
      });
      joins.push(join('left', sums, 'x', equal('x', 'b', [...userPart, ...by])));
    }
  }
  const own = ownPositives(entry);
  joins.push(join('left', own, 'o', sameGroup('o', 'b')));
  const rest = (column: string): Expression => {
    const taken = [...(exclusion.step === null ? [] : ['x']), 'o'].map((item) =>
      fn('coalesce', col(column, item), int(0)),
    );
    return taken.reduce((left, one) => sql`${left} - ${one}`, col(column, 'b'));
  };
  script.table(
    `${name}__acceptable`,
    select(
      [
        ...[...groupKey, ...by].map((one) => [one, col(one, 'b')] as const),
        ['weight', rest('weight')],
        ['items', rest('items')],
      ],
      from(whole, 'b'),
      { joins },
    ),
    'Weight and number of the items that each group accepts. docs/sampling.md: log q.',
  );
}

/** The excluded items of each user in the pool, and the times `since` … `until` in which they would be drawn. */
function excludedWeights(entry: PoolEntry, step: string): Relation {
  const { name, corpus, exclusion } = entry;
  const by = partitionOf(entry);
  const hasLives = corpus?.hasLives === true;
  const removed = hasLives ? col('removed', 'p') : int(always.last);
  const until =
    exclusion.lookback === null
      ? removed
      : fn('least', removed, sql`${sql`${col('last', 'x')} + ${int(exclusion.lookback)}`} + ${int(1)}`);
  return select(
    [
      ...userPart.map((one) => [one, col(one, 'x')] as const),
      ...by.map((one) => [one, col(one, 'p')] as const),
      ['weight', col('weight', 'p')],
      ['since', hasLives ? col('created', 'p') : int(always.first)],
      ['until', until],
    ],
    from(step, 'x'),
    {
      joins: [
        join(
          'inner',
          `${name}__pool`,
          'p',
          and(
            sql`${col('item', 'p')} = ${col('item', 'x')}`,
            ...(entry.isByUser ? [sql`${col('value', 'p')} = ${col('user', 'x')}`] : []),
          ),
        ),
      ],
    },
  );
}

/** `<name>__excluded`: for each group, the weight of the excluded items that would otherwise be acceptable. */
function addSweep(script: Script, entry: PoolEntry, taken: Relation): void {
  const { name } = entry;
  const by = partitionOf(entry);
  const steps = script.view(
    `${name}__taken`,
    taken,
    'Excluded items of the pool, and when each of them would be drawn.',
  );
  const valid = [sql`${col('since')} < ${col('until')}`];
  const none = nothing('BIGINT');
  const change = (at: string, sign: 1 | -1): Relation =>
    select(
      [
        ...userPart,
        ...by,
        ['at', col(at)],
        ['is_group', int(0)],
        ['weight', sign === 1 ? col('weight') : sql`${int(0)} - ${col('weight')}`],
        ['items', int(sign)],
        ['k0', none],
        ['k1', none],
      ],
      steps,
      { where: valid },
    );
  const groups = select(
    [...userPart, ...by, ['at', col('t')], ['is_group', int(1)], ['weight', int(0)], ['items', int(0)], 'k0', 'k1'],
    `${name}__values`,
  );
  const window = {
    partition: [...userPart, ...by].map((one) => col(one)),
    order: [asc(col('at')), asc(col('is_group'))],
    rows: 'upToHere' as const,
  };
  const sums = select(
    [
      ...groupKey,
      'is_group',
      ['weight', cast(over(fn('sum', col('weight')), window), 'BIGINT')],
      ['items', cast(over(fn('sum', col('items')), window), 'BIGINT')],
    ],
    unionAll(change('since', 1), change('until', -1), groups),
  );
  script.table(
    `${name}__excluded`,
    select([...groupKey, 'weight', 'items'], sums, { where: [sql`${col('is_group')} = ${int(1)}`] }),
    'A sweep over the changes and groups of each user.',
  );
}

/** The own positives of each group that its exclusion does not take away anyway. */
function ownPositives(entry: PoolEntry): Relation {
  const { name, corpus, exclusion, hasOwn } = entry;
  const by = partitionOf(entry);
  const values = `${name}__values`;
  if (hasOwn) {
    const only = select(
      [
        ...[...groupKey, 't'].map((one) => [one, col(one, 'o')] as const),
        ['item', col('own', 'o')],
        ['weight', col('weight', 'p')],
      ],
      from(select([{ all: null }], values, { together: userPart.map((one) => col(one)) }), 'o'),
      {
        joins: [
          join(
            'inner',
            `${name}__pool`,
            'p',
            and(equal('p', 'o', by), sql`${col('item', 'p')} = ${col('own', 'o')}`, ...eligible(corpus, 'p', 'o')),
          ),
        ],
      },
    );
    return select(
      [...[...groupKey, 'weight'].map((one) => [one, col(one, 'c')] as const), ['items', int(1)]],
      from(only, 'c'),
      {
        joins: unexcludedJoins(exclusion, 'c'),
      },
    );
  }
  const positives = select(
    [
      ...[...groupKey, 't', 'item'].map((one) => [one, col(one, 'o')] as const),
      ...by.map((one) => [one, col(one, 'v')] as const),
    ],
    from('group_positives', 'o'),
    { joins: [join('inner', values, 'v', sameGroup('v', 'o'))] },
  );
  const inPool = select(
    [...[...groupKey, 't', 'item'].map((one) => [one, col(one, 'o')] as const), ['weight', col('weight', 'p')]],
    from(positives, 'o'),
    {
      joins: [
        join('inner', `${name}__pool`, 'p', and(equal('p', 'o', [...by, 'item']), ...eligible(corpus, 'p', 'o'))),
      ],
    },
  );
  return select(
    [
      ...groupKey.map((one) => [one, col(one, 'c')] as const),
      ['weight', sum(col('weight', 'c'))],
      ['items', countRows],
    ],
    from(inPool, 'c'),
    {
      joins: unexcludedJoins(exclusion, 'c'),
      groupBy: groupKey.map((one) => col(one, 'c')),
    },
  );
}

/** Microseconds of the buckets of times: an hour. */
const HOUR = 3_600_000_000;

/** `<name>__eligible`: the weight and number of the eligible items at each time of a group. */
function addEligible(script: Script, entry: PoolEntry): void {
  const { name } = entry;
  const by = partitionOf(entry);
  const valid = [sql`${col('created')} < ${col('removed')}`];
  const times = select([...by, 't'], `${name}__values`, { distinct: true });
  const change = (at: string, sign: 1 | -1): Relation =>
    select(
      [
        ...by,
        ['at', col(at)],
        ['is_group', int(0)],
        ['weight', sign === 1 ? col('weight') : sql`${int(0)} - ${col('weight')}`],
        ['items', int(sign)],
      ],
      `${name}__pool`,
      { where: valid },
    );
  const group = select([...by, ['at', col('t')], ['is_group', int(1)], ['weight', int(0)], ['items', int(0)]], times);
  // Earlier changes belong to the first hour with groups, so that there are not more buckets than hours of groups.
  const hour = (at: Expression): Expression => cast(fn('floor', sql`${at} / ${double(HOUR)}`), 'BIGINT');
  const firstHour: Expression = {
    kind: 'query',
    relation: select([['first', hour(fn('min', col('t')))]], `${name}__values`),
  };
  const changes = script.table(
    `${name}__changes`,
    select(
      [
        ...by,
        'at',
        'is_group',
        ['weight', sum(col('weight'))],
        ['items', sum(col('items'))],
        ['bucket', fn('greatest', hour(col('at')), fn('coalesce', firstHour, int(0)))],
      ],
      unionAll(change('created', 1), change('removed', -1), group),
      { groupBy: [...by, 'at', 'is_group'].map((one) => col(one)) },
    ),
    'When items of the pool become eligible or cease to be, and the times of groups, by hour.',
  );
  const sums = runningSums(
    changes,
    { by, order: ['at', 'is_group'], kept: [] },
    [
      ['weight', col('weight')],
      ['items', col('items')],
    ],
    false,
  );
  script.table(
    `${name}__eligible`,
    select([...by, ['t', col('at')], 'weight', 'items'], sums, { where: [sql`${col('is_group')} = ${int(1)}`] }),
    'Weight and number of the eligible items at the times of groups.',
  );
}
