import { indexIn } from './kernel/search.ts';
import { u32At, valueAt } from '../valueAt.ts';
import type { UserBlock } from './world/world.ts';

/** True if an item is excluded for an entry because it is in the user's history. */
export function isPast(
  { excluded, excludedOf }: Pick<UserBlock, 'excluded' | 'excludedOf'>,
  entry: number,
  user: number,
  item: number,
): boolean {
  const set = excluded[valueAt(excludedOf, entry)];
  if (!set?.isPast) return false;
  const place = indexIn(set.items, u32At(set.offsets, user), u32At(set.offsets, user + 1), item);
  return place >= 0 && set.isPast[place] === 1;
}
