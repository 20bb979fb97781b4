import { isAsOf, type PassedColumn } from '../../data/passThrough.ts';
import { asc, cast, col, double, fn, int, nothing, over, sql, when } from '../../relation/expression.ts';
import { from, join, select, unionAll } from '../../relation/relation.ts';
import { copiedLogColumn, type Log } from '../inputs/log.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/** Microseconds of the buckets of times: an hour. */
const HOUR = 3_600_000_000;

/** Names of the copied columns that are the newest value of the item. */
function asOfColumns({ inputs }: SparkJob): string[] {
  return [...new Set(inputs.passed.filter(isAsOf).map(({ column }) => column))];
}

/**
 * The steps `as_of_rows` and `as_of_times`: for each item and read time of a row, the newest log row of the item before
 * that time. Windows see one hour of an item, or its hours. docs/samples.md: Pass-through columns.
 * @param pairs the rows of the output: `item`, and the read time `t` of the group
 */
export function addAsOf(script: Script, job: SparkJob, log: Log, pairs: Relation): void {
  const names = asOfColumns(job);
  if (names.length === 0) return;
  const copies = names.map(copiedLogColumn);
  const place = over(fn('row_number'), {
    partition: [col('item'), col('t')],
    order: [asc(col('user')), ...log.pick.map((value) => asc(value))],
  });
  script.section('Newest values of items');
  const rows = script.table(
    'as_of_rows',
    select(['item', 't', ...copies], select(['item', 't', ...copies, ['place', place]], 'log'), {
      where: [sql`${col('place')} = ${int(1)}`],
    }),
    'One log row for each time of an item. docs/samples.md: Pass-through columns.',
  );
  const hour = cast(fn('floor', sql`${col('t')} / ${double(HOUR)}`), 'BIGINT');
  const shown = select(['item', 't', ['shown', col('t')], ['is_log', int(1)]], rows);
  const asked = select(['item', 't', ['shown', nothing('BIGINT')], ['is_log', int(0)]], pairs, { distinct: true });
  const times = script.table(
    'as_of_hours',
    select(['item', 't', 'shown', 'is_log', ['hour', hour]], unionAll(shown, asked)),
    'Times of the log, and those of rows that look for them.',
  );
  const newest = over(fn('max', col('shown')), {
    partition: [col('item'), col('hour')],
    // A log row at the read time comes after it: it may be the row's own outcome.
    order: [asc(col('t')), asc(col('is_log'))],
    rows: 'upToHere',
  });
  const hours = select(['item', 'hour', ['shown', fn('max', col('shown'))]], times, {
    groupBy: [col('item'), col('hour')],
  });
  const before = select(
    [
      'item',
      'hour',
      ['shown', over(fn('max', col('shown')), { partition: [col('item')], order: [asc(col('hour'))], rows: 'before' })],
    ],
    hours,
  );
  script.table(
    'as_of_times',
    select(
      [
        ['item', col('item', 'n')],
        ['t', col('t', 'n')],
        ['shown', fn('coalesce', col('shown', 'n'), col('shown', 'b'))],
      ],
      from(select(['item', 't', 'hour', 'is_log', ['shown', newest]], times), 'n'),
      {
        joins: [
          join(
            'inner',
            before,
            'b',
            sql`${sql`${col('item', 'b')} = ${col('item', 'n')}`} AND ${sql`${col('hour', 'b')} = ${col('hour', 'n')}`}`,
          ),
        ],
        where: [sql`${col('is_log', 'n')} = ${int(0)}`],
      },
    ),
    'shown: the newest time of the item in the same hour, else in an earlier one.',
  );
}

/** Joins of the rows `r` with the newest log row of their item. `time`: the read time of the group. */
export function asOfJoins(job: SparkJob, time: Expression): Join[] {
  if (asOfColumns(job).length === 0) return [];
  const item = (name: string): Expression => sql`${col('item', name)} = ${col('item', 'r')}`;
  return [
    join('left', 'as_of_times', 's', sql`${item('s')} AND ${sql`${col('t', 's')} = ${time}`}`),
    join('left', 'as_of_rows', 'a', sql`${item('a')} AND ${sql`${col('t', 'a')} = ${col('shown', 's')}`}`),
  ];
}

/** The value of such a column; NULL if its log row is older than `max_age`. */
export function asOfValue({ column, maxAge }: PassedColumn, time: Expression): Expression {
  const value = col(copiedLogColumn(column), 'a');
  if (maxAge === null) return value;
  return when([[sql`${sql`${time} - ${col('t', 'a')}`} <= ${int(maxAge)}`, value]]);
}
