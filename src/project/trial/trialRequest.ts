import { passThroughEntries } from '../../core/data/passThrough.ts';
import { requireSameData, trialLoss, type TrialConfig } from '../../core/trial/refusal.ts';
import type { TrialArm } from '../../core/trial/report.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import type { TrialRequest } from '../../protocol/trialRequest.ts';
import type { DrawableStage } from '../plan/resolveStage.ts';
import type { StageJob } from '../stage/stageJob.ts';

/** A config of a trial whose data were looked up. */
export interface OpenTrialArm extends Pick<TrialArm, 'name' | 'config' | 'varied'> {
  readonly job: StageJob;
  /** Of the training window. */
  readonly stage: DrawableStage;
}

export type TrialOptions = Pick<TrialRequest, 'version' | 'seeds' | 'hide' | 'slice' | 'all' | 'threads' | 'earlier'>;

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
  for (const other of configs.slice(1)) requireSameData(first, other);
  refuseOtherFiles(arms);
  return {
    ...options,
    arms: arms.map(({ job, stage, ...armNames }) => ({
      ...armNames,
      digest: job.sampleFacts(stage.request.plan, { version: options.version, users: null })['plan_sha256'] ?? '',
      plan: stage.request.plan,
      data: stage.request.data,
    })),
    evaluated: evaluated.request.data,
    loss: valueAt(losses, 0).loss,
    isLossSet: losses.every(({ isSet }) => isSet),
    seed: first.plan.seed,
    passedColumns: passThroughEntries(first.config).length,
  };
}

/** Configs in different folders can have the same relative paths. @throws FailureError that names the first other file */
function refuseOtherFiles(arms: readonly OpenTrialArm[]): void {
  const datasets = new Map<string, { readonly path: string; readonly config: string }>();
  for (const { config, stage } of arms)
    for (const [name, path] of filesOf(stage.request.data)) {
      const before = datasets.get(name);
      if (before === undefined) datasets.set(name, { path, config });
      else if (before.path !== path)
        throw fail(
          'bad-request',
          message('data.{0} is {1} here, but {2} in {3}', name, path, before.path, before.config),
          {
            place: { path: config },
            advice: message('Compare configs of the same files.'),
          },
        );
    }
}

/** Names of data sets with their paths. */
function filesOf({ log, items, users, candidates, rejections }: SamplingData): (readonly [string, string])[] {
  const tables = { impressions: log.impressions, items, users, candidates, rejections };
  return [
    ...Object.entries(tables).flatMap(([name, table]) => (table ? [[name, table.ref.path] as const] : [])),
    ...(log.clicks ?? []).map(({ name, ref }) => [name, ref.path] as const),
  ];
}
