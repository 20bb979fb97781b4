import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { lintText } from '../../project/lint/lintText.ts';
import type { DrawableStage } from '../../project/plan/resolveStage.ts';
import type { StageJob } from '../../project/stage/stageJob.ts';
import { stageProblems } from '../../project/stage/stageProblems.ts';
import { drawFailure, openStage, type ConfigAccess, type OpenStage, type StageParams } from './openStage.ts';

/** Why something is refused in Restricted Mode. */
export interface Refusal {
  readonly what: Message;
  readonly advice: Message;
}

/** Opens a stage whose config has no errors. @throws FailureError if it has errors or may not be opened */
export async function openSound(
  params: StageParams,
  access: ConfigAccess,
  restricted: Refusal,
): Promise<{ readonly opened: OpenStage; readonly plan: StagePlan }> {
  const opened = await openStage(params, access);
  const { job, trusted } = opened;
  const { path: config } = job.place;
  if (!trusted) throw fail('no-permission', restricted.what, { advice: restricted.advice });
  const { findings } = await lintText(job.config.source);
  const error = findings.find(({ severity }) => severity === 'error');
  if (error)
    throw fail('bad-request', message('Nothing is written: the config has errors'), {
      place: { path: config, line: error.range.start.line + 1 },
      advice: error.message,
    });
  const { plan, problems } = job.plan();
  if (!plan) throw drawFailure(opened, problems);
  return { opened, plan };
}

/** @throws FailureError if a part is left out. A preview would leave it out; a sample file would be wrong. */
export function requireComplete({ config, place }: StageJob, { problems }: DrawableStage): void {
  const missing = stageProblems(config.read, problems).all.find(({ harmless }) => !harmless);
  if (missing)
    throw fail('bad-request', message('Nothing is written: {0}', missing.message), {
      place: { path: place.path, line: missing.line },
      ...(missing.advice ? { advice: missing.advice } : {}),
    });
}
