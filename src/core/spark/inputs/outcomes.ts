import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { outcomeColumn } from '../../config/outcomeNames.ts';
import { cast, double, fn, int, nothing, sql, when } from '../../relation/expression.ts';
import type { Expression } from '../../relation/tree.ts';

/** Column of whether an event of `output.events` holds for a row of the log, up to known until. */
const outcomeFlag = (k: number): string => `outcome_${k}`;
/** Column of the time of the exposure that these events belong to. */
export const shownAt = 'shown_at';

/** Column of whether it is unknown if that event holds. */
const unknownFlag = (k: number): string => `outcome_${k}_unknown`;

/** These columns, with the name of the event that each is about. */
export function outcomeEvents({ outcomes }: StagePlan): { readonly flag: string; readonly event: string }[] {
  return (outcomes?.events ?? []).flatMap(({ name, unknown }, k) => [
    { flag: outcomeFlag(k), event: name },
    ...(unknown === undefined ? [] : [{ flag: unknownFlag(k), event: unknown }]),
  ]);
}

/** Names of these columns. */
export function outcomeFlags(plan: StagePlan): string[] {
  return outcomeEvents(plan).map(({ flag }) => flag);
}

/** What a row of the output is labelled by. */
interface Labelled {
  /** A column of the exposure of the row. */
  readonly exposureColumn: (column: string) => Expression;
  /** True if the row has no exposure, so that no event holds; null: every row has one. */
  readonly hasNone: Expression | null;
  /** The time of the group; null: that of the exposure. */
  readonly time: Expression | null;
  /** 1 for a positive. */
  readonly label: Expression;
  /** The weight of a positive. */
  readonly weight: Expression;
}

/** Columns of `output.events` and `output.graded`. A label is NULL if it is not known whether its event happened. */
export function outcomeOutput(
  { outcomes }: StagePlan,
  knownUntil: Expression,
  { exposureColumn, hasNone, time, label, weight }: Labelled,
): readonly (readonly [string, Expression])[] {
  if (!outcomes) return [];
  const labels = outcomes.events.map(({ name, unknown, matureAfter }, k) => {
    const isOpen = unknown === undefined ? [] : [[exposureColumn(unknownFlag(k)), nothing('INT')] as const];
    const holds = cast(when([[exposureColumn(outcomeFlag(k)), int(1)], ...isOpen], int(0)), 'TINYINT');
    // The own exposure of a negative may be newer than the group.
    const at = time === null ? exposureColumn(shownAt) : fn('greatest', time, exposureColumn(shownAt));
    const isKnown = sql`${sql`${at} + ${int(matureAfter ?? 0)}`} <= ${knownUntil}`;
    const value = matureAfter === null ? holds : when([[isKnown, holds]]);
    const none = cast(int(0), 'TINYINT');
    return [outcomeColumn(name), hasNone === null ? value : when([[hasNone, none]], value)] as const;
  });
  return outcomes.graded
    ? [...labels, ['grade', when([[sql`${label} = ${int(1)}`, weight]], double(0))] as const]
    : labels;
}
