import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { passThroughEntries } from '../../core/data/passThrough.ts';
import type { PlanEntry } from '../../core/sampling/plan/stagePlan.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import type { DataTables } from '../facts/dataTables.ts';

/** True if columns of a data set are copied to the output. */
export function isCopied(dataset: 'impressions' | 'items', config: ConfigDraft, tables: DataTables): boolean {
  return passThroughEntries(config).some(
    ({ keys: { from, column } }) => from === dataset || (from === undefined && tables.hasColumn(dataset, column)),
  );
}

/** True if only the ids of the items are read: no times, conditions, attributes or copied columns. */
export function isItemList(
  { columns, where, attributes }: Pick<NonNullable<SamplingData['items']>, 'columns' | 'where' | 'attributes'>,
  entries: readonly PlanEntry[],
  config: ConfigDraft,
  tables: DataTables,
): boolean {
  return (
    !isCopied('items', config, tables) &&
    Object.keys(columns).length === 1 &&
    where === undefined &&
    attributes.length === 0 &&
    entries.every(({ draws }) => draws.kind !== 'pool' || draws.where === null)
  );
}
