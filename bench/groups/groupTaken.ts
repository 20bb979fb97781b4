/** Steps that a user waits for in the grouped rows of a sample. */
export interface GroupStep {
  readonly step: string;
  readonly seconds: number;
  /** Seconds of all processors that the engine used. */
  readonly cpu: number;
}

/** Times of one grouping, in its own engine. */
export interface GroupTaken {
  readonly groups: number;
  readonly steps: readonly GroupStep[];
  /** Peak resident memory of the engine, in MB. */
  readonly peakMb: number;
}
