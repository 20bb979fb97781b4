import { performance } from 'node:perf_hooks';
import { ResponseError, type CancellationToken, type Connection } from 'vscode-languageserver/node';
import { describeFailure, failureOf } from '../../core/message/failure.ts';
import type { Params } from '../../protocol/engine.ts';
import { accept, acceptNamed } from '../../protocol/schema/accept.ts';
import { clientEngineParams } from '../../protocol/schema/engine.ts';
import { serverParams } from '../../protocol/schema/language.ts';
import { FAILURE_CODE, wire, type CallParams, type ProgressParams, type StatusParams } from '../../protocol/wire.ts';
import type { EngineLaunch } from './engineProcess.ts';
import { OwnEngine } from './ownEngine.ts';
import { RunningCalls } from './runningCalls.ts';
import { EngineSupervisor, type SupervisorOptions } from './supervisor.ts';

/** Requests that read all rows and write them: they get a process of their own, so that pages never wait for them. */
const inOwnEngine: readonly string[] = ['exportRows'];

/**
 * Forwards engine requests from the client to the engine. The first request forks the engine. `writer` runs calls that
 * take minutes in a separate engine process.
 * @param module absolute path of the engine script
 */
export function serveEngine(
  connection: Connection,
  module: string,
): { readonly engine: EngineSupervisor; readonly writer: OwnEngine; readonly running: RunningCalls } {
  const running = new RunningCalls(sendStatus, (run, milliseconds) => {
    const timer = setTimeout(run, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  });
  const launch: EngineLaunch = { module, execArgv: [] };
  const log: SupervisorOptions['log'] = (level, text) => {
    connection.console[level](text);
  };
  const writer = new OwnEngine({ launch, log });
  const supervisor = new EngineSupervisor({
    launch,
    log,
    changed: sendStatus,
    now: () => performance.now(),
  });

  function sendStatus(): void {
    const status: StatusParams = { engine: supervisor.state, running: running.list(), failure: supervisor.failure };
    void connection.sendNotification(wire.status, status);
  }

  /** Accepts only methods that clients may call, with valid parameters. */
  function acceptCall(received: unknown): CallParams {
    try {
      const { method, params, token } = accept(serverParams.call, wire.call, received);
      return { method, params: acceptNamed(clientEngineParams, method, params), token };
    } catch (error) {
      const failure = failureOf(error);
      connection.console.warn(`${wire.call}: ${describeFailure(failure)}`);
      throw new ResponseError(FAILURE_CODE, failure.message.text, failure);
    }
  }

  /** A notification has no answer, so an invalid one is logged and dropped. */
  function notified(act: () => void): void {
    try {
      act();
    } catch (error) {
      connection.console.warn(describeFailure(failureOf(error)));
    }
  }

  connection.onRequest(wire.call, (received: unknown, cancellation: CancellationToken): Promise<unknown> => {
    const call = acceptCall(received);
    return running.run(call.token, call.method, pathOf(call.params), async (signal, progress) => {
      const listener = cancellation.onCancellationRequested(() => {
        running.cancel(call.token);
      });
      try {
        const runner = inOwnEngine.includes(call.method) ? writer : supervisor;
        return await runner.call(call.method, call.params as Params<typeof call.method>, {
          signal,
          progress: (p) => {
            progress(p);
            void connection.sendNotification(wire.progress, {
              token: call.token,
              progress: p,
            } satisfies ProgressParams);
          },
        });
      } catch (error) {
        const failure = failureOf(error);
        if (failure.code !== 'cancelled')
          connection.console.warn(
            `${call.method}: ${describeFailure(failure)}${failure.cause ? `\n${failure.cause}` : ''}`,
          );
        throw new ResponseError(FAILURE_CODE, failure.message.text, failure);
      } finally {
        listener.dispose();
      }
    });
  });
  connection.onNotification(wire.cancel, (received: unknown) => {
    notified(() => {
      running.cancel(accept(serverParams.cancel, wire.cancel, received).token);
    });
  });
  connection.onNotification(wire.configure, (received: unknown) => {
    notified(() => {
      const settings = accept(serverParams.configure, wire.configure, received);
      supervisor.configure(settings);
      writer.configure(settings);
    });
  });
  connection.onRequest(wire.restartEngine, () => {
    supervisor.restart();
    return null;
  });
  connection.onRequest(wire.enginePid, () => supervisor.pid);
  return { engine: supervisor, writer, running };
}

/** The path that a call is about; the status item shows it. */
function pathOf(params: unknown): string | null {
  if (typeof params !== 'object' || params === null) return null;
  if ('directory' in params && typeof params.directory === 'string') return params.directory;
  const ref: unknown = 'ref' in params ? params.ref : null;
  return typeof ref === 'object' && ref !== null && 'path' in ref && typeof ref.path === 'string' ? ref.path : null;
}
