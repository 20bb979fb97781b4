import { f64At, valueAt } from '../valueAt.ts';
import { isoTime } from './isoTime.ts';
import { Histories, type History, type HistoryLimits, type HistoryRow, type Steps } from './kernel/histories.ts';
import type { ShownHistory, ShownStep } from './shownHistories.ts';

/** The steps of a user in one sequence, with their texts by step. */
export interface UserSteps extends Steps {
  readonly items: readonly string[];
  readonly requests: readonly (string | null)[];
  /** By further column of the sequence. */
  readonly values: readonly (readonly (string | null)[])[];
}

/** A row whose history is shown. */
export interface ShownRow extends HistoryRow {
  /** Null without one. */
  readonly request: string | null;
}

/** Equal for a row and the steps of its own request. A row without a request is a request of its own, at its time. */
export const requestKey = (request: string | null, time: number): string | number => request ?? time;

/** The histories of the rows of a user, and the steps that they refer to. Yields the number of completed rows. */
export function* historiesOfRows(
  steps: UserSteps,
  limits: HistoryLimits,
  rows: readonly ShownRow[],
): Generator<number, { readonly history: ShownHistory[]; readonly steps: ShownStep[] }, void> {
  const histories = new Histories(steps, limits);
  const ofRows: (Omit<ShownHistory, 'readTime' | 'cutOff'> & HistoryRow)[] = [];
  const ownSteps = stepsOfRequests(steps, rows);
  for (const row of rows) {
    const history = histories.of(row);
    const own = ownSteps.get(requestKey(row.request, row.readTime)) ?? [];
    const leftOut = histories.leftOut(row, history, own.filter((step) => step >= history.visible).length);
    const nearest = nearestLeftOut(history, steps.time.length).flatMap((step) => {
      const reason = histories.reason(row, history, step, own.includes(step));
      return reason === null ? [] : [{ step, reason }];
    });
    const { readTime, cutOff } = row;
    yield ofRows.push({ readTime, cutOff, steps: history.steps, sessions: history.sessions, leftOut, nearest });
  }
  const indices = ofRows.flatMap((history) => [...history.steps, ...history.nearest.map(({ step }) => step)]);
  const used = [...new Set(indices)].sort((a, b) => a - b);
  const places = new Map(used.map((step, k) => [step, k]));
  return {
    history: ofRows.map((history) => ({
      ...history,
      readTime: isoTime(history.readTime),
      cutOff: isoTime(history.cutOff),
      steps: history.steps.map((step) => places.get(step) ?? 0),
      nearest: history.nearest.map(({ step, reason }) => ({ step: places.get(step) ?? 0, reason })),
    })),
    steps: used.map((step) => ({
      item: valueAt(steps.items, step),
      time: isoTime(f64At(steps.time, step)),
      values: steps.values.map((values) => values[step] ?? null),
    })),
  };
}

/** Maximum number of left-out steps that are shown on each side of the cut-off. */
const NEAREST_STEPS = 30;

/** The steps outside of a history that are nearest to its cut-off, in the order of time. */
export function nearestLeftOut({ steps, visible }: Pick<History, 'steps' | 'visible'>, count: number): number[] {
  const before: number[] = [];
  let newest = steps.length - 1;
  for (let step = visible - 1; step >= 0 && before.length < NEAREST_STEPS; step--) {
    if (steps[newest] === step) newest--;
    else before.push(step);
  }
  const after = Array.from({ length: Math.min(NEAREST_STEPS, count - visible) }, (_, k) => visible + k);
  return [...before.reverse(), ...after];
}

/** The steps of the requests of some rows, by `requestKey`. */
function stepsOfRequests(
  { requests, time }: UserSteps,
  rows: readonly ShownRow[],
): ReadonlyMap<string | number, readonly number[]> {
  const steps = new Map(rows.map(({ request, readTime }) => [requestKey(request, readTime), [] as number[]]));
  requests.forEach((request, step) => steps.get(requestKey(request, f64At(time, step)))?.push(step));
  return steps;
}
