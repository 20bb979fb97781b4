import { and, col, fn, or, sql } from '../../relation/expression.ts';
import type { Expression } from '../../relation/tree.ts';

/** Boolean column: the event happened. */
export const eventColumn = (k: number): string => `event_${k}`;
/** Time column of an event, in microseconds. Exists only for event tables with a time. */
export const eventTime = (k: number): string => `event_${k}_at`;
/** Earliest known time of an event, for sequences with exposures: rows without a time do not count. */
export const firstTime = (k: number): string => `event_${k}_first`;

/** True if the event happened at or before `until`; at any time if `until` is null. */
export function eventUntil(k: number, isTimed: boolean, until: Expression | null): Expression {
  const flag = col(eventColumn(k));
  if (!isTimed || until === null) return flag;
  const eventAt = col(eventTime(k));
  return and(flag, or(sql`${eventAt} IS NULL`, sql`${eventAt} <= ${until}`));
}

/** The time of an event; null if its table has none. */
export function timeOfEvent(k: number, isTimed: (k: number) => boolean): Expression | null {
  return isTimed(k) ? col(eventTime(k)) : null;
}

/** The earliest known time of an event, in a job with a sequence of exposures; null if its table has no times. */
export function firstTimeOfEvent(k: number, isTimed: (k: number) => boolean): Expression | null {
  return isTimed(k) ? col(firstTime(k)) : null;
}

/** Time from which an event is known: its own, `at`, but not before `time` of the impression. */
export function eventKnown(at: Expression | null, time: Expression): Expression {
  return at === null ? time : fn('greatest', time, fn('coalesce', at, time));
}

/**
 * Conditions on the rows of `unmatched`: the event is within [first, last] or has no time, and its next impression is
 * after `last`. A bound of null means unbounded.
 */
export function unmatchedWithin(first: Expression | null, last: Expression | null): Expression[] {
  const inside = [
    ...(first === null ? [] : [sql`${col('t')} >= ${first}`]),
    ...(last === null ? [] : [sql`${col('t')} <= ${last}`]),
  ];
  const isLater = last === null ? [] : [sql`${col('shown')} > ${last}`];
  return [
    ...(inside.length === 0 ? [] : [or(sql`${col('t')} IS NULL`, and(...inside))]),
    or(sql`${col('shown')} IS NULL`, ...isLater),
  ];
}
