/** Measurements of one repetition. */
export interface Taken {
  readonly draws: number;
  readonly seconds: number;
  /** CPU time of all threads together. */
  readonly cpuSeconds: number;
}
