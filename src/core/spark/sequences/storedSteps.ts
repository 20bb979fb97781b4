import type { sliceEnds } from '../../data/sequences.ts';
import { and, call, cast, col, fn, int, sql, when } from '../../relation/expression.ts';
import { cols, columnsFrom, equal, from, join, select } from '../../relation/relation.ts';
import type { Expression } from '../../relation/tree.ts';
import { readTime } from '../groups/readTimes.ts';
import type { Script } from '../script.ts';
import { historiesName, numberedName } from './histories.ts';

/** By `user` and `read_t`: the number of the `first` step of a history (NULL without one), and its `size`. */
export const boundsName = (name: string): string => `${name}__bounds`;
/** By row of the file: the numbers of the `first` step that is stored, and of the one after the last. */
export const rangesName = (name: string): string => `${name}__ranges`;
/** By row of the file: the stored `steps`. */
export const storedName = (name: string): string => `${name}__stored`;

/**
 * The steps of the layout user: of each row of the file, from the first step that a history of its samples has to the
 * last. A history is a slice of them.
 * @param written the samples with `user`, `read_t` and `t`
 */
export function addStoredSteps(
  script: Script,
  {
    name,
    fields,
    days,
  }: { readonly name: string; readonly fields: readonly string[]; readonly days: readonly 'day'[] },
  written: string,
): void {
  const steps = col('steps');
  const size = call('listSize', steps);
  const first = when([[sql`${size} > ${int(0)}`, call('elementAt', call('eachField', steps, col('n')), int(0))]]);
  script.table(
    boundsName(name),
    select(['user', readTime, ['first', first], ['size', size]], historiesName(name)),
    'The number of the first step of each history, and its size.',
  );
  const day = days.map((one) => [one, call('dayNumber', col('t'))] as const);
  script.table(
    rangesName(name),
    select(
      [
        ...columnsFrom(['user', ...days], 'r'),
        ['first', fn('min', col('first', 'b'))],
        ['end', fn('max', sql`${col('first', 'b')} + ${col('size', 'b')}`)],
      ],
      from(select(['user', readTime, ...day], written, { distinct: true }), 'r'),
      {
        joins: [join('inner', boundsName(name), 'b', equal('b', 'r', ['user', readTime]))],
        where: [sql`${col('first', 'b')} IS NOT NULL`],
        groupBy: cols(['user', ...days], 'r'),
      },
    ),
    'The steps that the samples of a row of the file have, from the first to the last.',
  );
  const number = col('n', 's');
  const within = and(
    equal('q', 's', ['user']),
    sql`${number} >= ${col('first', 'q')}`,
    sql`${number} < ${col('end', 'q')}`,
  );
  const held = ['n', ...new Set(['t', ...fields])];
  script.view(
    storedName(name),
    select(
      [
        ...columnsFrom(['user', ...days], 'q'),
        ['steps', { kind: 'structs', fields: columnsFrom(held, 's'), where: null }],
      ],
      from(select([{ all: null }], numberedName(name), { where: [sql`${col('is_step')} = ${int(1)}`] }), 's'),
      { joins: [join('inner', rangesName(name), 'q', within)], groupBy: cols(['user', ...days], 'q') },
    ),
    'The stored steps. docs/sequences.md: Store each history once.',
  );
}

/** An end of the slice of a row. @param bounds alias of the bounds of its history @param range of the stored steps */
export function sliceOf(end: (typeof sliceEnds)[number], bounds: string, range: string): Expression {
  const begin = sql`${col('first', bounds)} - ${col('first', range)}`;
  return cast(fn('coalesce', end === 'from' ? begin : sql`${begin} + ${col('size', bounds)}`, int(0)), 'INT');
}
