/** Seconds of a part of an audit. */
export interface Step {
  /**
   * The metrics of a phase, or another part. Its seconds begin at the end of the previous step. Two phases run at the
   * same time, so they include work of the other.
   */
  readonly step: string;
  /** Seconds of all processors. */
  readonly cpu: number;
  readonly clock: number;
}

/** Time of an audit, without the start of its process. */
export interface AuditTaken extends Omit<Step, 'step'> {
  readonly steps: readonly Step[];
  /** Seconds until the first metrics. */
  readonly first: number;
}
