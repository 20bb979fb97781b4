import type { EntryTotals, PreviewGroup } from './drawn.ts';

/** Negatives that the config requests from an entry, without the rows that refill added. */
export function requestedOf({ asked, refilled = 0 }: Pick<EntryTotals, 'asked' | 'refilled'>): number {
  return asked - refilled;
}

/** Negatives that the config requests from all entries. The rows that refill moves between entries count once. */
export function requestedIn(entries: readonly Pick<EntryTotals, 'asked' | 'refilled'>[]): number {
  return entries.reduce((sum, entry) => sum + requestedOf(entry), 0);
}

/** Negatives that an entry cannot draw. Rows that `distinct` dropped are drawn. */
export function missingOf({ asked, drawn, repeated = 0 }: Pick<EntryTotals, 'asked' | 'drawn' | 'repeated'>): number {
  return asked - drawn - repeated;
}

/** Negatives that the config requests for a group. */
export function requestedFor({ quotas, refilled = 0 }: Pick<PreviewGroup, 'quotas' | 'refilled'>): number {
  return Object.values(quotas).reduce((sum, quota) => sum + quota, 0) - refilled;
}
