import { f64At, i16At } from '../../valueAt.ts';
import type { Rows } from '../kernel/rows.ts';
import type { QFigures } from './sampleLock.ts';

/** Number of half-nat bins. Probabilities below e^-100 are counted in the last bin. */
export const qBins = 200;
const PER_NAT = 2;
const MILLIONTHS = 1e6;

/**
 * Statistics of `log_q` and `log_q_mix` over all drawn rows. Values are summed as whole millionths, so the order of the
 * rows, the block size and the number of threads do not change the result.
 */
export class QTally {
  readonly #entries: readonly Sums[];
  readonly #positives = new Sums();
  /** `log_q_mix` of negatives. Used only with several entries. */
  readonly #negatives = new Sums();
  readonly #all: readonly Sums[];

  /** @param entries number of entries in the plan */
  constructor(entries: number) {
    this.#entries = Array.from({ length: entries }, () => new Sums());
    this.#all = [...this.#entries, this.#positives, this.#negatives];
  }

  /** Counts the rows. */
  add({ count, label, entry, logQ, logQMix }: Pick<Rows, 'count' | 'label' | 'entry' | 'logQ' | 'logQMix'>): void {
    for (let from = 0, to: number; from < count; from = to) {
      const entryIndex = i16At(entry, from);
      const sums = this.#entries[entryIndex];
      to = from + 1;
      while (to < count && entry[to] === entryIndex) to++;
      if (!sums) {
        for (let row = from; row < to; row++)
          (label[row] === 1 ? this.#positives : this.#negatives).add(logQMix, row, row + 1);
        continue;
      }
      sums.add(logQ, from, to);
      // With a single entry, the mix equals the entry.
      if (this.#entries.length > 1) this.#negatives.add(logQMix, from, to);
    }
    for (const sums of this.#all) sums.settle();
  }

  /** The counted values, to be added in another thread. */
  state(): QState {
    return this.#all.map((sums) => sums.state());
  }

  /** Adds the counted values of another tally. */
  addState(state: QState): void {
    this.#all.forEach((sums, k) => {
      if (state[k]) sums.addState(state[k]);
    });
  }

  /** Statistics of an entry, by its index in the plan. */
  entry(index: number): QFigures | null {
    return this.#entries[index]?.figures() ?? null;
  }

  mix(): { readonly positives: QFigures | null; readonly negatives: QFigures | null } {
    return {
      positives: this.#positives.figures(),
      negatives: (this.#entries.length === 1 ? this.#entries[0] : this.#negatives)?.figures() ?? null,
    };
  }
}

/** Counted values of each entry, then of positives and of negatives. */
export type QState = readonly SumsState[];
interface SumsState {
  readonly rows: number;
  readonly sum: bigint;
  readonly least: number;
  readonly greatest: number;
  readonly bins: Float64Array;
}

class Sums {
  #rows = 0;
  /** Millionths that are not in `#sum` yet. Exact below 2^53: call `settle` at least every hundred million rows. */
  #recent = 0;
  #sum = 0n;
  #least = Infinity;
  #greatest = -Infinity;
  readonly #bins = new Float64Array(qBins);

  /** Adds values[from … to). */
  add(values: Float64Array, from: number, to: number): void {
    const bins = this.#bins;
    let sum = 0;
    let least = this.#least;
    let greatest = this.#greatest;
    let rows = 0;
    for (let k = from; k < to;) {
      const q = f64At(values, k);
      const first = k++;
      // Rows that an entry draws from a list for a group all have the same value.
      while (k < to && values[k] === q) k++;
      if (Number.isNaN(q)) continue;
      const count = k - first;
      rows += count;
      sum += count * Math.floor(q * MILLIONTHS + 0.5);
      if (q < least) least = q;
      if (q > greatest) greatest = q;
      const halves = -q * PER_NAT;
      const bin = halves < qBins ? (halves > 0 ? halves | 0 : 0) : qBins - 1;
      bins[bin] = f64At(bins, bin) + count;
    }
    this.#rows += rows;
    this.#recent += sum;
    this.#least = least;
    this.#greatest = greatest;
  }

  state(): SumsState {
    this.settle();
    return { rows: this.#rows, sum: this.#sum, least: this.#least, greatest: this.#greatest, bins: this.#bins };
  }

  addState({ rows, sum, least, greatest, bins }: SumsState): void {
    this.#rows += rows;
    this.#sum += sum;
    this.#least = Math.min(this.#least, least);
    this.#greatest = Math.max(this.#greatest, greatest);
    bins.forEach((count, bin) => {
      this.#bins[bin] = f64At(this.#bins, bin) + count;
    });
  }

  /** Moves the recent sum to the exact sum. */
  settle(): void {
    this.#sum += BigInt(this.#recent);
    this.#recent = 0;
  }

  figures(): QFigures | null {
    return figuresOf(this.state());
  }
}

/** Statistics of counted values; null without rows. `bins`: number of rows by bin. */
export function figuresOf({ rows, sum, least, greatest, bins }: SumsState): QFigures | null {
  if (rows === 0) return null;
  return {
    rows,
    mean: Math.round(Number(sum) / rows) / MILLIONTHS + 0,
    least: rounded(least),
    greatest: rounded(greatest),
    bins: [...bins.entries()]
      .filter(([, count]) => count > 0)
      .map(([bin, count]) => [bin === 0 ? 0 : -bin / PER_NAT, count] as const),
  };
}

/** Rounds to a millionth; never returns negative zero, which JSON cannot express. */
function rounded(q: number): number {
  return Math.round(q * MILLIONTHS) / MILLIONTHS + 0;
}
