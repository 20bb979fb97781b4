import { f64At, u32At, valueAt } from '../../valueAt.ts';
import { allocatePrivate, type Allocate } from '../alias.ts';
import type { ShortfallCause } from '../drawn.ts';
import type { StagePlan } from '../plan/stagePlan.ts';
import { grown } from './grown.ts';

/** Causes of shortfalls; the index is the value in `Rows.shortCause`. */
export const shortfallCauses = ['pool', 'attempts', 'list'] as const satisfies readonly ShortfallCause[];

/** Counts of one entry over all groups. */
export interface EntryCount {
  asked: number;
  drawn: number;
  /** Draws that `distinct` dropped: neither drawn nor missing. */
  repeated: number;
  attempts: number;
  /** Missing rows by cause, in the order of `shortfallCauses`. */
  readonly missingByCause: Float64Array;
  /** Number of groups with a shortfall. */
  shortGroups: number;
}

/** Empty rows with the columns that a plan needs. */
export function rowsOf({ entries, logq, inBatch }: StagePlan, allocate: Allocate = allocatePrivate): Rows {
  const hasCorrection = logq !== undefined;
  return new Rows(entries.length, allocate, {
    hasCorrection,
    hasBatchCorrection: hasCorrection && inBatch !== null,
  });
}

const INITIAL_ROWS = 256;
const INITIAL_SHORTFALLS = 64;
const NO_ENTRY = -1;
const NO_DRAW = -1;
const NO_EVENT = 255;

/**
 * Sample rows as columns that grow by doubling, with shortfalls and counts. Cells that have the same value in all drawn
 * rows are filled in advance.
 */
export class Rows {
  count = 0;
  /** Index of the group within the block. */
  group: Uint32Array;
  item: Uint32Array;
  label: Uint8Array;
  /** Index into the plan's entries; -1 for positives and exposures. */
  entry: Int16Array;
  /** Draw number within group and entry, from 0; -1 for positives and exposures. */
  draw: Int32Array;
  /** Index into the plan's events; 255 if there is none. */
  event: Uint8Array;
  weight: Float64Array;
  /** Probability that `downsample_hot` keeps the row; NaN if it does not apply. */
  keep: Float64Array;
  /** NaN means empty. */
  logQ: Float64Array;
  logQMix: Float64Array;
  /** `logq_correction`; without elements unless the plan has `logq`. NaN means empty. */
  correction: Float64Array = new Float64Array(0);
  /** `logq_correction_batch`, NaN for negatives; without elements unless the plan also has in-batch negatives. */
  batchCorrection: Float64Array = new Float64Array(0);

  /** Shortfalls: entries of groups that could not fill their quota. */
  shortCount = 0;
  shortGroup = new Uint32Array(INITIAL_SHORTFALLS);
  shortEntry = new Int16Array(INITIAL_SHORTFALLS);
  shortAsked = new Float64Array(INITIAL_SHORTFALLS);
  shortDrawn = new Float64Array(INITIAL_SHORTFALLS);
  shortCause = new Uint8Array(INITIAL_SHORTFALLS);

  groups = 0;
  positives = 0;
  negatives = 0;
  /** Number of exposures that `downsample` dropped. */
  downsampled = 0;
  /** Number of rows whose item no entry of the group can draw, so that `logQMix` is empty. */
  unreached = 0;
  readonly entries: readonly EntryCount[];
  /** Rejected attempts, indexed by `Refusal`; written by the samplers, as are `groups` and `downsampled`. */
  readonly refusals = new Float64Array(4);

  /** Numbers of the positive and exposure rows. `clear` resets their cells to the values of drawn rows. */
  #nonDrawRows = new Uint32Array(64);
  #nonDrawCount = 0;

  /**
   * @param allocate shared memory for rows that another thread reads
   * @param optionalColumns columns that only some plans need
   */
  constructor(
    entries: number,
    allocate: Allocate = allocatePrivate,
    optionalColumns: { readonly hasCorrection?: boolean; readonly hasBatchCorrection?: boolean } = {},
  ) {
    this.group = new Uint32Array(allocate(4 * INITIAL_ROWS));
    this.item = new Uint32Array(allocate(4 * INITIAL_ROWS));
    this.label = new Uint8Array(allocate(INITIAL_ROWS));
    this.entry = new Int16Array(allocate(2 * INITIAL_ROWS));
    this.draw = new Int32Array(allocate(4 * INITIAL_ROWS));
    this.event = new Uint8Array(allocate(INITIAL_ROWS));
    this.weight = new Float64Array(allocate(8 * INITIAL_ROWS));
    this.keep = new Float64Array(allocate(8 * INITIAL_ROWS));
    this.logQ = new Float64Array(allocate(8 * INITIAL_ROWS));
    this.logQMix = new Float64Array(allocate(8 * INITIAL_ROWS));
    if (optionalColumns.hasCorrection === true) this.correction = new Float64Array(allocate(8 * INITIAL_ROWS));
    if (optionalColumns.hasBatchCorrection === true)
      this.batchCorrection = new Float64Array(allocate(8 * INITIAL_ROWS));
    this.entries = Array.from({ length: entries }, () => ({
      asked: 0,
      drawn: 0,
      repeated: 0,
      attempts: 0,
      missingByCause: new Float64Array(shortfallCauses.length),
      shortGroups: 0,
    }));
    this.#fillDrawDefaults(0, INITIAL_ROWS);
  }

