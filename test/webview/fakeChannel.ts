import { FailureError } from '../../src/core/message/failure.ts';
import type { ToHost, ToWebview } from '../../src/protocol/channel.ts';

/** The host's end of the channel in a test page: the messages so far, and the requests that wait. */
export interface FakeChannel {
  readonly requests: { id: string; method: string; params: unknown }[];
  readonly notifications: { event: string; data: unknown }[];
  readonly cancelled: string[];
  copied: string;
  /** Methods that are answered only after `release` is called. */
  held: string[];
  release(): void;
  send(event: string, data: unknown): void;
}
declare global {
  interface Window {
    acquireVsCodeApi: () => { postMessage(message: ToHost): void; getState(): unknown; setState(state: unknown): void };
  }
}

const post = (message: ToWebview): void => window.postMessage(message, '*');

/**
 * Installs the channel. `answer` returns the result of a request or throws a `FailureError`; `told` receives
 * notifications.
 */
export function fakeChannel(
  answer: (method: string, params: unknown) => unknown,
  told: (event: string, data: unknown) => void,
): FakeChannel {
  const waiting: (() => void)[] = [];
  const fake: FakeChannel = {
    requests: [],
    notifications: [],
    cancelled: [],
    copied: '',
    held: (new URLSearchParams(location.search).get('held') ?? '').split(',').filter((name) => name !== ''),
    release() {
      fake.held = [];
      for (const go of waiting.splice(0)) go();
    },
    send: (event, data) => post({ kind: 'notify', event, data }),
  };
  const receive = (message: ToHost): void => {
    if (message.kind === 'notify') {
      fake.notifications.push({ event: message.event, data: message.data });
      told(message.event, message.data);
      return;
    }
    if (message.kind === 'cancel') {
      fake.cancelled.push(message.id);
      return;
    }
    const { id, method, params } = message;
    fake.requests.push({ id, method, params });
    const go = (): void => {
      try {
        post({ kind: 'result', id, result: answer(method, params) });
      } catch (error) {
        if (!(error instanceof FailureError)) throw error;
        post({ kind: 'failure', id, failure: error.failure });
      }
    };
    if (fake.held.includes(method)) {
      waiting.push(go);
      post({
        kind: 'progress',
        id,
        progress: { fraction: 0.28, message: { text: 'Reading footer: {0} row groups', args: [157] } },
      });
    } else queueMicrotask(go);
  };
  // Keeps the state over a reload of the page, like the workbench.
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => receive(structuredClone(message)),
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') as unknown,
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
  });
  return fake;
}
