import { isoTime, microsecondsOfIso } from '../../src/core/sampling/isoTime.ts';
import type { PlanExclude, StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import type { PreviewGroup, UserStory } from '../../src/protocol/sampling.ts';

/** The range of dates, before and after 1970. */
const MAX_MICROSECONDS = 8.64e18;

/** An `exclude` of the plan for one group, and the user's items that it excludes. */
export interface ExcludedPart {
  readonly exclude: NonNullable<PlanExclude>;
  readonly entries: readonly string[];
  /** ISO 8601; null if there is no bound. */
  readonly from: string | null;
  readonly to: string | null;
  /** Each item once, by the last time that excludes it, in the order of time. */
  readonly items: readonly ExcludedItem[];
  /** False if more items may be excluded: by older marks, by events without a time, or by a history. */
  readonly isWhole: boolean;
}
export interface ExcludedItem {
  readonly item: string;
  readonly event: string;
  readonly time: string;
}

/**
 * The distinct excludes of a plan. As in the draws, an event excludes by the time of its impression if it has one, from
 * the start of the training window, or from `lookback` before the group, until outcomes are known.
 */
export function storyExcludes(story: UserStory, group: PreviewGroup, plan: StagePlan): ExcludedPart[] {
  const excludesByKey = new Map<string, { readonly exclude: NonNullable<PlanExclude>; readonly entries: string[] }>();
  for (const { name, exclude } of plan.entries) {
    if (exclude === null) continue;
    const key = JSON.stringify(exclude);
    const existing = excludesByKey.get(key);
    if (existing) existing.entries.push(name);
    else excludesByKey.set(key, { exclude, entries: [name] });
  }
  return [...excludesByKey.values()].map(({ exclude, entries }) => {
    const isAlways = exclude.within === 'all';
    const from =
      exclude.lookback !== null ? lookedBack(group.time, exclude.lookback) : isAlways ? null : story.train.from;
    const to = isAlways ? null : story.knownUntil;
    const start = from === null ? -Infinity : microsecondsOfIso(from);
    const end = to === null ? Infinity : microsecondsOfIso(to);
    const positives = new Set(group.rows.flatMap(({ item, label }) => (label === 1 ? [item] : [])));
    const items = excluding(story, exclude.events).filter(
      ({ item, at, known }) => at >= start && at <= end && known <= end && !positives.has(item),
    );
    const last = new Map(items.map((one) => [one.item, one]));
    return {
      exclude,
      entries,
      from,
      to,
      items: [...last.values()].sort((a, b) => a.at - b.at).map(({ item, event, time }) => ({ item, event, time })),
      isWhole: isWhole(story) && exclude.history === undefined,
    };
  });
}

/** True if the story has all exposures and events of the user. */
const isWhole = ({ exposures, events, total, timeless }: UserStory): boolean =>
  exposures.length === total.exposures && events.length === total.events && timeless === 0;

/** The start of a lookback; null if it is before all dates. */
function lookedBack(time: string, lookback: number): string | null {
  const start = microsecondsOfIso(time) - lookback;
  return start < -MAX_MICROSECONDS ? null : isoTime(start);
}

/** A row that may exclude its item. `at`: when it excludes, `known`: when the event happened, both in microseconds. */
interface ExcludingRow extends ExcludedItem {
  readonly at: number;
  readonly known: number;
}

/** Rows that may exclude their item, in the order of time. */
function excluding(story: UserStory, events: readonly string[]): ExcludingRow[] {
  const userEvents = story.events
    .filter(({ event }) => events.includes(event))
    .map(({ item, event, time, shown }) => row(item, event, shown ?? time, time));
  const exposures = events.includes('impressions')
    ? story.exposures.map(({ item, time }) => row(item, 'impressions', time, time))
    : [];
  return [...userEvents, ...exposures].sort((a, b) => a.at - b.at);
}

const row = (item: string, event: string, time: string, known: string): ExcludingRow => ({
  item,
  event,
  time,
  at: microsecondsOfIso(time),
  known: microsecondsOfIso(known),
});
