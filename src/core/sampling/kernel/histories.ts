import { f64At, i32At, u32At, valueAt } from '../../valueAt.ts';

/** The steps of one user in the order of time; times in microseconds. */
export interface Steps {
  readonly time: Float64Array;
  /** Number of the item, or of the value, of each step. */
  readonly item: Uint32Array;
}

/** The history of a row. */
export interface History {
  /** Indices of the steps, the oldest first. */
  readonly steps: readonly number[];
  /** By step of `steps`: 0 for the session of the row itself, 1 for the session before. Null without `session`. */
  readonly sessions: readonly number[] | null;
  /** Number of steps before the cut-off. */
  readonly visible: number;
}

/** The times of a row, in microseconds. */
export interface HistoryRow {
  /** Only steps before it are visible. */
  readonly cutOff: number;
  /** A step that is longer ago than the gap of a session is not in the session of the row. */
  readonly readTime: number;
}

/**
 * Reasons why a step is not in the history of a row. `ownRequest`: not before the cut-off, and of the row's own request.
 * `repeated`: a newer step with the same item replaces it. `length`: enough newer steps.
 */
export const leftOutReasons = ['afterCutOff', 'ownRequest', 'lookback', 'session', 'repeated', 'length'] as const;
export type LeftOut = (typeof leftOutReasons)[number];

/** Which steps before the cut-off are in the history of a row. Durations are in microseconds. */
export interface HistoryLimits {
  /** Maximum number of steps; the newest stay. */
  readonly length: number;
  /** Leaves out steps that are older than this at the cut-off. Null: no limit. */
  readonly lookback: number | null;
  /** A longer pause than `gap` starts a session. `keep`: the newest so many sessions stay; null: all. */
  readonly session: { readonly gap: number; readonly keep: number | null } | null;
  /** `consecutive`: of a run of one item the newest step stays. `item`: of all steps of an item. */
  readonly dedup: 'none' | 'consecutive' | 'item';
}

/**
 * The histories of the rows of one user. Every limit keeps the newest steps, so a history is a walk from the newest
 * visible step to the oldest that is allowed.
 */
export class Histories {
  /** By step, how many longer pauses precede it. Null without `session`. */
  readonly #sessions: Uint32Array | null;
  readonly #walk: Walk;

  /** @param steps in the order of time */
  constructor(
    private readonly steps: Steps,
    private readonly limits: HistoryLimits,
  ) {
    this.#sessions = limits.session && sessionsOf(steps.time, limits.session.gap);
    this.#walk = walks[limits.dedup](steps.item);
  }

  /** The history of a row. Rows in the order of their cut-offs are fastest. */
  of(row: HistoryRow): History {
    const { length, session } = this.limits;
    const { visible, sessionOf, limitOf } = this.#bounds(row);
    const kept: number[] = [];
    for (let step = this.#walk.newest(visible); step >= 0 && kept.length < length; step = this.#walk.before(step)) {
      if (limitOf(step) !== null) break;
      kept.push(step);
    }
    kept.reverse();
    return { steps: kept, sessions: session ? kept.map(sessionOf) : null, visible };
  }

