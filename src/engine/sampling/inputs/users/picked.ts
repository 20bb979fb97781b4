import { outOfRange } from '../../../../core/valueAt.ts';

/** Splits columns by the text in one of them. */
export class Picked {
  readonly #rows = new Map<string | null, number[]>();

  constructor(keys: readonly (string | null)[]) {
    keys.forEach((key, row) => {
      const rows = this.#rows.get(key);
      if (rows) rows.push(row);
      else this.#rows.set(key, [row]);
    });
  }

  /** The values in the rows of one key, or of several keys. */
  of<T extends Uint32Array | Float64Array | Uint8Array>(keys: string | readonly string[], values: T): T {
    const rows = this.#rowsOf(keys);
    const own = new (values.constructor as new (length: number) => T)(rows.length);
    rows.forEach((row, k) => {
      own[k] = values[row] ?? outOfRange(values, row);
    });
    return own;
  }

  textsOf(keys: string | readonly string[], values: readonly (string | null)[]): (string | null)[] {
    return this.#rowsOf(keys).map((row) => values[row] ?? null);
  }

  #rowsOf(keys: string | readonly string[]): readonly number[] {
    if (typeof keys === 'string') return this.#rows.get(keys) ?? [];
    return keys.flatMap((key) => this.#rows.get(key) ?? []);
  }
}
