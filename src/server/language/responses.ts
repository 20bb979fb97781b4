import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { describeFailure, failureOf } from '../../core/message/failure.ts';
import { responseOf } from '../engine/clientCall.ts';

/** Answers a request. A failure is sent in the `data` of the error, like the failures of the engine. */
export type Answered = <T>(answer: () => Promise<T>) => Promise<T>;

export function answeredOn(connection: Connection): Answered {
  return async (answer) => {
    try {
      return await answer();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'internal')
        connection.console.error(`${describeFailure(failure)}${failure.cause ? `\n${failure.cause}` : ''}`);
      throw responseOf(failure);
    }
  };
}

export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => {
    controller.abort();
  });
  return controller.signal;
}
