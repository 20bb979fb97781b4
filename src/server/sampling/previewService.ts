import { stageViews } from '../../core/config/entries.ts';
import { fail, FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Preview } from '../../core/sampling/answers.ts';
import type { CallContext, Result } from '../../protocol/engine.ts';
import type { PreviewAnswer, SamplerParams, SamplerSummary } from '../../protocol/preview.ts';
import type { ServerParams, ServerResult } from '../../protocol/server.ts';
import type { OpenConfig } from '../../project/stage/configSource.ts';
import { Extract } from '../../project/stage/extract.ts';
import { isDrawable, type DrawableStage } from '../../project/plan/resolveStage.ts';
import { comparePreviews, type DrawMethod, type DrawParams, type StageAnswer } from '../../project/stage/stageJob.ts';
import { keyOf } from '../language/address.ts';
import { knobChanges } from './knobChanges.ts';
import { drawFailure, openStage, type ConfigAccess, type OpenStage } from './openStage.ts';
import { samplerSummary, stageNamed } from './samplerSummary.ts';

/** A stage. `extract`: folder of an extract whose files replace the data files of the config. */
type StageRows = SamplerParams & { readonly extract?: string };

/** Maximum number of users to read from the log of an extract, which also has rows of users outside of it. */
const MAX_USERS = 100_000;

/**
 * Answers preview requests about configs. Each request is complete; the only state is which data changes each config
 * has seen.
 */
export class PreviewService {
  /** Increases with every change of data files. */
  #changes = 0;
  /** For each config, the change count at its last probe. */
  readonly #probedAt = new Map<string, number>();
  /** Opened extracts by folder. */
  readonly #extracts = new Map<string, Promise<Extract>>();

  constructor(private readonly options: ConfigAccess) {}

  /** Data files changed: the next request probes them again. */
  dataChanged(): void {
    this.#changes++;
    this.#extracts.clear();
  }

  async sampler(params: SamplerParams): Promise<SamplerSummary> {
    const { address, job } = await openStage(params, this.options);
    return samplerSummary(address, job.config.read, params.stage, job.plan());
  }

  /** Opens an extract again: its folder may have been copied once more. */
  async extract({ folder }: ServerParams<'extract'>, call: CallContext): Promise<ServerResult<'extract'>> {
    if (!this.options.trusted())
      throw fail('no-permission', message('Restricted Mode: the extract {0} is not opened', folder), {
        advice: message('Trust this workspace to preview the draws.'),
      });
    this.#extracts.delete(folder);
    const { users, origin } = await this.#extract(folder, call);
    return { ...origin, users };
  }

