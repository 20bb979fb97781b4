import { stageViews } from '../../core/config/entries.ts';
import { eventOfUnknown, unknownNames } from '../../core/config/eventConditions.ts';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { DatasetName } from '../../core/config/definition/data.ts';
import type { Facts } from '../../core/data/facts.ts';
import { flagColumns } from '../../core/data/flagColumns.ts';
import { attempt, FailureError } from '../../core/message/failure.ts';
import type { AskedFlags } from '../../protocol/answers.ts';
import type { AskedEvent } from '../../protocol/askedTable.ts';
import type { DataTables } from '../facts/dataTables.ts';
import { resolveEvent } from '../facts/resolveEvent.ts';

/** The flags of each data set, and where the events of positives are unknown. */
export function askedFlags(config: ConfigDraft, facts: Facts, tables: DataTables): AskedFlags[] {
  const positives = stageViews(config).flatMap(({ draft }) => Object.keys(draft.positives?.events ?? {}));
  const events = unknownNames([...new Set(positives)], config).flatMap((name) => resolved(name, config, tables));
  const flags = [...flagColumns({ config, facts })];
  const names = new Set<DatasetName>([
    ...flags.map(({ dataset }) => dataset),
    ...events.map(({ table }) => table ?? ('impressions' as const)),
  ]);
  return [...names].map((dataset) => ({
    ...tables.table(dataset, []),
    dataset,
    flags: [...new Set(flags.filter((flag) => flag.dataset === dataset).map(({ name }) => name))],
    events: events
      .filter(({ table = 'impressions' }) => table === dataset)
      .map((event) => ({ ...event, name: eventOfUnknown(event.name, config) ?? event.name })),
  }));
}

/** Other rules report events that no table has. */
function resolved(name: string, config: ConfigDraft, tables: DataTables): AskedEvent[] {
  const event = attempt(() => resolveEvent(name, config, tables));
  return event instanceof FailureError ? [] : [event];
}
