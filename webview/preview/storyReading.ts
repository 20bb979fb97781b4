import { Latest } from '../../src/core/queue/latest.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import type { StoryParams } from '../../src/protocol/preview.ts';
import type { UserStory } from '../../src/protocol/sampling.ts';
import { isCancelled } from '../channel.ts';
import { Observable } from '../observable.ts';

/** Maximum number of exposures, and of events, that are read. */
const MAX_MARKS = 5000;

/** The exposures and events of the user whose story is shown. */
export class StoryReading extends Observable {
  answer: UserStory | null = null;
  failure: Failure | null = null;
  /** True if the user stopped the request. */
  cancelled = false;
  private key = '';
  /** The user of the answer. */
  private user = '';
  private readonly asking = new Latest(() => this.changed());

  constructor(private readonly request: (params: StoryParams, signal: AbortSignal) => Promise<UserStory>) {
    super();
  }

  get busy(): boolean {
    return this.asking.busy;
  }

  /** True if the last request failed or was stopped, and no other one runs. */
  get isMissing(): boolean {
    return !this.busy && (this.cancelled || this.failure !== null);
  }

  /** Reads the story of a user unless it was read last. `version` changes with the data and the config text. */
  want(params: Omit<StoryParams, 'limit'>, version: number): void {
    const key = JSON.stringify([params, version]);
    if (key === this.key) return;
    this.key = key;
    // Drop the failure or the answer of another user.
    if (params.user !== this.user) this.answer = this.failure = null;
    this.cancelled = false;
    this.user = params.user;
    this.asking.ask(async (signal) => {
      try {
        const answer = await this.request({ ...params, limit: MAX_MARKS }, signal);
        if (signal.aborted) return;
        this.answer = answer;
        this.failure = null;
      } catch (error) {
        if (signal.aborted) return;
        if (isCancelled(error)) this.cancelled = true;
        else this.failure = failureOf(error);
      }
    }, true);
  }

  /** Forces the next `want` to read again. */
  forget(): void {
    this.key = '';
    this.failure = null;
    this.cancelled = false;
    this.changed();
  }
}
