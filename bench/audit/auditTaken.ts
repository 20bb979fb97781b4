/** Seconds of a part of an audit. */
export interface Step {
  /**
   * The metrics of a phase, or another part. It takes from the end of the previous one. Two phases run at the same time,
   * so it has also a part of the other.
   */
  readonly step: string;
  /** Seconds of all processors. */
  readonly cpu: number;
  readonly clock: number;
}

/** What an audit took, without the start of its process. */
export interface AuditTaken extends Omit<Step, 'step'> {
  readonly steps: readonly Step[];
  /** Seconds until the first metrics. */
  readonly first: number;
}
