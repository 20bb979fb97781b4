// A process that runs the steps of cases, one after another. Its parent watches it, because it may hang, grow or die.
import { fork } from 'node:child_process';
import path from 'node:path';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { commands } from '../../src/cli/commands/registry.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { describeFailure, failureOf, type Failure } from '../../src/core/message/failure.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import type { EngineClient, EngineMethod, Params } from '../../src/protocol/engine.ts';
import type { Outcome, Step } from './case.ts';

const dist = process.env.RECSAMPLE_DIST ?? path.join(import.meta.dirname, '../../dist');
const temporaryDirectory = process.env.RECSAMPLE_FUZZ_TEMPORARY ?? '';
const open = (): ReturnType<typeof createEngine> =>
  createEngine({ temporaryDirectory, threads: 1, memoryBytes: 512e6 });

async function command(args: readonly string[], directory: string): Promise<Outcome> {
  const internal: string[] = [];
  let outOfMemory = false;
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    commands,
    directory,
    version: '0.0.0',
    environment: {},
    terminal: { width: 120, colour: false },
    signal: new AbortController().signal,
    createEngine: async () => {
      const engine = open();
      const call: EngineClient['call'] = async (method, params, context) => {
        try {
          return await engine.call(method, params, context);
        } catch (error) {
          const failure = failureOf(error);
          outOfMemory ||= failure.code === 'out-of-memory';
          if (failure.code === 'internal')
            internal.push(`${method}: ${describeFailure(failure)} ${failure.cause ?? ''}`);
          throw error;
        }
      };
      return { call, dispose: () => engine.dispose() };
    },
    print: async (text) => {
      out += text;
    },
    printError: (text) => {
      err += text;
    },
    note: () => undefined,
  });
  return { kind: 'cli', code, out, err, internal, outOfMemory };
}

function failed(failure: Failure): Outcome {
  return {
    kind: 'failure',
    code: failure.code,
    text: `${describeFailure(failure)} ${failure.code === 'internal' ? (failure.cause ?? '') : ''}`,
  };
}

let engine: ReturnType<typeof createEngine> | null = null;
let calls = 0;
async function call(method: string, params: unknown): Promise<Outcome> {
  // Replace it regularly, because it keeps what it opened.
  if (calls++ % 50 === 0) {
    await engine?.dispose();
    engine = null;
  }
  engine ??= open();
  try {
    await engine.call(method as EngineMethod, params as Params<EngineMethod>);
    return { kind: 'answer' };
  } catch (error) {
    return failed(failureOf(error));
  }
}

let server: Promise<MessageConnection> | null = null;
async function startServer(folder: string): Promise<MessageConnection> {
  const child = fork(path.join(dist, 'server.cjs'), ['--node-ipc'], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.once('exit', (code, signal) => {
    process.stderr.write(`the server ended: ${signal ?? String(code)}\n`);
    process.exit(70);
  });
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.onError(() => undefined);
  connection.onRequest(() => null);
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: folder,
    capabilities: {},
    workspaceFolders: [{ uri: folder, name: 'world' }],
    initializationOptions: { trusted: true, facts: 'data', memoryLimit: '512MB', threads: 1 },
  });
  await connection.sendNotification('initialized', {});
  return connection;
}

async function ask(folder: string, method: string, params: unknown): Promise<Outcome> {
  const connection = await (server ??= startServer(folder));
  try {
    if (/\/did[A-Z]/.test(method)) await connection.sendNotification(method, params as object);
    else await connection.sendRequest(method, params as object);
    return { kind: 'answer' };
  } catch (error) {
    const { code, message, data } = error as {
      readonly code?: number;
      readonly message?: string;
      readonly data?: Failure;
    };
    return data !== undefined && typeof data === 'object' && 'message' in data
      ? failed(data)
      : { kind: 'failure', code: `json-rpc ${String(code)}`, text: String(message) };
  }
}

process.on('message', (job: { readonly step: Step; readonly directory: string; readonly world: string }) => {
  const { step, directory, world } = job;
  const work =
    step.kind === 'cli'
      ? command(step.args, directory)
      : step.kind === 'call'
        ? call(step.method, step.params)
        : ask(world, step.method, step.params);
  void work.then((outcome) => process.send?.(outcome));
});
process.send?.('ready');
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
