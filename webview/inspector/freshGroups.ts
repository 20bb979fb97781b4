import type { Dataset } from '../../src/core/table/dataset.ts';
import type { View } from '../../src/core/table/filter.ts';
import type { GroupPage } from '../../src/protocol/engine.ts';
import { groupColumnIndices, groupColumns } from '../grid/groupColumns.ts';
import { GroupRows, type HeadQuery } from '../grid/groupRows.ts';

/** Loads heads of the groups of a view. */
export type HeadLoader = (query: HeadQuery & { readonly view: View }, signal: AbortSignal) => Promise<GroupPage>;

/** The groups of a view; null if it is not grouped. `opened`: numbers of the open groups. */
export function freshGroups(
  dataset: Dataset | null,
  view: View,
  opened: readonly number[],
  load: HeadLoader,
  changed: (groups: GroupRows) => void,
): GroupRows | null {
  if (!dataset || view.group === undefined) return null;
  const groups: GroupRows = new GroupRows(
    groupColumnIndices(groupColumns(view.group, dataset.columns)),
    opened,
    (query, signal) => load({ view, ...query }, signal),
    () => changed(groups),
  );
  return groups;
}
