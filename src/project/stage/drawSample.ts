import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { sampleFormatOfName } from '../../core/table/sampleName.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { OpenConfig } from './configSource.ts';
import { isDrawable } from '../plan/resolveStage.ts';
import { folderFormat } from '../plan/sampleOutput.ts';
import { StageJob, type DataAccess } from './stageJob.ts';

export interface DrawnSample {
  readonly stage: Stage;
  readonly split: StagePlan['split'];
  /** Absolute path of the file; its ending names the format. */
  readonly file: string;
  /** The version of RecSample. */
  readonly version: string;
}

/**
 * Writes the sample file of all users with its lock file.
 * @throws FailureError if nothing can be drawn
 */
export async function drawSample(
  config: OpenConfig,
  { stage, split, file, version }: DrawnSample,
  access: DataAccess,
  call: Partial<CallContext> = {},
): Promise<void> {
  const job = new StageJob(config, stage, { split }, access);
  const resolved = await job.resolve({ ...call, fresh: true });
  if (!isDrawable(resolved))
    throw fail('bad-request', resolved.problems.at(-1)?.message ?? message('Nothing can be drawn'), {
      place: { path: job.place.path },
    });
  const format = sampleFormatOfName(file) ?? folderFormat;
  const target = { path: file, format, within: job.place.root } as const;
  await access.engine.call('sample', job.sampleRequest(resolved, target, { version, users: null }), call);
}
