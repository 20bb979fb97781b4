import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { PlanEntry, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { trialLimits } from '../../core/trial/probe.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { dayOf } from '../inputs/users/dayOf.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import type { Worlds } from '../inputs/world/loadedWorld.ts';
import { within, type Bounds } from '../inputs/world/within.ts';

/** Days as the config writes them: the last of the shorter train window, and the first of the tune window. */
export interface TuneWindow {
  readonly trainTo: string;
  readonly from: string;
}

/**
 * The last days of the train window, on which the number of epochs is chosen.
 * @throws FailureError if the train window has only one day with rows
 */
export async function tuneWindow(
  sampled: SampledTables,
  { timezone }: StagePlan,
  train: Bounds,
  work: Work,
): Promise<TuneWindow> {
  const [row] = await sampled.tables.rows(
    `SELECT CAST(min(${dayOf('time', timezone)}) AS DOUBLE), CAST(max(${dayOf('time', timezone)}) AS DOUBLE) FROM ${sampled.exposures()} WHERE ${within('time', train)}`,
    work,
  );
  const [first, last] = row ? [numberIn(row, 0), numberIn(row, 1)] : [0, 0];
  if (!(last > first))
    throw fail(
      'bad-request',
      message('window.train has rows of one day only, so no part of it can choose the epochs'),
      {
        advice: message('Choose a train window of at least two days.'),
      },
    );
  const from = last + 1 - Math.max(1, Math.floor((last - first + 1) / trialLimits.tunePart));
  return { from: dayText(from), trainTo: dayText(from - 1) };
}

/** The plan with a train window that ends before the tune window. */
export function tunedPlan(plan: StagePlan, { trainTo }: TuneWindow, isLate: (asOf: string) => boolean): StagePlan {
  return {
    ...plan,
    window: { ...plan.window, train: { ...plan.window.train, to: trainTo } },
    entries: plan.entries.map((entry) => withoutLateCount(entry, isLate)),
  };
}

/** The plan whose evaluation window is the tune window. */
export function tuneEvaluation(plan: StagePlan, { from, trainTo }: TuneWindow): StagePlan {
  const { train } = plan.window;
  return {
    ...plan,
    split: 'eval',
    window: {
      train: { ...train, to: trainTo },
      eval: { from, ...(train?.to === undefined ? {} : { to: train.to }) },
      knownUntil: train?.to ?? null,
    },
  };
}

/** A fixed day of a count that is after the end of the window would count events of the tune window. */
function withoutLateCount(entry: PlanEntry, isLate: (asOf: string) => boolean): PlanEntry {
  const { draws } = entry;
  if (draws.kind === 'list' || draws.weight === null || draws.weight.count === 'exposures') return entry;
  const { count } = draws.weight;
  if (count.asOf === null || count.asOf === 'day' || !isLate(count.asOf)) return entry;
  return { ...entry, draws: { ...draws, weight: { ...draws.weight, count: { ...count, asOf: null } } } };
}

/** The fixed days of counts that are after the end of the train window. */
export async function lateCounts(
  worlds: Worlds,
  sampled: SampledTables,
  { entries }: StagePlan,
  end: number,
  work: Work,
): Promise<ReadonlySet<string>> {
  const late = new Set<string>();
  for (const { draws } of entries) {
    if (draws.kind === 'list' || draws.weight === null || draws.weight.count === 'exposures') continue;
    const { asOf } = draws.weight.count;
    if (asOf === null || asOf === 'day') continue;
    if ((await worlds.bounds(sampled, { to: asOf }, work)).to > end) late.add(asOf);
  }
  return late;
}

function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
