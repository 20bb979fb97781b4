/** One request as it was answered: `count` items, the first on top. */
export interface Answer {
  user: number;
  /** Microseconds since the epoch. */
  time: number;
  /** The 64-bit id as two words, low first. */
  readonly id: Int32Array;
  count: number;
  readonly items: Int32Array;
  readonly channels: Int8Array;
  readonly interests: Float64Array;
  /** The fine ranking's estimate of `interests`; falls from top to bottom. */
  readonly scores: Float64Array;
  readonly viewed: Int8Array;
  readonly clicked: Int8Array;
}
