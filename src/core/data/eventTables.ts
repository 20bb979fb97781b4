import type { ConfigDraft } from '../config/definition/config.ts';
import { clicksOf, datasetEntry } from './dataColumns.ts';
import type { DatasetName } from '../config/definition/data.ts';

/**
 * The tables that can hold an event, the one that counts first. A table of events whose key `events` names it is the
 * only one. Else these are the impressions, and the tables of events without that key.
 */
export function tablesOfEvent(event: string, config: ConfigDraft): DatasetName[] {
  const tables = clicksOf(config);
  const named = tables.filter(({ events }) => events?.includes(event) === true);
  if (named.length > 0) return named.map(({ name }) => name);
  return [
    ...(datasetEntry(config, 'impressions') ? (['impressions'] as const) : []),
    ...tables.filter(({ events }) => events === undefined).map(({ name }) => name),
  ];
}
