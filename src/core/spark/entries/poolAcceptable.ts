import { sizeOf } from './aliasTable.ts';
import { always } from '../always.ts';
import { and, asc, cast, col, countRows, double, fn, int, nothing, over, sql, sum } from '../../relation/expression.ts';
import { cols, columnsFrom, equal, from, join, select, unionAll } from '../../relation/relation.ts';
import { unexcludedJoins } from './exclusion.ts';
import { groupKey, sameGroup } from '../groups/groups.ts';
import { eligible, partitionOf, type PoolEntry } from './poolEntry.ts';
import { inEachPart, userPart } from '../groups/splitUsers.ts';
import { runningSums } from '../prefixSums.ts';
import type { Script } from '../script.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/**
 * The step `<name>__acceptable`: weight and number of the items that each group accepts. It sums over the change points
 * of each user, because pairs of groups and items would be too many. docs/sampling.md: log q.
 */
export function addAcceptable(script: Script, entry: PoolEntry): void {
  const { name, exclusion } = entry;
  const by = partitionOf(entry);
  const joins: Join[] = [];
  if (!entry.isByUser && exclusion.step !== null) joins.push(excludedJoin(script, entry, exclusion.step));
  // If positives are excluded, their weight is already subtracted.
  if (!entry.hasOwn || !exclusion.hasPositives) joins.push(join('left', ownPositives(entry), 'o', sameGroup('o', 'b')));
  const remaining = (column: string): Expression =>
    joins.reduce<Expression>(
      (value, { as }) => sql`${value} - ${fn('coalesce', col(column, as ?? ''), int(0))}`,
      col(column, 'b'),
    );
  script.table(
    `${name}__acceptable`,
    select(
      [...columnsFrom([...groupKey, ...by], 'b'), ['weight', remaining('weight')], ['items', remaining('items')]],
      from(entry.isByUser ? userPoolWeights(script, entry) : eligibleWeights(script, entry), 'b'),
      { joins },
    ),
    'Weight and number of the items that each group accepts. docs/sampling.md: log q.',
  );
}

/** Weight and number of the eligible items of each group, including excluded ones. */
function eligibleWeights(script: Script, entry: PoolEntry): Relation {
  const { name, corpus } = entry;
  const by = partitionOf(entry);
  const values = from(`${name}__values`, 'g');
  const key = columnsFrom([...groupKey, 't', ...by], 'g');
  const orNone = (value: Expression): Expression => fn('coalesce', value, int(0));
  if (corpus?.hasLives === true) {
    addEligible(script, entry);
    return select([...key, ['weight', orNone(col('weight', 'e'))], ['items', orNone(col('items', 'e'))]], values, {
      joins: [join('left', `${name}__eligible`, 'e', equal('e', 'g', [...by, 't']))],
    });
  }
  const of = sizeOf(name, by);
  return select([...key, ['weight', orNone(of('total'))], ['items', orNone(of('items'))]], values, {
    joins: by.length === 0 ? [] : [join('left', `${name}__size`, 's', equal('s', 'g', by))],
  });
}

/** Weight and number of acceptable items for pools with a table for each user: one sweep over a user's changes. */
function userPoolWeights(script: Script, entry: PoolEntry): Relation {
  const { name, exclusion } = entry;
  const columns = ['value', 'created', 'removed', 'weight'];
  const rows = inEachPart(['user', ...columns], select([['user', col('value')], ...columns], `${name}__pool`));
  const eligibleItems: Spans = { rows, since: 'created', until: 'removed', sign: 1 };
  return swept(entry, [
    eligibleItems,
    ...(exclusion.step === null ? [] : [{ ...takenSpans(script, entry, exclusion.step), sign: -1 as const }]),
  ]);
}

/** Join of a group `b` with the weight and the number `x` of the excluded items that would otherwise be acceptable. */
function excludedJoin(script: Script, entry: PoolEntry, step: string): Join {
  const { name, corpus, exclusion } = entry;
  if (corpus?.hasLives === true || exclusion.lookback !== null) {
    const excluded = script.view(
      `${name}__excluded`,
      swept(entry, [takenSpans(script, entry, step)]),
      'Their weight and number at the time of each group: a sweep over the changes and groups of each user.',
    );
    return join('left', excluded, 'x', equal('x', 'b', groupKey));
  }
  const key = [...userPart, ...partitionOf(entry)];
  const groupBy = cols(key);
  const sums = select([...key, ['weight', sum(col('weight'))], ['items', countRows]], excludedItems(entry, step), {
    groupBy,
  });
  return join('left', sums, 'x', equal('x', 'b', key));
}

/** The view `<name>__taken`: excluded items of the pool. */
function takenSpans(script: Script, entry: PoolEntry, step: string): Spans {
  const about = 'Excluded items of the pool, and when each of them would be drawn.';
  const rows = script.view(`${entry.name}__taken`, excludedItems(entry, step), about);
  return { rows, since: 'since', until: 'until', sign: 1 };
}

