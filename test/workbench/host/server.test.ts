import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { Failure } from '../../../src/core/message/failure.ts';
import { everything } from '../../../src/core/table/filter.ts';
import { untilEnded } from '../../fixtures/processes.ts';
import { hung } from '../harness/deadlines.ts';
import { closeEditors, demoPath, inspectPath, recsample } from './running.ts';

suite('server and engine', () => {
  teardown(closeEditors);
  const items = (): string => demoPath('data', 'items.parquet');

  test('after SIGKILL of the engine the next one answers pending calls; other files stay open', async () => {
    const api = await recsample();
    await inspectPath(items());
    const pid = await api.link.enginePid();
    assert.ok(pid !== null);
    const pending = api.link.call('page', {
      ref: { id: 'killed', path: items() },
      view: everything,
      first: 5,
      count: 10,
      columns: [0, 1, 2],
    });
    process.kill(pid, 'SIGKILL');
    assert.equal((await pending).count, 10);
    assert.equal((await inspectPath(demoPath('data', 'users.parquet'))).kind, 'open');
    assert.notEqual(await api.link.enginePid(), pid);
    // One clear message in the status item; viewing the log clears it.
    assert.equal(api.link.status.failure?.code, 'engine-stopped');
    await vscode.commands.executeCommand('recsample.showLog');
  });

  test('SIGKILL of the server: reads are answered by the next one', async function () {
    if (process.platform !== 'linux') this.skip();
    const api = await recsample();
    const ref = { id: 'orphaned', path: items() };
    const before = await api.link.call('open', { ref });
    const pid = await api.link.enginePid();
    assert.ok(pid !== null);
    const pending = api.link.call('page', { ref, view: everything, first: 5, count: 10, columns: [0] });
    process.kill(parentOf(pid), 'SIGKILL');
    assert.equal((await pending).count, 10);
    assert.deepEqual(await api.link.call('open', { ref }), before);
    assert.notEqual(await api.link.enginePid(), pid);
  });

  test('Restart Server: another engine, the same answers', async () => {
    const api = await recsample();
    const ref = { id: 'restarted', path: items() };
    const before = await api.link.call('open', { ref });
    const pid = await api.link.enginePid();
    assert.ok(pid !== null);
    await vscode.commands.executeCommand('recsample.restartServer');
    await untilEnded(pid);
    // A tree that asks for columns may have started the next engine already.
    assert.deepEqual(await api.link.call('open', { ref }), before);
    assert.notEqual(await api.link.enginePid(), pid);
  });

  test('a changed engine setting takes effect with the next call', async () => {
    const api = await recsample();
    const ref = { id: 'settings', path: items() };
    await api.link.call('open', { ref });
    const pid = await api.link.enginePid();
    const configuration = vscode.workspace.getConfiguration('recsample.engine');
    await configuration.update('memoryLimit', '512MB', vscode.ConfigurationTarget.Global);
    try {
      await api.link.call('open', { ref });
      assert.notEqual(await api.link.enginePid(), pid);
    } finally {
      await configuration.update('memoryLimit', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('a long call is in the status and is cancelled by the command; it leaves no files behind', async () => {
    const api = await recsample();
    const directory = path.join(path.dirname(demoPath()), 'demo-cancelled');
    const cancelled = new Promise<void>((resolve) => {
      const subscription = api.link.onStatus(({ running }) => {
        if (running[0]?.method !== 'demo') return;
        subscription.dispose();
        void vscode.commands.executeCommand('recsample.cancelRunning').then(() => {
          resolve();
        });
      });
    });
    const call = api.link.call('demo', { directory, scale: '20m', seed: 'cancelled' });
    await assert.rejects(call, isCancelled);
    await cancelled;
    // The caller gets the answer at once. The engine removes its files after it has stopped, without any event.
    const deadline = Date.now() + hung;
    while (existsSync(directory)) {
      assert.ok(Date.now() < deadline, `${directory} was left behind`);
      await delay(10);
    }
  });

  test('a call that was cancelled before it began is not made', async () => {
    const api = await recsample();
    await assert.rejects(
      api.link.call('open', { ref: { id: 'never', path: items() } }, { signal: AbortSignal.abort() }),
      isCancelled,
    );
  });
});

/** By shape, because the error's class comes from the extension's bundle, not from this one. */
function isCancelled(error: unknown): boolean {
  return (error as { failure?: Failure }).failure?.code === 'cancelled';
}

/** The parent process of `pid`: field 4 of stat, after the name in parentheses. */
function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
