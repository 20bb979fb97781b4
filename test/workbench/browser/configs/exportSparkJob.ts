import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigEditor } from '../../harness/configEditor.ts';
import { workbenchSuite } from '../../harness/suite.ts';

const config = 'configs/fine_ranking.ratio.yaml';
const suite = workbenchSuite({
  settings: {
    // The text of the terminal is in the document only without the processor of graphics.
    'terminal.integrated.gpuAcceleration': 'off',
  },
  prepare: (folder) => {
    const command = "./spark-sql --master 'local[2]'";
    mkdirSync(path.join(folder, '.vscode'));
    writeFileSync(
      path.join(folder, '.vscode', 'settings.json'),
      JSON.stringify({ 'recsample.spark.command': command }),
    );
    writeFileSync(path.join(folder, 'spark-sql'), '#!/bin/sh\nfor one in "$@"; do echo "argument: $one"; done\n');
    chmodSync(path.join(folder, 'spark-sql'), 0o755);
    writeFileSync(path.join(folder, 'configs', 'fine_ranking.spark.py'), 'print("mine")\n');
  },
});

const written = /fine_ranking\.spark\.sql is written\. Spark writes the rows to /;

suite.test(
  'a command exports the job, and its task shows the output of Spark',
  async (window) => {
    const editor = await ConfigEditor.open(window, config);
    await editor.counted();
    await window.runCommand('RecSample: Export Sampling Job for Spark…');
    await window.quickInput.labelled(/^train$/).click();
    const proposed = window.quickInput.labelled(/Write to configs\/fine_ranking\.spark\.sql$/);
    await proposed.waitFor();
    await window.screenshot('spark-pick');
    // By keyboard: a hover lies over the row under the mouse.
    await window.quickInput.accept();
    await window.page.locator('.tab.active', { hasText: 'fine_ranking.spark.sql' }).waitFor();
    await window.page
      .locator('.view-line', { hasText: /generator:\srecsample/ })
      .first()
      .waitFor();
    const done = window.page.locator('.notification-toast', { hasText: written }).first();
    await done.hover();
    await window.screenshot('spark-done');
    await done.locator('.monaco-button', { hasText: 'Run with Spark' }).click();
    const terminal = window.page
      .locator('.terminal-wrapper.active .xterm-accessibility-tree, .terminal-wrapper.active .xterm-rows')
      .first();
    await terminal.filter({ hasText: /argument:\slocal\[2\].*argument:\s-f/ }).waitFor();
    await window.screenshot('spark-task');
  },
  { toasts: [written] },
);

suite.test('a file that is no job of RecSample is replaced only after a question', async (window) => {
  const editor = await ConfigEditor.open(window, config);
  await editor.counted();
  await window.runCommand('RecSample: Export Sampling Job for Spark…');
  await window.quickInput.labelled(/^train$/).click();
  await window.quickInput.labelled(/Write to configs\/fine_ranking\.spark\.py$/).click();
  const dialog = window.page.locator('.monaco-dialog-box', { hasText: 'is not a Spark job of RecSample' });
  await dialog.waitFor();
  await window.screenshot('spark-replace');
  await dialog.locator('.monaco-button', { hasText: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(readFileSync(path.join(window.folder, 'configs/fine_ranking.spark.py'), 'utf8'), 'print("mine")\n');
});
