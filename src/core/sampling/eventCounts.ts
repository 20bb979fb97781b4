/** How many events of a table have an impression, and how many have none, up to the end of the known outcomes. */
export interface EventCounts {
  /** Name of the table: `clicks`, or `clicks.<name>`. */
  readonly name: string;
  readonly matched: number;
  readonly unmatched: number;
  /** What events without an impression do. */
  readonly does: 'exclude' | 'positive' | 'ignore';
}
