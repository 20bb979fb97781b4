// The real engine, except that sample files never finish.
import { fork } from 'node:child_process';
import path from 'node:path';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, ResponseError } from 'vscode-jsonrpc/node';

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
const dist = process.env.RECSAMPLE_DIST ?? path.join(import.meta.dirname, '../../dist');
const child = fork(path.join(dist, 'engine.mjs'), [], { serialization: 'advanced', execArgv: [] });
const real = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
real.listen();

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
connection.onRequest('recsample/call', (call, cancellation) => {
  if (call.method === 'sample') return new Promise(() => undefined);
  return real
    .sendRequest('recsample/call', call, cancellation)
    .catch((error) => new ResponseError(error.code, error.message, error.data));
});
connection.listen();