/** The excluded items of each user in the pool, and the times `since` … `until` in which they would be drawn. */
function excludedItems(entry: PoolEntry, step: string): Relation {
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
      ...columnsFrom(userPart, 'x'),
      ...columnsFrom(by, 'p'),
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

/** Items that a group may draw from `since` until before `until`. `sign`: 1 adds their weight, -1 subtracts it. */
interface Spans {
  readonly rows: Relation | string;
  readonly since: string;
  readonly until: string;
  readonly sign: 1 | -1;
}

/** For each group, weight and number of its user's items whose span contains the group's time. */
function swept(entry: PoolEntry, spans: readonly Spans[]): Relation {
  const { name } = entry;
  const key = [...userPart, ...partitionOf(entry)];
  const none = nothing('BIGINT');
  const change = ({ rows, since, until }: Spans, at: string, sign: 1 | -1): Relation =>
    select(
      [
        ...key,
        ['at', col(at)],
        ['is_group', int(0)],
        ['weight', sign === 1 ? col('weight') : sql`${int(0)} - ${col('weight')}`],
        ['items', int(sign)],
        ['k0', none],
        ['k1', none],
      ],
      rows,
      { where: [sql`${col(since)} < ${col(until)}`] },
    );
  const changes = spans.flatMap((span) => [
    change(span, span.since, span.sign),
    change(span, span.until, span.sign === 1 ? -1 : 1),
  ]);
  const groups = select(
    [...key, ['at', col('t')], ['is_group', int(1)], ['weight', int(0)], ['items', int(0)], 'k0', 'k1'],
    `${name}__values`,
  );
  const window = {
    partition: cols(key),
    order: [asc(col('at')), asc(col('is_group'))],
    rows: 'upToHere' as const,
  };
  const sums = select(
    [
      ...new Set([...groupKey, ...key]),
      ['t', col('at')],
      'is_group',
      ['weight', cast(over(fn('sum', col('weight')), window), 'BIGINT')],
      ['items', cast(over(fn('sum', col('items')), window), 'BIGINT')],
    ],
    unionAll(...changes, groups),
  );
  return select([...new Set([...groupKey, 't', ...key]), 'weight', 'items'], sums, {
    where: [sql`${col('is_group')} = ${int(1)}`],
  });
}

/** The positives of each group that are in its pool and not excluded otherwise. */
function ownPositives(entry: PoolEntry): Relation {
  const { name, corpus, exclusion, hasOwn } = entry;
  const by = partitionOf(entry);
  const values = `${name}__values`;
  if (hasOwn) {
    const positive = select(
      [...columnsFrom([...groupKey, 't'], 'o'), ['item', col('own', 'o')], ['weight', col('weight', 'p')]],
      from(select([{ all: null }], values, { together: cols(userPart) }), 'o'),
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
    return select([...columnsFrom([...groupKey, 'weight'], 'c'), ['items', int(1)]], from(positive, 'c'), {
      joins: unexcludedJoins(exclusion, 'c'),
    });
  }
  const positives = select(
    [...columnsFrom([...groupKey, 't', 'item'], 'o'), ...columnsFrom(by, 'v')],
    from('group_positives', 'o'),
    { joins: [join('inner', values, 'v', sameGroup('v', 'o'))] },
  );
  const inPool = select(
    [...columnsFrom([...groupKey, 't', 'item'], 'o'), ['weight', col('weight', 'p')]],
    from(positives, 'o'),
    {
      joins: [
        join('inner', `${name}__pool`, 'p', and(equal('p', 'o', [...by, 'item']), ...eligible(corpus, 'p', 'o'))),
      ],
    },
  );
  return select(
    [...columnsFrom(groupKey, 'c'), ['weight', sum(col('weight', 'c'))], ['items', countRows]],
    from(inPool, 'c'),
    {
      joins: unexcludedJoins(exclusion, 'c'),
      groupBy: cols(groupKey, 'c'),
    },
  );
}

/** Width of the time buckets, in microseconds. */
const HOUR = 3_600_000_000;

/** `<name>__eligible`: the weight and number of the eligible items at each time of a group. */
function addEligible(script: Script, entry: PoolEntry): void {
  const { name } = entry;
  const partitionBy = partitionOf(entry);
  const valid = [sql`${col('created')} < ${col('removed')}`];
  const times = select([...partitionBy, 't'], `${name}__values`, { distinct: true });
  const change = (time: string, sign: 1 | -1): Relation =>
    select(
      [
        ...partitionBy,
        ['at', col(time)],
        ['is_group', int(0)],
        ['weight', sign === 1 ? col('weight') : sql`${int(0)} - ${col('weight')}`],
        ['items', int(sign)],
      ],
      `${name}__pool`,
      { where: valid },
    );
  const group = select(
    [...partitionBy, ['at', col('t')], ['is_group', int(1)], ['weight', int(0)], ['items', int(0)]],
    times,
  );
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
        ...partitionBy,
        'at',
        'is_group',
        ['weight', sum(col('weight'))],
        ['items', sum(col('items'))],
        ['bucket', fn('greatest', hour(col('at')), fn('coalesce', firstHour, int(0)))],
      ],
      unionAll(change('created', 1), change('removed', -1), group),
      { groupBy: cols([...partitionBy, 'at', 'is_group']) },
    ),
    'When items of the pool become eligible or cease to be, and the times of groups, by hour.',
  );
  const sums = runningSums(
    changes,
    { partitionBy, order: ['at', 'is_group'], extraColumns: [] },
    [
      ['weight', col('weight')],
      ['items', col('items')],
    ],
    false,
  );
  script.view(
    `${name}__eligible`,
    select([...partitionBy, ['t', col('at')], 'weight', 'items'], sums, {
      where: [sql`${col('is_group')} = ${int(1)}`],
    }),
    'Weight and number of the eligible items at the times of groups.',
  );
}
