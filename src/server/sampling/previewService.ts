import { stageViews } from '../../core/config/entries.ts';
import { FailureError } from '../../core/message/failure.ts';
import type { Preview } from '../../core/sampling/answers.ts';
import type { CallContext, Result } from '../../protocol/engine.ts';
import type {
  CompareAnswer,
  CompareParams,
  PairParams,
  PreviewAnswer,
  PreviewParams,
  SamplerParams,
  SamplerSummary,
  KnobEdits,
  SetKnobsParams,
  UsersParams,
} from '../../protocol/preview.ts';
import type { FoundUser, PairExplanation } from '../../protocol/sampling.ts';
import { isDrawable } from '../../project/stage/resolveStage.ts';
import { comparePreviews, type DrawMethod, type DrawParams, type StageAnswer } from '../../project/stage/stageJob.ts';
import { keyOf } from '../language/address.ts';
import { knobChanges } from './knobChanges.ts';
import { drawFailure, openStage, type ConfigAccess, type OpenStage } from './openStage.ts';
import { samplerSummary, stageNamed } from './samplerSummary.ts';

/**
 * Answers preview requests about configs. Each request is complete; the only state is which data changes each config
 * has seen.
 */
export class PreviewService {
  /** Increases with every change of data files. */
  #changes = 0;
  /** For each config, the change count at its last probe. */
  readonly #probedAt = new Map<string, number>();

  constructor(private readonly options: ConfigAccess) {}

  /** Data files changed: the next request probes them again. */
  dataChanged(): void {
    this.#changes++;
  }

  async sampler(params: SamplerParams): Promise<SamplerSummary> {
    const { address, job } = await openStage(params, this.options);
    return samplerSummary(address, job.config.read, params.stage, job.plan());
  }

  async preview(params: PreviewParams, call: CallContext): Promise<PreviewAnswer> {
    const { users, groupLimit } = params;
    const { opened, asked } = await this.#ask(
      params,
      'preview',
      ({ job }) => ({ users, groupLimit, ...job.copies() }),
      call,
    );
    return previewAnswer(opened, asked);
  }

  async users(params: UsersParams, call: CallContext): Promise<readonly FoundUser[]> {
    const { choice, limit, without } = params;
    return (await this.#ask(params, 'sampleUsers', () => ({ choice, limit, without }), call)).asked.answer;
  }

  async explain(params: PairParams, call: CallContext): Promise<PairExplanation> {
    const { user, item } = params;
    return (await this.#ask(params, 'explainPair', ({ job }) => ({ user, item, ...job.copies() }), call)).asked.answer;
  }

  /** All groups of the users are drawn: groups beyond a limit could not be compared. */
  async compare({ a, b, users }: CompareParams, call: CallContext): Promise<CompareAnswer> {
    const first = await this.#ask(a, 'preview', () => ({ users, groupLimit: null }), call);
    const second = await this.#ask(b, 'preview', () => ({ users, groupLimit: null }), call);
    return {
      a: previewAnswer(first.opened, first.asked),
      b: previewAnswer(second.opened, second.asked),
      comparison: comparePreviews(first.asked, second.asked),
    };
  }

  /** The edits that set knobs. Null if a knob no longer exists. */
  async setKnobs({ config, stage, values }: SetKnobsParams): Promise<KnobEdits | null> {
    const { job } = await openStage({ config, stage }, this.options);
    const { config: draft, document } = job.config.read;
    const view = stageNamed(stageViews(draft), stage);
    const changes = view ? knobChanges(values, view, document) : null;
    return changes && { edits: changes.map(({ span, text }) => ({ range: document.lines.range(span), text })) };
  }

  /**
   * Asks the engine about a stage. If the files changed since they were probed, probes them again and asks once more.
   */
  async #ask<M extends DrawMethod>(
    params: SamplerParams,
    method: M,
    drawParams: (opened: OpenStage) => DrawParams<M>,
    call: CallContext,
  ): Promise<{ readonly opened: OpenStage; readonly asked: StageAnswer<Result<M>> }> {
    const opened = await openStage(params, this.options);
    const key = keyOf(opened.address);
    const changes = this.#changes;
    for (let fresh = this.#probedAt.get(key) !== changes; ; fresh = true) {
      const resolved = await opened.job.resolve({ fresh, ...call });
      this.#probedAt.set(key, changes);
      if (!isDrawable(resolved)) throw drawFailure(opened, resolved.problems);
      try {
        return { opened, asked: await opened.job.ask(resolved, method, drawParams(opened), call) };
      } catch (error) {
        if (fresh || !(error instanceof FailureError) || error.failure.code !== 'changed') throw error;
      }
    }
  }
}

function previewAnswer({ address, job }: OpenStage, { stage, answer }: StageAnswer<Preview>): PreviewAnswer {
  return { sampler: samplerSummary(address, job.config.read, job.stage, stage), preview: answer };
}