  /** Clears the rows and the shortfalls, but not the counts. */
  clear(): void {
    for (let k = 0; k < this.#nonDrawCount; k++) {
      const row = u32At(this.#nonDrawRows, k);
      this.#fillDrawDefaults(row, row + 1);
    }
    this.#nonDrawCount = 0;
    this.count = 0;
    this.shortCount = 0;
  }

  addPositive(group: number, item: number, event: number, weight: number, keep: number, logQMix: number): void {
    this.#addNonDraw(group, item, 1, event, weight, keep, logQMix);
    this.positives++;
  }

  /**
   * Appends the first `count` of `items` as draws of an entry, numbered from 0. The caller must then write their `logQ`
   * and `logQMix`.
   * @returns the index of the first new row
   */
  addDraws(group: number, entry: number, items: Uint32Array, count: number): number {
    const first = this.count;
    if (first + count > this.group.length) this.#grow(first + count);
    const { group: groups, item, entry: entries, draw } = this;
    for (let k = 0; k < count; k++) {
      groups[first + k] = group;
      item[first + k] = u32At(items, k);
      entries[first + k] = entry;
      draw[first + k] = k;
    }
    this.count = first + count;
    this.negatives += count;
    return first;
  }

  /**
   * Removes matching rows of the last `addDraws`, which begin at `first`. The remaining rows keep their draw number.
   * @returns the number of removed rows
   */
  removeDraws(first: number, isRemoved: (item: number) => boolean): number {
    const { item, draw, logQ, logQMix, count } = this;
    let target = first;
    for (let row = first; row < count; row++) {
      if (isRemoved(u32At(item, row))) continue;
      if (target < row) for (const column of [item, draw, logQ, logQMix]) column[target] = valueAt(column, row);
      target++;
    }
    this.count = target;
    this.negatives -= count - target;
    return count - target;
  }

  /**
   * Appends rows for positives and for draws of an entry. The caller must then write `group`, `item`, `draw`, `logQ`
   * and `logQMix`, and mark the positives.
   * @returns the index of the first new row
   */
  reserve(positives: number, entry: number, negatives: number): number {
    const first = this.count;
    this.count += positives + negatives;
    if (this.count > this.group.length) this.#grow(this.count);
    this.entry.fill(entry, first, this.count);
    this.positives += positives;
    this.negatives += negatives;
    return first;
  }

  /** Marks a row that `reserve` appended as positive. */
  markPositive(row: number, event: number, weight: number, keep: number): void {
    this.#markNonDraw(row, 1, event, weight, keep);
  }

  /** Appends an exposed negative in the unit impression. */
  addExposure(group: number, item: number, weight: number): void {
    this.#addNonDraw(group, item, 0, NO_EVENT, weight, NaN, NaN);
    this.negatives++;
  }

  #addNonDraw(
    group: number,
    item: number,
    label: number,
    event: number,
    weight: number,
    keep: number,
    logQMix: number,
  ): void {
    const row = this.count;
    if (row === this.group.length) this.#grow(row + 1);
    this.group[row] = group;
    this.item[row] = item;
    this.draw[row] = NO_DRAW;
    this.logQ[row] = NaN;
    this.logQMix[row] = logQMix;
    this.#markNonDraw(row, label, event, weight, keep);
    this.count++;
  }

  #markNonDraw(row: number, label: number, event: number, weight: number, keep: number): void {
    this.label[row] = label;
    this.entry[row] = NO_ENTRY;
    this.event[row] = event;
    this.weight[row] = weight;
    this.keep[row] = keep;
    if (this.#nonDrawCount === this.#nonDrawRows.length)
      this.#nonDrawRows = grown(this.#nonDrawRows, this.#nonDrawCount + 1);
    this.#nonDrawRows[this.#nonDrawCount++] = row;
  }

  addShortfall(group: number, entry: number, quota: number, drawn: number, cause: ShortfallCause): void {
    const index = this.shortCount++;
    if (index === this.shortGroup.length) {
      this.shortGroup = grown(this.shortGroup, index + 1);
      this.shortEntry = grown(this.shortEntry, index + 1);
      this.shortAsked = grown(this.shortAsked, index + 1);
      this.shortDrawn = grown(this.shortDrawn, index + 1);
      this.shortCause = grown(this.shortCause, index + 1);
    }
    this.shortGroup[index] = group;
    this.shortEntry[index] = entry;
    this.shortAsked[index] = quota;
    this.shortDrawn[index] = drawn;
    const causeIndex = shortfallCauses.indexOf(cause);
    this.shortCause[index] = causeIndex;
    const count = this.entries[entry];
    if (!count) return;
    count.missingByCause[causeIndex] = f64At(count.missingByCause, causeIndex) + quota - drawn;
    count.shortGroups++;
  }

  /** Sets the cells that have the same value in all drawn rows. */
  #fillDrawDefaults(from: number, to: number): void {
    for (let row = from; row < to; row++) {
      this.label[row] = 0;
      this.event[row] = NO_EVENT;
      this.weight[row] = 1;
      this.keep[row] = NaN;
    }
  }

  #grow(length: number): void {
    const oldLength = this.group.length;
    this.group = grown(this.group, length);
    this.item = grown(this.item, length);
    this.label = grown(this.label, length);
    this.entry = grown(this.entry, length);
    this.draw = grown(this.draw, length);
    this.event = grown(this.event, length);
    this.weight = grown(this.weight, length);
    this.keep = grown(this.keep, length);
    this.logQ = grown(this.logQ, length);
    this.logQMix = grown(this.logQMix, length);
    if (this.correction.length > 0) this.correction = grown(this.correction, length);
    if (this.batchCorrection.length > 0) this.batchCorrection = grown(this.batchCorrection, length);
    this.#fillDrawDefaults(oldLength, this.group.length);
  }
}
