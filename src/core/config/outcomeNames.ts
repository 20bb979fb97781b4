import type { OutcomeEntry } from './definition/outputEvents.ts';

/** Name of the column of an event of `output.events`. */
export const outcomeColumn = (event: string): string => `label_${event}`;

/** The event of an entry of `output.events`. Undefined if the entry is still being written. */
export function outcomeName(entry: OutcomeEntry): string | undefined {
  return typeof entry === 'string' ? entry : entry.event;
}
