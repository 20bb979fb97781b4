/** How a column of the world is held, and what it is in a file. */
export type ColumnKind = 'int64' | 'timestamp' | 'int32' | 'int16' | 'int8' | 'bool' | 'double' | 'decimal9_2';

interface ArrayOf {
  /** Two 32-bit words a row, low first: JavaScript's big integers are too slow for 20 million rows. */
  int64: Int32Array;
  timestamp: Int32Array;
  int32: Int32Array;
  int16: Int16Array;
  int8: Int8Array;
  bool: Int8Array;
  double: Float64Array;
  /** Hundredths. */
  decimal9_2: Int32Array;
}

export type Columns = Readonly<Record<string, ColumnKind>>;

/** Rows of one table, column by column, filled by the world and emptied by the writer. */
export class Block<C extends Columns> {
  length = 0;
  readonly data: { readonly [K in keyof C]: ArrayOf[C[K]] };

  constructor(
    readonly columns: C,
    readonly capacity: number,
  ) {
    this.data = Object.fromEntries(
      Object.entries(columns).map(([name, kind]) => [name, allocate(kind, capacity)]),
    ) as typeof this.data;
  }
}

function allocate(kind: ColumnKind, capacity: number): ArrayOf[ColumnKind] {
  switch (kind) {
    case 'int64':
    case 'timestamp':
      return new Int32Array(capacity * 2);
    case 'int32':
    case 'decimal9_2':
      return new Int32Array(capacity);
    case 'int16':
      return new Int16Array(capacity);
    case 'int8':
    case 'bool':
      return new Int8Array(capacity);
    case 'double':
      return new Float64Array(capacity);
  }
}

/** Writes a whole number of [0, 2^53) as the two words of a 64-bit integer. */
export function setWords(target: Int32Array, row: number, value: number): void {
  const high = Math.floor(value / 4294967296);
  target[2 * row] = (value - high * 4294967296) | 0;
  target[2 * row + 1] = high;
}

/** Copies one 64-bit integer. */
export function copyWords(target: Int32Array, row: number, source: Int32Array, index: number): void {
  target[2 * row] = source[2 * index] ?? 0;
  target[2 * row + 1] = source[2 * index + 1] ?? 0;
}
