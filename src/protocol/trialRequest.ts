import type { StagePlan } from '../core/sampling/plan/stagePlan.ts';
import type { TrialLoss } from '../core/trial/probe.ts';
import type { EarlierTrial } from '../core/trial/earlierTrials.ts';
import type { TrialArm, TrialHide } from '../core/trial/report.ts';
import type { SamplingData } from './sampling.ts';

/** One config of a trial. */
export interface AskedTrialArm extends Pick<TrialArm, 'name' | 'config' | 'varied' | 'digest'> {
  /** Of the training window. */
  readonly plan: StagePlan;
  readonly data: SamplingData;
}

/** A trial. The arms agree in data, events and windows. */
export interface TrialRequest {
  /** Of RecSample. */
  readonly version: string;
  readonly arms: readonly AskedTrialArm[];
  /** The data with the days of the evaluation window. */
  readonly evaluated: SamplingData;
  readonly loss: TrialLoss;
  /** False: a config leaves the loss open. */
  readonly isLossSet: boolean;
  /** Text that the seeds of the runs begin with. */
  readonly seed: string;
  readonly seeds: number;
  readonly hide: TrialHide;
  /** A column of the impressions: rows with this value were exposed at random. */
  readonly slice: { readonly column: string; readonly value: string } | null;
  /** Trains on all positives. */
  readonly all: boolean;
  readonly passedColumns: number;
  /** Earlier trials of this and of other data. */
  readonly earlier: readonly EarlierTrial[];
  /**
   * Number of threads; each trains one run at a time. It does not change the result. Default: as many as the engine
   * has.
   */
  readonly threads?: number;
}
