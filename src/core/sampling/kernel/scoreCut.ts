import { grown } from './grown.ts';
import { nthLargest } from './nthLargest.ts';
import { indexIn } from './search.ts';

/** The candidates at skip + 1 … skip + top by falling score; those without score last, of equal scores the first by item. */
export class ScoreCut {
  /** What stays, ascending. */
  kept = new Uint32Array(64);
  size = 0;
  #count = 0;
  #unscored = 0;
  #items = new Uint32Array(64);
  #scores = new Float64Array(64);
  #scratch = new Float64Array(64);

  readonly #skipped: FirstByScore;
  readonly #first: FirstByScore;

  constructor(private readonly skip: number, private readonly top: number) {
    this.#skipped = new FirstByScore(skip);
    this.#first = new FirstByScore(skip + top);
  }

  start(): void {
    this.#count = 0;
    this.#unscored = 0;
  }

  /** Adds the next candidate; items ascend. */
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

  /** All acceptable candidates are added. */
  cut(): void {
    this.#skipped.of(this.#scores, this.#count, this.#unscored, this.#scratch);
    this.#first.of(this.#scores, this.#count, this.#unscored, this.#scratch);
    this.size = 0;
    for (let k = 0; k < this.#count; k++) {
      const score = this.#scores[k] ?? NaN;
      const isSkipped = this.#skipped.takes(score);
      if (this.#first.takes(score) && !isSkipped) this.kept[this.size++] = this.#items[k] ?? 0;
    }
  }

  has(item: number): boolean {
    return indexIn(this.kept, 0, this.size, item) >= 0;
  }

  /** How many would stay with one more candidate; 0 where that one would not be among them. */
  sizeWith(item: number, score: number): number {
    let before = 0;
    for (let k = 0; k < this.#count; k++) if (this.#isBefore(k, item, score)) before++;
    return before >= this.skip && before < this.skip + this.top ? Math.min(this.#count + 1 - this.skip, this.top) : 0;
  }

  #isBefore(k: number, item: number, score: number): boolean {
    const own = this.#scores[k] ?? NaN;
    if (own === score || (Number.isNaN(own) && Number.isNaN(score))) return (this.#items[k] ?? 0) < item;
    return Number.isNaN(score) || own > score;
  }
}

/** The first `wanted` of candidates that come by item: those above some score, and the first ones that have it. */
class FirstByScore {
  /** NaN: of those without score. */
  #least = NaN;
  /** How many of the least score are still to be taken. */
  #left = 0;

  constructor(private readonly wanted: number) {}

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
        const score = scores[k] ?? NaN;
        if (!Number.isNaN(score)) scratch[at++] = score;
      }
      this.#least = nthLargest(scratch, scored, this.wanted);
      for (let k = 0; k < scored; k++) if ((scratch[k] ?? 0) > this.#least) above++;
    }
    this.#left = this.wanted - above;
  }

  /** Asked in the order of the items. */
  takes(score: number): boolean {
    if (Number.isNaN(score)) return Number.isNaN(this.#least) && this.#left-- > 0;
    if (Number.isNaN(this.#least) || score > this.#least) return true;
    return score === this.#least && this.#left-- > 0;
  }
}
