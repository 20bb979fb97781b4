import { Exclusion } from '../../../../core/sampling/kernel/exclusion.ts';
import type { DatedItems, Items, UserBlock } from '../../../../core/sampling/world/world.ts';
import { f64At, u32At, valueAt } from '../../../../core/valueAt.ts';
import type { ListColumns } from './listMemory.ts';

/** The lists of the users of a block, for a plan with one entry. */
export interface UserLists {
  readonly lists: DatedItems;
  /** Exclusions that apply to their items. */
  readonly exclusions: readonly Exclusion[];
}

/** @param areExposures whether the lists are exposures, which lose the items with a positive event */
export function userLists(
  { excluded, excludedOf, chosen }: UserBlock,
  lists: DatedItems,
  areExposures: boolean,
): UserLists {
  const set = valueAt(excludedOf, 0);
  const own = set < 0 ? null : valueAt(excluded, set);
  return {
    lists,
    exclusions: [
      ...(own ? [new Exclusion(own, own.last, own.lookback)] : []),
      ...(areExposures ? [new Exclusion(chosen, null, Infinity)] : []),
    ],
  };
}

/**
 * Copies the lists of the users from … to, with the words and times of their items.
 * @returns whether items have times: if not, all of them can be drawn in every group, and no time is copied
 */
export function copyLists(
  { lists: { offsets, items, since }, exclusions }: UserLists,
  from: number,
  to: number,
  { words, created, removed }: Items,
  columns: ListColumns,
  timeless: boolean,
): boolean {
  const {
    listOffsets,
    listed,
    firstWords,
    secondWords,
    drawnFrom,
    drawnUntil,
    candidateFrom,
    since: firstTimes,
  } = columns;
  const first = u32At(offsets, from);
  const count = u32At(offsets, to) - first;
  listed.set(items.subarray(first, first + count));
  for (let user = from; user <= to; user++) listOffsets[user - from] = u32At(offsets, user) - first;
  for (let k = 0; k < count; k++) {
    const item = u32At(listed, k);
    firstWords[k] = u32At(words, 2 * item);
    secondWords[k] = u32At(words, 2 * item + 1);
  }
  if (timeless && since === null && exclusions.length === 0) return false;
  for (let user = from; user < to; user++) {
    for (const exclusion of exclusions) exclusion.startUser(user);
    for (let k = u32At(listOffsets, user - from); k < u32At(listOffsets, user + 1 - from); k++) {
      const item = u32At(listed, k);
      const known = f64At(created, item);
      let until = known;
      for (const exclusion of exclusions) until = Math.max(until, exclusion.until(item));
      candidateFrom[k] = known;
      firstTimes[k] = since === null ? -Infinity : f64At(since, first + k);
      drawnFrom[k] = until;
      drawnUntil[k] = f64At(removed, item);
    }
  }
  return true;
}
