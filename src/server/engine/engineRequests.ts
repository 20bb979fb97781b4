import { performance } from 'node:perf_hooks';
import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { describeFailure, failureOf } from '../../core/message/failure.ts';
import { ownValue } from '../../core/ownValue.ts';
import { engineRequests, type EngineMethod, type Params } from '../../protocol/engine.ts';
import { accept, acceptNamed, type RequestRow } from '../../protocol/schema/accept.ts';
import { serverParams } from '../../protocol/schema/language.ts';
import { wire, type CallParams, type StatusParams } from '../../protocol/wire.ts';
import { progressTo, responseOf, runListed } from './clientCall.ts';
import type { EngineLaunch } from './engineProcess.ts';
import { OwnEngine } from './ownEngine.ts';
import { RunningCalls } from './runningCalls.ts';
import { EngineSupervisor, type SupervisorOptions } from './supervisor.ts';

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

  /** A notification has no answer, so an invalid one is logged and dropped. */
  function notified(act: () => void): void {
    try {
      act();
    } catch (error) {
      connection.console.warn(describeFailure(failureOf(error)));
    }
  }

  connection.onRequest(wire.call, async (received: unknown, cancellation: CancellationToken): Promise<unknown> => {
    const { method, params, token } = acceptCall(connection, received);
    try {
      const runner = 'isAlone' in engineRequests[method] ? writer : supervisor;
      const client = { cancellation, progress: progressTo(connection, token) };
      return await runListed(running, { token, method, path: pathOf(params) }, client, (call) =>
        runner.call(method, params as Params<typeof method>, call),
      );
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== 'cancelled')
        connection.console.warn(`${method}: ${describeFailure(failure)}${failure.cause ? `\n${failure.cause}` : ''}`);
      throw responseOf(failure);
    }
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

/** Accepts only requests that clients may send, with valid parameters. */
function acceptCall(connection: Connection, received: unknown): CallParams {
  try {
    const { method, params, token } = accept(serverParams.call, wire.call, received);
    const row = ownValue<RequestRow>(engineRequests, method);
    return { method: method as EngineMethod, params: acceptNamed(row?.params, method, params), token };
  } catch (error) {
    const failure = failureOf(error);
    connection.console.warn(`${wire.call}: ${describeFailure(failure)}`);
    throw responseOf(failure);
  }
}

/** The path that a call is about; the status item shows it. */
function pathOf(params: unknown): string | null {
  if (typeof params !== 'object' || params === null) return null;
  if ('directory' in params && typeof params.directory === 'string') return params.directory;
  const ref: unknown = 'ref' in params ? params.ref : null;
  return typeof ref === 'object' && ref !== null && 'path' in ref && typeof ref.path === 'string' ? ref.path : null;
}
