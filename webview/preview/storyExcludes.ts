import type { PlanExclude, StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import type { PreviewGroup, UserStory } from '../../src/protocol/sampling.ts';

/** An `exclude` of the plan for one group, and the user's items that it excludes. */
export interface ExcludedPart {
  readonly exclude: NonNullable<PlanExclude>;
  readonly entries: readonly string[];
  /** ISO 8601; null without an end. */
  readonly from: string | null;
  readonly to: string | null;
  /** Each item once, by the last time that excludes it, in the order of time. */
  readonly items: readonly ExcludedItem[];
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
  const found = new Map<string, { readonly exclude: NonNullable<PlanExclude>; readonly entries: string[] }>();
  for (const { name, exclude } of plan.entries) {
    if (exclude === null) continue;
    const key = JSON.stringify(exclude);
    const known = found.get(key);
    if (known) known.entries.push(name);
    else found.set(key, { exclude, entries: [name] });
  }
  return [...found.values()].map(({ exclude, entries }) => {
    const isAlways = exclude.within === 'all';
    const from =
      exclude.lookback !== null
        ? new Date(Date.parse(group.time) - exclude.lookback / 1000).toISOString()
        : isAlways
          ? null
          : story.train.from;
    const to = isAlways ? null : story.knownUntil;
    const own = new Set(group.rows.flatMap(({ item, label }) => (label === 1 ? [item] : [])));
    const items = excluding(story, exclude.events).filter(({ item, time, known }) => {
      const at = Date.parse(time);
      const isAfterStart = from === null || at >= Date.parse(from);
      return isAfterStart && (to === null || (time <= to && known <= to)) && !own.has(item);
    });
    const last = new Map(items.map(({ item, event, time }) => [item, { item, event, time }]));
    return { exclude, entries, from, to, items: [...last.values()].sort((a, b) => (a.time < b.time ? -1 : 1)) };
  });
}

/** Rows that may exclude their item, in the order of time. `known`: when the event happened. */
function excluding(story: UserStory, events: readonly string[]): (ExcludedItem & { readonly known: string })[] {
  const own = story.events
    .filter(({ event }) => events.includes(event))
    .map(({ item, event, time, shown }) => ({ item, event, time: shown ?? time, known: time }));
  const shown = events.includes('impressions')
    ? story.exposures.map(({ item, time }) => ({ item, event: 'impressions', time, known: time }))
    : [];
  return [...own, ...shown].sort((a, b) => (a.time < b.time ? -1 : 1));
}
