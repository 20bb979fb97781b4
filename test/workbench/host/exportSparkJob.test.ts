import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { commands, settings, taskTypes } from '../../../src/extension/ids.ts';
import { untilEnded } from '../../fixtures/processes.ts';
import { closeEditors, demoPath, recsample } from './running.ts';

const job = (): string => demoPath('configs', 'fine_ranking.spark.sql');

/** Runs the command and accepts the first answer of each question. */
async function exportJob(): Promise<void> {
  const state = { ended: false };
  const uri = vscode.Uri.file(demoPath('configs', 'fine_ranking.ratio.yaml'));
  const run = vscode.commands.executeCommand(commands.exportSparkJob, uri.toString(), 'fine_ranking').then(() => {
    state.ended = true;
  });
  while (!state.ended) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  await run;
}

/** A command that ends as soon as it has written its arguments to a file. */
async function setCommand(script: string | undefined): Promise<void> {
  const command = script === undefined ? undefined : `sh -c '${script}' spark-sql --master 'local[2]'`;
  await vscode.workspace.getConfiguration().update(settings.sparkSql, command, vscode.ConfigurationTarget.Workspace);
}

async function sparkTasks(): Promise<readonly vscode.Task[]> {
  await recsample();
  return vscode.tasks.fetchTasks({ type: taskTypes.spark });
}

/** Resolves with the exit code of the next task that ends. */
function taskEnd(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const subscription = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => {
      subscription.dispose();
      resolve(exitCode);
    });
  });
}

/** Resolves when the next task has started. Until then the workbench drops a request to end it. */
function taskStart(): Promise<void> {
  return new Promise((resolve) => {
    const subscription = vscode.tasks.onDidStartTaskProcess(() => {
      subscription.dispose();
      resolve();
    });
  });
}

/** The text of a file, once it ends with a line break. */
function untilWritten(file: string): Promise<string> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      if (text.endsWith('\n')) resolve(text);
      return text.endsWith('\n');
    };
    const watcher = watch(path.dirname(file), () => {
      if (look()) watcher.close();
    });
    if (look()) watcher.close();
  });
}

suite('Export Sampling Job for Spark', () => {
  teardown(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await closeEditors();
    await setCommand(undefined);
    for (const file of [job(), demoPath('out', 'arguments.txt'), demoPath('.vscode')])
      rmSync(file, { force: true, recursive: true });
  });

  test('the job is written next to the config and opened, and its task passes it to the command', async () => {
    assert.deepEqual(await sparkTasks(), []);
    await exportJob();
    assert.match(readFileSync(job(), 'utf8'), /^-- generator: recsample /);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, job());
    await setCommand('printf "[%s]\\n" "$@" > out/arguments.txt');
    const [task, ...others] = await sparkTasks();
    assert.ok(task);
    assert.deepEqual(others, []);
    assert.deepEqual([task.source, task.name], ['recsample', 'spark configs/fine_ranking.spark.sql']);
    const ended = taskEnd();
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 0);
    assert.equal(
      readFileSync(demoPath('out', 'arguments.txt'), 'utf8'),
      ['--master', 'local[2]', '-f', job()].map((one) => `[${one}]\n`).join(''),
    );
  });

  test('a task of tasks.json runs the file that it names', async () => {
    await exportJob();
    await setCommand('printf "[%s]\\n" "$@" > out/arguments.txt');
    const task = { type: taskTypes.spark, task: 'spark', file: 'configs/fine_ranking.spark.sql', label: 'on Spark' };
    writeFileSync(demoPath('.vscode', 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }));
    let found: vscode.Task | undefined;
    // The workbench reads the file when its watcher has seen it.
    while (!found) found = (await vscode.tasks.fetchTasks()).find(({ name }) => name === 'on Spark');
    const ended = taskEnd();
    await vscode.tasks.executeTask(found);
    assert.equal(await ended, 0);
    assert.match(readFileSync(demoPath('out', 'arguments.txt'), 'utf8'), /\[-f\]\n\[.*fine_ranking\.spark\.sql\]\n$/);
  });

  test('a running task can be ended', async () => {
    await exportJob();
    await setCommand('echo $$ > out/arguments.txt; sleep 600');
    const [task] = await sparkTasks();
    assert.ok(task);
    const [started, ended] = [taskStart(), taskEnd()];
    const execution = await vscode.tasks.executeTask(task);
    await started;
    const pid = Number(await untilWritten(demoPath('out', 'arguments.txt')));
    execution.terminate();
    assert.notEqual(await ended, 0);
    await untilEnded(pid);
  });
});
