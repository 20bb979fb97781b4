import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { everything, type View } from '../../src/core/table/filter.ts';
import { decodePage } from '../../src/core/table/page.ts';
import type { DatasetRef } from '../../src/protocol/datasetRef.ts';
import type { EngineMethod, Params, Result } from '../../src/protocol/engine.ts';
import { wire, type ProgressParams } from '../../src/protocol/wire.ts';

// The shipped server and engine, over the channel that the extension uses.
const dist = process.env.RECSAMPLE_DIST ?? path.join(import.meta.dirname, '../../dist');

let scratch = '';
let server: ChildProcess;
let connection: MessageConnection;
let tokens = 0;
function ask<M extends EngineMethod>(method: M, params: Params<M>, token = `t${++tokens}`): Promise<Result<M>> {
  return connection.sendRequest(wire.call, { method, params, token });
}

before(async () => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-server-engine-')));
  server = fork(path.join(dist, 'server.cjs'), ['--node-ipc'], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  connection = createMessageConnection(new IPCMessageReader(server), new IPCMessageWriter(server));
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification('initialized', {});
  await ask('demo', { directory: demo(), scale: 'tiny', seed: 'server' });
});
after(async () => {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  connection.dispose();
  server.kill('SIGKILL');
  await gone;
  rmSync(scratch, { recursive: true, maxRetries: 5 });
});

const demo = (...segments: string[]): string => path.join(scratch, 'demo', ...segments);
const ref = (id: string, ...segments: string[]): DatasetRef => ({ id, path: demo(...segments) });
const byItem: View = { ...everything, sort: [{ column: 'item_id', descending: true }] };

test('int64 arrives digit for digit through both processes', async () => {
  const items = ref('exact', 'data', 'items.parquet');
  const dataset = await ask('open', { ref: items });
  const column = dataset.columns.findIndex(({ name }) => name === 'item_id');
  const page = await ask('page', { ref: items, view: byItem, first: 0, count: 20, columns: [column] });
  const decoded = decodePage(page.arrow.slice());
  const { text } = await ask('copy', {
    ref: items,
    view: byItem,
    first: 0,
    count: 20,
    columns: [column],
    headers: false,
    format: 'tsv',
  });
  const cells = Array.from({ length: decoded.length }, (_, row) => decoded.text(row, 0) ?? '');
  assert.equal(cells.length, 20);
  assert.deepEqual(
    cells,
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.trim()),
  );
  // Above 2^53, where JavaScript numbers would have rounded some of them.
  assert.ok(cells.every((cell) => BigInt(cell) > 2n ** 53n));
  assert.ok(cells.some((cell) => String(Number(cell)) !== cell));
});

test('SIGKILL of the engine while requests of two editors are pending: both are answered', async () => {
  await ask('open', { ref: ref('one', 'data', 'items.parquet') });
  const pid = await connection.sendRequest<number | null>(wire.enginePid);
  assert.ok(pid !== null);
  // A stopped engine answers neither. Windows cannot stop a process.
  if (process.platform !== 'win32') process.kill(pid, 'SIGSTOP');
  const pending = Promise.all([
    ask('page', { ref: ref('one', 'data', 'items.parquet'), view: byItem, first: 10, count: 5, columns: [0] }),
    ask('page', { ref: ref('two', 'data', 'impressions'), view: everything, first: 100, count: 7, columns: [0, 1] }),
  ]);
  try {
    // Answered after the engine was asked: one channel, in order.
    assert.equal(await connection.sendRequest(wire.enginePid), pid);
  } finally {
    process.kill(pid, 'SIGKILL');
  }
  assert.deepEqual(
    (await pending).map(({ count }) => count),
    [5, 7],
  );
  assert.notEqual(await connection.sendRequest(wire.enginePid), pid);
});

test('a missing file fails with code and place; the engine continues', async () => {
  const missing = demo('data', 'missing.parquet');
  await assert.rejects(
    ask('open', { ref: { id: 'missing', path: missing } }),
    (error: { data: { code: string; place: { path: string } } }) => {
      assert.equal(error.data.code, 'not-found');
      assert.equal(error.data.place.path, missing);
      return true;
    },
  );
  assert.ok(await ask('open', { ref: ref('after', 'data', 'users.parquet') }));
});

test('a reference with the fingerprint of other files fails as changed', async () => {
  const stale: DatasetRef = { ...ref('stale', 'data', 'users.parquet'), fingerprint: 'of other files' };
  await assert.rejects(
    ask('page', { ref: stale, view: everything, first: 0, count: 1, columns: [0] }),
    (error: { data: { code: string } }) => error.data.code === 'changed',
  );
});

test('a long call reports progress and is cancelled by its token', async () => {
  const cancelled = connection.onNotification(
    wire.progress,
    ({ token }: ProgressParams) => void connection.sendNotification(wire.cancel, { token }),
  );
  try {
    await assert.rejects(
      ask('demo', { directory: path.join(scratch, 'large'), scale: '20m', seed: 'cancelled' }),
      (error: { data: { code: string } }) => error.data.code === 'cancelled',
    );
  } finally {
    cancelled.dispose();
  }
  assert.ok(await ask('open', { ref: ref('after', 'data', 'users.parquet') }));
});
