import { message } from '../../message/message.ts';
import { keyOf, LONG, type Pair } from '../tree.ts';
import type { Problems } from './problems.ts';
import { unspacedPair } from './unspacedPair.ts';

/** Collects the pairs of a map. If several pairs have the same name, the first counts. */
export class PairList {
  readonly pairs: Pair[] = [];
  /** Created for long maps only. Most maps have a few pairs, and creating a set for each would be most of the work. */
  #names: Set<string> | null = null;

  constructor(private readonly problems: Problems) {}

  add(original: Pair): void {
    const { key, colon, value } = original;
    const unspaced = colon === null && value === null ? unspacedPair(key, this.problems) : null;
    const pair = unspaced ?? original;
    const name = keyOf(pair);
    if (this.#has(name)) {
      this.problems.add(
        'config/duplicate-key',
        pair.key.span,
        message('Duplicate key {0} in this map: the first one is used', name),
      );
      return;
    }
    this.#names?.add(name);
    this.pairs.push(pair);
  }

  #has(name: string): boolean {
    if (this.#names === null && this.pairs.length >= LONG) this.#names = new Set(this.pairs.map(keyOf));
    if (this.#names) return this.#names.has(name);
    for (const pair of this.pairs) if (keyOf(pair) === name) return true;
    return false;
  }
}