  /**
   * Why a step is not in the history of a row; null for a step of the history.
   * @param history that of the row
   * @param isOwn true for a step of the row's own request
   */
  reason(row: HistoryRow, { steps, visible }: History, step: number, isOwn: boolean): LeftOut | null {
    if (step >= visible) return isOwn ? 'ownRequest' : 'afterCutOff';
    const limit = this.#bounds(row).limitOf(step);
    if (limit !== null) return limit;
    if (this.#walk.replacement(step) < visible) return 'repeated';
    return step < valueAt(steps, 0) ? 'length' : null;
  }

  /**
   * The number of steps that are not in the history of a row, by reason.
   * @param history that of the row
   * @param own number of steps from `visible` on that are of the row's own request
   */
  leftOut(row: HistoryRow, { steps, visible }: History, own: number): Record<LeftOut, number> {
    const { limitOf } = this.#bounds(row);
    const lookback = firstIndex(visible, (step) => limitOf(step) !== 'lookback');
    const first = firstIndex(visible, (step) => limitOf(step) === null);
    let distinct = 0;
    for (let step = this.#walk.newest(visible); step >= first; step = this.#walk.before(step)) distinct++;
    return {
      afterCutOff: this.steps.time.length - visible - own,
      ownRequest: own,
      lookback,
      session: first - lookback,
      repeated: visible - first - distinct,
      length: distinct - steps.length,
    };
  }

  /** What a row sees: `limitOf` names the limit that the visible step is beyond, except `length`; null if it is within. */
  #bounds({ cutOff, readTime }: HistoryRow): {
    readonly visible: number;
    readonly sessionOf: (step: number) => number;
    readonly limitOf: (step: number) => 'lookback' | 'session' | null;
  } {
    const { lookback, session } = this.limits;
    const { time } = this.steps;
    const visible = firstIndex(time.length, (step) => f64At(time, step) >= cutOff);
    const oldest = cutOff - (lookback ?? Infinity);
    const numbers = this.#sessions;
    const newest =
      numbers && session && visible > 0
        ? u32At(numbers, visible - 1) + (readTime - f64At(time, visible - 1) > session.gap ? 1 : 0)
        : 0;
    const sessionOf = (step: number): number => (numbers ? newest - u32At(numbers, step) : 0);
    const limitOf = (step: number): 'lookback' | 'session' | null => {
      if (f64At(time, step) < oldest) return 'lookback';
      return sessionOf(step) >= (session?.keep ?? Infinity) ? 'session' : null;
    };
    return { visible, sessionOf, limitOf };
  }
}

/** Visits the steps that `dedup` keeps, from the newest visible one to the oldest. */
interface Walk {
  /** The newest of the first `visible` steps; -1 if there is none. */
  newest(visible: number): number;
  /** The next older step after `step`; -1 if there is none. */
  before(step: number): number;
  /** The step that, once visible, replaces `step`; Infinity if there is none. */
  replacement(step: number): number;
}

const walks: { readonly [D in HistoryLimits['dedup']]: (item: Uint32Array) => Walk } = {
  none: () => ({ newest: (visible) => visible - 1, before: (step) => step - 1, replacement: () => Infinity }),
  consecutive: (item) => {
    const ofOtherItem = new Int32Array(item.length);
    for (let step = 0; step < item.length; step++)
      ofOtherItem[step] = step > 0 && item[step] === item[step - 1] ? i32At(ofOtherItem, step - 1) : step - 1;
    return {
      newest: (visible) => visible - 1,
      before: (step) => i32At(ofOtherItem, step),
      replacement: (step) => (item[step + 1] === item[step] ? step + 1 : Infinity),
    };
  },
  item: (item) => new RecentItems(item),
};

/** The newest visible step of each item, as a linked list from the newest to the oldest. */
class RecentItems implements Walk {
  readonly #older: Int32Array;
  readonly #newer: Int32Array;
  readonly #stepOfItem = new Map<number, number>();
  /** By step, the next step of its item. Made when it is needed. */
  #next: Int32Array | null = null;
  #visible = 0;

  constructor(private readonly item: Uint32Array) {
    this.#older = new Int32Array(item.length).fill(-1);
    this.#newer = new Int32Array(item.length).fill(-1);
  }

  newest(visible: number): number {
    if (visible < this.#visible) this.#restart();
    for (; this.#visible < visible; this.#visible++) {
      const step = this.#visible;
      const item = u32At(this.item, step);
      const repeated = this.#stepOfItem.get(item);
      // The newest step is always the last one that was added, unless it has the same item.
      const previous = repeated === step - 1 ? i32At(this.#older, step - 1) : step - 1;
      if (repeated !== undefined) this.#remove(repeated);
      this.#link(previous, step);
      this.#stepOfItem.set(item, step);
    }
    return visible - 1;
  }

  before(step: number): number {
    return i32At(this.#older, step);
  }

  replacement(step: number): number {
    const next = i32At((this.#next ??= nextOfItem(this.item)), step);
    return next < 0 ? Infinity : next;
  }

  /** A request that is shown late has a later group, but an earlier cut-off than the group before. */
  #restart(): void {
    this.#older.fill(-1);
    this.#newer.fill(-1);
    this.#stepOfItem.clear();
    this.#visible = 0;
  }

  #remove(step: number): void {
    this.#link(i32At(this.#older, step), i32At(this.#newer, step));
  }

  #link(older: number, newer: number): void {
    if (older >= 0) this.#newer[older] = newer;
    if (newer >= 0) this.#older[newer] = older;
  }
}

function sessionsOf(time: Float64Array, gap: number): Uint32Array {
  const sessions = new Uint32Array(time.length);
  for (let step = 1; step < time.length; step++)
    sessions[step] = u32At(sessions, step - 1) + (f64At(time, step) - f64At(time, step - 1) > gap ? 1 : 0);
  return sessions;
}

/** By step, the next step of the same item; -1 if there is none. */
function nextOfItem(item: Uint32Array): Int32Array {
  const newest = new Map<number, number>();
  const next = new Int32Array(item.length).fill(-1);
  for (let step = 0; step < item.length; step++) {
    const before = newest.get(u32At(item, step));
    if (before !== undefined) next[before] = step;
    newest.set(u32At(item, step), step);
  }
  return next;
}

/** The first of `count` indices that meets a condition, which all later ones meet too; `count` if none does. */
export function firstIndex(count: number, isMet: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isMet(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
