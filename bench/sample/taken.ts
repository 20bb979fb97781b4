/** What one repetition took. */
export interface Taken {
  readonly draws: number;
  readonly seconds: number;
  /** CPU of all threads together. */
  readonly cpuSeconds: number;
}
