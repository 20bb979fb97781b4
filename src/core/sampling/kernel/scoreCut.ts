import { f64At, u32At } from '../../valueAt.ts';
import { FirstByScore } from './firstByScore.ts';
import { grown } from './grown.ts';
import { indexIn } from './search.ts';

/**
 * Selects the candidates at skip + 1 … skip + top by descending score. Candidates without score come last; equal scores
 * are ordered by item.
 */
export class ScoreCut {
  /** The selected items, ascending. */
  kept = new Uint32Array(64);
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
    this.kept = grown(this.kept, this.#count);
  }

  /** Selects, after all acceptable candidates were added. */
  cut(): void {
    this.#skipped.of(this.#scores, this.#count, this.#unscored, this.#scratch);
    this.#first.of(this.#scores, this.#count, this.#unscored, this.#scratch);
    this.size = 0;
    for (let k = 0; k < this.#count; k++) {
      const score = f64At(this.#scores, k);
      const isSkipped = this.#skipped.takes(score);
      if (this.#first.takes(score) && !isSkipped) this.kept[this.size++] = u32At(this.#items, k);
    }
  }

  has(item: number): boolean {
    return indexIn(this.kept, 0, this.size, item) >= 0;
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
