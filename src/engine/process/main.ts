// On disconnect, exit() would leave an orphan process while a query runs; a signal does not.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Node's default is 4 threads. Two long statements and two pages would fill them, and a file check would wait.
process.env.UV_THREADPOOL_SIZE ??= '8';

import { fileURLToPath } from 'node:url';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import { failureOf } from '../../core/message/failure.ts';
import { FAILURE_CODE, wire, type CallParams, type EngineSettings, type ProgressParams } from '../../protocol/wire.ts';
import type { EngineMethod, Params } from '../../protocol/engine.ts';
import { createEngine, type EngineOptions } from './engine.ts';
import { parseBytes } from './parseBytes.ts';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
let engine: ReturnType<typeof createEngine> | null = null;
const drawWorker = fileURLToPath(new URL('drawWorker.cjs', import.meta.url));
let options: EngineOptions = { drawWorker };

connection.onNotification(wire.configure, (settings: EngineSettings) => {
  const memoryBytes = parseBytes(settings.memoryLimit);
  options = {
    drawWorker,
    ...(settings.threads > 0 ? { threads: settings.threads } : {}),
    ...(memoryBytes === null ? {} : { memoryBytes }),
  };
});

connection.onRequest(wire.call, async (call: CallParams, token: CancellationToken): Promise<unknown> => {
  engine ??= createEngine(options);
  const abort = new AbortController();
  const listening = token.onCancellationRequested(() => abort.abort());
  const progress = (p: ProgressParams['progress']): void => {
    void connection
      .sendNotification(wire.progress, { token: call.token, progress: p } satisfies ProgressParams)
      .catch(() => undefined);
  };
  try {
    return await engine.call(call.method, call.params as Params<EngineMethod>, { signal: abort.signal, progress });
  } catch (error) {
    const failure = failureOf(error);
    return new ResponseError(FAILURE_CODE, failure.message.text, failure);
  } finally {
    listening.dispose();
  }
});

connection.onNotification(wire.end, () => {
  const done = engine?.dispose() ?? Promise.resolve();
  void done.finally(() => process.kill(process.pid, 'SIGKILL'));
});

connection.listen();
process.stdout.write('engine ready\n');
