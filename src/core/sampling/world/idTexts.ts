/** Exact texts of ids by number; '' if no id has the number. */
export interface IdTexts {
  readonly count: number;
  of(number: number): string;
}

/** Ids that are texts. */
export class StringIds implements IdTexts {
  /** @param texts by number */
  constructor(private readonly texts: readonly string[]) {}

  get count(): number {
    return this.texts.length;
  }

  of(number: number): string {
    return this.texts[number] ?? '';
  }
}

/** 64-bit integer ids. Their texts are created on demand, because most are never needed. */
export class IntegerIds implements IdTexts {
  readonly #values: BigInt64Array;

  /** @param words two per id, low first; they must begin at an even place of their memory */
  constructor(readonly words: Uint32Array) {
    this.#values = new BigInt64Array(words.buffer, words.byteOffset, words.length / 2);
  }

  get count(): number {
    return this.#values.length;
  }

  of(number: number): string {
    const value = this.#values[number];
    return value === undefined ? '' : String(value);
  }

  /** The number of an id, if the ids are in ascending order; -1 if it is missing. */
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
    return this.of(low) === id ? low : -1;
  }
}
