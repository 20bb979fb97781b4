import { Corrections } from '../../../core/sampling/kernel/corrections.ts';
import type { Rows } from '../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../core/sampling/kernel/sampler.ts';
import type { QState } from '../../../core/sampling/lock/qTally.ts';
import type { UserBlock } from '../../../core/sampling/world/world.ts';
import { f64At, i32At, u32At, u8At, valueAt } from '../../../core/valueAt.ts';
import type { Arena } from './arena.ts';
import { DrawBatchMemory, type DrawBatch, type EntryColumns } from './drawBatchMemory.ts';
import { endOfRows, entryDraws, ROWS_AT_ONCE, type EntryDraws } from './entryDraws.ts';
import { groupQuotas } from './groupQuotas.ts';
import type { PoolDrawBatchExports } from './instance.ts';
import { LogQTallies } from './logQTallies.ts';
import type { MixedColumns } from './mixedColumns.ts';

/**
 * Draws for plans with several entries that WebAssembly supports. Each entry draws some groups in its own instance of
 * the module; then the first instance puts the rows together, with their mixed log q. The rows equal those of the
 * sampler, bit for bit.
 */
export class MixDrawBatch {
  readonly #memory: DrawBatchMemory;
  /** Of the instance that puts the rows together. */
  readonly #exports: PoolDrawBatchExports;
  /** Of the mixed log q of positives, and of draws. */
  readonly #tallies: LogQTallies;
  readonly #corrections: Corrections | null;
  /** Address of the table of entries. */
  readonly #table: number;

  private constructor(
    private readonly sampler: Sampler,
    private readonly arena: Arena,
    private readonly draws: readonly EntryDraws[],
  ) {
    const { exports } = valueAt(draws, 0);
    this.#exports = exports;
    this.#corrections = Corrections.forPlan(sampler.plan, sampler.world);
    this.#tallies = new LogQTallies(arena, exports.TALLY.value, exports.BINS.value);
    exports.mixedTallies.value = this.#tallies.tallies;
    exports.mixedBins.value = this.#tallies.bins;
    this.#table = arena.take(draws.length * exports.ENTRY_BYTES.value);
    exports.entryTable.value = this.#table;
    exports.entryCount.value = draws.length;
    this.#memory = new DrawBatchMemory(arena, draws, ROWS_AT_ONCE);
  }

  /** @returns null for plans that it does not support, and if no module is available; then the sampler draws */
  static of(sampler: Sampler): MixDrawBatch | null {
    // The module does not compare the rows of entries, so the sampler draws plans with `distinct`.
    const { entries, distinct } = sampler.plan;
    const made = entries.length > 1 && !distinct ? entryDraws(sampler) : null;
    return made && new MixDrawBatch(sampler, made.arena, made.draws);
  }

