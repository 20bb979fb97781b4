import { quotient } from './metric.ts';

/** Rows of a label, and those of them with the step that is counted. */
interface OwnSteps {
  readonly rows: number;
  readonly hits: number;
}

/** Steps that were not known at the time of their row. */
export interface Lateness {
  /** Rows with a time and a step. */
  readonly compared: number;
  /** Rows with a step at or after their time. */
  readonly late: number;
  /** Of them, rows in which such a step is neither of their own item nor of their positive. */
  readonly lateOthers: number;
  /** Positives, and negatives, with a late step of their own item. */
  readonly own: { readonly positives: OwnSteps; readonly negatives: OwnSteps };
}

/** Positives get their own event so much more often than negatives that it is no chance: it is the label. */
const OWN_FACTOR = 5;

/** True if the late steps are mostly the labels of their rows, not merely steps that are too late. */
export function areLabels({ late, lateOthers, own: { positives, negatives } }: Lateness): boolean {
  const [share, other] = [positives, negatives].map(({ rows, hits }) => quotient(hits, rows) ?? 0);
  return positives.hits > 0 && (share ?? 0) >= OWN_FACTOR * (other ?? 0) && late >= 2 * lateOthers;
}

/** Rows with a late step; without those whose only such step is their label, which is another fault. */
export function lateRows(lateness: Lateness): number {
  return areLabels(lateness) ? lateness.lateOthers : lateness.late;
}
