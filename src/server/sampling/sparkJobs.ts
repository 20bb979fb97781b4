import { message } from '../../core/message/message.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { ServerParams, ServerResult, SparkJobText } from '../../protocol/server.ts';
import type { SamplerParams } from '../../protocol/preview.ts';
import { isDrawable } from '../../project/plan/resolveStage.ts';
import { sparkScript } from '../../project/stage/sparkScript.ts';
import { drawFailure, type ConfigAccess } from './openStage.ts';
import { splitsOf } from './samplerSummary.ts';
import { openSound, requireComplete, type Refusal } from './soundStage.ts';

export interface SparkJobsOptions extends ConfigAccess {
  /** The version of RecSample. */
  readonly version: string;
}

const restricted: Refusal = {
  what: message('Restricted Mode: no Spark job is written'),
  advice: message('Trust this workspace to write one.'),
};

/** The Spark jobs of stages, from the editor's text if there is one, like previews. */
export class SparkJobs {
  constructor(private readonly options: SparkJobsOptions) {}

  /** What can be chosen for a job. Opens no data. @throws FailureError if the stage cannot be drawn */
  async offer(params: SamplerParams): Promise<ServerResult<'sparkJobOffer'>> {
    const { opened } = await openSound(params, this.options, restricted);
    return { splits: splitsOf(opened.job.config.read.config) };
  }

  /** The text of a job. @throws FailureError if it would draw other rows than the config, or cannot draw them */
  async text({ ending, ...params }: ServerParams<'sparkJob'>, call: CallContext): Promise<SparkJobText> {
    const { opened } = await openSound(params, this.options, restricted);
    const { job } = opened;
    const resolved = await job.resolve({ ...call, fresh: true, tables: 'declared' });
    if (!isDrawable(resolved)) throw drawFailure(opened, resolved.problems);
    requireComplete(job, resolved);
    const { version } = this.options;
    const { text, places } = await sparkScript(
      job,
      resolved,
      { ending, version, roots: [], output: null, work: null, users: null, directory: job.place.folder },
      call,
    );
    return { text, ...places };
  }
}
