import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeStrangerLog } from '../../fixtures/strangerLog.ts';
import { ConfigEditor } from '../harness/configEditor.ts';
import { Inspector } from '../harness/inspector.ts';
import { PreviewView } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';
import { themes } from '../harness/window.ts';

/** The workspace of a stranger: folders of days with CSV files, and nothing else. */
function writeWorkspace(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });
  writeStrangerLog(folder, { days: 14, rowsPerDay: 250, item: 'thing' });
}

const written = /recall\.parquet: [\d,]+ rows/;

const suite = workbenchSuite({ prepare: writeWorkspace });

suite.test('Samples lists the log, a click inspects it, and a CSV in an editor has a button for it', async (window) => {
  await window.execute('workbench.view.extension.recsample');
  const log = window.treeItems.filter({ hasText: '14 CSV files' }).first();
  await log.waitFor();
  for (const theme of themes) {
    await window.setTheme(theme);
    await window.screenshot('own-log-samples');
  }
  await log.click();
  const inspector = await Inspector.of(window, 'log');
  await inspector.painted();
  await window.openFile(path.join('log', 'dt=2026-11-01', 'part-0.csv'));
  await window.page.locator('.editor-actions').getByRole('button', { name: 'Inspect Sample File' }).click();
  await (await Inspector.of(window, 'part-0.csv')).painted();
  assert.equal(await window.page.locator('.notification-toast').count(), 0);
});

suite.test('New Ratio Config… asks which column is the item, and writes a config that lints clean', async (window) => {
  const { page, quickInput } = window;
  await window.runCommand('RecSample: New Ratio Config');
  await page.locator('.quick-input-widget', { hasText: 'New Ratio Config: item' }).waitFor();
  await quickInput.rows.first().filter({ hasText: 'thing' }).waitFor();
  await window.screenshot('own-log-item');
  await quickInput.accept();
  await quickInput.rows.filter({ hasText: 'recall' }).first().waitFor();
  const coarse = quickInput.rows.filter({ hasText: 'needs requests, and the log has no request column' });
  await coarse.filter({ hasText: 'coarse_ranking' }).click();
  await page.locator('.quick-input-widget', { hasText: '1 Selected' }).waitFor();
  await window.screenshot('own-log-stages');
  await quickInput.accept();
  await quickInput.rows
    .first()
    .filter({ hasText: /The items of the log \(\d+\)/ })
    .waitFor();
  assert.equal(await quickInput.rows.filter({ hasText: 'csv' }).count(), 0);
  await window.screenshot('own-log-items');
  await quickInput.accept();
  await page.locator('.quick-input-widget', { hasText: 'Path of the config file' }).waitFor();
  await quickInput.accept();
  const name = 'recall.ratio.yaml';
  await ConfigEditor.of(window, name);
  const text = readFileSync(path.join(window.folder, name), 'utf8');
  assert.match(text, /path: log\n {4}columns: \{user: uid, item: thing, time: \{column: ts, unit: s\}\}/);
  assert.match(text, /scope: user/);
  assert.match(text, /\n {6}path: out\/recall\.parquet\n/);
  assert.doesNotMatch(text, /\n {2}items:/);
  await window.runCommand('RecSample: Validate Ratio Config');
  await page.locator('.statusbar-item', { hasText: new RegExp(`RecSample: ${name}: (no findings|1 info)`) }).waitFor();
});

suite.test(
  'the new config previews, generates to the folder out, and the sample passes its audit',
  async (window) => {
    const { view } = await PreviewView.open(window, 'recall.ratio.yaml', 'recall');
    await view.draws.first().waitFor();
    await window.screenshot('own-log-preview');
    await window.runCommand('RecSample: Generate Sample File');
    await window.quickInput.labelled(/Write to out\/recall\.parquet$/).waitFor();
    await window.screenshot('own-log-generate');
    await window.quickInput.accept();
    const toast = window.page.locator('.notification-toast', { hasText: written }).first();
    await toast.getByRole('button', { name: 'Audit' }).click();
    const inspector = await Inspector.of(window, 'recall.parquet');
    await inspector.frame.getByText('0 findings', { exact: true }).waitFor();
    await window.screenshot('own-log-audit');
    assert.ok(existsSync(path.join(window.folder, 'out/recall.parquet')));
  },
  { toasts: [written, /Writing recall\.parquet/] },
);
