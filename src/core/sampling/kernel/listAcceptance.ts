import type { CurrentGroup } from './currentGroup.ts';
import { Refusal } from './drawer.ts';
import type { Exclusion } from './exclusion.ts';

/** Items that a list does not give to a group. */
export interface ListAcceptance {
  readonly exclusion: Exclusion | null;
  /** Items with a positive event of the user, for lists of exposures; else null. */
  readonly positiveItems: Exclusion | null;
}

/** Why a candidate is refused; -1 if it is acceptable. */
export function refusalOf({ exclusion, positiveItems }: ListAcceptance, item: number, group: CurrentGroup): number {
  if (group.isPositive(item)) return Refusal.positive;
  if (exclusion?.excludes(item, group.time) === true || positiveItems?.excludes(item, group.time) === true)
    return Refusal.excluded;
  return group.isEligible(item) ? -1 : Refusal.ineligible;
}
