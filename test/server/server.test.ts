import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { build } from 'esbuild';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { languageWire } from '../../src/protocol/language.ts';
import {
  FAILURE_CODE,
  wire,
  type CallParams,
  type ProgressParams,
  type StatusParams,
} from '../../src/protocol/wire.ts';
import { wireName } from '../../src/protocol/server.ts';
import { untilEnded } from '../fixtures/processes.ts';

const root = path.join(import.meta.dirname, '../..');
const fakeEngine = path.join(import.meta.dirname, 'fakeEngine.mjs');

let directory = '';
let bundle = '';
before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'recsample-server-'));
  bundle = path.join(directory, 'server.cjs');
  await build({
    entryPoints: [path.join(root, 'src/server/process/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
});
after(() => {
  rmSync(directory, { recursive: true });
});

let server: ChildProcess;
let connection: MessageConnection;
beforeEach(async () => {
  server = fork(bundle, ['--node-ipc', '--engine', fakeEngine], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  connection = createMessageConnection(new IPCMessageReader(server), new IPCMessageWriter(server));
  connection.onError(() => undefined);
  connection.listen();
  const answer = await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
  });
  assert.equal((answer as { serverInfo: { name: string } }).serverInfo.name, 'recsample');
  await connection.sendNotification('initialized', {});
});
afterEach(async () => {
  const gone = ended(server);
  connection.dispose();
  server.kill('SIGKILL');
  await gone;
});

let tokens = 0;
function call(action: string, more: Partial<CallParams> = {}): CallParams {
  return { method: 'facts', params: { ref: { id: 'a', path: action } }, token: `t${++tokens}`, ...more };
}
function ended(child: ChildProcess): Promise<unknown> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', resolve));
}

test('calls that are not allowed, or have invalid parameters, are refused without an engine', async () => {
  const refused = (error: { data: { code: string } }): boolean => error.data.code === 'bad-request';
  const ref = { id: 'a', path: 'echo' };
  const wrong: readonly unknown[] = [
    ...['toString', 'constructor', '__proto__', 'answer', 'sample', 'handover'].map((method) => ({
      method,
      params: { ref },
      token: 'wrong',
    })),
    { method: 'facts', params: { ref: { id: 'a', path: 7 } }, token: 'wrong' },
    { method: 'badRows', params: { ref, limit: -1 }, token: 'wrong' },
    { method: 'facts', params: { ref } },
    {},
    null,
  ];
  for (const params of wrong) await assert.rejects(connection.sendRequest(wire.call, params), refused);
  for (const name of [
    wireName('validate'),
    wireName('configSummary'),
    wireName('setKnobs'),
    wireName('preview'),
    wireName('generate'),
  ]) {
    await assert.rejects(
      connection.sendRequest(name, { uri: 7, config: { uri: 'file:///a' }, level: 'everything' }),
      refused,
    );
  }
  await connection.sendNotification(wire.cancel, { token: 7 });
  await connection.sendNotification(wire.configure, { threads: 'all' });
  await connection.sendNotification(languageWire.trust, 'yes');
  assert.equal(await connection.sendRequest(wire.enginePid), null);
});

test('bytes come through both processes; the engine is started by the first call', async () => {
  assert.equal(await connection.sendRequest(wire.enginePid), null);
  const answer = await connection.sendRequest<{ bytes: Uint8Array; pid: number; call: CallParams }>(
    wire.call,
    call('echo'),
  );
  assert.deepEqual(answer.bytes.slice(), new Uint8Array([1, 2, 3]));
  assert.equal(answer.pid, await connection.sendRequest(wire.enginePid));
  assert.deepEqual(answer.call.params, { ref: { id: 'a', path: 'echo' } });
});

test('a failure travels as data of the error', async () => {
  await assert.rejects(
    connection.sendRequest(wire.call, call('fail?corrupt')),
    (error: { code: number; data: unknown }) => {
      assert.equal(error.code, FAILURE_CODE);
      assert.deepEqual(error.data, {
        code: 'corrupt',
        message: { text: '{0} is no good', args: ['x'] },
        place: { path: '/x', line: 3 },
      });
      return true;
    },
  );
});

