import type * as vscode from 'vscode';
import { describeFailure, fail, failureOf } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import type { ToWebview } from '../protocol/channel.ts';
import type { CallContext } from '../protocol/engine.ts';
import { ownValue } from '../core/ownValue.ts';
import { accept, acceptNamed, type RequestRow, type Schema } from '../protocol/schema/accept.ts';
import { toHost } from '../protocol/schema/channel.ts';

type Requests = Record<string, { params: unknown; result: unknown }>;

/** One function for each request that a webview may send. Throws `FailureError` if it cannot answer. */
export type Handlers<R> = {
  [M in keyof R]: R[M] extends { params: infer P; result: infer A }
    ? (params: P, context: CallContext) => Promise<A>
    : never;
};

/** The messages that one kind of webview may send. */
export interface WebviewSchemas<R, N> {
  /** Name of the view, for the log. */
  readonly view: string;
  readonly requests: { readonly [M in keyof R]: RequestRow };
  readonly notifications: { readonly [E in keyof N]: Schema<N[E]> };
}

/** The host's handlers for received messages. */
export interface WebviewAnswers<R, N> {
  readonly handlers: Handlers<R>;
  readonly notifications: { [E in keyof N]: (data: N[E]) => void };
  readonly log: Pick<vscode.LogOutputChannel, 'warn'>;
  /**
   * Checks every message that matches its schema. @throws FailureError if the message names what this view may not use
   */
  readonly check?: (message: unknown) => void;
}

/** The parts of a webview that carry messages. */
export type MessagePort = Pick<vscode.Webview, 'onDidReceiveMessage' | 'postMessage'>;

/**
 * The host's end of the connection to one webview: answers requests, carries progress and cancellation, posts events.
 * Dispose cancels what still runs. A message that does not match its schema is logged and refused.
 */
export class WebviewChannel<R, Events, N> {
  readonly #webview: MessagePort;
  readonly #schemas: WebviewSchemas<R, N>;
  readonly #answers: WebviewAnswers<R, N>;
  readonly #running = new Map<string, AbortController>();
  readonly #subscription: vscode.Disposable;

  constructor(webview: MessagePort, schemas: WebviewSchemas<R, N>, answers: WebviewAnswers<R, N>) {
    this.#webview = webview;
    this.#schemas = schemas;
    this.#answers = answers;
    this.#subscription = webview.onDidReceiveMessage((received: unknown) => {
      this.#receive(received);
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

  #receive(received: unknown): void {
    try {
      const sent = accept(toHost, 'message', received);
      if (sent.kind === 'request') void this.#answer(sent.id, sent.method, sent.params);
      else if (sent.kind === 'cancel') this.#running.get(sent.id)?.abort();
      else this.#notified(sent.event, sent.data);
    } catch (error) {
      this.#refused(error);
    }
  }

  #notified(event: string, received: unknown): void {
    const { notifications } = this.#answers;
    // The schema of this event was checked; TypeScript cannot see that the event and the data belong together.
    const data = acceptNamed(ownValue<Schema>(this.#schemas.notifications, event), event, received) as N[keyof N];
    this.#answers.check?.(data);
    notifications[event as keyof N](data);
  }

  async #answer(id: string, method: string, received: unknown): Promise<void> {
    const handlers: Handlers<Requests> = this.#answers.handlers;
    // A second request with this id could get the answer of the first.
    if (this.#running.has(id)) {
      this.#refused(fail('bad-request', message('Request {0} is still running', id)));
      return;
    }
    const controller = new AbortController();
    try {
      const params = acceptNamed(ownValue<RequestRow>(this.#schemas.requests, method)?.params, method, received);
      this.#answers.check?.(params);
      const handler = ownValue(handlers, method);
      if (!handler) throw fail('bad-request', message('There is no request {0}', method));
      this.#running.set(id, controller);
      const result = await handler(params, {
        signal: controller.signal,
        progress: (progress) => {
          this.#post({ kind: 'progress', id, progress });
        },
      });
      this.#post({ kind: 'result', id, result });
    } catch (error) {
      this.#refused(error);
      this.#post({ kind: 'failure', id, failure: failureOf(error) });
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  /** Logs a message that violates the protocol: a bug of the view, or a view that is not RecSample's. */
  #refused(error: unknown): void {
    const failure = failureOf(error);
    if (failure.code !== 'bad-request' && failure.code !== 'refused-path') return;
    this.#answers.log.warn(
      `${this.#schemas.view}: ${describeFailure(failure)}${failure.cause ? ` (${failure.cause})` : ''}`,
    );
  }

  /** Does nothing if the webview was closed meanwhile. */
  #post(sent: ToWebview): void {
    try {
      this.#webview.postMessage(sent).then(undefined, () => undefined);
    } catch {
      // `webview` of a closed editor throws.
    }
  }
}
