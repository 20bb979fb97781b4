import { f64At, u32At, valueAt } from '../../valueAt.ts';
import { privately, type Allocate } from '../alias.ts';
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
  readonly missing: Float64Array;
  /** Number of groups with a shortfall. */
  shortGroups: number;
}

/** Empty rows with the columns that a plan needs. */
export function rowsOf({ entries, logq, inBatch }: StagePlan, allocate: Allocate = privately): Rows {
  const corrected = logq !== undefined;
  return new Rows(entries.length, allocate, { corrected, batched: corrected && inBatch !== null });
}

/** Initial capacity in rows. */
const FIRST = 256;

/**
 * Rows of samples as columns that grow by doubling, with the shortfalls and all counts. Values that all drawn rows
 * share are filled in advance.
 */
export class Rows {
  count = 0;
  /** Index of the group within the block. */
  group: Uint32Array;
  item: Uint32Array;
  label: Uint8Array;
  /** Index into the plan's entries; -1 for positives and exposures. */
  entry: Int16Array;
  /** Number of the draw within (group, entry); -1 for positives and exposures. */
  draw: Int32Array;
  /** Index into the plan's events; 255 if there is none. */
  event: Uint8Array;
  weight: Float64Array;
  /** Probability that `downsample_hot` keeps the row; NaN without it. */
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
  shortGroup = new Uint32Array(64);
  shortEntry = new Int16Array(64);
  shortAsked = new Float64Array(64);
  shortDrawn = new Float64Array(64);
  shortCause = new Uint8Array(64);

  groups = 0;
  positives = 0;
  negatives = 0;
  /** Number of exposures that `downsample` dropped. */
  downsampled = 0;
  /** Number of rows whose item no entry of the group can draw, so that `logQMix` is empty. */
  unreached = 0;
  readonly entries: readonly EntryCount[];
  /** Refused attempts by `Refusal`. */
  readonly refusals = new Float64Array(4);

  /** Positives and exposures: rows whose values differ from those of draws. */
  #own = new Uint32Array(64);
  #ownCount = 0;

  /**
   * @param allocate shared memory for rows that another thread reads
   * @param further the columns that only some plans have
   */
  constructor(
    entries: number,
    allocate: Allocate = privately,
    further: { readonly corrected?: boolean; readonly batched?: boolean } = {},
  ) {
    this.group = new Uint32Array(allocate(4 * FIRST));
    this.item = new Uint32Array(allocate(4 * FIRST));
    this.label = new Uint8Array(allocate(FIRST));
    this.entry = new Int16Array(allocate(2 * FIRST));
    this.draw = new Int32Array(allocate(4 * FIRST));
    this.event = new Uint8Array(allocate(FIRST));
    this.weight = new Float64Array(allocate(8 * FIRST));
    this.keep = new Float64Array(allocate(8 * FIRST));
    this.logQ = new Float64Array(allocate(8 * FIRST));
    this.logQMix = new Float64Array(allocate(8 * FIRST));
    if (further.corrected === true) this.correction = new Float64Array(allocate(8 * FIRST));
    if (further.batched === true) this.batchCorrection = new Float64Array(allocate(8 * FIRST));
    this.entries = Array.from({ length: entries }, () => ({
      asked: 0,
      drawn: 0,
      repeated: 0,
      attempts: 0,
      missing: new Float64Array(shortfallCauses.length),
      shortGroups: 0,
    }));
    this.#asDrawn(0, FIRST);
  }

