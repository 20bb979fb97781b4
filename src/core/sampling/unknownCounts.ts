import { compareTexts } from './compareTexts.ts';

/**
 * Impressions of a day of the split that are neither positives nor negatives, because it is unknown if an event
 * happened.
 */
export interface UnknownCounts {
  readonly event: string;
  /** `2026-11-20`, in the time zone of the config. */
  readonly day: string;
  readonly impressions: number;
}

/** The counts as lock files have them: `click.2026-11-20`. */
export function namedUnknownCounts(counts: readonly UnknownCounts[]): Record<string, number> {
  const named = counts.map(({ event, day, impressions }) => [`${event}.${day}`, impressions] as const);
  return Object.fromEntries(named.sort(([a], [b]) => compareTexts(a, b)));
}
