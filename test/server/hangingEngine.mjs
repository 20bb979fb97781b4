// An engine that never answers.
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
connection.onRequest('recsample/call', () => new Promise(() => undefined));
connection.listen();
