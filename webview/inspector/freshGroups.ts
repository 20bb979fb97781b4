import { groupColumnIndices, groupColumns } from '../grid/groupColumns.ts';
import { GroupRows } from '../grid/groupRows.ts';
import type { InspectorModel } from './inspectorModel.ts';

/** The groups of the view of a model; null if it has none. */
export function freshGroups(model: InspectorModel, changed: (groups: GroupRows) => void): GroupRows | null {
  const { dataset, state, view } = model;
  if (!dataset || view.group === undefined) return null;
  const groups: GroupRows = new GroupRows(
    groupColumnIndices(groupColumns(view.group, dataset.columns)),
    state.openGroups,
    (query, signal) => model.request('groups', { view, ...query }, signal),
    () => changed(groups),
  );
  return groups;
}
