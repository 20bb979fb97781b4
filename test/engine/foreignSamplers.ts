import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbers } from './auditStage.ts';

/** A shown item of the log of a small shop. Days count from the start of the training window. */
export interface Shown {
  readonly user: number;
  readonly item: number;
  readonly request: number;
  readonly second: number;
  readonly click: boolean;
}

/** A row of a sample file of another tool. */
export interface Row {
  readonly user: number;
  readonly item: number;
  readonly label: 0 | 1;
  readonly request: number;
  readonly positive: number;
  readonly second: number;
  readonly log_q: number | null;
}

const [USERS, ITEMS, REQUESTS, SLATE] = [150, 300, 1200, 8];
export const DAY = 86_400;
/** Train is the first day, eval the second one. */
const SECONDS = 2 * DAY;
export const PER_POSITIVE = 5;

/**
 * A log in which popular items are shown more often. Items change their popularity from the first to the second day.
 */
export function shopLog(seed: number): readonly Shown[] {
  const random = numbers(seed);
  const popularity = (item: number, day: number): number => 1 / (1 + ((item * 7 + day * 150) % ITEMS)) ** 0.8;
  const pick = [0, 1].map((day) => weighted(ITEMS, (item) => popularity(item, day), random));
  const log: Shown[] = [];
  for (let request = 0; request < REQUESTS; request++) {
    const second = Math.floor((request * SECONDS) / REQUESTS);
    const user = Math.floor(random() * USERS);
    const shown = new Set<number>();
    // Some items are only shown on the second day.
    while (shown.size < SLATE) {
      const item = pick[second < DAY ? 0 : 1]?.() ?? 0;
      if (second >= DAY || item % 10 !== 0) shown.add(item);
    }
    for (const item of shown) log.push({ user, item, request, second, click: random() < 0.25 });
  }
  return log;
}

/** Draws a number below `count` by weight. */
export function weighted(count: number, weight: (k: number) => number, random: () => number): () => number {
  const sums: number[] = [];
  let sum = 0;
  for (let k = 0; k < count; k++) sums.push((sum += weight(k)));
  return () => {
    const at = random() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** What a sampler may use. */
export interface ForeignWorld {
  readonly log: readonly Shown[];
  readonly random: () => number;
  /** Clicks by item until a second. */
  clicks(until: number): Float64Array;
}

export function foreignWorld(log: readonly Shown[], seed: number): ForeignWorld {
  return {
    log,
    random: numbers(seed),
    clicks: (until) => {
      const counts = new Float64Array(ITEMS);
      for (const { item, click, second } of log) if (click && second < until) counts[item] = (counts[item] ?? 0) + 1;
      return counts;
    },
  };
}

/** Draws negatives of one positive: their items, with their log q. */
export type Draw = (positive: Shown) => readonly (readonly [number, number | null])[];

/** A file of the first day: its clicks, and negatives by a sampler that excludes what the user clicked that day. */
export function sampleOf({ log }: ForeignWorld, draw: Draw): Row[] {
  return log
    .filter(({ click, second }) => click && second < DAY)
    .flatMap((positive): Row[] => [
      rowOf(positive, positive.item, 1, null),
      ...draw(positive).map(([item, q]) => rowOf(positive, item, 0, q)),
    ]);
}

function rowOf({ user, item: positive, request, second }: Shown, item: number, label: 0 | 1, q: number | null): Row {
  return { user, item, label, request, positive, second, log_q: q };
}

/** Distinct items of a pool that the user did not click on the first day. `skip`: further pairs to leave out. */
export function fromPool(
  { log, random }: ForeignWorld,
  weights: Float64Array,
  logQ: (item: number) => number | null,
  until = DAY,
): Draw {
  const clicked = new Set(log.flatMap((one) => (one.click && one.second < until ? [`${one.user} ${one.item}`] : [])));
  const pick = weighted(weights.length, (k) => weights[k] ?? 0, random);
  return ({ user, item: own }) => {
    const items = new Set<number>();
    while (items.size < PER_POSITIVE) {
      const item = pick();
      if (item !== own && !clicked.has(`${user} ${item}`)) items.add(item);
    }
    return [...items].map((item) => [item, logQ(item)]);
  };
}

const columns = ['user', 'item', 'label', 'request', 'positive', 'second', 'log_q'] as const;
const at = (second: number): string => new Date(Date.UTC(2026, 10, 20) + second * 1000).toISOString().slice(0, 19);

/** Writes rows as CSV, as a script of Python would. `more`: further columns. */
export function writeRows(
  folder: string,
  name: string,
  rows: readonly Row[],
  more: Readonly<Record<string, (row: Row) => string | number>> = {},
): string {
  const path = join(folder, name);
  const head = ['user_id', 'item_id', 'label', 'request_id', 'positive_item', 'ts', 'log_q', ...Object.keys(more)];
  const lines = rows.map((row) =>
    [
      ...columns.map((column) => (column === 'second' ? at(row.second) : (row[column] ?? ''))),
      ...Object.values(more).map((value) => value(row)),
    ].join(','),
  );
  writeFileSync(path, [head.join(','), ...lines, ''].join('\n'));
  return path;
}

/** Writes the log and the items, which a config names. */
export function writeLog(folder: string, log: readonly Shown[]): void {
  writeFileSync(
    join(folder, 'log.csv'),
    [
      'user_id,item_id,request_id,ts,is_click',
      ...log.map((row) => `${row.user},${row.item},${row.request},${at(row.second)},${row.click ? 1 : 0}`),
      '',
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'items.csv'),
    ['item_id', ...Array.from({ length: ITEMS }, (_, item) => String(item)), ''].join('\n'),
  );
}
