import type { CountPlan } from '../../source/drawPlan.ts';
import type { Log } from '../inputs/log.ts';
import type { Script } from '../script.ts';
import {
  and,
  asc,
  call,
  cast,
  col,
  countRows,
  fn,
  int,
  not,
  or,
  over,
  sql,
  sum,
  sumOver,
  text,
  valueOf,
} from '../../relation/expression.ts';
import {
  cols,
  type Columns,
  columnsFrom,
  equal,
  from,
  join,
  select,
  unionAll,
  unionDistinct,
} from '../../relation/relation.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';
import { joinedTexts } from '../groups/groups.ts';

const DAY = 86_400_000_000;
/** Value of the table of all users. It cannot clash with the value of a user, which begins with a letter. */
export const everybody = text('');

/** Value that identifies the table of a day. */
export function dayValue(day: Expression, value: Expression): Expression {
  return joinedTexts([cast(day, 'STRING'), value]);
}

/** The day after the training cut. Groups of later days use the counts of this day. */
export function dayAfterCut({ ends }: Log): Expression {
  return sql`${call('dayNumber', ends.cut)} + ${int(1)}`;
}

interface ValueRows {
  /** Prefix of the step names. */
  readonly name: string;
  readonly attributes: readonly string[];
  readonly rows: string;
  /** Columns by which rows are counted, in addition to value and item. */
  readonly columns: readonly string[];
  readonly countedItem: Expression;
}

/** Counts of rows by `item`, for all users and for the users of each value: `user_value`. */
export function byValue({ name, attributes, rows, columns, countedItem }: ValueRows): Relation {
  const of = (value: Expression, joins: readonly Join[]): Relation =>
    select(
      [['user_value', value], ['item', col('item', 'l')], ...columnsFrom(columns, 'l'), ['counted', countedItem]],
      from(rows, 'l'),
      {
        joins,
        groupBy: [...(joins.length === 0 ? [] : [value]), col('item', 'l'), ...cols(columns, 'l')],
      },
    );
  const ofUsers = join('inner', `${name}__users`, 'u', equal('u', 'l', ['user']));
  return unionAll(of(everybody, []), ...(attributes.length === 0 ? [] : [of(col('value', 'u'), [ofUsers])]));
}

interface DayCounts {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly daily: CountPlan;
  /**
   * For groups after a cut within a day: the first microsecond that they count; null: no bound. Undefined if no group
   * is after the cut, or if the cut is the end of a day. `data`: the cut is computed from the data.
   */
  readonly afterCut: number | null | undefined | 'data';
}

/**
 * Rows with `value`, `item` and `counted` for each day with groups. A row counts from the day after that on which its
 * event is known.
 */
export function addDayCounts(script: Script, log: Log, { name, attributes, daily, afterCut }: DayCounts): Relation {
  const { rows, hasKnown } = countedRows(log, daily);
  const counted = script.view(`${name}__counted`, rows, 'The rows that count.');
  const amount = hasKnown ? sum(col('n', 'l')) : countRows;
  const days = daily.window === null ? ['known_day'] : hasKnown ? ['row_day', 'known_day'] : ['row_day'];
  const counts = script.table(
    `${name}__counts`,
    byValue({ name, attributes, rows: counted, columns: days, countedItem: amount }),
    'Counts by item and day, for all users and for the users of each value.',
  );
  // Groups after a cut within a day have their own period.
  const isBefore = sql`${col('day')} < ${dayAfterCut(log)}`;
  const isOfDay =
    afterCut === undefined ? [] : [afterCut === 'data' ? or(isBefore, not(isCutWithinDay(log))) : isBefore];
  const requestedDays = script.view(
    `${name}__tables`,
    unionDistinct(
      select(['day', 'user_value'], `${name}__wanted`, { where: isOfDay }),
      select(['day', ['user_value', everybody]], `${name}__wanted`, { where: isOfDay }),
    ),
    'The days and values of the tables.',
  );
  const ofDays =
    daily.window === null
      ? endlessCounts(script, name, counts, requestedDays)
      : windowCounts(script, name, { counts, requestedDays, days: Math.round(daily.window / DAY), hasKnown });
  if (afterCut === undefined) return ofDays;
  const late = script.view(
    `${name}__counted_late`,
    select(['user', 'item', ...(hasKnown ? ['n'] : [])], counted, {
      where: afterCut === 'data' ? lateRows(log, daily) : dated(afterCut === null ? null : int(afterCut)),
    }),
    'The rows that count for groups after the training cut.',
  );
  return unionAll(
    ofDays,
    select(
      [['value', dayValue(dayAfterCut(log), col('user_value'))], 'item', 'counted'],
      byValue({ name, attributes, rows: late, columns: [], countedItem: amount }),
    ),
  );
}

function dated(first: Expression | null): Expression[] {
  return first === null ? [] : [sql`${col('dated')} >= ${first}`];
}

