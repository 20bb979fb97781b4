import type * as vscode from 'vscode';
import { fail, failureOf } from '../core/report/failure.ts';
import { message } from '../core/report/message.ts';
import type { ToHost, ToWebview } from '../protocol/channel.ts';
import type { CallContext } from '../protocol/engine.ts';

type Requests = Record<string, { params: unknown; result: unknown }>;

/** One function for every request that a webview may make. Throws `FailureError` where it cannot answer. */
export type Handlers<R> = { [M in keyof R]: R[M] extends { params: infer P; result: infer A } ? (params: P, context: CallContext) => Promise<A> : never };

/**
 * The host's end of the line to one webview: answers requests, carries progress and cancellation, posts events. What is
 * still running when it is disposed of is cancelled.
 */
export class WebviewChannel<R, Events, Notifications> {
  readonly #webview: vscode.Webview;
  readonly #running = new Map<number, AbortController>();
  readonly #subscription: vscode.Disposable;

  constructor(webview: vscode.Webview, handlers: Handlers<R>, notified: { [E in keyof Notifications]: (data: Notifications[E]) => void }) {
    this.#webview = webview;
    this.#subscription = webview.onDidReceiveMessage((received: ToHost) => {
      switch (received.kind) {
        case 'request':
          void this.#answer(handlers, received.id, received.method, received.params);
          break;
        case 'cancel':
          this.#running.get(received.id)?.abort();
          break;
        case 'notify':
          if (Object.hasOwn(notified, received.event)) notified[received.event as keyof Notifications](received.data as Notifications[keyof Notifications]);
      }
    });
  }

  post<E extends keyof Events & string>(event: E, data: Events[E]): void {
    this.#post({ kind: 'notify', event, data });
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  async #answer(handlers: Handlers<Requests>, id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (!handler) throw fail('bad-request', message('There is no request {0}', method));
      const result = await handler(params, { signal: controller.signal, progress: (progress) => { this.#post({ kind: 'progress', id, progress }); } });
      this.#post({ kind: 'result', id, result });
    } catch (error) {
      this.#post({ kind: 'failure', id, failure: failureOf(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  /** A webview that was closed in the meantime has nobody to tell. */
  #post(sent: ToWebview): void {
    try {
      this.#webview.postMessage(sent).then(undefined, () => undefined);
    } catch {
      // `webview` of a closed editor throws.
    }
  }
}