  /** Clears the rows and the shortfalls, but not the counts. */
  clear(): void {
    for (let k = 0; k < this.#ownCount; k++) {
      const row = u32At(this.#own, k);
      this.#asDrawn(row, row + 1);
    }
    this.#ownCount = 0;
    this.count = 0;
    this.shortCount = 0;
  }

  positive(group: number, item: number, event: number, weight: number, keep: number, logQMix: number): void {
    this.#row(group, item, 1, event, weight, keep, logQMix);
    this.positives++;
  }
  /**
   * Appends the first `count` of `items` as draws of an entry, numbered from 0. The caller must then write their `logQ`
   * and `logQMix`.
   * @returns the number of the first row
   */
  drawn(group: number, entry: number, items: Uint32Array, count: number): number {
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
  /** Removes rows of the last `drawn`, which begin at `first`. The others keep their draw. @returns how many */
  removeDrawn(first: number, isRemoved: (item: number) => boolean): number {
    const { item, draw, logQ, logQMix, count } = this;
    let to = first;
    for (let row = first; row < count; row++) {
      if (isRemoved(u32At(item, row))) continue;
      if (to < row) for (const column of [item, draw, logQ, logQMix]) column[to] = valueAt(column, row);
      to++;
    }
    this.count = to;
    this.negatives -= count - to;
    return count - to;
  }
  /**
   * Appends rows for positives and for draws of an entry. The caller must then write `group`, `item`, `draw`, `logQ`
   * and `logQMix`, and mark the positives.
   * @returns the number of the first row
   */
  append(positives: number, entry: number, negatives: number): number {
    const first = this.count;
    this.count += positives + negatives;
    if (this.count > this.group.length) this.#grow(this.count);
    this.entry.fill(entry, first, this.count);
    this.positives += positives;
    this.negatives += negatives;
    return first;
  }
  /** Turns one of the rows of `append` into a positive. */
  makePositive(row: number, event: number, weight: number, keep: number): void {
    this.#setOwn(row, 1, event, weight, keep);
  }
  /** Appends a shown negative in the unit impression. */
  exposure(group: number, item: number, weight: number): void {
    this.#row(group, item, 0, 255, weight, NaN, NaN);
    this.negatives++;
  }

  #row(group: number, item: number, label: number, event: number, weight: number, keep: number, logQMix: number): void {
    const at = this.count;
    if (at === this.group.length) this.#grow(at + 1);
    this.group[at] = group;
    this.item[at] = item;
    this.draw[at] = -1;
    this.logQ[at] = NaN;
    this.logQMix[at] = logQMix;
    this.#setOwn(at, label, event, weight, keep);
    this.count++;
  }

  #setOwn(row: number, label: number, event: number, weight: number, keep: number): void {
    this.label[row] = label;
    this.entry[row] = -1;
    this.event[row] = event;
    this.weight[row] = weight;
    this.keep[row] = keep;
    if (this.#ownCount === this.#own.length) this.#own = grown(this.#own, this.#ownCount + 1);
    this.#own[this.#ownCount++] = row;
  }

  short(group: number, entry: number, asked: number, drawn: number, cause: ShortfallCause): void {
    const at = this.shortCount++;
    if (at === this.shortGroup.length) {
      this.shortGroup = grown(this.shortGroup, at + 1);
      this.shortEntry = grown(this.shortEntry, at + 1);
      this.shortAsked = grown(this.shortAsked, at + 1);
      this.shortDrawn = grown(this.shortDrawn, at + 1);
      this.shortCause = grown(this.shortCause, at + 1);
    }
    this.shortGroup[at] = group;
    this.shortEntry[at] = entry;
    this.shortAsked[at] = asked;
    this.shortDrawn[at] = drawn;
    const number = shortfallCauses.indexOf(cause);
    this.shortCause[at] = number;
    const count = this.entries[entry];
    if (!count) return;
    count.missing[number] = f64At(count.missing, number) + asked - drawn;
    count.shortGroups++;
  }

  /** Sets the values that all drawn rows share. */
  #asDrawn(from: number, to: number): void {
    for (let row = from; row < to; row++) {
      this.label[row] = 0;
      this.event[row] = 255;
      this.weight[row] = 1;
      this.keep[row] = NaN;
    }
  }

  #grow(length: number): void {
    const before = this.group.length;
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
    this.#asDrawn(before, this.group.length);
  }
}
