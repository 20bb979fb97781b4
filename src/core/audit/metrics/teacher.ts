import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

/** The positives compared with the negatives of an entry; `entry` null: with all negatives. */
export type TeacherCounts = readonly {
  readonly entry: string | null;
  /** Negatives of the entry, and how many of them have a value. */
  readonly rows: number;
  readonly known: number;
  /** Positives with a value. */
  readonly positives: number;
  /** Sum of the ranks of the positives among all compared rows, from 1. Equal values share their mean rank. */
  readonly rankSum: number;
  /** Sum of t³ − t over groups of t equal values. */
  readonly ties: number;
}[];

/** Mann–Whitney: the probability that a positive has a larger value than a negative; ties count half. */
export function aucOf(counts: Pick<TeacherCounts[number], 'positives' | 'known' | 'rankSum'>): number | null {
  const { positives, known, rankSum } = counts;
  return quotient(rankSum - (positives * (positives + 1)) / 2, positives * known);
}

/**
 * Spearman's correlation of value and label, for a label of 0 and 1: the AUC, scaled by the spread of the ranks:
 * ρ = (AUC − ½) · √(12 n₁ n₀ / (n² − 1 − Σ(t³ − t)/n)), n = n₁ + n₀.
 */
export function spearmanOf(counts: TeacherCounts[number]): number | null {
  const { positives, known, ties } = counts;
  const [auc, n] = [aucOf(counts), positives + known];
  const spread = n === 0 ? 0 : n * n - 1 - ties / n;
  return auc === null || spread <= 0 ? null : (auc - 0.5) * Math.sqrt((12 * positives * known) / spread);
}

/** AUC and Spearman's correlation of the teacher's value with the label, by entry. */
export const teacher = defineMetric({
  id: 'teacher',
  title: message('Teacher'),
  measure(entries: TeacherCounts): Measured {
    const all = entries.find(({ entry }) => entry === null);
    return {
      figures: [
        { id: 'auc', label: message('AUC'), unit: 'number', value: all ? aucOf(all) : null },
        { id: 'spearman', label: message('Spearman'), unit: 'number', value: all ? spearmanOf(all) : null },
      ],
      tables: [
        {
          id: 'entries',
          shape: 'list',
          columns: [
            { id: 'entry', label: message('entry'), unit: 'text' },
            { id: 'rows', label: message('rows'), unit: 'count' },
            { id: 'known', label: message('with a value'), unit: 'share' },
            { id: 'auc', label: message('AUC'), unit: 'number' },
            { id: 'spearman', label: message('Spearman'), unit: 'number' },
          ],
          rows: entries
            .filter(({ entry }) => entry !== null)
            .map((entry) => [
              entry.entry,
              entry.rows,
              quotient(entry.known, entry.rows),
              aucOf(entry),
              spearmanOf(entry),
            ]),
        },
      ],
      notes: [],
    };
  },
});
