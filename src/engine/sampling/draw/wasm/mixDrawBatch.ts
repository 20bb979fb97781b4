import { Corrections } from '../../../../core/sampling/kernel/corrections.ts';
import { Exclusion } from '../../../../core/sampling/kernel/exclusion.ts';
import type { Rows } from '../../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../../core/sampling/kernel/sampler.ts';
import { userOf } from '../../../../core/sampling/kernel/search.ts';
import { QTally, type QState } from '../../../../core/sampling/lock/qTally.ts';
import type { UserBlock } from '../../../../core/sampling/world/world.ts';
import { f64At, u32At, u8At, valueAt } from '../../../../core/valueAt.ts';
import { EntryDraws } from './entryDraws.ts';
import { MixedEntry } from './mixedEntry.ts';
import { drawsInWasm } from './wasmPlan.ts';

/**
 * Draws for plans with several entries that WebAssembly supports. Each entry draws some groups in its own instance of
 * the module; then the rows are put together by group, with their mixed log q. The rows equal those of the sampler, bit
 * for bit.
 */
export class MixDrawBatch {
  readonly #entries: readonly MixedEntry[];
  readonly #corrections: Corrections | null;
  /** Of positives and of the mixed log q; the module counts the log q of each entry. */
  readonly #mixed: QTally;
  /** Exclusions that differ between entries of the block, started for `#user`. */
  #exclusions: readonly Exclusion[] = [];
  #user = -1;
  /** By draw of an entry in a group: its expected rows, also if all pools were uniform, and those of one entry. */
  #expected = new Float64Array(64);
  #even = new Float64Array(64);
  #part = new Float64Array(64);

  private constructor(
    private readonly sampler: Sampler,
    entries: readonly EntryDraws[],
  ) {
    this.#entries = entries.map((draws) => new MixedEntry(draws, sampler.world.items));
    this.#corrections = Corrections.of(sampler.plan, sampler.world);
    this.#mixed = new QTally(entries.length);
  }

  /** @returns null for plans that it does not support, and if no module is available; then the sampler draws */
  static of(sampler: Sampler): MixDrawBatch | null {
    const { plan } = sampler;
    if (plan.entries.length < 2 || !drawsInWasm(plan)) return null;
    const entries: EntryDraws[] = [];
    for (const e of plan.entries.keys()) {
      const draws = EntryDraws.of(sampler, e);
      if (!draws) return null;
      entries.push(draws);
    }
    return new MixDrawBatch(sampler, entries);
  }

