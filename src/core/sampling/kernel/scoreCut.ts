import { f64At, u32At } from '../../valueAt.ts';
import { grown } from './grown.ts';
import { indexIn } from './search.ts';

/**
 * Selects the candidates at skip + 1 … skip + top by descending score. Candidates without score come last; equal scores
 * are ordered by item.
 */
export class ScoreCut {
  /** The selected items, ascending. */
  selected = new Uint32Array(64);
  size = 0;
  #count = 0;
  #unscored = 0;
  #items = new Uint32Array(64);
  #scores = new Float64Array(64);
  #scratch = new Float64Array(64);
  readonly #skipped: FirstByScore;
  readonly #first: FirstByScore;

  constructor(
    private readonly skip: number,
    private readonly top: number,
  ) {
    this.#skipped = new FirstByScore(skip);
    this.#first = new FirstByScore(skip + top);
  }

  start(): void {
    this.#count = 0;
    this.#unscored = 0;
  }

  /** Adds the next candidate; items must be ascending. */
  add(item: number, score: number): void {
    const at = this.#count++;
    if (at === this.#items.length) this.#grow();
    this.#items[at] = item;
    this.#scores[at] = score;
    if (Number.isNaN(score)) this.#unscored++;
  }

  #grow(): void {
    this.#items = grown(this.#items, this.#count);
    this.#scores = grown(this.#scores, this.#count);
    this.#scratch = grown(this.#scratch, this.#count);
    this.selected = grown(this.selected, this.#count);
  }

  /** Selects, after all acceptable candidates were added. */
  cut(): void {
    this.#skipped.prepare(this.#scores, this.#count, this.#unscored, this.#scratch);
    this.#first.prepare(this.#scores, this.#count, this.#unscored, this.#scratch);
    this.size = 0;
    for (let k = 0; k < this.#count; k++) {
      const score = f64At(this.#scores, k);
      const isSkipped = this.#skipped.accepts(score);
      if (this.#first.accepts(score) && !isSkipped) this.selected[this.size++] = u32At(this.#items, k);
    }
  }

  has(item: number): boolean {
    return indexIn(this.selected, 0, this.size, item) >= 0;
  }

  /** Number of selected items with one more candidate; 0 if that candidate would not be selected. */
  sizeWith(item: number, score: number): number {
    let before = 0;
    for (let k = 0; k < this.#count; k++) if (this.#isBefore(k, item, score)) before++;
    return before >= this.skip && before < this.skip + this.top ? Math.min(this.#count + 1 - this.skip, this.top) : 0;
  }

  #isBefore(k: number, item: number, score: number): boolean {
    const own = f64At(this.#scores, k);
    if (own === score || (Number.isNaN(own) && Number.isNaN(score))) return u32At(this.#items, k) < item;
    return Number.isNaN(score) || own > score;
  }
}

/**
 * Selects the `wanted` best candidates, which arrive in item order: those above a score, and the first ones with
 * exactly that score.
 */
class FirstByScore {
  /** NaN: the limit is among the candidates without score. */
  #least = NaN;
  /** How many candidates with the least score may still be taken. */
  #left = 0;

  constructor(private readonly limit: number) {}

  /** Starts with `count` candidates, `unscored` of them without score (NaN). `scratch`: buffer for their scores. */
  prepare(scores: Float64Array, count: number, unscored: number, scratch: Float64Array): void {
    const scored = count - unscored;
    if (this.limit > scored) {
      this.#least = NaN;
      this.#left = this.limit - scored;
      return;
    }
    let above = 0;
    this.#least = Infinity;
    if (this.limit > 0) {
      for (let k = 0, at = 0; k < count; k++) {
        const score = f64At(scores, k);
        if (!Number.isNaN(score)) scratch[at++] = score;
      }
      this.#least = nthLargest(scratch, scored, this.limit);
      for (let k = 0; k < scored; k++) if (f64At(scratch, k) > this.#least) above++;
    }
    this.#left = this.limit - above;
  }

  /** Must be called in item order. */
  accepts(score: number): boolean {
    if (Number.isNaN(score)) return Number.isNaN(this.#least) && this.#left-- > 0;
    if (Number.isNaN(this.#least) || score > this.#least) return true;
    return score === this.#least && this.#left-- > 0;
  }
}

/**
 * The n-th largest of values[0 … count), n from 1. No value may be NaN. The values are reordered. Expected time: linear
 * in their number.
 */
function nthLargest(values: Float64Array, count: number, n: number): number {
  let start = 0;
  let end = count - 1;
  const place = n - 1;
  while (start < end) {
    const pivot = f64At(values, (start + end) >> 1);
    let left = start;
    let right = end;
    while (left <= right) {
      while (f64At(values, left) > pivot) left++;
      while (f64At(values, right) < pivot) right--;
      if (left > right) break;
      const swapped = f64At(values, left);
      values[left++] = f64At(values, right);
      values[right--] = swapped;
    }
    // All values between the two equal the pivot.
    if (place <= right) end = right;
    else if (place >= left) start = left;
    else break;
  }
  return f64At(values, place);
}
