import { grown } from './grown.ts';
import { indexIn } from './search.ts';
import { selectFirst, type Before } from './selectFirst.ts';

/** The candidates at skip + 1 … skip + top by falling score; those without score last, of equal scores the first by item. */
export class ScoreCut {
  /** What stays, ascending. */
  kept = new Uint32Array(64);
  size = 0;
  #count = 0;
  #items = new Uint32Array(64);
  #scores = new Float64Array(64);
  #order = new Int32Array(64);

  constructor(private readonly skip: number, private readonly top: number) {}

  start(): void {
    this.#count = 0;
  }

  add(item: number, score: number): void {
    const at = this.#count++;
    this.#items = grown(this.#items, at + 1);
    this.#scores = grown(this.#scores, at + 1);
    this.#order = grown(this.#order, at + 1);
    this.#items[at] = item;
    this.#scores[at] = score;
    this.#order[at] = at;
  }

  /** All acceptable candidates are added. */
  cut(): void {
    const end = Math.min(this.skip + this.top, this.#count);
    selectFirst(this.#order, 0, this.#count, end, this.#before);
    this.size = this.#sizeOf(this.#count);
    this.kept = grown(this.kept, this.size);
    for (let k = 0; k < this.size; k++) this.kept[k] = this.#items[this.#order[this.skip + k] ?? 0] ?? 0;
    this.kept.subarray(0, this.size).sort();
  }

  has(item: number): boolean {
    return indexIn(this.kept, 0, this.size, item) >= 0;
  }

  /** How many would stay with one more candidate; 0 where that one would not be among them. */
  sizeWith(item: number, score: number): number {
    const at = this.#count;
    this.add(item, score);
    this.#count = at;
    let before = 0;
    for (let k = 0; k < at; k++) if (this.#before(k, at)) before++;
    return before >= this.skip && before < this.skip + this.top ? this.#sizeOf(at + 1) : 0;
  }

  #sizeOf(count: number): number {
    return Math.max(0, Math.min(count - this.skip, this.top));
  }

  readonly #before: Before = (a, b) => {
    const left = this.#scores[a] ?? NaN;
    const right = this.#scores[b] ?? NaN;
    if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return (this.#items[a] ?? 0) < (this.#items[b] ?? 0);
    return Number.isNaN(right) || left > right;
  };
}