test('progress carries the token of the caller; cancelling by JSON-RPC reaches the engine', async () => {
  const file = path.join(directory, 'jsonrpc');
  const source = new CancellationTokenSource();
  const hang = call(`hang?${file}`);
  const told: string[] = [];
  connection.onNotification(wire.progress, (p: ProgressParams) => {
    told.push(p.token);
    source.cancel();
  });
  await assert.rejects(
    connection.sendRequest(wire.call, hang, source.token),
    (error: { data: { code: string } }) => error.data.code === 'cancelled',
  );
  assert.deepEqual(told, [hang.token]);
  await connection.sendRequest(wire.call, call('echo'));
  assert.equal(readFileSync(file, 'utf8'), 'cancelled\n');
});

test('a long call is in the status and can be cancelled by its token', async () => {
  const file = path.join(directory, 'token');
  const hang = call(`hang?${file}`);
  const listed = new Promise<StatusParams['running'][number]>((resolve) => {
    connection.onNotification(wire.status, ({ running: [first] }: StatusParams) => {
      // A slow engine reports its progress after the call is listed.
      if (first?.progress) resolve(first);
    });
  });
  const ending = assert.rejects(
    connection.sendRequest(wire.call, hang),
    (error: { data: { code: string } }) => error.data.code === 'cancelled',
  );
  assert.deepEqual(await listed, {
    token: hang.token,
    method: 'facts',
    path: `hang?${file}`,
    progress: { fraction: 0.5, message: { text: 'half' } },
  });
  await connection.sendNotification(wire.cancel, { token: hang.token });
  await ending;
});

test('after SIGKILL of the engine the next one answers the read; the status reports it once', async () => {
  const first = await connection.sendRequest<{ pid: number }>(wire.call, call('echo'));
  const statuses: StatusParams[] = [];
  connection.onNotification(wire.status, (status: StatusParams) => {
    statuses.push(status);
  });
  const answer = await connection.sendRequest<{ pid: number }>(
    wire.call,
    call(`dieOnce?${path.join(directory, 'died')}`),
  );
  assert.notEqual(answer.pid, first.pid);
  // On a slow machine the call itself is reported too, so the same state appears again.
  const told = statuses
    .filter(({ failure }) => failure !== null)
    .map(({ engine, failure }) => `${engine} ${failure?.code ?? ''}`);
  assert.deepEqual(
    told.filter((one, k) => one !== told[k - 1]),
    ['idle engine-stopped', 'ready engine-stopped'],
  );
});

test('a restart on request ends the engine; the next call has a new one', async () => {
  const first = await connection.sendRequest<{ pid: number }>(wire.call, call('echo'));
  await connection.sendRequest(wire.restartEngine);
  assert.equal(await connection.sendRequest(wire.enginePid), null);
  await untilEnded(first.pid);
  const second = await connection.sendRequest<{ pid: number }>(wire.call, call('echo'));
  assert.notEqual(second.pid, first.pid);
});

test('when the parent exits, the server exits and ends a busy engine', async () => {
  const { pid } = await connection.sendRequest<{ pid: number }>(wire.call, call('echo'));
  const busy = new Promise<void>((resolve) => {
    connection.onNotification(wire.progress, () => {
      resolve();
    });
  });
  connection.sendRequest(wire.call, call(`hang?${path.join(directory, 'orphan')}`)).catch(() => undefined);
  await busy;
  const gone = ended(server);
  server.disconnect();
  await gone;
  await untilEnded(pid);
});

test('SIGKILL of the server leaves no engine behind', async () => {
  const { pid } = await connection.sendRequest<{ pid: number }>(wire.call, call('echo'));
  server.kill('SIGKILL');
  await ended(server);
  await untilEnded(pid);
});
