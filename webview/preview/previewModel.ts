import type { Stage } from '../../src/core/schema/stage.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import type {
  CompareAnswer,
  PreviewEvents,
  PreviewNotifications,
  PreviewRequests,
  PreviewState,
  SamplerParams,
  SamplerSummary,
} from '../../src/protocol/preview.ts';
import type { Preview, PreviewUser } from '../../src/protocol/sampling.ts';
import { isCancelled, type Channel } from '../channel.ts';
import { Jobs } from '../jobs.ts';
import { Latest } from '../../src/core/queue/latest.ts';
import { Observable } from '../observable.ts';
import { say, t } from '../strings.ts';
import { ChosenUsers } from './chosenUsers.ts';
import { PairQuestion } from './pairQuestion.ts';
import { PairSearch } from './pairSearch.ts';
import { newSeedText } from './random.ts';
import { beginningState, readState } from './state.ts';
import { StoryReading } from './storyReading.ts';
import { KnobSliders, type KnobChange } from './knobSliders.ts';
import { UserDrawing } from './userDrawing.ts';

export type PreviewChannel = Channel<PreviewRequests, PreviewEvents, PreviewNotifications>;
type Method = keyof PreviewRequests;

/** The state of the preview panel and all its requests. Elements read it and call its methods. */
export class PreviewModel extends Observable {
  readonly jobs = new Jobs();
  readonly pair: PairQuestion;
  readonly search: PairSearch;
  readonly story: StoryReading;
  readonly sliders: KnobSliders;
  readonly users: ChosenUsers;
  /** Null until the host has answered `start`. */
  state: PreviewState | null = null;
  sampler: SamplerSummary | null = null;
  preview: Preview | null = null;
  comparison: CompareAnswer | null = null;
  /** Why nothing can be shown. */
  failure: Failure | null = null;
  /** Why the config cannot be sampled now; earlier draws stay. */
  problem: Failure | null = null;
  /** True after the user cancelled: the draws are older than the settings. */
  stopped = false;
  /**
   * The last action without a visible result: announced by screen readers, and shown in the footer until the next one.
   */
  said = '';
  /** Milliseconds from the request until the answer was shown. */
  took = 0;
  /** Number of answers; the host is notified once when each is painted. */
  answers = 0;
  private readonly asking = new Latest(() => this.changed());
  private readonly drawing = new UserDrawing((method, params, signal) => this.request(method, params, signal));

  constructor(readonly channel: PreviewChannel) {
    super();
    this.users = new ChosenUsers(this);
    this.pair = new PairQuestion((params, signal) => this.request('explain', params, signal));
    this.search = new PairSearch((method, params, signal) => this.request(method, params, signal));
    this.story = new StoryReading((params, signal) => this.request('story', params, signal));
    this.sliders = new KnobSliders(
      (change) => this.write(change),
      () => this.ask(true),
    );
    channel.on('changed', ({ uri }) => {
      if (this.failure) void this.open();
      else if ([this.state?.config.uri, this.state?.other?.config.uri].includes(uri)) this.ask(false);
    });
    channel.on('failed', ({ failure }) => this.fail(failure));
    window.addEventListener('pagehide', () => this.save());
  }

  get busy(): boolean {
    return this.asking.busy;
  }

  /** A request that is shown as a job if it takes long. */
  request<M extends Method>(
    method: M,
    params: PreviewRequests[M]['params'],
    signal?: AbortSignal,
  ): Promise<PreviewRequests[M]['result']> {
    return this.jobs.run((context) => this.channel.request(method, params, context), signal);
  }

  /** A request without a visible result; a failure is shown in the footer. */
  act<M extends Method>(
    method: M,
    params: PreviewRequests[M]['params'],
    then: (result: PreviewRequests[M]['result']) => void = () => {},
  ): void {
    this.request(method, params).then(then, (error: unknown) => {
      if (!isCancelled(error)) this.say(say(failureOf(error).message));
    });
  }

  async open(): Promise<void> {
    this.failure = null;
    this.changed();
    try {
      const start = await this.request('start', null);
      const restored = this.channel.restore();
      this.state = beginningState(start, restored);
      this.remember(this.state.users);
      this.save();
      this.ask(true);
      // A user who removed all of them does not want others, and the question about a pair names a user.
      const isNew = [start.state, readState(restored), start.extract].every((one) => one === null);
      if (isNew && start.mode !== 'explain' && this.state.users.length === 0) await this.users.propose();
    } catch (error) {
      this.fail(failureOf(error));
    }
  }

  /** The sampling parameters of this side. */
  get params(): SamplerParams | null {
    return this.state && paramsOf(this.state);
  }

  /** The draws of the chosen user; null if there are none yet. */
  get user(): PreviewUser | null {
    return this.preview?.users.find(({ user }) => user === this.state?.user) ?? null;
  }

  /** Changes the saved state. Saved at once, because the window may be closed next. */
  keep(change: Partial<PreviewState>): void {
    if (!this.state) return;
    this.state = { ...this.state, ...change };
    this.save();
    this.changed();
  }

