/** Cancellation and progress of a piece of work. `P`: a report of its progress. */
export interface Work<P> {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((progress: P) => void) | undefined;
}
