import { message, type Message } from '../../core/message/message.ts';
import { indexIn } from '../../core/sampling/kernel/search.ts';
import type { DrawnRows } from '../../core/sampling/kernel/rowCounts.ts';
import type { PlanEntry } from '../../core/sampling/plan/stagePlan.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import { formatCount } from '../../core/table/format.ts';
import { f64At, i16At, i32At, u32At, valueAt } from '../../core/valueAt.ts';

/** Rows of `exposed_unclicked` with `before: false`. */
export interface LaterExposures {
  readonly rows: number;
  /** Rows whose item was first shown to the user at or after the read time, and not in the request of the group. */
  readonly later: number;
}

/** For each entry: its rows in a block, and how many of them are later exposures. */
export function laterExposures(
  { count, group, item, entry }: Pick<DrawnRows, 'count' | 'group' | 'item' | 'entry'>,
  { groups: { offsets, readTime, request }, lists }: Pick<UserBlock, 'groups' | 'lists'>,
): LaterExposures[] {
  const counts = lists.map(() => ({ rows: 0, later: 0 }));
  if (lists.every((list) => list?.user?.first === undefined)) return counts;
  let user = 0;
  for (let row = 0; row < count; row++) {
    const at = i16At(entry, row);
    const list = at < 0 ? null : valueAt(lists, at);
    const first = list?.user?.first;
    if (!list?.user || first === undefined) continue;
    const own = u32At(group, row);
    while (u32At(offsets, user + 1) <= own) user++;
    const counted = valueAt(counts, at);
    counted.rows++;
    const drawn = u32At(item, row);
    const of = i32At(request, own);
    if (list.request && of >= 0 && has(list.request, of, drawn)) continue;
    const { offsets: places, items } = list.user;
    const place = indexIn(items, u32At(places, user), u32At(places, user + 1), drawn);
    if (place >= 0 && f64At(first, place) >= f64At(readTime, own)) counted.later++;
  }
  return counts;
}

export function laterNotices(entries: readonly PlanEntry[], counts: readonly LaterExposures[]): Message[] {
  return counts.flatMap(({ rows, later }, k) =>
    later === 0
      ? []
      : [
          message(
            '{0} of {1} negatives of {2} were first shown to their user after the request of the positive (before: false)',
            formatCount(later),
            formatCount(rows),
            entries[k]?.name ?? '',
          ),
        ],
  );
}

function has(
  { offsets, items }: { readonly offsets: Uint32Array; readonly items: Uint32Array },
  owner: number,
  item: number,
): boolean {
  return indexIn(items, u32At(offsets, owner), u32At(offsets, owner + 1), item) >= 0;
}
