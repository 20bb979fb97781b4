import { f64At } from '../../valueAt.ts';
import { shortfallCauses, type EntryCount, type Rows } from './rows.ts';

/** Rows of some groups as columns, with their shortfalls. */
export type DrawnRows = Pick<
  Rows,
  | 'count'
  | 'group'
  | 'item'
  | 'label'
  | 'entry'
  | 'draw'
  | 'event'
  | 'weight'
  | 'keep'
  | 'logQ'
  | 'logQMix'
  | 'correction'
  | 'batchCorrection'
  | 'shortCount'
  | 'shortGroup'
  | 'shortEntry'
  | 'shortAsked'
  | 'shortDrawn'
  | 'shortCause'
>;
/** Counts over everything that was drawn into rows. */
export type RowCounts = Pick<
  Rows,
  'groups' | 'positives' | 'negatives' | 'downsampled' | 'unreached' | 'entries' | 'refusals'
>;

/** Sum of the counts of all parts. */
export function sumOfCounts(parts: readonly RowCounts[], entries: number): RowCounts {
  const total = (count: (one: RowCounts) => number): number => parts.reduce((sum, one) => sum + count(one), 0);
  const ofEntry = (e: number): EntryCount => {
    const sum = (count: (one: EntryCount) => number): number =>
      total((one) => (one.entries[e] ? count(one.entries[e]) : 0));
    return {
      asked: sum((one) => one.asked),
      drawn: sum((one) => one.drawn),
      repeated: sum((one) => one.repeated),
      attempts: sum((one) => one.attempts),
      shortGroups: sum((one) => one.shortGroups),
      missingByCause: Float64Array.from(shortfallCauses, (_, cause) => sum((one) => f64At(one.missingByCause, cause))),
    };
  };
  return {
    groups: total((one) => one.groups),
    positives: total((one) => one.positives),
    negatives: total((one) => one.negatives),
    downsampled: total((one) => one.downsampled),
    unreached: total((one) => one.unreached),
    entries: Array.from({ length: entries }, (_, e) => ofEntry(e)),
    refusals: Float64Array.from({ length: 4 }, (_, k) => total((one) => f64At(one.refusals, k))),
  };
}
