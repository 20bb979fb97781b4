import { message } from '../../core/message/message.ts';
import type { TrialReport } from '../../core/trial/report.ts';
import { valueAt } from '../../core/valueAt.ts';
import { isDrawable, type DrawableStage } from '../../project/plan/resolveStage.ts';
import { trialRequest, type OpenTrialArm } from '../../project/trial/trialRequest.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { ConfigText, Split } from '../../protocol/preview.ts';
import type { ServerParams } from '../../protocol/server.ts';
import { nameOf } from '../language/address.ts';
import { drawFailure, type OpenStage } from './openStage.ts';
import type { SampleFilesOptions } from './sampleFiles.ts';
import { openSound, requireComplete, type Refusal } from './soundStage.ts';

const restricted: Refusal = {
  what: message('Restricted Mode: no trial is run'),
  advice: message('Trust this workspace to run one.'),
};

/** Trials of the editor's texts. */
export class Trials {
  constructor(private readonly options: SampleFilesOptions) {}

  /**
   * Trains a probe model on the samples of the configs and compares them; writes nothing.
   * @throws FailureError if a config has errors, or if the configs cannot be compared
   */
  async trial({ configs, ...options }: ServerParams<'trial'>, call: CallContext): Promise<TrialReport> {
    const { seeds, hide, all, evalWhere, earlier } = options;
    const arms: OpenTrialArm[] = [];
    for (const config of configs) {
      const { opened, stage } = await this.#open(config, 'train', call);
      const name = nameIn(opened, config, arms);
      arms.push({ name, config: opened.job.config.source.name, varied: null, job: opened.job, stage });
    }
    const { stage: evaluated } = await this.#open(valueAt(configs, 0), 'eval', call);
    const request = trialRequest(arms, evaluated, {
      version: this.options.version,
      seeds,
      hide,
      all,
      slice: evalWhere,
      earlier,
    });
    // A trial takes minutes: the engine of previews stays free.
    return this.options.writer.call('trial', request, call);
  }

  async #open(
    config: ConfigText,
    split: Split,
    call: CallContext,
  ): Promise<{ readonly opened: OpenStage; readonly stage: DrawableStage }> {
    const { opened } = await openSound({ config, stage: 'recall', split }, this.options, restricted);
    const stage = await opened.job.resolve({ fresh: true, ...call });
    if (!isDrawable(stage)) throw drawFailure(opened, stage.problems);
    requireComplete(opened.job, stage);
    return { opened, stage };
  }
}

/** The file name without `.ratio.yaml`. A config that is there twice, or in another folder, gets what tells it apart. */
function nameIn({ address }: OpenStage, { at, saved }: ConfigText, arms: readonly OpenTrialArm[]): string {
  const version = at === 'head' ? ' (Git HEAD)' : at === 'opened' ? ' (opened)' : saved === true ? ' (saved)' : '';
  const name = nameOf(address).replace(/\.ratio\.(ya?ml|json)$/i, '') + version;
  const sameName = arms.filter((arm) => arm.name === name || arm.name.startsWith(`${name} (`)).length;
  return sameName === 0 ? name : `${name} (${sameName + 1})`;
}
