import { eventColumn } from '../../tables/log.ts';
import { within, type Bounds } from '../world/within.ts';

/** The numbers of the events of a log. */
interface Numbered {
  readonly data: { readonly log: { readonly events: readonly { readonly name: string }[] } };
}

/** SQL that is true if at least one of the events holds for a row of the events without an impression. */
export function anyUnmatched({ data: { log } }: Numbered, names: readonly string[]): string {
  const numbers = names.map((name) => log.events.findIndex((event) => event.name === name)).filter((k) => k >= 0);
  return numbers.length === 0 ? 'false' : `(${numbers.map(eventColumn).join(' OR ')})`;
}

/**
 * SQL that is true for an event without an impression that happened within the bounds, or at an unknown time, and has no
 * impression up to their end.
 */
export function unmatchedWithin({ from, to }: Bounds): string {
  const until = { from: -Infinity, to };
  return `(time IS NULL OR ${within('time', { from, to })}) AND (shown IS NULL OR NOT ${within('shown', until)})`;
}

/** The events without an impression, and the numbers of events. */
interface Unmatched extends Numbered {
  readonly matched: { readonly hasPositives: boolean };
  unmatched(): string | null;
}

/**
 * SQL of the positives without an impression that have groups of their own in the split, as a FROM item with the columns
 * of `MatchedEvents.unmatched`. Null if there are none.
 */
export function unexposedPositives(
  sampled: Unmatched,
  events: readonly { readonly name: string }[],
  { split, knownUntil }: { readonly split: Bounds; readonly knownUntil: number },
): string | null {
  const unmatched = sampled.unmatched();
  if (unmatched === null || !sampled.matched.hasPositives) return null;
  const any = anyUnmatched(
    sampled,
    events.map(({ name }) => name),
  );
  const bounds = { from: -Infinity, to: knownUntil };
  return `(SELECT * FROM ${unmatched} WHERE positive AND ${any} AND ${within('time', split)} AND ${unmatchedWithin(bounds)})`;
}

/**
 * SQL that is true for a positive without an impression that a count includes: one of the events holds, none of the
 * others, and it happened within the bounds.
 */
export function countedUnmatched(
  sampled: Numbered,
  {
    any,
    none = [],
    viewed = false,
    from,
    to,
  }: Bounds & { readonly any: readonly string[]; readonly none?: readonly string[]; readonly viewed?: boolean },
): string {
  if (viewed) return 'false';
  return `(positive AND ${anyUnmatched(sampled, any)} AND NOT ${anyUnmatched(sampled, none)} AND ${unmatchedWithin({ from, to })})`;
}
