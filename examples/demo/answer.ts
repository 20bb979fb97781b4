/** One request as it was answered: `count` items, the first on top. */
export interface Answer {
  user: number;
  /** Index into `devices`. */
  device: number;
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
  /** A larger model's estimate of `interests`, with less noise; NaN where it did not answer. */
  readonly teachers: Float64Array;
  readonly viewed: Int8Array;
  readonly clicked: Int8Array;
}
