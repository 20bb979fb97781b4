import { ResponseError, type CancellationToken, type Connection } from 'vscode-languageserver/node';
import type { Failure } from '../../core/message/failure.ts';
import type { CallContext, Progress } from '../../protocol/engine.ts';
import { FAILURE_CODE, wire, type ProgressParams, type StatusParams } from '../../protocol/wire.ts';
import type { RunningCalls } from './runningCalls.ts';

/** Sends progress to a client that made this token for it. */
export function progressTo(connection: Connection, token: string | undefined): (progress: Progress) => void {
  return (progress) => {
    if (token !== undefined)
      void connection.sendNotification(wire.progress, { token, progress } satisfies ProgressParams);
  };
}

/** Runs a call of the client so that the status item lists it. The status item and the client can cancel it. */
export async function runListed<T>(
  running: RunningCalls,
  { token, method, path }: Omit<StatusParams['running'][number], 'progress'>,
  client: { readonly cancellation: CancellationToken; readonly progress: CallContext['progress'] },
  work: (call: CallContext) => Promise<T>,
): Promise<T> {
  const cancel = (): void => {
    running.cancel(token);
  };
  return await running.run(token, method, path, async (signal, list) => {
    const listener = client.cancellation.onCancellationRequested(cancel);
    if (client.cancellation.isCancellationRequested) cancel();
    try {
      return await work({
        signal,
        progress: (progress) => {
          list(progress);
          client.progress(progress);
        },
      });
    } finally {
      listener.dispose();
    }
  });
}

/** A failure as the error of a response. */
export function responseOf(failure: Failure): ResponseError<Failure> {
  return new ResponseError(FAILURE_CODE, failure.message.text, failure);
}
