import type { ConfigDraft } from '../config/definition/config.ts';
import { clicksOf, dataColumn, datasetEntry } from './dataColumns.ts';
import type { DatasetName } from '../config/definition/data.ts';

/**
 * The tables that can contain an event, in order of precedence. If the key `events` of a table lists the event, only
 * such tables. Otherwise the impressions, and the tables without the key `events`.
 */
export function tablesOfEvent(event: string, config: ConfigDraft): DatasetName[] {
  const tables = clicksOf(config);
  const withEvent = tables.filter(({ events }) => events?.includes(event) === true);
  if (withEvent.length > 0) return withEvent.map(({ name }) => name);
  return [
    ...(datasetEntry(config, 'impressions') ? (['impressions'] as const) : []),
    ...tables.filter(({ events }) => events === undefined).map(({ name }) => name),
  ];
}

/** The column with what an event is about, if its table has values in place of items. Null for other events. */
export function valueColumnOf(event: string, config: Pick<ConfigDraft, 'data'>): string | null {
  const table = clicksOf(config).find(({ events }) => events?.includes(event) === true);
  return (table && dataColumn(config, table.name, 'value')?.name) ?? null;
}
