import { groupBy } from './groupBy.ts';
import assert from 'node:assert/strict';
import { day, type ActionLog, type Shown } from './actionLog.ts';
import type { LogSample } from './logChecks.ts';
import { outcomesOf } from './logOutcomes.ts';
import type { Unit } from './logStages.ts';
import type { FileRow } from './sampledLog.ts';

type Weights = ReadonlyMap<string, number>;

/** `floor(1024 · n^0.75 + 0.5)`, by square roots. */
const weightOf = (count: number): number => Math.floor(1024 * Math.sqrt(count) * Math.sqrt(Math.sqrt(count)) + 0.5);

function counted(rows: readonly Shown[], weight: (count: number) => number): Weights {
  return new Map([...groupBy(rows, ({ item }) => item)].map(([item, own]) => [item, weight(own.length)]));
}

const startOfDay = (time: number): number => Math.floor(time / day) * day;

/** Weights of the pool of an entry for a row, counted from the log up to the training cut; null if it is no pool. */
class LogPools {
  readonly #made = new Map<string, Weights>();
  readonly #clicks: readonly Shown[];
  readonly #shown: readonly Shown[];

  constructor(
    private readonly log: ActionLog,
    private readonly unit: Unit,
  ) {
    const { shown, clicked } = outcomesOf(log, 'train');
    this.#shown = shown;
    this.#clicks = shown.filter(({ row }) => clicked.has(row));
  }

  of(row: FileRow): Weights | null {
    const { log } = this;
    switch (row.entry) {
      case 'global_random':
        return this.#once('corpus', () => new Map([...log.items.keys()].map((item) => [item, 1])));
      case 'same_category': {
        const category = log.items.get(row.positive ?? '')?.category ?? '';
        return this.#once(
          `category ${category}`,
          () => new Map([...log.items].flatMap(([item, own]) => (own.category === category ? [[item, 1]] : []))),
        );
      }
      case 'exposed_random':
        return this.#once('shown', () => {
          const trained = this.#shown.filter(({ time }) => time >= log.train.from);
          return counted(trained, (count) => count);
        });
      case 'popularity':
        return this.#once('clicks', () => counted(this.#clicks, weightOf));
      case 'by_region': {
        const region = log.users.get(row.user)?.region;
        return this.#once(`region ${region ?? ''}`, () => {
          const own = this.#clicks.filter(({ user }) => log.users.get(user)?.region === region);
          return counted(own.length > 0 ? own : this.#clicks, weightOf);
        });
      }
      case 'recent': {
        const end = Math.min(startOfDay(row.time), log.train.to + 1);
        return this.#once(`recent ${end}`, () => {
          const rows = this.unit === 'positive' ? this.#shown : this.#clicks;
          return counted(
            rows.filter(({ time }) => time >= end - 3 * day && time < end),
            weightOf,
          );
        });
      }
      default:
        return null;
    }
  }

  #once(key: string, make: () => Weights): Weights {
    const made = this.#made.get(key) ?? make();
    this.#made.set(key, made);
    return made;
  }
}

/**
 * `log_q` of a pool is the weight of the item by the weight of all items that the user may get: created by then, and
 * never chosen. Weights come from the log up to the cut, so later rows change nothing. Returns rows by entry.
 */
export function checkPools({ log, unit, rows, outcomes }: LogSample): ReadonlyMap<string, number> {
  const pools = new LogPools(log, unit);
  const totals = new Map<string, number>();
  const counts = new Map<string, number>();
  const free = (item: string, { user, time }: FileRow): boolean => {
    const own = log.items.get(item);
    return own !== undefined && (own.created ?? 0) <= time && !outcomes.excluded.get(user)?.has(item);
  };
  for (const row of rows) {
    const weights = pools.of(row);
    if (!weights || row.entry === null) continue;
    const what = JSON.stringify(row);
    assert.ok(free(row.item, row), what);
    const key = `${row.entry} ${row.group}`;
    const total =
      totals.get(key) ?? [...weights].reduce((sum, [item, weight]) => sum + (free(item, row) ? weight : 0), 0);
    totals.set(key, total);
    const logQ = Math.log((weights.get(row.item) ?? 0) / total);
    assert.ok(row.logQ !== null && Math.abs(row.logQ - logQ) < 1e-9, `${what}: ${logQ}`);
    counts.set(row.entry, (counts.get(row.entry) ?? 0) + 1);
  }
  return counts;
}

/** Groups of the file in which `as_of: day` has nothing to draw from, because no row of its window is older. */
export function groupsWithoutRecent({ log, groups, unit }: LogSample): number {
  const pools = new LogPools(log, unit);
  return [...groups.values()].filter(([first]) => first && pools.of({ ...first, entry: 'recent' })?.size === 0).length;
}

/** `log_q_batch` is the share of an item among the train positives, in both splits. Returns rows that have one. */
export function checkBatchShares({ log, rows }: LogSample): number {
  const trained = outcomesOf(log, 'train');
  const positives = trained.shown.filter(({ row, time }) => trained.chosen.has(row) && time >= log.train.from);
  const counts = counted(positives, (count) => count);
  let known = 0;
  for (const row of rows) {
    const count = counts.get(row.item);
    const what = JSON.stringify(row);
    if (count === undefined) assert.equal(row.batchLogQ, null, what);
    else {
      assert.ok(Math.abs((row.batchLogQ ?? NaN) - Math.log(count / positives.length)) < 1e-9, what);
      known++;
    }
  }
  return known;
}