/** The rows that count for groups after a cut that is computed from the data; no rows if it is the end of a day. */
function lateRows(log: Log, { window }: CountPlan): Expression[] {
  const first =
    window === null ? null : call('daysEarlier', sql`${log.ends.cut} + ${int(1)}`, int(Math.round(window / DAY)));
  return [isCutWithinDay(log), ...dated(first)];
}

/** True if the first microsecond after the cut is of the same day. */
function isCutWithinDay({ ends }: Log): Expression {
  return sql`${call('dayNumber', sql`${ends.cut} + ${int(1)}`)} = ${call('dayNumber', ends.cut)}`;
}

/**
 * The rows that count, up to the cut: `user`, `item`, `dated`: the time that they count at, the days `row_day` and
 * `known_day`, and how often they count: `n`. Without `hasKnown`, every row is known at its time and counts once.
 */
function countedRows(
  { event, knownTime, unmatchedEvents, ends }: Log,
  { of }: CountPlan,
): { readonly rows: Relation; readonly hasKnown: boolean } {
  const t = col('t');
  const at = knownTime(of, t);
  const isTimed = at !== t;
  const ofUnmatched = unmatchedEvents?.hasPositives === true ? unmatchedEvents.unmatched : null;
  const hasKnown = isTimed || ofUnmatched !== null;
  const day = (time: Expression): Expression => call('dayNumber', time);
  const columns = (knownAt: Expression, n: number): Columns => [
    'user',
    'item',
    ['dated', t],
    ['row_day', day(t)],
    ['known_day', day(knownAt)],
    ...(hasKnown ? [['n', int(n)] as const] : []),
  ];
  const shown = select(columns(at, 1), 'log', { where: [event(of, ends.cut), sql`${t} <= ${ends.cut}`] });
  if (unmatchedEvents === null || ofUnmatched === null) return { rows: shown, hasKnown };
  // A positive without an impression counts until an impression of its request takes its place.
  const isPositive = [col('is_positive'), unmatchedEvents.holdsAny([of]), sql`${t} <= ${ends.cut}`];
  const own = select(columns(t, 1), ofUnmatched, { where: isPositive });
  const replaced = select(columns(fn('greatest', t, col('shown')), -1), ofUnmatched, {
    where: [...isPositive, sql`${col('shown')} <= ${ends.cut}`],
  });
  return { rows: unionAll(shown, own, replaced), hasKnown };
}

/** Counts of the `days` before each day with groups. */
function windowCounts(
  script: Script,
  name: string,
  {
    counts,
    requestedDays,
    days,
    hasKnown,
  }: { readonly counts: string; readonly requestedDays: string; readonly days: number; readonly hasKnown: boolean },
): Relation {
  const before = script.view(
    `${name}__days`,
    select(
      [
        'day',
        'user_value',
        ['row_day', call('eachInteger', sql`${col('day')} - ${int(days)}`, sql`${col('day')} - ${int(1)}`)],
      ],
      requestedDays,
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
          and(
            equal('n', 'w', ['user_value', 'row_day']),
            ...(hasKnown ? [sql`${col('known_day', 'n')} < ${col('day', 'w')}`] : []),
          ),
        ),
      ],
      groupBy: [col('day', 'w'), col('user_value', 'w'), col('item', 'n')],
    },
  );
}

/** Counts of all rows before each day with groups: running sums, each of which holds up to the next day with rows. */
function endlessCounts(script: Script, name: string, counts: string, wanted: string): Relation {
  const within = { partition: [col('user_value'), col('item')], order: [asc(col('known_day'))] };
  const sums = select(
    [
      'user_value',
      'item',
      'known_day',
      ['upto', sumOver(col('counted'), { ...within, rows: 'upToHere' })],
      ['next_day', over(fn('lead', col('known_day')), within)],
    ],
    counts,
  );
  const edge = (which: 'min' | 'max'): Expression => valueOf(select([['day', fn(which, col('day'))]], wanted));
  const spans = select(
    [
      'user_value',
      'item',
      'upto',
      ['first_day', fn('greatest', sql`${col('known_day')} + ${int(1)}`, edge('min'))],
      ['last_day', fn('least', fn('coalesce', col('next_day'), edge('max')), edge('max'))],
    ],
    sums,
  );
  const each = script.view(
    `${name}__days`,
    select(
      ['user_value', 'item', 'upto', ['day', call('eachInteger', col('first_day'), col('last_day'))]],
      select([{ all: null }], spans, { where: [sql`${col('first_day')} <= ${col('last_day')}`] }),
    ),
    'The days of groups on which each running sum holds.',
  );
  return select(
    [
      ['value', dayValue(col('day', 'n'), col('user_value', 'n'))],
      ['item', col('item', 'n')],
      ['counted', col('upto', 'n')],
    ],
    from(each, 'n'),
    { joins: [join('semi', wanted, 'w', equal('w', 'n', ['user_value', 'day']))] },
  );
}
