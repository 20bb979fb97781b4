// An engine that does what the path of the request says. It uses the real method names and the real channel.
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, ResponseError } from 'vscode-jsonrpc/node';

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
let settings = null;

const actions = {
  /** Answers with the request, and proves that bytes and settings arrive. */
  echo: (call) => ({ call, settings, pid: process.pid, bytes: new Uint8Array([1, 2, 3]) }),
  /** Ends the process while the request is pending. */
  die: () => process.kill(process.pid, 'SIGKILL'),
  /** Like `die`, but only if the file named after the `?` does not exist yet. */
  dieOnce: (call, file) => {
    if (existsSync(file)) return { pid: process.pid };
    writeFileSync(file, '');
    return actions.die();
  },
  /** Never answers; writes a line to the file when it is cancelled. */
  hang: (_call, file, cancellation) =>
    new Promise((_, reject) => {
      connection.sendNotification('recsample/progress', {
        token: _call.token,
        progress: { fraction: 0.5, message: { text: 'half' } },
      });
      cancellation.onCancellationRequested(() => {
        appendFileSync(file, 'cancelled\n');
        reject(new ResponseError(-32050, 'Cancelled', { code: 'cancelled', message: { text: 'Cancelled' } }));
      });
    }),
  /** Never answers, and ignores cancellation. */
  deaf: (call) =>
    new Promise(() => {
      connection.sendNotification('recsample/progress', {
        token: call.token,
        progress: { fraction: null, message: { text: 'deaf' } },
      });
    }),
  /** Fails like the real engine: with a failure as data. */
  fail: (_call, code) => {
    throw new ResponseError(-32050, 'no', {
      code,
      message: { text: '{0} is no good', args: ['x'] },
      place: { path: '/x', line: 3 },
    });
  },
  /** A bug of the engine itself. */
  throw: () => {
    throw new Error('a fault');
  },
  say: () => {
    console.log('hello from stdout');
    console.error('hello from stderr');
    return null;
  },
};

connection.onNotification('recsample/configure', (s) => {
  settings = s;
});
connection.onNotification('recsample/end', () => process.exit(0));
connection.onRequest('recsample/call', (call, cancellation) => {
  const [name, argument] = (call.params.ref?.path ?? call.params.directory).split('?');
  return actions[name](call, argument, cancellation);
});
connection.listen();
