import type { ExcludedItems, UserItems } from '../../../core/sampling/world/world.ts';
import { f64At, u32At } from '../../../core/valueAt.ts';

/**
 * Excluded items together with past items, which are excluded at all times.
 * @param past past items of the same users; null if the exclusion has no history
 */
export function withPastItems(excluded: ExcludedItems, past: UserItems | null): ExcludedItems {
  if (past === null) return excluded;
  const users = excluded.offsets.length - 1;
  const most = excluded.items.length + past.items.length;
  const [items, last, isPast] = [new Uint32Array(most), new Float64Array(most), new Uint8Array(most)];
  const offsets = new Uint32Array(users + 1);
  let [count, own, old] = [0, 0, 0];
  for (let user = 0; user < users; user++) {
    const [ownEnd, oldEnd] = [u32At(excluded.offsets, user + 1), u32At(past.offsets, user + 1)];
    while (own < ownEnd || old < oldEnd) {
      const a = own < ownEnd ? u32At(excluded.items, own) : Infinity;
      const b = old < oldEnd ? u32At(past.items, old) : Infinity;
      items[count] = Math.min(a, b);
      last[count] = b <= a ? Infinity : f64At(excluded.last, own);
      isPast[count++] = b <= a ? 1 : 0;
      if (a <= b) own++;
      if (b <= a) old++;
    }
    offsets[user + 1] = count;
  }
  return {
    ...excluded,
    offsets,
    items: items.slice(0, count),
    last: last.slice(0, count),
    isPast: isPast.slice(0, count),
  };
}
