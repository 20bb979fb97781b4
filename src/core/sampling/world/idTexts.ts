/** Exact texts of ids, by the number of an id from 0. */
export interface IdTexts {
  readonly count: number;
  /** The text of an id; '' if no id has the number. */
  textOf(number: number): string;
}

/** String ids. */
export class StringIds implements IdTexts {
  /** @param texts by number */
  constructor(private readonly texts: readonly string[]) {}

  get count(): number {
    return this.texts.length;
  }

  textOf(number: number): string {
    return this.texts[number] ?? '';
  }
}

/** 64-bit integer ids. Their texts are created on demand, because most are never needed. */
export class IntegerIds implements IdTexts {
  readonly #values: BigInt64Array;

  /** @param words two per id, low word first; their byte offset in the buffer must be a multiple of 8 */
  constructor(readonly words: Uint32Array) {
    this.#values = new BigInt64Array(words.buffer, words.byteOffset, words.length / 2);
  }

  get count(): number {
    return this.#values.length;
  }

  textOf(number: number): string {
    const value = this.#values[number];
    return value === undefined ? '' : String(value);
  }

  /** The number of an id; -1 if it is missing. Only for ids in ascending order. */
  find(id: string): number {
    if (!/^-?\d+$/.test(id)) return -1;
    const value = BigInt(id);
    const values = this.#values;
    let [low, high] = [0, values.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((values[middle] ?? value) < value) low = middle + 1;
      else high = middle;
    }
    return this.textOf(low) === id ? low : -1;
  }
}
