/** Exact texts of ids by their numbers; '' where no id has the number. */
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

/** 64-bit integers, whose texts are made when they are asked for: most of them never are. */
export class IntegerIds implements IdTexts {
  readonly #values: BigInt64Array;

  /** @param words two an id, low first, from an even place of their memory on */
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
}