  /**
   * Like `Sampler.draw`.
   * @returns null if the draw batch is too large; then nothing has changed
   */
  draw(block: UserBlock, from: number, to: number, rows: Rows, cancel: Int32Array | null): number | null {
    const quotas = groupQuotas(this.sampler, block, from, to);
    const { refillFrom } = this.sampler.plan;
    const parts: DrawBatch[] = [];
    for (const [e, draws] of this.draws.entries()) {
      const part = draws.batch(block, from, to, valueAt(quotas, e), e === refillFrom ? sumOf(quotas) : undefined);
      if (!part) return null;
      parts.push(part);
    }
    if (!this.#memory.enter(block, parts)) return null;
    for (const [e, draws] of this.draws.entries()) draws.start(valueAt(parts, e));
    writeEntryTable(this.arena, this.#table, this.draws, block);
    // Only corrections need the sums of uniform draws.
    if (!this.#corrections) this.#exports.mixedEven.value = 0;
    this.#exports.startMix();
    let done = 0;
    while (done < to - from && (cancel === null || Atomics.load(cancel, 0) === 0))
      done = this.#some(block, parts, done, rows);
    for (const draws of this.draws) draws.settle(rows);
    this.#tallies.settle();
    return done;
  }

  /** Statistics of log q over everything that was drawn: of each entry, of positives, of the mix. */
  state(): QState {
    return [...this.draws.map(({ tallies }) => valueAt(tallies.state(), 0)), ...this.#tallies.state()];
  }

  /**
   * Draws some groups, from number `start` of the draw batch on.
   * @returns the number of the first group that is still to be drawn
   */
  #some(block: UserBlock, parts: readonly DrawBatch[], start: number, rows: Rows): number {
    const { columns, mixed } = this.#memory;
    const { from } = valueAt(parts, 0);
    if (!mixed) throw new Error('the rows of a mix have no columns');
    const end = Math.min(...parts.map((part, e) => endOfRows(block, part, start, valueAt(columns, e).group.length)));
    this.#drawEntries(parts, start, end);
    const made = this.#exports.mix(start, end, from);
    const { offsets } = block.groups.positives;
    const positive = u32At(offsets, from + end) - u32At(offsets, from + start);
    const first = rows.reserve(positive, -1, made - positive);
    rows.group.set(mixed.group.subarray(0, made), first);
    rows.item.set(mixed.item.subarray(0, made), first);
    rows.entry.set(mixed.entry.subarray(0, made), first);
    rows.draw.set(mixed.draw.subarray(0, made), first);
    rows.logQ.set(mixed.logQ.subarray(0, made), first);
    rows.logQMix.set(mixed.logQMix.subarray(0, made), first);
    let at = 0;
    for (let g = start; g < end; g++) {
      const ofGroup = u32At(offsets, from + g + 1) - u32At(offsets, from + g);
      if (this.#corrections) this.#correct(this.#corrections, g, ofGroup, mixed, at, rows, first + at);
      this.#markPositives(block.groups, from + g, rows, first + at);
      at += ofGroup + this.#count(from, g, parts, columns, rows);
    }
    rows.groups += end - start;
    return end;
  }

  /** Draws the groups start … end of the batch for every entry. The entry that refills draws last. */
  #drawEntries(parts: readonly DrawBatch[], start: number, end: number): void {
    const { refillFrom } = this.sampler.plan;
    const { columns } = this.#memory;
    const drawEntry = (e: number): void => {
      const { from, to } = valueAt(parts, e);
      valueAt(this.draws, e).exports.draw(start, end, to - from, from);
    };
    for (const e of parts.keys()) if (e !== refillFrom) drawEntry(e);
    if (refillFrom === null) return;
    const { quotas } = valueAt(parts, refillFrom);
    for (const [e, part] of parts.entries()) {
      if (e === refillFrom) continue;
      const { filled } = valueAt(columns, e);
      for (let g = start; g < end; g++) quotas[g] = f64At(quotas, g) + f64At(part.quotas, g) - u32At(filled, g);
    }
    valueAt(columns, refillFrom).quotas.set(quotas.subarray(start, end), start);
    drawEntry(refillFrom);
  }

  /** Completes the positives of a group, whose rows begin at `first`. */
  #markPositives({ positives }: UserBlock['groups'], group: number, rows: Rows, first: number): void {
    const { offsets, events, weights, keep } = positives;
    const from = u32At(offsets, group);
    for (let k = from; k < u32At(offsets, group + 1); k++) {
      const row = first + k - from;
      if (Number.isNaN(f64At(rows.logQMix, row))) rows.unreached++;
      rows.markPositive(row, u8At(events, k), f64At(weights, k), f64At(keep, k));
    }
  }

  /** Counts the rows of a group, and its shortfalls. @returns the number of draws */
  #count(from: number, g: number, parts: readonly DrawBatch[], columns: readonly EntryColumns[], rows: Rows): number {
    let drawn = 0;
    for (let e = 0; e < parts.length; e++) {
      const count = rows.entries[e];
      const part = parts[e];
      const own = columns[e];
      if (!count || !part || !own) continue;
      const asked = f64At(part.quotas, g);
      const filled = u32At(own.filled, g);
      count.asked += asked;
      count.drawn += filled;
      drawn += filled;
      if (filled < asked)
        rows.addShortfall(from + g, e, asked, filled, i32At(own.acceptable, g) < asked ? 'pool' : 'attempts');
    }
    return drawn;
  }

  /**
   * Writes the corrections of group `g` of the batch: its rows begin at `at` of the columns, and at `first` of `rows`.
   */
  #correct(
    corrections: Corrections,
    g: number,
    positives: number,
    { expected, even }: MixedColumns,
    at: number,
    { item, logQMix, correction, batchCorrection }: Rows,
    first: number,
  ): void {
    let drawn = 0;
    let fillers = 0;
    let acceptable = 0;
    for (const own of this.#memory.columns) {
      const filled = u32At(own.filled, g);
      if (filled === 0) continue;
      drawn += filled;
      fillers++;
      acceptable = i32At(own.acceptable, g);
    }
    const end = first + positives + drawn;
    // One entry alone has the corrections of a plan with one entry.
    for (let row = first, k = at; row < end; row++, k++) {
      const one = u32At(item, row);
      const isPositive = row < first + positives;
      correction[row] =
        fillers === 1
          ? corrections.ofPool(one, isPositive, f64At(logQMix, row), drawn, isPositive ? acceptable + 1 : acceptable)
          : corrections.ofExpected(one, isPositive, drawn, f64At(expected, k), f64At(even, k));
      if (isPositive && batchCorrection.length > 0)
        batchCorrection[row] = corrections.ofBatch(one, fillers === 1 ? f64At(correction, row) : undefined);
    }
    if (batchCorrection.length > 0) batchCorrection.fill(NaN, first + positives, end);
  }
}

/** By group. */
function sumOf(quotas: readonly Float64Array[]): Float64Array {
  return Float64Array.from(valueAt(quotas, 0), (_, g) => quotas.reduce((sum, all) => sum + f64At(all, g), 0));
}

/** Writes the table of the entries of a mix for a block, see `assembly/mix.ts`, at an address. */
function writeEntryTable(arena: Arena, place: number, draws: readonly EntryDraws[], block: UserBlock): void {
  for (const [e, { exports, hasPools }] of draws.entries()) {
    const set = valueAt(block.excludedOf, e);
    arena
      .uint32(place + e * exports.ENTRY_BYTES.value, FIELDS)
      .set([
        exports.filledOf.value,
        exports.acceptableOf.value,
        exports.totalOf.value,
        exports.rowItem.value,
        exports.rowLogQ.value,
        exports.classOfItem.value,
        exports.wide.value,
        exports.weights.value,
        exports.poolOfItem.value,
        hasPools ? exports.poolOfGroup.value : 0,
        exports.lives.value,
        exports.states.value,
        set < 0 ? 0 : exports.excludedOffsets.value,
        set < 0 ? 0 : exports.excluded.value,
        set,
      ]);
  }
}

const FIELDS = 15;
