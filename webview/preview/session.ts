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
import { Latest } from '../latest.ts';
import { Observable } from '../observable.ts';
import { say } from '../strings.ts';
import { ChosenUsers } from './chosenUsers.ts';
import { PairQuestion } from './pairQuestion.ts';
import { newSeedText } from './random.ts';
import { beginningState } from './state.ts';
import { Turning, type Turn } from './turning.ts';
import { UserDrawing } from './userDrawing.ts';

export type PreviewChannel = Channel<PreviewRequests, PreviewEvents, PreviewNotifications>;
type Method = keyof PreviewRequests;

/** What the preview panel shows and everything that it asks for. Elements read it and call its methods. */
export class PreviewSession extends Observable {
  readonly jobs = new Jobs();
  readonly pair: PairQuestion;
  readonly turning: Turning;
  readonly users: ChosenUsers;
  /** Null until the host has said what to begin with. */
  state: PreviewState | null = null;
  sampler: SamplerSummary | null = null;
  preview: Preview | null = null;
  comparison: CompareAnswer | null = null;
  /** Why nothing at all can be shown. */
  failure: Failure | null = null;
  /** Why the config cannot be drawn from now; what was drawn before stays. */
  problem: Failure | null = null;
  /** A person ended the work; what is shown is older than what is asked. */
  stopped = false;
  /** The last thing done that cannot be seen: read out, and shown in the footer until the next. */
  said = '';
  /** Milliseconds from the question to the answer shown. */
  took = 0;
  /** Answers so far: each is told to the host once it is painted. */
  answers = 0;
  private readonly asking = new Latest(() => this.changed());
  private readonly drawing = new UserDrawing((method, params, signal) => this.request(method, params, signal));

  constructor(readonly channel: PreviewChannel) {
    super();
    this.users = new ChosenUsers(this);
    this.pair = new PairQuestion((params, signal) => this.request('explain', params, signal));
    this.turning = new Turning(
      (turn) => this.write(turn),
      () => this.ask(true),
    );
    channel.on('changed', ({ uri }) => {
      if ([this.state?.config.uri, this.state?.other?.config.uri].includes(uri)) this.ask(false);
    });
    channel.on('failed', ({ failure }) => this.fail(failure));
    window.addEventListener('pagehide', () => this.save());
  }

  get busy(): boolean {
    return this.asking.busy;
  }

  /** A request that is shown as a job when it takes long. */
  request<M extends Method>(
    method: M,
    params: PreviewRequests[M]['params'],
    signal?: AbortSignal,
  ): Promise<PreviewRequests[M]['result']> {
    return this.jobs.run((context) => this.channel.request(method, params, context), signal);
  }

  /** A request whose result is nothing to show; a failure is said in the footer. */
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
      this.state = beginningState(start, this.channel.restore());
      this.remember(this.state.users);
      this.save();
      this.ask(true);
    } catch (error) {
      this.fail(failureOf(error));
    }
  }

  /** What this side draws from. */
  get params(): SamplerParams | null {
    return this.state && paramsOf(this.state);
  }

  /** The chosen user as drawn; null while they are not. */
  get user(): PreviewUser | null {
    return this.preview?.users.find(({ user }) => user === this.state?.user) ?? null;
  }

  /** Changes what is kept. Saved at once: a window that is closed next must not lose it. */
  keep(change: Partial<PreviewState>): void {
    if (!this.state) return;
    this.state = { ...this.state, ...change };
    this.save();
    this.changed();
  }

  /** The same, and draws anew. */
  set(change: Partial<PreviewState>): void {
    this.keep(change);
    this.ask(true);
  }

  setStage(stage: Stage): void {
    this.pair.forget();
    this.set({ stage });
  }

  /** An empty text, or the config's own seed, is what the config says. */
  setSeed(text: string): void {
    const seed = text === '' || text === this.sampler?.seed ? null : text;
    if (seed !== this.state?.seed) this.set({ seed });
  }

  newSeed(): void {
    this.setSeed(newSeedText());
  }

  /** Against itself under another seed: how much of what is drawn is chance. */
  compareSeeds(): void {
    if (this.state) this.set({ other: { config: this.state.config, seed: newSeedText() } });
  }

  /** Asks for every group of the user, of whom an answer carries the first. */
  showAllGroups(user: string): void {
    this.drawing.wantWhole(user);
    this.ask(true);
  }

  explain(user: string, item: string): void {
    this.keep({ mode: 'explain' });
    const { params } = this;
    if (params) this.pair.ask({ ...params, user, item });
  }

  /** Takes the last gesture back; one that is under way ends first. */
  undo(): void {
    const { turning } = this;
    turning.settle();
    void turning.written().then(() => {
      if (this.state) this.act('undo', { config: this.state.config }, () => turning.undone());
    });
  }

  /** Back to the preview of the text in the editor, which sliders can move. */
  leaveCompare(): void {
    if (this.state) this.set({ mode: 'preview', config: { uri: this.state.config.uri } });
  }

  /** Ends what runs; what was shown before stays. */
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

  /** Draws. `supersede`: what is on its way is of no use any more. */
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
      // Opens no data: the panel has its shape before the first draws.
      if (this.sampler === null || state.users.length === 0) this.adopt(await this.request('sampler', params, signal));
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

  /** A config that cannot be drawn from is no failure: what is wrong with it stands in its text. */
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
    this.turning.adopt(sampler.knobs, !this.asking.behind);
  }

  private async write(turn: Turn): Promise<boolean> {
    const { state } = this;
    if (!state) return false;
    try {
      return await this.request('turn', { config: state.config, stage: state.stage, ...turn });
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

function paramsOf({ config, stage, seed, epoch }: PreviewState): SamplerParams {
  return { config, stage, ...(seed === null ? {} : { seed }), ...(epoch === null ? {} : { epoch }) };
}
