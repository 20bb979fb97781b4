import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeEditors, demoPath, inspectPath, recsample, untilState } from './running.ts';

suite('inspector', () => {
  const made: string[] = [];
  const scratch = (name: string): string => {
    const file = demoPath(name);
    made.push(file);
    return file;
  };
  teardown(closeEditors);
  suiteTeardown(() => {
    for (const file of made) rmSync(file, { force: true });
  });

  test('Parquet opens in it by default', async () => {
    const api = await recsample();
    const file = demoPath('data', 'items.parquet');
    const opened = untilState(api, file, (state) => state.kind !== 'loading');
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    const state = await opened;
    assert.ok(state.kind === 'open');
    assert.equal(state.dataset.format, 'parquet');
    assert.ok((state.dataset.rows ?? 0) > 0);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, 'recsample.inspector');
  });

  test('a CSV opens as text by default, and in the inspector when asked', async () => {
    const file = demoPath('data', 'rejections.csv');
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    assert.ok(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputText);
    const state = await inspectPath(file, 'recsample.textInspector');
    assert.ok(state.kind === 'open');
    assert.equal(state.dataset.format, 'csv');
  });

  test('the rows that an inspector shows are exported', async () => {
    const opened = await inspectPath(demoPath('data', 'items.parquet'));
    assert.ok(opened.kind === 'open');
    const target = scratch('exported.jsonl');
    await (await recsample()).exportRows(target);
    const lines = readFileSync(target, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, opened.dataset.rows);
    assert.deepEqual(
      Object.keys(JSON.parse(lines[0] ?? '') as object),
      opened.dataset.columns.map(({ name }) => name),
    );
  });

  test('the Explorer command opens a folder of partitions as one data set', async () => {
    const api = await recsample();
    const folder = demoPath('data', 'impressions');
    const opened = untilState(api, folder, (state) => state.kind !== 'loading');
    await vscode.commands.executeCommand('recsample.inspect', vscode.Uri.file(folder));
    const state = await opened;
    assert.ok(state.kind === 'open');
    assert.ok(state.dataset.files > 1);
    assert.ok(state.dataset.columns.some((column) => column.partition && column.name === 'dt'));
  });

  test('the Explorer command opens a glob as one data set', async () => {
    const state = await inspectPath(demoPath('data', 'impressions', 'dt=2026-11-1*', '*.parquet'));
    assert.ok(state.kind === 'open', JSON.stringify(state));
    assert.ok(state.dataset.files > 1);
  });

  test('a file that is written again is opened again in place', async () => {
    const api = await recsample();
    const file = scratch('changing.parquet');
    copyFileSync(demoPath('data', 'items.parquet'), file);
    const before = await inspectPath(file);
    assert.ok(before.kind === 'open');
    const changed = untilState(
      api,
      file,
      (state) => state.kind === 'open' && state.dataset.fingerprint !== before.dataset.fingerprint,
    );
    const next = scratch('changing.parquet.next');
    copyFileSync(demoPath('data', 'users.parquet'), next);
    renameSync(next, file);
    const after = await changed;
    assert.ok(after.kind === 'open');
    assert.notDeepEqual(
      after.dataset.columns.map((c) => c.name),
      before.dataset.columns.map((c) => c.name),
    );
  });

  test('a file removed while open fails as not found; the window stays usable', async () => {
    const api = await recsample();
    const file = scratch('vanishing.parquet');
    copyFileSync(demoPath('data', 'items.parquet'), file);
    await inspectPath(file);
    const gone = untilState(api, file, (state) => state.kind === 'failed');
    rmSync(file);
    const state = await gone;
    assert.ok(state.kind === 'failed');
    assert.equal(state.failure.code, 'not-found');
    await closeEditors();
    assert.equal((await inspectPath(demoPath('data', 'items.parquet'))).kind, 'open');
  });

  test('a file that is cut short fails with its place', async () => {
    const file = scratch('cut.parquet');
    writeFileSync(file, 'PAR1 and then nothing of use');
    const state = await inspectPath(file);
    assert.ok(state.kind === 'failed');
    assert.equal(state.failure.place?.path, file);
  });

  test('a document that is not on disk fails with advice', async () => {
    const uri = vscode.Uri.parse('untitled:Untitled-1.parquet');
    const api = await recsample();
    const failed = new Promise<string>((resolve) => {
      const subscription = api.inspectors.onDidChange((inspector) => {
        if (inspector?.uri.scheme !== 'untitled' || inspector.state.kind !== 'failed') return;
        subscription.dispose();
        resolve(inspector.state.failure.code);
      });
    });
    await vscode.commands.executeCommand('vscode.openWith', uri, 'recsample.inspector');
    assert.equal(await failed, 'refused-path');
  });

  test('a link out of the workspace is followed, with a notice', async () => {
    const target = path.join(tmpdir(), `recsample-outside-${process.pid}.parquet`);
    copyFileSync(demoPath('data', 'items.parquet'), target);
    made.push(target);
    const link = scratch('linked.parquet');
    symlinkSync(target, link);
    const state = await inspectPath(link);
    assert.ok(state.kind === 'open');
    const notice = state.dataset.notices.find(({ code }) => code === 'outside-workspace');
    assert.deepEqual(notice?.message.args, ['linked.parquet', target]);
  });
});
