import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured, type Value } from '../metric.ts';
import { clusterRatio, type ClusterSums } from '../../statistics/ratioInterval.ts';

export interface EffectiveCounts {
  /** Negatives with a correction, and without one. */
  readonly rows: number;
  readonly uncorrected: number;
  /** By entry: its negatives, and its shares by user: x is the sum over the user's groups, y the number of these groups. */
  readonly entries: readonly { readonly entry: string | null; readonly rows: number; readonly shares: ClusterSums }[];
  /** Shares of the in-batch negatives by user; null if the config has none. */
  readonly inBatch: ClusterSums | null;
  /** The shares that the lock file records, by entry; null without a lock file. */
  readonly recorded: ReadonlyMap<string | null, number> | null;
}

/** The name of the in-batch negatives among the entries. */
const batchName = 'in_batch';

/**
 * Effective share at equal scores: the part of an entry in the softmax over the negatives of a group, if all scores are
 * equal and the trainer subtracts `logq_correction` c from the logits: Σ exp(−c) over its rows / Σ exp(−c) over all
 * negatives; the mean over groups with negatives.
 */
export const effectiveShare = defineMetric({
  id: 'effective_share',
  title: message('Effective share at equal scores'),
  measure({ rows, uncorrected, entries, inBatch, recorded }: EffectiveCounts): Measured {
    const groups = entries[0]?.shares.y ?? 0;
    const row = (entry: string | null, rowCount: number | null, shares: ClusterSums): Value[] => {
      const ratio = clusterRatio(shares);
      return [
        entry,
        rowCount,
        rowCount === null ? null : quotient(rowCount, rows),
        ratio?.value ?? null,
        ratio ? Math.max(0, ratio.low) : null,
        ratio ? Math.min(1, ratio.high) : null,
        ...(recorded === null ? [] : [recorded.get(entry) ?? null]),
      ];
    };
    return {
      figures: [{ id: 'groups', label: message('groups with negatives'), unit: 'count', value: groups }],
      tables: [
        {
          id: 'entries',
          shape: 'list',
          columns: [
            { id: 'entry', label: message('entry'), unit: 'text' },
            { id: 'rows', label: message('rows'), unit: 'count' },
            { id: 'row_share', label: message('share of the rows'), unit: 'share' },
            { id: 'share', label: message('effective share'), unit: 'share' },
            { id: 'low', label: message('low'), unit: 'share' },
            { id: 'high', label: message('high'), unit: 'share' },
            ...(recorded === null ? [] : [{ id: 'recorded', label: message('lock file'), unit: 'share' as const }]),
          ],
          rows: [
            ...entries.map((entry) => row(entry.entry, entry.rows, entry.shares)),
            ...(inBatch === null ? [] : [row(batchName, null, inBatch)]),
          ],
        },
      ],
      notes: uncorrected === 0 ? [] : [message('{0} negatives have no correction and are left out', uncorrected)],
    };
  },
});
