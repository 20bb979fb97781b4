import type { DrawnRows } from '../../core/sampling/kernel/rowCounts.ts';
import type { Groups } from '../../core/sampling/world/world.ts';
import { f64At, i16At, i32At, u32At } from '../../core/valueAt.ts';
import type { Origins } from './group.ts';

/** Log rows in which the rows were exposed, -1 without one. Positives of a group keep their order. */
export function originsOf(
  rows: Pick<DrawnRows, 'count' | 'group' | 'item' | 'entry'>,
  { offsets, positives, request, readTime }: Groups,
  origins: Origins,
): Int32Array {
  const origin = new Int32Array(rows.count).fill(-1);
  let [group, next, user] = [-1, 0, 0];
  for (let row = 0; row < rows.count; row++) {
    const own = u32At(rows.group, row);
    if (own !== group) [group, next] = [own, u32At(positives.offsets, own)];
    const entry = i16At(rows.entry, row);
    if (entry < 0) {
      origin[row] = i32At(origins.positives, next++);
      continue;
    }
    const drawn = origins.drawn[entry];
    if (!drawn) continue;
    while (u32At(offsets, user + 1) <= own) user++;
    origin[row] = drawn.exposureRow(user, u32At(rows.item, row), {
      request: i32At(request, own),
      readTime: f64At(readTime, own),
    });
  }
  return origin;
}
