import type { Failure } from '../src/core/message/failure.ts';
import { FailureError } from '../src/core/message/failure.ts';
import { message } from '../src/core/message/message.ts';
import type { ToHost, ToWebview } from '../src/protocol/channel.ts';
import type { Progress } from '../src/protocol/engine.ts';

interface Host {
  postMessage(message: ToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): Host;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: FailureError) => void;
  readonly progress: ((progress: Progress) => void) | undefined;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

/**
 * The webview's end of the channel to the host. Every request ends with its result or with a `FailureError`. If its
 * signal is aborted, it fails at once with `cancelled`, and a later answer is dropped.
 */
export class Channel<R extends { [M in keyof R]: { params: unknown; result: unknown } }, E, N> {
  private readonly host = acquireVsCodeApi();
  private readonly pending = new Map<string, Pending>();
  private readonly listeners = new Map<keyof E, Set<(data: never) => void>>();
  /** Start time of this page. Distinguishes its requests from requests of earlier pages in the same webview. */
  private readonly page = performance.timeOrigin;
  private next = 1;

  constructor() {
    window.addEventListener('message', (event: MessageEvent<ToWebview>) => this.receive(event.data));
  }

  request<M extends keyof R & string>(
    method: M,
    params: R[M]['params'],
    { signal, progress }: RequestOptions = {},
  ): Promise<R[M]['result']> {
    if (signal?.aborted === true) return Promise.reject(new FailureError(cancelled));
    const id = `${this.page}/${this.next++}`;
    return new Promise<unknown>((resolve, reject) => {
      this.pending.set(id, { resolve, reject, progress });
      signal?.addEventListener(
        'abort',
        () => {
          if (!this.pending.delete(id)) return;
          this.host.postMessage({ kind: 'cancel', id });
          reject(new FailureError(cancelled));
        },
        { once: true },
      );
      this.host.postMessage({ kind: 'request', id, method, params });
    });
  }

  notify<K extends keyof N & string>(event: K, data: N[K]): void {
    this.host.postMessage({ kind: 'notify', event, data });
  }

  /** Calls `listener` for each event of the host; returns a function that stops it. */
  on<K extends keyof E>(event: K, listener: (data: E[K]) => void): () => void {
    const set = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, set.add(listener));
    return () => set.delete(listener);
  }

  /** The last state that `save` stored, also from before a reload; undefined if there is none. */
  restore(): unknown {
    return this.host.getState();
  }

  save(state: unknown): void {
    this.host.setState(state);
  }

  private receive(message: ToWebview): void {
    if (message.kind === 'notify') {
      for (const listener of this.listeners.get(message.event as keyof E) ?? []) listener(message.data as never);
      return;
    }
    const pending = this.pending.get(message.id);
    if (!pending) return;
    if (message.kind === 'progress') {
      pending.progress?.(message.progress);
      return;
    }
    this.pending.delete(message.id);
    if (message.kind === 'result') pending.resolve(message.result);
    else pending.reject(new FailureError(message.failure));
  }
}

const cancelled: Failure = { code: 'cancelled', message: message('Cancelled') };

export function isCancelled(error: unknown): boolean {
  return error instanceof FailureError && error.failure.code === 'cancelled';
}
