import { joinKey } from '../../core/sampling/key.ts';
import { u8At, valueAt } from '../../core/valueAt.ts';
import { requestKey } from '../inputs/users/userRows.ts';
import { group, type Group, type MakeGroups, type Positive } from './group.ts';
import { NO_EVENT } from './noEvent.ts';
import type { LabelledLog } from './labelledLog.ts';

/**
 * One group for each request of the candidates whose earliest time is in the split. Without candidates, the requests of
 * the impressions.
 */
export const requestGroups: MakeGroups = (log, user, { plan, world, requests, candidates, tally }) => {
  const shown = shownOf(log);
  const times = candidates
    ? timesOfCandidates(log, shown)
    : new Map([...shown].map(([key, rows]) => [key, earliest(log, rows)] as const));
  const weights = plan.positives.events.map(({ weight }) => weight);
  for (const [key, rows] of shown) {
    if (!times.has(key))
      tally.unretrieved += positivesOf(
        log,
        rows.filter((row) => log.inSplit(row)),
        weights,
      ).length;
  }
  return [...times].flatMap(([key, time]): Group[] => {
    if (Number.isNaN(time)) {
      tally.timeless++;
      return [];
    }
    if (time < world.split.from || time > world.split.to) return [];
    const request = key.startsWith('#') ? key.slice(1) : null;
    const parts = request === null ? [log.rowsOfUser.user, String(time)] : [request];
    const rows = shown.get(key) ?? [];
    const positives = positivesOf(log, rows, weights);
    return [
      group(time, joinKey(parts), {
        readTime: log.readTimes.of(request, time),
        request: requests.number(user, key),
        requestText: request,
        positives,
        context: earliestRow(log, rows),
      }),
    ];
  });
};

/** Rows of the impressions by request, without rows that do not exist for the split. */
function shownOf(log: LabelledLog): ReadonlyMap<string, readonly number[]> {
  const shown = new Map<string, number[]>();
  for (let row = 0; row < log.rows; row++) {
    if (!log.exists(row)) continue;
    const key = log.requestKey(row);
    const rows = shown.get(key);
    if (rows) rows.push(row);
    else shown.set(key, [row]);
  }
  return shown;
}

/** The earliest time of a request: of its candidates, else of its impressions, else NaN. */
function timesOfCandidates(
  log: LabelledLog,
  shown: ReadonlyMap<string, readonly number[]>,
): ReadonlyMap<string, number> {
  const { request, time } = log.rowsOfUser.candidates;
  const times = new Map<string, number>();
  request.forEach((one, row) => {
    const key = requestKey(one, NaN);
    const [known = NaN, next = NaN] = [times.get(key), time[row]];
    times.set(key, Number.isNaN(known) || next < known ? next : known);
  });
  for (const [key, known] of times) if (Number.isNaN(known)) times.set(key, earliest(log, shown.get(key) ?? []));
  return times;
}

function earliest(log: LabelledLog, rows: readonly number[]): number {
  return rows.reduce((least, row) => (Number.isNaN(least) || log.time(row) < least ? log.time(row) : least), NaN);
}

/** Row of the earliest impression of a request; -1 without one. */
function earliestRow(log: LabelledLog, rows: readonly number[]): number {
  let first = -1;
  for (const row of rows) {
    const order = first < 0 ? -1 : log.time(row) - log.time(first) || log.row(row) - log.row(first);
    if (order < 0) first = row;
  }
  return first < 0 ? -1 : log.row(first);
}

/** Distinct items with an event, in ascending order, each with its heaviest event. */
function positivesOf(log: LabelledLog, rows: readonly number[], weights: readonly number[]): Positive[] {
  const events = new Map<number, { readonly event: number; readonly row: number }>();
  for (const row of rows) {
    const event = u8At(log.event, row);
    const item = log.item(row);
    if (event < (events.get(item)?.event ?? NO_EVENT)) events.set(item, { event, row: log.row(row) });
  }
  return [...events]
    .sort(([a], [b]) => a - b)
    .map(([item, { event, row }]) => ({ item, event, row, weight: valueAt(weights, event), keep: NaN }));
}
