/** What a user waits for in the grouped rows of a sample. */
export interface GroupStep {
  readonly step: string;
  readonly seconds: number;
  /** Seconds of all processors that the engine used. */
  readonly cpu: number;
}

/** What one grouping took, in an engine of its own. */
export interface GroupTaken {
  readonly groups: number;
  readonly steps: readonly GroupStep[];
  /** Peak resident memory of the engine, in MB. */
  readonly peakMb: number;
}
