import { failureOf, type Failure } from '../../../src/core/message/failure.ts';
import type { AuditView } from '../../../src/protocol/auditView.ts';
import { isCancelled } from '../../channel.ts';
import { Observable } from '../../observable.ts';

export type AuditState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly view: AuditView }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The audit of the file. It starts when its tab is first shown, and stays while other tabs are shown. */
export class AuditRun extends Observable {
  state: AuditState = { kind: 'none' };
  /** True after the user cancelled: then only the user starts it again. */
  private isCancelledByUser = false;
  private abort = new AbortController();

  constructor(private readonly load: (signal: AbortSignal) => Promise<AuditView>) {
    super();
  }

  /** Starts the audit, unless there is a result or the user cancelled it. */
  want(): void {
    if (this.state.kind === 'none' && !this.isCancelledByUser) void this.start();
  }

  async start(): Promise<void> {
    this.abort.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.isCancelledByUser = false;
    this.enter({ kind: 'running' });
    try {
      const view = await this.load(abort.signal);
      if (this.abort === abort) this.enter({ kind: 'done', view });
    } catch (error) {
      if (this.abort !== abort) return;
      this.isCancelledByUser = isCancelled(error);
      this.enter(this.isCancelledByUser ? { kind: 'none' } : { kind: 'failed', failure: failureOf(error) });
    }
  }

  /** Forgets the result: it is that of another file. */
  reset(): void {
    this.abort.abort();
    this.abort = new AbortController();
    this.isCancelledByUser = false;
    this.enter({ kind: 'none' });
  }

  private enter(state: AuditState): void {
    this.state = state;
    this.changed();
  }
}
