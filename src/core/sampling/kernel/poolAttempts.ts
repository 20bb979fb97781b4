import { i32At, u32At } from '../../valueAt.ts';
import type { Salts } from '../salts.ts';
import { AttemptBlock, attemptsFor, MAX_ATTEMPTS } from './attemptBlock.ts';
import type { CurrentGroup } from './currentGroup.ts';
import type { PreparedPool } from './preparedPool.ts';
import { classAt } from './weightClasses.ts';

/**
 * Attempts at a pool, with the resulting items. The first attempts of consecutive groups are made together, because
 * those of one group are too few to keep memory busy. An attempt depends only on its group and its number.
 */
export class PoolAttempts {
  items = new Int32Array(MAX_ATTEMPTS);
  /** Weight class of each item. */
  readonly classes = new Uint32Array(MAX_ATTEMPTS);
  /** Number of attempts per group. */
  count = 0;
  readonly #block = new AttemptBlock();
  readonly #found = new Int32Array(MAX_ATTEMPTS);
  #pool: PreparedPool | null = null;
  /** Range of groups whose first attempts are cached. */
  #from = 0;
  #to = 0;

  constructor(private readonly salts: Salts) {}

  /**
   * The first attempts of a group.
   * @param alone the pool may differ for the next group
   * @returns the index of the first attempt
   */
  first(group: CurrentGroup, pool: PreparedPool, quota: number, alone: boolean): number {
    const count = attemptsFor(quota);
    if (pool !== this.#pool || group.index < this.#from || group.index >= this.#to || count > this.count) {
      this.count = count;
      this.#from = group.index;
      this.#to = alone ? group.index + 1 : Math.min(group.groups, group.index + Math.floor(MAX_ATTEMPTS / count));
      this.#make(group.keyWords, pool, 0);
    }
    return (group.index - this.#from) * this.count;
  }

  /**
   * Makes further attempts of a group from number `start` on: about as many as are likely to give the missing rows.
   * They begin at index 0.
   */
  next(group: CurrentGroup, pool: PreparedPool, start: number, missing: number): void {
    this.count = attemptsFor(missing);
    this.#from = group.index;
    this.#to = group.index + 1;
    this.#make(group.keyWords, pool, start);
  }

  #make(words: Uint32Array, pool: PreparedPool, start: number): void {
    const { columns, items: all, isWhole, classOfPlace } = pool;
    const { s0, s1 } = this.salts;
    const { count, classes } = this;
    const found = this.#found;
    const block = this.#block;
    const made = (this.#to - this.#from) * count;
    this.#pool = pool;
    for (let g = this.#from, at = 0; g < this.#to; g++, at += count) {
      const h0 = u32At(words, 2 * g) ^ s0;
      const h1 = u32At(words, 2 * g + 1) ^ s1;
      if (columns) block.weighted(h0, h1, start, count, at, columns.bits);
      else block.uniform(h0, h1, start, count, at, all.length);
    }
    if (columns) block.resolve(made, columns);
    const { places } = block;
    this.items = isWhole ? places : found;
    if (!isWhole) for (let j = 0; j < made; j++) found[j] = u32At(all, i32At(places, j));
    if (!classOfPlace) classes.fill(1, 0, made);
    else for (let j = 0; j < made; j++) classes[j] = classAt(classOfPlace, i32At(places, j));
  }
}
