import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import type { PairParams, SamplerParams } from '../../src/protocol/preview.ts';
import type { PairExplanation } from '../../src/protocol/sampling.ts';
import { isCancelled } from '../channel.ts';
import { Latest } from '../../src/core/queue/latest.ts';
import { Observable } from '../observable.ts';

/** The question why an item is, or never is, a negative of a user, and its answer. */
export class PairQuestion extends Observable {
  user = '';
  item = '';
  answer: PairExplanation | null = null;
  failure: Failure | null = null;
  /** True if the last question was invalid. Then a refresh must not repeat the previous question. */
  private isRefused = false;
  private readonly asking = new Latest(() => this.changed());

  constructor(private readonly request: (params: PairParams, signal: AbortSignal) => Promise<PairExplanation>) {
    super();
  }

  get busy(): boolean {
    return this.asking.busy;
  }

  ask(params: PairParams): void {
    this.isRefused = false;
    if (params.user !== this.user || params.item !== this.item) this.forget();
    this.user = params.user;
    this.item = params.item;
    this.asking.ask((signal) => this.run(params, signal), true);
    this.changed();
  }

  /** Asks the same question for another seed, or after the config changed. */
  repeat(params: SamplerParams): void {
    if (!this.isRefused && this.user !== '' && this.item !== '')
      this.ask({ ...params, user: this.user, item: this.item });
  }

  /** Drops a pending answer when the stage changes, because another stage has other entries. */
  forget(): void {
    this.asking.end();
    this.answer = this.failure = null;
    this.changed();
  }

  /** Shows why a question cannot be asked. */
  refuse(failure: Failure): void {
    this.forget();
    this.isRefused = true;
    this.failure = failure;
  }

  private async run(params: PairParams, signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.request(params, signal);
      if (signal.aborted) return;
      this.answer = answer;
      this.failure = null;
    } catch (error) {
      if (!signal.aborted && !isCancelled(error)) this.failure = failureOf(error);
    }
    this.changed();
  }
}