  /** Changes the saved state and draws again. */
  set(change: Partial<PreviewState>): void {
    this.keep(change);
    this.ask(true);
  }

  setStage(stage: Stage): void {
    this.pair.forget();
    this.set({ stage });
  }

  setSplit(split: PreviewState['split']): void {
    this.pair.forget();
    this.set({ split });
  }

  /** An empty text, or the config's own seed, removes the override. */
  setSeed(text: string): void {
    const seed = text === '' || text === this.sampler?.seed ? null : text;
    if (seed !== this.state?.seed) this.set({ seed });
  }

  newSeed(): void {
    this.setSeed(newSeedText());
  }

  /** Compares the config with itself under another seed: how much of the result is chance. */
  compareSeeds(): void {
    if (this.state) this.set({ other: { config: this.state.config, seed: newSeedText() } });
  }

  /** Requests all groups of the user; an answer has only the first ones. */
  showAllGroups(user: string): void {
    this.drawing.wantWhole(user);
    this.ask(true);
  }

  explain(user: string, item: string): void {
    this.keep({ mode: 'explain' });
    const { params } = this;
    if (params) this.pair.ask({ ...params, user, item });
  }

  /** Undoes the last gesture; a running gesture ends first. */
  undo(): void {
    const { sliders } = this;
    sliders.settle();
    void sliders.written().then(() => {
      if (this.state) this.act('undo', { config: this.state.config }, () => sliders.undone());
    });
  }

  /** Returns to the preview of the editor's text, which sliders can change. */
  showDraws(): void {
    if (this.state) this.set({ mode: 'preview', config: { uri: this.state.config.uri } });
  }

  /** Cancels running requests; the previous result stays. */
  cancel(): void {
    this.jobs.cancel();
  }

  /** Tells the host which users to remember for the data of this config. */
  remember(users: readonly string[]): void {
    if (this.state) this.channel.notify('users', { config: this.state.config, users });
  }

  say(text: string): void {
    this.said = text;
    this.changed();
  }

  /** Draws. `supersede`: the running request is no longer useful. */
  ask(supersede: boolean): void {
    this.stopped = false;
    this.asking.ask((signal) => this.draw(signal), supersede);
    this.changed();
  }

  private async draw(signal: AbortSignal): Promise<void> {
    const { state } = this;
    if (!state) return;
    const began = performance.now();
    const params = paramsOf(state);
    try {
      // Opens no data, so the panel gets its layout before the first draws.
      if (this.sampler === null || state.users.length === 0) {
        this.adopt(await this.request('sampler', params, signal));
        this.changed();
      }
      if (state.users.length === 0) this.preview = this.comparison = null;
      else if (this.sampler?.plan !== null || this.preview !== null) await this.drawUsers(state, params, signal);
      this.problem = this.failure = null;
      this.took = performance.now() - began;
      this.answers++;
      if (state.mode === 'explain') this.pair.repeat(params);
    } catch (error) {
      if (!isCancelled(error)) await this.understand(failureOf(error), params, signal);
      else if (!signal.aborted) this.stopped = true;
    }
    this.changed();
  }

  private async drawUsers(state: PreviewState, params: SamplerParams, signal: AbortSignal): Promise<void> {
    const { sampler, preview, comparison } = await this.drawing.draw(state, params, signal);
    if (comparison) this.comparison = comparison;
    this.preview = preview;
    this.adopt(sampler);
  }

  /** A config that cannot be sampled is not a failure of the panel; its text shows what is wrong. */
  private async understand(failure: Failure, params: SamplerParams, signal: AbortSignal): Promise<void> {
    this.problem = failure;
    try {
      const sampler = await this.request('sampler', params, signal);
      this.adopt(sampler);
      if (sampler.plan === null) this.problem = null;
    } catch (error) {
      if (!isCancelled(error) && this.sampler === null) this.failure = failureOf(error);
    }
  }

  private adopt(sampler: SamplerSummary): void {
    this.sampler = sampler;
    this.sliders.adopt(sampler.knobs, !this.asking.behind);
  }

  private async write(change: KnobChange): Promise<boolean> {
    const { state } = this;
    if (!state) return false;
    try {
      const isWritten = await this.request('setKnobs', { config: state.config, stage: state.stage, ...change });
      if (!isWritten) this.say(t('The config was changed meanwhile: move the slider again'));
      return isWritten;
    } catch (error) {
      if (!isCancelled(error)) this.say(say(failureOf(error).message));
      return false;
    }
  }

  private fail(failure: Failure): void {
    this.failure = failure;
    this.changed();
  }

  private save(): void {
    if (this.state) this.channel.save(this.state);
  }
}

function paramsOf({ config, stage, seed, epoch, split }: PreviewState): SamplerParams {
  return { config, stage, split, ...(seed === null ? {} : { seed }), ...(epoch === null ? {} : { epoch }) };
}
