import type { SampledTables } from '../inputs/sampledTables.ts';

/** Names of the events that happened to users, in order. Without the names of `unknownNames`, which plans add. */
export const eventNames = ({ data: { log } }: SampledTables): string[] =>
  log.events.flatMap((event) => ('unknown' in event ? [] : [event.name]));
