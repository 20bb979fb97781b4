import type { InferOutput } from 'valibot';
import type { trialParams } from './schema/trial.ts';

/** The request for a trial: configs whose samples train a probe model. */
export const trialWire = {
  /** `TrialParams` → `TrialReport` of `core/trial/report.ts`. Writes nothing. */
  trial: 'recsample/trial',
} as const;

/** Configs and options of a trial. The first config is the reference. */
export type TrialParams = InferOutput<typeof trialParams>;

/** Where a trial is. `done`: finished runs by arm, out of `runs` each. */
export interface TrialProgress {
  readonly phase: 'reading' | 'tuning' | 'training' | 'comparing';
  readonly done: readonly number[];
  readonly runs: number;
}
