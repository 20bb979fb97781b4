import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { outcomeColumn } from '../../config/outcomeNames.ts';
import { cast, double, fn, int, sql, when } from '../sql/expression.ts';
import type { Expression } from '../sql/tree.ts';

/** Column of whether an event of `output.events` holds for a row of the log, up to known until. */
export const outcomeFlag = (k: number): string => `outcome_${k}`;
/** Column of the time of the exposure that these events belong to. */
export const shownAt = 'shown_at';

/** Names of these columns. */
export function outcomeFlags({ outcomes }: StagePlan): string[] {
  return (outcomes?.events ?? []).map((_, k) => outcomeFlag(k));
}

/** What a row of the output is labelled by. */
interface Labelled {
  /** A column of the exposure of the row. */
  readonly of: (column: string) => Expression;
  /** Whether the row has no exposure, so that no event holds; null: every row has one. */
  readonly hasNone: Expression | null;
  /** The time of the group; null: that of the exposure. */
  readonly time: Expression | null;
  /** 1 for a positive. */
  readonly label: Expression;
  /** The weight of a positive. */
  readonly weight: Expression;
}

/** Columns of `output.events` and `output.graded`. A label is NULL while it is not known whether its event follows. */
export function outcomeOutput(
  { outcomes }: StagePlan,
  knownUntil: Expression,
  { of, hasNone, time, label, weight }: Labelled,
): readonly (readonly [string, Expression])[] {
  if (!outcomes) return [];
  const labels = outcomes.events.map(({ name, matureAfter }, k) => {
    const holds = cast(when([[of(outcomeFlag(k)), int(1)]], int(0)), 'TINYINT');
    // The own exposure of a negative may be newer than the group.
    const at = time === null ? of(shownAt) : fn('greatest', time, of(shownAt));
    const isKnown = sql`${sql`${at} + ${int(matureAfter ?? 0)}`} <= ${knownUntil}`;
    const value = matureAfter === null ? holds : when([[isKnown, holds]]);
    const none = cast(int(0), 'TINYINT');
    return [outcomeColumn(name), hasNone === null ? value : when([[hasNone, none]], value)] as const;
  });
  return outcomes.graded
    ? [...labels, ['grade', when([[sql`${label} = ${int(1)}`, weight]], double(0))] as const]
    : labels;
}
