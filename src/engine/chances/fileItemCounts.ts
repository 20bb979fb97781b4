import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { f64At } from '../../core/valueAt.ts';
import { idOrder, indexOfId } from '../inputs/idOrder.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { FileItems } from './fileItems.ts';

/** Negatives of a file by item index; the last element counts unknown items. */
interface FileItemCounts {
  readonly all: Float64Array;
  /** Null unless every row names exactly one entry. */
  readonly byEntry: readonly Float64Array[] | null;
  readonly hasUnknownEntry: boolean;
}

export function countByEntry(
  { item, name, rows }: FileItems,
  plan: StagePlan,
  { items }: LoadedWorld,
  role: 'entry' | 'source' | null,
): FileItemCounts {
  const order = idOrder(items.kind);
  const all = new Float64Array(items.count + 1);
  const byEntry = plan.entries.map(() => new Float64Array(items.count + 1));
  let namesOneEntry = role !== null || plan.entries.length === 1;
  let hasUnknownEntry = false;
  // An item has a row for each name.
  let itemIndex = items.count;
  const entriesByName = new Map<string | null, readonly number[]>();
  for (const [row, id] of item.entries()) {
    if (row === 0 || id !== item[row - 1]) {
      const index = id === null ? -1 : indexOfId(items.texts, id, order);
      itemIndex = index < 0 ? items.count : index;
    }
    const count = f64At(rows, row);
    all[itemIndex] = f64At(all, itemIndex) + count;
    const rowName = name[row] ?? null;
    const matches = entriesByName.get(rowName) ?? entriesWithName(rowName);
    entriesByName.set(rowName, matches);
    const [entry, second] = matches;
    const counts = entry === undefined || second !== undefined ? undefined : byEntry[entry];
    if (counts) counts[itemIndex] = f64At(counts, itemIndex) + count;
    else namesOneEntry = false;
    if (matches.length === 0) hasUnknownEntry = true;
  }
  return { all, byEntry: namesOneEntry ? byEntry : null, hasUnknownEntry };

  function entriesWithName(rowName: string | null): readonly number[] {
    return plan.entries.flatMap((entry, index) => {
      const matches = role === null || (role === 'entry' ? entry.name : entry.source) === rowName;
      return matches ? [index] : [];
    });
  }
}
