import { groupBy } from './groupBy.ts';
import assert from 'node:assert/strict';
import type { ActionLog, Shown } from './actionLog.ts';
import { outcomesOf, type Outcomes, type Split } from './logOutcomes.ts';
import type { Unit } from './logStages.ts';
import type { FileRow } from './sampledLog.ts';

/** A sample file of a log, and what the log itself says about the split. */
export interface LogSample {
  readonly log: ActionLog;
  readonly unit: Unit;
  readonly split: Split;
  readonly rows: readonly FileRow[];
  readonly outcomes: Outcomes;
  /** Impressions of the split's window whose time is known. */
  readonly window: readonly Shown[];
  readonly groups: ReadonlyMap<string, readonly FileRow[]>;
}

export function logSample(log: ActionLog, unit: Unit, split: Split, rows: readonly FileRow[]): LogSample {
  const outcomes = outcomesOf(log, split);
  const { from, to } = log[split];
  const window = outcomes.shown.filter(({ time }) => time >= from && time <= to);
  return { log, unit, split, rows, outcomes, window, groups: groupBy(rows, ({ group }) => group) };
}

/** Whether an impression is in the request of a row; without requests, all impressions of one time are a request. */
export const inRequest = (shown: Shown, { user, request, time }: FileRow): boolean =>
  shown.user === user && (request === null ? shown.time === time : shown.request === request);

const numberOf = (text: string | null | undefined): number | null =>
  text === null || text === undefined ? null : Number(text);

/** The impression of a row's own exposure; null if it has none. */
export function ownOf({ log }: LogSample, { passed }: FileRow): Shown | null {
  const row = numberOf(passed['row_no']);
  return row === null ? null : (log.shown[row] ?? assert.fail(`no row ${row}`));
}

/** Every positive of the log is in the file, once, with its own exposure. Returns how many. */
export function checkPositives(sample: LogSample): number {
  const { rows, outcomes, window, unit, groups } = sample;
  const positives = rows.filter(({ label }) => label === 1);
  const expected = window.filter(({ row }) => outcomes.chosen.has(row)).map(({ row }) => row);
  const sorted = (numbers: readonly (number | null)[]): (number | null)[] =>
    [...numbers].sort((a, b) => (a ?? -1) - (b ?? -1));
  assert.deepEqual(sorted(positives.map((row) => ownOf(sample, row)?.row ?? null)), sorted(expected), 'positives');
  if (unit === 'impression') {
    assert.deepEqual(
      sorted(rows.map((row) => ownOf(sample, row)?.row ?? null)),
      sorted(window.map(({ row }) => row)),
      'impressions',
    );
  }
  const requests = new Set(window.map(({ user, request, time }) => `${user} ${request === '' ? time : request}`));
  if (unit === 'request') assert.ok(groups.size <= requests.size, `${groups.size} groups of ${requests.size} requests`);
  if (unit === 'positive') assert.equal(groups.size, expected.length);
  return positives.length;
}

/**
 * A column of the side exposure is that of the row's own exposure. Negatives have one only if they are exposures.
 * Returns the negatives with and without an own exposure.
 */
export function checkExposures(sample: LogSample): { readonly own: number; readonly none: number } {
  const { log, rows, outcomes, window } = sample;
  const unclicked = groupBy(
    window.filter(({ row }) => !outcomes.chosen.has(row)),
    ({ user, item }) => `${user} ${item}`,
  );
  const counts = { own: 0, none: 0 };
  for (const row of rows) {
    const own = ownOf(sample, row);
    const what = JSON.stringify(row);
    if (row.label === 0) counts[own ? 'own' : 'none']++;
    assert.equal(row.passed['own_device'], own && log.deviceOf(own), what);
    if (own === null) {
      assert.ok(row.label === 0 && row.passed['source'] !== 'exposed_unclicked', what);
      continue;
    }
    assert.deepEqual([own.user, own.item], [row.user, row.item], what);
    if (row.label === 1) assert.ok(inRequest(own, row) && outcomes.chosen.has(own.row), what);
    else {
      assert.equal(row.passed['source'], 'exposed_unclicked', what);
      if (sample.unit !== 'impression')
        assert.equal(own.row, madeCandidate(unclicked.get(`${row.user} ${row.item}`) ?? [], row, log)?.row, what);
    }
  }
  return counts;
}

