import type { ConfigDraft } from '../config/definition/config.ts';
import type { DatasetName } from '../config/definition/data.ts';
import { partsOfEvent } from '../config/eventConditions.ts';
import type { ConfigPath } from '../config/tree.ts';
import { columnNamed, type KnownDataset } from './columnKinds.ts';
import { dataColumns, datasetsOf, flagRoles } from './dataColumns.ts';
import { tablesOfEvent } from './eventTables.ts';
import type { Facts } from './facts.ts';

/** A column that the config reads as boolean or 0 and 1. */
export interface FlagColumn {
  readonly name: string;
  readonly path: ConfigPath;
  readonly dataset: DatasetName;
  readonly facts: KnownDataset;
}

/** The flags of the data sets with known columns: labels, `viewed`, and events. */
export function* flagColumns({
  config,
  facts,
}: {
  readonly config: ConfigDraft;
  readonly facts: Facts;
}): Iterable<FlagColumn> {
  const known = datasetsOf(config).flatMap((name) => {
    const dataset = facts.dataset(name);
    return dataset?.state === 'known' ? [[name, dataset] as const] : [];
  });
  for (const [dataset, columns] of known) {
    for (const { role, name, path } of dataColumns(config, dataset))
      if (flagRoles.some((flag) => flag === role) && columnNamed(columns, name))
        yield { name, path, dataset, facts: columns };
  }
  for (const event of Object.keys(config.events ?? {})) {
    const tables = tablesOfEvent(event, config);
    for (const { name, path, isFlag } of partsOfEvent(event, config)) {
      if (!isFlag) continue;
      const table = known.find(([dataset, log]) => tables.includes(dataset) && columnNamed(log, name));
      if (table) yield { name, path, dataset: table[0], facts: table[1] };
    }
  }
}
