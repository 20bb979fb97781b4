import type { QState } from '../../../core/sampling/lock/qTally.ts';
import { f64At, valueAt } from '../../../core/valueAt.ts';
import type { Arena } from './arena.ts';

/** Two tallies of log q in the memory of the module, and their sums, which are kept outside of it to stay exact. */
export class LogQTallies {
  /** Addresses of both tallies and of their bins. */
  readonly tallies: number;
  readonly bins: number;
  /** Sums in millionths. */
  readonly #sums = [0n, 0n];
  readonly #bins: readonly Float64Array[];

  /**
   * @param length number of values in a tally
   * @param binCount number of bins of a tally
   */
  constructor(
    private readonly arena: Arena,
    private readonly length: number,
    private readonly binCount: number,
  ) {
    const tally = Float64Array.from({ length }, (_, figure) =>
      figure === 2 ? Infinity : figure === 3 ? -Infinity : 0,
    );
    this.tallies = arena.keep(Float64Array.from([...tally, ...tally]));
    this.bins = arena.keep(new Uint32Array(2 * binCount));
    this.#bins = [0, 1].map(() => new Float64Array(binCount));
  }

  /** Moves sums and bins out of the memory. */
  settle(): void {
    for (const k of [0, 1]) {
      const tally = this.#tally(k);
      this.#sums[k] = valueAt(this.#sums, k) + BigInt(f64At(tally, 1));
      tally[1] = 0;
      const bins = this.arena.uint32(this.bins + 4 * k * this.binCount, this.binCount);
      const all = valueAt(this.#bins, k);
      bins.forEach((count, bin) => {
        all[bin] = f64At(all, bin) + count;
      });
      bins.fill(0);
    }
  }

  /** Statistics over everything that was settled. */
  state(): QState {
    return [0, 1].map((k) => {
      const [rows = 0, , least = Infinity, greatest = -Infinity] = this.#tally(k);
      return { rows, sum: valueAt(this.#sums, k), least, greatest, bins: valueAt(this.#bins, k) };
    });
  }

  /** Rows, millionths, minimum and maximum. */
  #tally(k: number): Float64Array {
    return this.arena.float64(this.tallies + 8 * k * this.length, this.length);
  }
}
