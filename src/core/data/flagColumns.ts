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

/** The flags of the data sets whose columns are known: labels, `viewed`, and events. */
export function* flagColumns({
  config,
  facts,
}: {
  readonly config: ConfigDraft;
  readonly facts: Facts;
}): Iterable<FlagColumn> {
  const known = datasetsOf(config).flatMap((name) => {
    const found = facts.dataset(name);
    return found?.state === 'known' ? [[name, found] as const] : [];
  });
  for (const [dataset, own] of known) {
    for (const { role, name, path } of dataColumns(config, dataset))
      if (flagRoles.some((flag) => flag === role) && columnNamed(own, name)) yield { name, path, dataset, facts: own };
  }
  for (const event of Object.keys(config.events ?? {})) {
    const tables = tablesOfEvent(event, config);
    for (const { name, path, isFlag } of partsOfEvent(event, config)) {
      if (!isFlag) continue;
      const found = known.find(([dataset, log]) => tables.includes(dataset) && columnNamed(log, name));
      if (found) yield { name, path, dataset: found[0], facts: found[1] };
    }
  }
}