  /**
   * Like `Sampler.draw`, into empty rows.
   * @returns null if the draw batch is too large; then nothing has changed
   */
  draw(block: UserBlock, from: number, to: number, rows: Rows, cancel: Int32Array | null): number | null {
    const quotas = this.#quotas(block, from, to);
    const { refillFrom } = this.sampler.plan;
    for (const [e, { draws }] of this.#entries.entries()) {
      const most = e === refillFrom ? sumOf(quotas) : undefined;
      if (!draws.enter(block, from, to, valueAt(quotas, e), most)) return null;
    }
    this.#startBlock(block);
    let done = 0;
    while (done < to - from && (cancel === null || Atomics.load(cancel, 0) === 0)) {
      const end = Math.min(...this.#entries.map(({ draws }) => draws.endOf(block, done)));
      this.#drawEntries(quotas, done, end);
      this.#putTogether(block, from, quotas, done, end, rows);
      done = end;
    }
    for (const { draws } of this.#entries) draws.settle(rows);
    this.#mixed.addMixed(rows);
    return done;
  }

  /** Statistics of log q over everything that was drawn. */
  state(): QState {
    const mixed = this.#mixed.state();
    return mixed.map((sums, k) => this.#entries[k]?.draws.state()[0] ?? sums);
  }

  /** By entry, then by group. */
  #quotas({ groups: { words } }: UserBlock, from: number, to: number): readonly Float64Array[] {
    const all = this.#entries.map(() => new Float64Array(to - from));
    const ofGroup = new Float64Array(all.length);
    for (let g = from; g < to; g++) {
      this.sampler.quotas(u32At(words, 2 * g), u32At(words, 2 * g + 1), ofGroup);
      for (let e = 0; e < all.length; e++) valueAt(all, e)[g - from] = f64At(ofGroup, e);
    }
    return all;
  }

  #startBlock({ excluded, excludedOf }: UserBlock): void {
    this.#user = -1;
    const differ = new Set(excludedOf).size > 1;
    const exclusions = differ ? excluded.map((set) => new Exclusion(set, set.last, set.lookback)) : [];
    this.#exclusions = exclusions;
    for (const [e, entry] of this.#entries.entries()) {
      entry.set = valueAt(excludedOf, e);
      entry.exclusion = entry.set < 0 ? null : (exclusions[entry.set] ?? null);
    }
  }

  /** Draws the groups start … end of the batch for every entry. The entry that refills draws last. */
  #drawEntries(quotas: readonly Float64Array[], start: number, end: number): void {
    const { refillFrom } = this.sampler.plan;
    for (const [e, { draws }] of this.#entries.entries()) if (e !== refillFrom) draws.draw(start, end);
    if (refillFrom === null) return;
    const own = valueAt(quotas, refillFrom);
    for (const [e, { draws }] of this.#entries.entries()) {
      if (e === refillFrom) continue;
      const { filled } = draws.written;
      const asked = valueAt(quotas, e);
      for (let g = start; g < end; g++) own[g] = f64At(own, g) + f64At(asked, g) - u32At(filled, g);
    }
    const { draws } = valueAt(this.#entries, refillFrom);
    draws.changeQuotas(own.subarray(start, end), start);
    draws.draw(start, end);
  }

  #putTogether(
    { groups }: UserBlock,
    from: number,
    quotas: readonly Float64Array[],
    start: number,
    end: number,
    rows: Rows,
  ): void {
    const entries = this.#entries;
    const { offsets } = groups.positives;
    const counts = rows.entries;
    for (const entry of entries) entry.startRows();
    for (let g = start; g < end; g++) {
      const group = from + g;
      const time = f64At(groups.time, group);
      const ofGroup = u32At(offsets, group + 1) - u32At(offsets, group);
      let fillers = 0;
      let negatives = 0;
      let pool: MixedEntry | null = null;
      for (const entry of entries) {
        // The module writes the positives of a group before its draws.
        entry.moveTo(g, ofGroup);
        negatives += entry.filled;
        if (entry.filled === 0) continue;
        fillers++;
        pool = entry;
      }
      if (fillers > 1) pool = null;
      if (this.#exclusions.length > 0) this.#moveToUser(groups.offsets, group);
      let row = rows.append(ofGroup, 0, negatives);
      this.#addPositives(groups, group, row, rows, pool);
      row += ofGroup;
      for (let e = 0; e < entries.length; e++) {
        const entry = entries[e];
        const count = counts[e];
        if (!entry || !count) continue;
        const asked = f64At(quotas[e] ?? NONE, g);
        if (asked === 0) continue;
        count.asked += asked;
        count.drawn += entry.filled;
        if (entry.filled > 0) this.#addDraws(e, entry, group, time, row, rows, pool !== null);
        row += entry.filled;
        if (entry.filled < asked)
          rows.short(group, e, asked, entry.filled, entry.acceptable < asked ? 'pool' : 'attempts');
      }
    }
    rows.groups += end - start;
  }

  #moveToUser(offsets: Uint32Array, group: number): void {
    if (this.#user >= 0 && group < u32At(offsets, this.#user + 1)) return;
    this.#user = userOf(offsets, group);
    for (const exclusion of this.#exclusions) exclusion.startUser(this.#user);
  }

  /** @param pool the only entry that filled rows of the group; null if there are several, or none */
  #addPositives(
    { positives, time }: UserBlock['groups'],
    group: number,
    first: number,
    rows: Rows,
    pool: MixedEntry | null,
  ): void {
    const corrections = this.#corrections;
    const { correction, batchCorrection } = rows;
    const from = u32At(positives.offsets, group);
    for (let k = from; k < u32At(positives.offsets, group + 1); k++) {
      const row = first + k - from;
      const item = u32At(positives.items, k);
      let drawn = 0;
      let expected = 0;
      let even = 0;
      for (const entry of this.#entries) {
        const { filled } = entry;
        if (filled === 0) continue;
        const chance = entry.chancePutBack(item, f64At(time, group));
        drawn += filled;
        expected += filled * chance;
        if (chance > 0) even += filled / (entry.acceptable + 1);
      }
      const logQMix = expected > 0 ? Math.log(expected / drawn) : NaN;
      if (!(expected > 0)) rows.unreached++;
      rows.group[row] = group;
      rows.item[row] = item;
      rows.draw[row] = -1;
      rows.logQ[row] = NaN;
      rows.logQMix[row] = logQMix;
      rows.makePositive(row, u8At(positives.events, k), f64At(positives.weights, k), f64At(positives.keep, k));
      if (!corrections) continue;
      correction[row] = pool
        ? corrections.ofPool(item, logQMix, pool.filled, pool.acceptable + 1)
        : corrections.ofExpected(item, drawn, expected, even);
      if (batchCorrection.length > 0) batchCorrection[row] = pool ? f64At(correction, row) : corrections.ofBatch(item);
    }
  }

  /** Adds the draws of an entry; `alone`: no other entry filled rows of the group. */
  #addDraws(e: number, own: MixedEntry, group: number, time: number, first: number, rows: Rows, alone: boolean): void {
    const { filled, first: from } = own;
    const { item: items, logQ: logs } = own.written;
    const { group: groups, item, entry, draw, logQ, logQMix, correction, batchCorrection } = rows;
    for (let k = 0; k < filled; k++) {
      groups[first + k] = group;
      item[first + k] = u32At(items, from + k);
      entry[first + k] = e;
      draw[first + k] = k;
      logQ[first + k] = f64At(logs, from + k);
    }
    const corrections = this.#corrections;
    if (alone) {
      for (let row = first; row < first + filled; row++) {
        logQMix[row] = f64At(logQ, row);
        if (corrections)
          correction[row] = corrections.ofPool(u32At(item, row), f64At(logQ, row), filled, own.acceptable);
      }
    } else this.#mix(own, time, first, rows);
    if (batchCorrection.length > 0) batchCorrection.fill(NaN, first, first + filled);
  }

  /** Writes the mixed log q and the corrections of the draws of an entry, if several entries filled rows. */
  #mix(own: MixedEntry, time: number, first: number, { item, logQMix, correction }: Rows): void {
    const { filled } = own;
    const items = own.written.item;
    const corrections = this.#corrections;
    if (filled > this.#expected.length) this.#grow(filled);
    const expected = this.#expected;
    for (let k = 0; k < filled; k++) expected[k] = 0;
    const even = this.#even;
    if (corrections) even.fill(0, 0, filled);
    let drawn = 0;
    for (const entry of this.#entries) {
      if (entry.filled === 0) continue;
      drawn += entry.filled;
      if (!corrections) entry.addExpected(items, own.first, own, time, expected);
      else {
        const part = this.#part;
        part.fill(0, 0, filled);
        entry.addExpected(items, own.first, own, time, part);
        for (let k = 0; k < filled; k++) {
          expected[k] = f64At(expected, k) + f64At(part, k);
          if (f64At(part, k) > 0) even[k] = f64At(even, k) + entry.filled / entry.acceptable;
        }
      }
    }
    for (let k = 0; k < filled; k++) logQMix[first + k] = Math.log(f64At(expected, k) / drawn);
    if (corrections)
      for (let k = 0; k < filled; k++)
        correction[first + k] = corrections.ofExpected(
          u32At(item, first + k),
          drawn,
          f64At(expected, k),
          f64At(even, k),
        );
  }

  #grow(length: number): void {
    this.#expected = new Float64Array(2 * length);
    this.#even = new Float64Array(2 * length);
    this.#part = new Float64Array(2 * length);
  }
}

const NONE = new Float64Array(0);

/** By group. */
function sumOf(quotas: readonly Float64Array[]): Float64Array {
  return Float64Array.from(valueAt(quotas, 0), (_, g) => quotas.reduce((sum, all) => sum + f64At(all, g), 0));
}
