import { stageViews } from '../../core/config/entries.ts';
import { FailureError } from '../../core/message/failure.ts';
import { compare, type ComparedDrawing } from '../../core/sampling/compare.ts';
import { planStage } from '../../core/sampling/plan/planStage.ts';
import type { CallContext } from '../../protocol/engine.ts';
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
import type { FoundUser, PairExplanation, SamplingRequest } from '../../protocol/sampling.ts';
import { keyOf } from '../language/address.ts';
import { askSampling } from '../../project/stage/askSampling.ts';
import { knobChanges } from './knobChanges.ts';
import {
  resolveStage,
  nothingDrawn,
  openConfig,
  overridesOf,
  type ConfigAccess,
  type OpenedConfig,
} from './openedConfig.ts';
import { samplerSummary, stageNamed } from './samplerSummary.ts';
import type { ResolvedStage } from '../../project/stage/resolveStage.ts';

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
    const {
      text: { address },
      read,
    } = await openConfig(this.options, params.config);
    return samplerSummary(address, read, params.stage, planStage(read.config, params.stage, overridesOf(params)));
  }

  async preview(params: PreviewParams, call: CallContext): Promise<PreviewAnswer> {
    return (await this.#preview(params, call)).shown;
  }

  async users(params: UsersParams, call: CallContext): Promise<readonly FoundUser[]> {
    const { choice, limit, without } = params;
    return (
      await this.#ask(params, call, (request) =>
        this.options.engine.call('sampleUsers', { ...request, choice, limit, without }, call),
      )
    ).answer;
  }

  async explain(params: PairParams, call: CallContext): Promise<PairExplanation> {
    const { user, item } = params;
    return (
      await this.#ask(params, call, (request) =>
        this.options.engine.call('explainPair', { ...request, user, item }, call),
      )
    ).answer;
  }

  /** All groups of the users are drawn: groups beyond a limit could not be compared. */
  async compare({ a, b, users }: CompareParams, call: CallContext): Promise<CompareAnswer> {
    const sides = [
      await this.#preview({ ...a, users, groupLimit: null }, call),
      await this.#preview({ ...b, users, groupLimit: null }, call),
    ] as const;
    return { a: sides[0].shown, b: sides[1].shown, comparison: compare(sides[0].drawing, sides[1].drawing) };
  }

  /** The edits that set knobs. Null if a knob no longer exists. */
  async setKnobs({ config, stage, values }: SetKnobsParams): Promise<KnobEdits | null> {
    const {
      read: { config: draft, document },
    } = await openConfig(this.options, config);
    const view = stageNamed(stageViews(draft), stage);
    const changes = view ? knobChanges(values, view, document) : null;
    return changes && { edits: changes.map(({ span, text }) => ({ range: document.lines.range(span), text })) };
  }

  async #preview(
    params: PreviewParams,
    call: CallContext,
  ): Promise<{ readonly shown: PreviewAnswer; readonly drawing: ComparedDrawing }> {
    const { users, groupLimit } = params;
    const { opened, sampling, answer } = await this.#ask(params, call, async (request) => ({
      request,
      preview: await this.options.engine.call('preview', { ...request, users, groupLimit }, call),
    }));
    const { request, preview } = answer;
    return {
      shown: { sampler: samplerSummary(opened.text.address, opened.read, params.stage, sampling), preview },
      drawing: { ...request, users: preview.users },
    };
  }

  /**
   * Asks the engine about a stage. If the files changed since they were probed, probes them again and asks once more.
   */
  async #ask<T>(
    params: SamplerParams,
    call: CallContext,
    ask: (request: SamplingRequest) => Promise<T>,
  ): Promise<{ readonly opened: OpenedConfig; readonly sampling: ResolvedStage; readonly answer: T }> {
    const opened = await openConfig(this.options, params.config);
    const key = keyOf(opened.text.address);
    const changes = this.#changes;
    for (let fresh = this.#probedAt.get(key) !== changes; ; fresh = true) {
      const sampling = await resolveStage(opened, params.stage, overridesOf(params), this.options, { fresh, ...call });
      this.#probedAt.set(key, changes);
      if (!sampling.request) throw nothingDrawn(opened, sampling, this.options.trusted());
      try {
        return { opened, ...(await askSampling(sampling, sampling.request, ask)) };
      } catch (error) {
        if (fresh || !(error instanceof FailureError) || error.failure.code !== 'changed') throw error;
      }
    }
  }
}
