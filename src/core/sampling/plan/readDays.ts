import { dayNumber, wholeDays, type DayRange } from '../../table/day.ts';
import type { PlanEntry, StagePlan } from './stagePlan.ts';

/** What the days depend on besides the plan. */
export interface ReadSettings {
  /** True if the log says which items exist: every earlier day may show an item for the first time. */
  readonly corpusFromLog: boolean;
  /** Reach of the as-of columns and sequences in the output before the row, in microseconds; null: without a limit. */
  readonly asOf: readonly (number | null)[];
  /** How the events of separate tables find their impressions. `within`: microseconds. */
  readonly matching: readonly { readonly by: 'request' | 'time' | 'pair'; readonly within: number }[];
}

/** Days by table. */
export interface ReadDays {
  readonly impressions: DayRange;
  readonly clicks: DayRange;
  readonly candidates: DayRange;
  readonly rejections: DayRange;
}

/**
 * Days whose rows can change what a plan draws or copies, for each table. A row of another day changes nothing, if each
 * row is at most a day away from the day of its folder, and no request is longer than a day. So all ranges are a day
 * longer at both ends.
 */
export function readDays(plan: StagePlan, settings: ReadSettings): ReadDays {
  const { train } = plan.window;
  const split = plan.split === 'eval' ? plan.window.eval : train;
  const to = lastDay(plan);
  const from = firstDay(plan, settings);
  return {
    impressions: { from: withImpressions(from, settings), to },
    clicks: { from, to },
    // Candidates belong to the requests of the split.
    candidates: { from: dayOf(split?.from, -1), to: dayOf(split?.to, 1) },
    rejections: { from: null, to },
  };
}

/** The last day before outcomes are known. */
function lastDay({ split, window, entries }: StagePlan): number | null {
  const cut = dayOf(window.train?.to, 1);
  if (entries.some(excludesAlways) || cut === null) return null;
  if (split === 'train') return cut;
  const known = window.knownUntil === null ? null : dayOf(window.knownUntil, 1);
  return known === null ? null : Math.max(cut, known);
}

/** The first day of the windows, the counts, the exclusion and the as-of columns. */
function firstDay(plan: StagePlan, { asOf, corpusFromLog }: ReadSettings): number | null {
  if (corpusFromLog) return null;
  const { split, window, entries } = plan;
  const start = dayOf((split === 'eval' ? window.eval : window.train)?.from, -1);
  const starts = [
    dayOf(window.train?.from, -1),
    start,
    ...asOf.map((age) => before(start, age)),
    ...entries.map((entry) => firstExcluded(entry, start)),
    ...entries.flatMap((entry) => firstCounted(entry, window.train?.to, start)),
  ];
  return starts.some((day) => day === null) ? null : Math.min(...starts.map(Number));
}

function firstExcluded(entry: PlanEntry, start: number | null): number | null {
  const { exclude } = entry;
  if (excludesAlways(entry)) return null;
  return exclude === null || exclude.lookback === null ? start : before(start, exclude.lookback);
}

/** The first days of the counts that weigh the items of a pool. */
function firstCounted({ draws }: PlanEntry, cut: string | undefined, start: number | null): (number | null)[] {
  if (draws.kind === 'list' || draws.weight === null || draws.weight.count === 'exposures') return [];
  const { window, asOf } = draws.weight.count;
  const counted = (day: number | null): number | null => before(day, window);
  if (asOf === null) return [counted(dayOf(cut, -1))];
  // A group of the evaluation counts up to the cut at most.
  return asOf === 'day' ? [counted(start), counted(dayOf(cut, -1))] : [counted(dayOf(asOf, -1))];
}

/** An event finds its impression by an earlier time. Without `within`, the impression may be of any day. */
function withImpressions(from: number | null, { matching }: ReadSettings): number | null {
  return matching.reduce<number | null>(
    (first, { by, within }) =>
      first === null || from === null || by !== 'time' ? null : Math.min(first, from - wholeDays(within)),
    from,
  );
}

function excludesAlways({ exclude }: PlanEntry): boolean {
  return exclude !== null && exclude.within === 'all';
}

function before(day: number | null, duration: number | null): number | null {
  return day === null || duration === null ? null : day - wholeDays(duration);
}

/** The day of an end of a window, `margin` days later. The day of a time may be another one in the zone of the config. */
function dayOf(end: string | undefined, margin: 1 | -1): number | null {
  const day = end === undefined ? null : dayNumber(end.slice(0, 10));
  if (day === null || end === undefined) return null;
  return day + (end.length > 10 ? 2 : 1) * margin;
}
