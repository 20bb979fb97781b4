import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { dataColumns, idRoles } from '../../core/data/dataColumns.ts';
import type { Facts } from '../../core/data/facts.ts';
import { titleColumn } from '../../core/table/titleColumn.ts';

/** The column with the titles of items or the names of users; null if the file has none. */
export function titleOf(dataset: 'items' | 'users', config: ConfigDraft, facts: Facts): string | null {
  const table = facts.dataset(dataset);
  const columns = table?.state === 'known' ? table.columns : [];
  const ids = dataColumns(config, dataset)
    .filter(({ role }) => idRoles.some((id) => id === role))
    .map(({ name }) => name);
  return titleColumn(columns, ids);
}
