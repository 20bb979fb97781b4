import { f64At } from '../../valueAt.ts';
import { nthLargest } from './nthLargest.ts';

/**
 * Selects the `wanted` best candidates, which arrive in item order: those above a score, and the first ones with
 * exactly that score.
 */
export class FirstByScore {
  /** NaN: the limit is among the candidates without score. */
  #least = NaN;
  /** How many candidates with the least score may still be taken. */
  #left = 0;

  constructor(private readonly wanted: number) {}

  /** Starts with `count` candidates, `unscored` of them without score (NaN). `scratch`: buffer for their scores. */
  of(scores: Float64Array, count: number, unscored: number, scratch: Float64Array): void {
    const scored = count - unscored;
    if (this.wanted > scored) {
      this.#least = NaN;
      this.#left = this.wanted - scored;
      return;
    }
    let above = 0;
    this.#least = Infinity;
    if (this.wanted > 0) {
      for (let k = 0, at = 0; k < count; k++) {
        const score = f64At(scores, k);
        if (!Number.isNaN(score)) scratch[at++] = score;
      }
      this.#least = nthLargest(scratch, scored, this.wanted);
      for (let k = 0; k < scored; k++) if (f64At(scratch, k) > this.#least) above++;
    }
    this.#left = this.wanted - above;
  }

  /** Must be called in item order. */
  takes(score: number): boolean {
    if (Number.isNaN(score)) return Number.isNaN(this.#least) && this.#left-- > 0;
    if (Number.isNaN(this.#least) || score > this.#least) return true;
    return score === this.#least && this.#left-- > 0;
  }
}
