import { outOfRange } from '../../../core/valueAt.ts';

/** Splits columns by the text in one of them. */
export class Picked {
  readonly #rows = new Map<string | null, number[]>();

  constructor(keys: readonly (string | null)[]) {
    let [last, own]: [string | null | undefined, number[]] = [undefined, []];
    keys.forEach((key, row) => {
      // Rows with the same key often follow each other.
      if (key !== last) {
        own = this.#rows.get(key) ?? [];
        if (own.length === 0) this.#rows.set(key, own);
        last = key;
      }
      own.push(row);
    });
  }

  /** The rows of one key, or of several keys. */
  of(keys: string | readonly string[]): PickedRows {
    return new PickedRows(
      typeof keys === 'string' ? (this.#rows.get(keys) ?? []) : keys.flatMap((key) => this.#rows.get(key) ?? []),
    );
  }
}

/** Some rows of columns. */
class PickedRows {
  constructor(private readonly rows: readonly number[]) {}

  values<T extends Uint32Array | Float64Array | Uint8Array>(values: T): T {
    const own = new (values.constructor as new (length: number) => T)(this.rows.length);
    this.rows.forEach((row, k) => {
      own[k] = values[row] ?? outOfRange(values, row);
    });
    return own;
  }

  texts(values: readonly (string | null)[]): (string | null)[] {
    return this.rows.map((row) => values[row] ?? null);
  }
}
