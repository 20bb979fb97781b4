import { isBundled, type SampleLayout } from '../../schema/sampleLayout.ts';
import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { groupKey, joinedTexts } from '../groups/groups.ts';
import { call, cast, col, fn, int, sql, text, when } from '../../relation/expression.ts';
import { cols, columnsFrom, type NamedColumns } from '../../relation/relation.ts';
import type { Expression } from '../../relation/tree.ts';

/** Groups of the output rows `r`, and the order of both. The expressions use columns of `r`. */
export interface Grouping {
  /** What identifies the group; null: every row is a group. */
  readonly key: NamedColumns | null;
  /** High and low 32 bits of the hash of the group's key. */
  readonly keyWords: readonly [Expression, Expression];
  /** Text that orders groups of equal user and time. */
  readonly keyText: Expression;
  /** Sort expressions for groups with equal user, time and text. */
  readonly tieOrder: readonly Expression[];
  /** Sort expressions for the rows of a group: ascending, NULL first. */
  readonly rowOrder: readonly Expression[];
  /** If a row of the file has several groups, what it is. */
  readonly bundle?: Bundle;
}

/** Groups that share a row of the file: of a request, or without one of a time; or of a user. Only those of a day. */
interface Bundle {
  /** Its user, a text that names it, and its day, if each day has its own rows. */
  readonly key: NamedColumns;
  /** The text. Its words order the rows of the file. */
  readonly text: Expression;
  /** What orders groups of a user. */
  readonly order: NamedColumns;
}

/** Columns that order groups after their users. docs/samples.md: Order. */
export function orderOfGroups(
  { keyText, tieOrder }: Pick<Grouping, 'keyText' | 'tieOrder'>,
  time: Expression,
): NamedColumns {
  return [['t', time], ['key', keyText], ...tieOrder.map((value, k) => [`tie_${k}`, value] as const)];
}

/** Event number of exposures without a positive event: after all events. */
const NO_EVENT = 255;
const HIGH_BIT = 0x8000_0000;
const WORD_VALUES = 0x1_0000_0000;

const keyOf = (values: readonly Expression[]): Expression =>
  joinedTexts(values.map((value) => fn('coalesce', cast(value, 'STRING'), text(''))));

/** The request of a row `r` as output: its id; without an id, user and time. */
const requestText = fn(
  'coalesce',
  cast(col('request', 'r'), 'STRING'),
  joinedTexts([cast(col('user', 'r'), 'STRING'), cast(col('t', 'r'), 'STRING')]),
);

/** Groups of the rows `r` of a stage that draws negatives. docs/samples.md: Order. */
export function drawnGrouping({ unit, positives }: StagePlan): Grouping {
  const event = when(
    positives.events.map(({ name }, k) => [sql`${col('positive', 'r')} = ${int(k)}`, text(name)] as const),
  );
  return {
    key: columnsFrom(groupKey, 'r'),
    keyWords: [col('k0', 'r'), col('k1', 'r')],
    keyText:
      unit === 'positive' ? keyOf([col('group_item', 'r'), col('t', 'r'), col('request', 'r'), event]) : requestText,
    tieOrder: [],
    rowOrder: [
      // The positive first.
      sql`${int(1)} - ${col('own', 'r')}`,
      fn('coalesce', col('entry', 'r'), int(-1)),
      fn('coalesce', col('draw', 'r'), int(-1)),
      col('item', 'r'),
    ],
  };
}

/**
 * Every exposure `r` is a group. Equal exposures are ordered by the number of their event, then by `tieColumns`, the
 * further columns of the log that decide which of equal rows is picked first.
 */
export function exposureGrouping(tieColumns: readonly string[]): Grouping {
  const isNegative = sql`${col('positive', 'r')} IS NULL`;
  return {
    key: null,
    keyWords: [col('k0', 'r'), col('k1', 'r')],
    keyText: keyOf(cols(['item', 't', 'request', 'position'], 'r')),
    tieOrder: [fn('coalesce', col('positive', 'r'), int(NO_EVENT)), ...cols(tieColumns, 'r')],
    rowOrder: [when([[isNegative, int(1)]], int(0))],
  };
}

/** In lists of structs, engines differ in where NULL comes: a column before it decides. */
const withNullFirst = ([name, value]: NamedColumns[number]): NamedColumns =>
  name.startsWith('tie')
    ? [
        [`${name}_known`, when([[sql`${value} IS NULL`, int(0)]], int(1))],
        [name, value],
      ]
    : [[name, value]];

/** The grouping with the bundles of a layout. @param day of a group; null: groups of all days share rows */
export function bundled(grouping: Grouping, layout: SampleLayout, time: Expression, day: Expression | null): Grouping {
  if (!isBundled(layout)) return grouping;
  const user = cast(col('user', 'r'), 'STRING');
  const request = cast(col('request', 'r'), 'STRING');
  const byTime = joinedTexts([user, cast(time, 'STRING'), text('')]);
  const name = layout === 'user' ? user : when([[sql`${request} IS NULL`, byTime]], joinedTexts([user, request]));
  const key = [['user', col('user', 'r')], ['bundle', name], ...(day === null ? [] : [['day', day] as const])] as const;
  return { ...grouping, bundle: { key, text: name, order: orderOfGroups(grouping, time).flatMap(withNullFirst) } };
}

/**
 * The id of a group: the 64 bits of its hash as a signed integer. Requests of different users may have the same text,
 * so the id of a request hashes user, U+001F and text.
 */
export function groupIdOf(plan: StagePlan, { keyWords }: Grouping): Expression {
  if (plan.unit !== 'request') return bitsOf(...keyWords);
  // Hexadecimal digits 1 to 8, and 9 to 16.
  const hash = fn('md5', joinedTexts([cast(col('user', 'r'), 'STRING'), requestText]));
  return bitsOf(call('hexWord', hash, int(1)), call('hexWord', hash, int(9)));
}

/** `high` · 2³² + `low` as a signed 64-bit integer. Subtracting 2³² from a large `high` first avoids an overflow. */
function bitsOf(high: Expression, low: Expression): Expression {
  const signed = sql`${high} - ${when([[sql`${high} >= ${int(HIGH_BIT)}`, int(WORD_VALUES)]], int(0))}`;
  return sql`${sql`${signed} * ${int(WORD_VALUES)}`} + ${low}`;
}