/**
 * The exposure by which an item is a candidate: the earliest of the request, else the newest before the request. The
 * entry `any_exposure` does not prefer the request.
 */
function madeCandidate(exposures: readonly Shown[], row: FileRow, log: ActionLog): Shown | undefined {
  const sorted = [...exposures].sort((a, b) => a.time - b.time);
  const own = row.entry === 'any_exposure' ? undefined : sorted.find((shown) => inRequest(shown, row));
  return own ?? sorted.findLast(({ time }) => time < readTimeOf(log, row));
}

const starts = new WeakMap<ActionLog, ReadonlyMap<string, number>>();

/** The earliest time of the request of a row; without a request, the time of the row. */
function readTimeOf(log: ActionLog, { user, request, time }: FileRow): number {
  if (request === null) return time;
  const known =
    starts.get(log) ??
    new Map(
      [...groupBy(log.shown, (shown) => `${shown.user} ${shown.request}`)].map(([key, shown]) => [
        key,
        Math.min(...shown.map((one) => one.time)),
      ]),
    );
  starts.set(log, known);
  return Math.min(time, known.get(`${user} ${request}`) ?? time);
}

/**
 * Negatives of `exposed_unclicked` come from the request of their group while it has some. Returns how many the
 * entry drew, and how many of them from the own request.
 */
export function checkRequests(sample: LogSample): { readonly drawn: number; readonly own: number } {
  const { groups, outcomes, window } = sample;
  const byUser = groupBy(window, ({ user }) => user);
  const counts = { drawn: 0, own: 0 };
  for (const rows of groups.values()) {
    const [first] = rows;
    if (!first) continue;
    const free = (byUser.get(first.user) ?? []).filter(
      (shown) =>
        inRequest(shown, first) &&
        !outcomes.chosen.has(shown.row) &&
        !outcomes.excluded.get(first.user)?.has(shown.item),
    );
    const drawn = rows.filter(({ entry }) => entry === 'exposed_unclicked');
    const own = drawn.filter((row) => inRequest(ownOf(sample, row) ?? assert.fail(), row)).length;
    assert.equal(own, Math.min(drawn.length, new Set(free.map(({ item }) => item)).size), JSON.stringify(first));
    counts.drawn += drawn.length;
    counts.own += own;
  }
  return counts;
}

/** Columns of items, users and contexts are those of the row's own item, its user and its group. Returns as-of values. */
export function checkColumns(sample: LogSample): number {
  const { log, rows } = sample;
  const times = new Map(
    [...groupBy(log.shown, ({ item }) => item)].map(([item, shown]) => [
      item,
      shown.map(({ time }) => time).sort((a, b) => a - b),
    ]),
  );
  let known = 0;
  for (const row of rows) {
    const what = JSON.stringify(row);
    assert.equal(row.passed['category'], log.items.get(row.item)?.category, what);
    assert.equal(row.passed['region'], log.users.get(row.user)?.region, what);
    const newest = times.get(row.item)?.findLast((time) => time < readTimeOf(log, row));
    assert.equal(numberOf(row.passed['item_rate']), newest === undefined ? null : log.rateOf(row.item, newest), what);
    if (newest !== undefined) known++;
    const group = log.shown[numberOf(row.passed['group_row']) ?? -1] ?? assert.fail(what);
    assert.ok(inRequest(group, row), what);
    assert.equal(row.passed['device'], log.deviceOf(group), what);
    if (sample.unit === 'positive') assert.equal(group.item, row.positive, what);
  }
  return known;
}

/** No negative is an item that its user chose up to the known outcomes, with an impression or without. */
export function checkExclusion({ unit, rows, outcomes }: LogSample): void {
  if (unit === 'impression') return;
  for (const row of rows)
    if (row.label === 0) assert.ok(!outcomes.excluded.get(row.user)?.has(row.item), JSON.stringify(row));
}

/** Negatives of `rejected` are rejections of their user up to the known outcomes. Returns how many. */
export function checkRejections({ log, rows, outcomes }: LogSample): number {
  const known = log.rejections.filter(({ time }) => time <= outcomes.known);
  const pairs = new Set(known.map(({ user, item }) => `${user} ${item}`));
  const drawn = rows.filter(({ entry }) => entry === 'rejected');
  for (const { user, item } of drawn) assert.ok(pairs.has(`${user} ${item}`), `${user} ${item}`);
  return drawn.length;
}
