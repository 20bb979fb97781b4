import type { UnknownCounts } from './unknownCounts.ts';
import type { Message } from '../message/message.ts';
import type { EventCounts } from './eventCounts.ts';
import type { SequenceCounts } from './sequenceCounts.ts';
import type { HistoryCounts } from './historyCounts.ts';
import type { EffectiveShares, EntryTotals, PreviewTotals, TeacherCoverage } from './drawn.ts';

/** A written sample file. */
export interface SampleSummary extends Pick<PreviewTotals, 'groups' | 'positives' | 'negatives'> {
  readonly rows: number;
  readonly bytes: number;
  /** Number of files, if a folder was written. */
  readonly files?: number;
  /** Names of the written folders of days, in their order; missing without `partition_by`. */
  readonly partitions?: readonly string[];
  /** Users of the log; those without groups have no rows. */
  readonly users: number;
  /** Rows whose item no entry of the group can draw, so that `log_q_mix` is empty. */
  readonly unreached: number;
  /**
   * If log columns are passed through: number of negatives without an exposure of their own, for which these columns
   * are NULL.
   */
  readonly withoutExposure?: number;
  /**
   * With `min_steps`: number of positives whose history is too short. Training data leaves them out, evaluation data keeps
   * them.
   */
  readonly shortHistories?: number;
  readonly entries: readonly Omit<EntryTotals, 'distance'>[];
  /** Only for a plan with `logq` that drew negatives. */
  readonly effective?: EffectiveShares;
  /** Only if the stage has a teacher. */
  readonly teacher?: readonly TeacherCoverage[];
  /** Of the tables of events; missing without them. */
  readonly events?: readonly EventCounts[];
  /** Impressions of the split without a known label; missing if all are known. */
  readonly unknown?: readonly UnknownCounts[];
  /** Of `exclude.history`; missing without it. */
  readonly histories?: readonly HistoryCounts[];
  /** Of `output.sequences`; missing without it. */
  readonly sequences?: readonly SequenceCounts[];
  readonly notices: readonly Message[];
  readonly milliseconds: { readonly drawing: number; readonly total: number };
}
