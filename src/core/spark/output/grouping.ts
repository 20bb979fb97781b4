import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { groupKey, joinedTexts } from '../groups/groups.ts';
import { call, cast, col, fn, int, sql, text, when } from '../../relation/expression.ts';
import { cols } from '../../relation/relation.ts';
import type { Expression } from '../../relation/tree.ts';

/** How the rows of the output, `r`, belong to groups, and what orders both. Values of `r` and of its joins. */
export interface Grouping {
  /** Columns of `r` that name the group; null: every row is a group. */
  readonly key: readonly string[] | null;
  /** The two words of the key of the group. */
  readonly words: readonly [Expression, Expression];
  /** The end of the key's text. It orders groups of equal user and time. */
  readonly keyText: Expression;
  /** What orders groups with equal keys. */
  readonly ties: readonly Expression[];
  /** What orders the rows of a group: ascending, NULL first. */
  readonly rows: readonly Expression[];
}

const key = (parts: readonly Expression[]): Expression =>
  joinedTexts(parts.map((part) => fn('coalesce', cast(part, 'STRING'), text(''))));

/** The key of the request of a row `r`. */
const requestKey = fn(
  'coalesce',
  cast(col('request', 'r'), 'STRING'),
  joinedTexts([cast(col('user', 'r'), 'STRING'), cast(col('t', 'r'), 'STRING')]),
);

/** The groups of the rows `r` of a unit that draws. docs/samples.md: Order. */
export function drawnGrouping({ unit, positives }: StagePlan): Grouping {
  const event = when(
    positives.events.map(({ name }, k) => [sql`${col('positive', 'r')} = ${int(k)}`, text(name)] as const),
  );
  return {
    key: groupKey,
    words: [col('k0', 'r'), col('k1', 'r')],
    keyText:
      unit === 'positive' ? key([col('group_item', 'r'), col('t', 'r'), col('request', 'r'), event]) : requestKey,
    ties: [],
    rows: [
      sql`${int(1)} - ${col('own', 'r')}`,
      fn('coalesce', col('entry', 'r'), int(-1)),
      fn('coalesce', col('draw', 'r'), int(-1)),
      col('item', 'r'),
    ],
  };
}

/** The exposures `r`. Equal keys come in the order of their events, then in the pick order. */
export function exposureGrouping(ties: readonly string[]): Grouping {
  const isNegative = sql`${col('positive', 'r')} IS NULL`;
  return {
    key: null,
    words: [col('k0', 'r'), col('k1', 'r')],
    keyText: key(cols(['item', 't', 'request', 'position'], 'r')),
    ties: [fn('coalesce', col('positive', 'r'), int(255)), ...cols(ties, 'r')],
    rows: [when([[isNegative, int(1)]], int(0))],
  };
}

/**
 * The 64 bits of the words of a group, as a signed integer. Requests of different users may have equal keys, so their
 * ids are those of user, U+001F and key.
 */
export function groupIdOf(plan: StagePlan, { words }: Grouping): Expression {
  if (plan.unit !== 'request') return bitsOf(...words);
  const hash = fn('md5', joinedTexts([cast(col('user', 'r'), 'STRING'), requestKey]));
  return bitsOf(call('hexWord', hash, int(1)), call('hexWord', hash, int(9)));
}

/** No intermediate value exceeds 64 bits. */
function bitsOf(high: Expression, low: Expression): Expression {
  const signed = sql`${high} - ${when([[sql`${high} >= ${int(2147483648)}`, int(4294967296)]], int(0))}`;
  return sql`${sql`${signed} * ${int(4294967296)}`} + ${low}`;
}
