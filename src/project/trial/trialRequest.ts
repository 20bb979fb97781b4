import { passedEntries } from '../../core/data/passThrough.ts';
import { refuseOtherData, trialLoss, type TrialConfig } from '../../core/trial/refusal.ts';
import type { TrialArm } from '../../core/trial/report.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { TrialRequest } from '../../protocol/trialRequest.ts';
import type { DrawableStage } from '../stage/resolveStage.ts';
import type { StageJob } from '../stage/stageJob.ts';

/** A config of a trial whose data were looked up. */
export interface OpenTrialArm extends Pick<TrialArm, 'name' | 'config' | 'varied'> {
  readonly job: StageJob;
  /** Of the training window. */
  readonly stage: DrawableStage;
}

export type TrialOptions = Pick<TrialRequest, 'version' | 'seeds' | 'hide' | 'slice' | 'all' | 'threads'>;

/**
 * The request of a trial.
 * @param evaluated the stage of the first config, for the evaluation window
 * @throws FailureError if the configs cannot be compared, or if the probe cannot represent one of them
 */
export function trialRequest(
  arms: readonly OpenTrialArm[],
  evaluated: DrawableStage,
  options: TrialOptions,
): TrialRequest {
  const configs = arms.map(({ config, job, stage }): TrialConfig => ({
    name: config,
    config: job.config.read.config,
    plan: stage.request.plan,
  }));
  const first = valueAt(configs, 0);
  const losses = configs.map(trialLoss);
  for (const other of configs.slice(1)) refuseOtherData(first, other);
  return {
    ...options,
    arms: arms.map(({ job, stage, ...named }) => ({
      ...named,
      digest: job.sampleFacts(stage.request.plan, { version: options.version, users: null })['plan_sha256'] ?? '',
      plan: stage.request.plan,
      data: stage.request.data,
    })),
    evaluated: evaluated.request.data,
    loss: valueAt(losses, 0).loss,
    isLossSet: losses.every(({ isSet }) => isSet),
    seed: first.plan.seed,
    passedColumns: passedEntries(first.config).length,
  };
}
