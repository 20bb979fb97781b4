import type { Message } from '../report/message.ts';
import type { EntryTotals, PreviewTotals } from './drawn.ts';

/** A sample file that was written. */
export interface SampleSummary extends Pick<PreviewTotals, 'groups' | 'positives' | 'negatives'> {
  readonly rows: number;
  readonly bytes: number;
  /** Users of the log; those without groups have no rows. */
  readonly users: number;
  /** Rows whose item no entry of the group can reach, so that `log_q_mix` is empty. */
  readonly unreached: number;
  /** Negatives without an exposure of their own, where columns of the log are passed through: these are NULL there. */
  readonly withoutExposure?: number;
  readonly entries: readonly Omit<EntryTotals, 'biasRemoved'>[];
  readonly notices: readonly Message[];
  readonly milliseconds: { readonly drawing: number; readonly total: number };
}