  async preview(params: ServerParams<'preview'>, call: CallContext): Promise<ServerResult<'preview'>> {
    const { users, groupLimit } = params;
    const { opened, asked: stageAnswer } = await this.#ask(
      params,
      'preview',
      ({ job }) => ({ users, groupLimit, ...job.placement(), ...job.copies() }),
      call,
    );
    return previewAnswer(opened, stageAnswer);
  }

  async users(params: ServerParams<'users'>, call: CallContext): Promise<ServerResult<'users'>> {
    const { choice, limit, without, extract: folder } = params;
    const ask = async (maxUsers: number): Promise<ServerResult<'users'>> =>
      (await this.#ask(params, 'sampleUsers', () => ({ choice, limit: maxUsers, without }), call)).asked.answer;
    if (folder === undefined || !this.options.trusted()) return await ask(limit);
    // An extract may have some rows of other users.
    const extractUsers = new Set((await this.#extract(folder, call)).users);
    return (await ask(MAX_USERS)).filter(({ user }) => extractUsers.has(user)).slice(0, limit);
  }

  async items(params: ServerParams<'items'>, call: CallContext): Promise<ServerResult<'items'>> {
    const { text, limit, named } = params;
    const query = { text, limit, ...(named === undefined ? {} : { named }) };
    return (await this.#ask(params, 'sampleItems', () => query, call)).asked.answer;
  }

  async story(params: ServerParams<'story'>, call: CallContext): Promise<ServerResult<'story'>> {
    const { user, limit } = params;
    return (await this.#ask(params, 'userStory', () => ({ user, limit }), call)).asked.answer;
  }

  async explain(params: ServerParams<'explain'>, call: CallContext): Promise<ServerResult<'explain'>> {
    const { user, item } = params;
    return (
      await this.#ask(params, 'explainPair', ({ job }) => ({ user, item, ...job.placement(), ...job.copies() }), call)
    ).asked.answer;
  }

  /** Compares two stages. Draws all groups of the users, because groups beyond a limit could not be compared. */
  async compare({ a, b, users }: ServerParams<'compare'>, call: CallContext): Promise<ServerResult<'compare'>> {
    const drawParams = ({ job }: OpenStage): DrawParams<'preview'> => ({
      users,
      groupLimit: null,
      ...job.placement(),
    });
    const first = await this.#ask({ ...a, users }, 'preview', drawParams, call);
    const second = await this.#ask({ ...b, users }, 'preview', drawParams, call);
    return {
      a: previewAnswer(first.opened, first.asked),
      b: previewAnswer(second.opened, second.asked),
      comparison: comparePreviews(first.asked, second.asked),
    };
  }

  /** The edits that set knobs. Null if a knob no longer exists. */
  async setKnobs({ config, stage, values }: ServerParams<'setKnobs'>): Promise<ServerResult<'setKnobs'>> {
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
    params: StageRows & { readonly users?: readonly string[]; readonly user?: string },
    method: M,
    drawParams: (opened: OpenStage) => DrawParams<M>,
    call: CallContext,
  ): Promise<{ readonly opened: OpenStage; readonly asked: StageAnswer<Result<M>> }> {
    const { opened, complete } = await this.#open(params, usersOf(params), call);
    const key = keyOf(opened.address);
    const changes = this.#changes;
    for (let isFresh = this.#probedAt.get(key) !== changes; ; isFresh = true) {
      const resolved = await opened.job.resolve({ fresh: isFresh, ...call });
      this.#probedAt.set(key, changes);
      if (!isDrawable(resolved)) throw drawFailure(opened, resolved.problems);
      try {
        return { opened, asked: await opened.job.ask(complete(resolved), method, drawParams(opened), call) };
      } catch (error) {
        if (isFresh || !(error instanceof FailureError) || error.failure.code !== 'changed') throw error;
      }
    }
  }

  /** Opens a stage. `complete` adds the facts of an extract that need all data, such as pools. */
  async #open(
    { extract: folder, ...params }: StageRows,
    users: readonly string[],
    call: CallContext,
  ): Promise<{ readonly opened: OpenStage; readonly complete: (stage: DrawableStage) => DrawableStage }> {
    // In Restricted Mode, no folder is read: nothing can be drawn, and the failure says why.
    if (folder === undefined || !this.options.trusted())
      return { opened: await openStage(params, this.options), complete: (stage) => stage };
    const extract = await this.#extract(folder, call);
    extract.requireUsers(users);
    let openedConfig: OpenConfig | null = null;
    const opened = await openStage(params, this.options, (config) => {
      openedConfig = config;
      return extract.configOf(config, params.stage, params.split);
    });
    return { opened, complete: (stage) => extract.complete(stage, openedConfig ?? opened.job.config) };
  }

  /** Opens an extract once, because that counts the rows of its folders. Opens it again after files changed. */
  async #extract(folder: string, call: CallContext): Promise<Extract> {
    const opened = this.#extracts.get(folder);
    if (opened) return await opened;
    const opening = Extract.open({ folder, named: folder }, this.options.engine, call);
    this.#extracts.set(folder, opening);
    opening.catch(() => this.#extracts.delete(folder));
    return await opening;
  }
}

/** The users that a request names. */
function usersOf(params: { readonly users?: readonly string[]; readonly user?: string }): readonly string[] {
  return params.users ?? (params.user === undefined ? [] : [params.user]);
}

function previewAnswer({ address, job }: OpenStage, { stage, answer }: StageAnswer<Preview>): PreviewAnswer {
  return { sampler: samplerSummary(address, job.config.read, job.stage, stage), preview: answer };
}
