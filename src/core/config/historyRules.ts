import { millisecondsOfDay } from '../schema/moment.ts';
import { microsecondsOf } from '../source/options.ts';
import type { Where } from '../source/where.ts';
import type { SequenceDraft } from './definition/sequences.ts';

/** The name in `events` that makes every exposure a step. */
export const exposureSteps = 'impressions';

/** Which steps of a user are in the history of a row. Durations are in microseconds. */
export interface HistoryRules {
  /** Of the sequence. */
  readonly name: string;
  /** The events that are steps, with their weights in `actions`. */
  readonly events: readonly { readonly name: string; readonly weight: number }[];
  /** Maximum number of steps of a row; the newest stay. */
  readonly length: number;
  /** Serving sees an event only after this time. */
  readonly availableAfter: number;
  /** `day`: the history is that of the last local day that ended before the read time. */
  readonly asOf: 'request' | 'day';
  /** Maximum age of a step at the cut-off; null without a limit. */
  readonly lookback: number | null;
  readonly where: Where;
  /** Exposures with one of these events are no steps. */
  readonly without: readonly string[];
  /** `keep`: number of the newest sessions that stay; null: all. */
  readonly session: { readonly gap: number; readonly keep: number | null } | null;
  readonly dedup: 'none' | 'consecutive' | 'item';
}

/** Microseconds from the read time of a row to its oldest step, at most; null without a limit. */
export function reachOf({ lookback, availableAfter, asOf }: HistoryRules): number | null {
  return lookback === null ? null : lookback + availableAfter + (asOf === 'day' ? millisecondsOfDay * 1000 : 0);
}

/** Null for a sequence that is still being written. */
export function historyRules(name: string, draft: SequenceDraft): HistoryRules | null {
  const { events, length, session } = draft;
  if (events === undefined || length === undefined) return null;
  const gap = microsecondsOf(session?.gap);
  return {
    name,
    events: isList(events)
      ? [...new Set(events)].map((event) => ({ name: event, weight: event === exposureSteps ? 0 : 1 }))
      : Object.entries(events).map(([event, weight]) => ({ name: event, weight })),
    length,
    availableAfter: microsecondsOf(draft.available_after) ?? 0,
    asOf: draft.as_of ?? 'request',
    lookback: microsecondsOf(draft.lookback),
    where: draft.where ?? {},
    without: draft.without ?? [],
    session: gap === null ? null : { gap, keep: session?.keep ?? null },
    dedup: draft.dedup ?? 'none',
  };
}

const isList = (events: NonNullable<SequenceDraft['events']>): events is readonly string[] => Array.isArray(events);
