import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { ConfigEditor } from '../harness/configEditor.ts';
import { Inspector } from '../harness/inspector.ts';
import { recallConfig } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';
import { themes, type WorkbenchWindow } from '../harness/window.ts';

const suite = workbenchSuite();
const written = /recall\.parquet: [\d,]+ rows, [\d.]+ kB, /;

const pick = ({ page }: WorkbenchWindow, text: RegExp): Locator =>
  page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ has: page.locator('.label-name', { hasText: text }) })
    .first();

suite.test(
  'a generated file is audited by a click: against its config, without a finding, with its mix',
  async (window) => {
    const editor = await ConfigEditor.open(window, recallConfig);
    await editor.counted();
    await editor.lens(/^Generate$/).click();
    await pick(window, /^train$/).click();
    await pick(window, /Write to out\/recall\.parquet$/).click();
    const done = window.page.locator('.notification-toast', { hasText: written }).first();
    await done.hover();
    await done.locator('.monaco-button', { hasText: /^Audit$/ }).click();
    const { frame, webview } = await Inspector.of(window, 'recall.parquet');
    await frame.getByText('Against recall.ratio.yaml › recall › train').waitFor();
    await frame.getByText(/^\d+ data rules passed$/).waitFor();
    assert.equal(await frame.locator('rs-findings .finding').count(), 0);
    await frame.getByRole('heading', { name: 'Mix of the negatives' }).waitFor();
    for (const tab of ['Audit', 'Distribution']) {
      await frame.getByRole('tab', { name: tab }).click();
      await frame.getByRole('region', { name: tab }).waitFor();
      for (const theme of themes) {
        await window.setTheme(theme);
        await window.themed(webview);
        await window.screenshot(tab.toLowerCase());
      }
      await window.checkAccessibility(webview);
    }
    // An entry of the mix shows its rows.
    const entry = frame.locator('.mix-of-negatives td button').first();
    const name = await entry.textContent();
    await entry.click();
    await frame.getByRole('tab', { name: 'Rows', selected: true }).waitFor();
    await frame.locator('rs-filter-bar', { hasText: name ?? '' }).waitFor();
  },
  { toasts: [written, /Writing recall\.parquet/] },
);

suite.test('a finding leads to its place in the config that names the file', async (window) => {
  const config = readFileSync(path.join(window.folder, recallConfig), 'utf8');
  writeFileSync(
    path.join(window.folder, 'configs/planted.ratio.yaml'),
    config
      .replace('../out/recall.parquet', '../out/planted.csv')
      // Text files have no types.
      .replace(
        'user: user_id, item: item_id, label: label',
        'user: {column: user_id, type: int64}, item: {column: item_id, type: int64}, label: label',
      )
      .replace('positive_item: positive_item', 'positive_item: {column: positive_item, type: int64}'),
  );
  const row = (label: number): string =>
    `7203685477500600529,4820193308562714772,${label},${label === 1 ? 'positive' : 'global_random'},4820193308562714772,2026-11-20 09:36:17.074517,0,-9.5`;
  writeFileSync(
    path.join(window.folder, 'out/planted.csv'),
    ['user_id,item_id,label,source,positive_item,ts,draw,log_q', row(1), row(0), ''].join('\n'),
  );
  const editor = await ConfigEditor.open(window, 'configs/planted.ratio.yaml');
  await editor.counted();
  await window.runCommand('RecSample: Audit Sample File');
  await pick(window, /planted\.csv/).click();
  const { frame } = await Inspector.of(window, 'planted.csv');
  await frame.locator('rs-findings .finding', { hasText: '1 item is positive and negative' }).click();
  await frame.locator('rs-findings .examples', { hasText: 'user_id = 7203685477500600529' }).waitFor();
  await window.screenshot('audit-finding');
  // Its rows are both rows of the file; then back to the finding.
  await frame.locator('vscode-button', { hasText: 'Show this row' }).click();
  await frame.getByText('2 of 2 rows').first().waitFor();
  await frame.getByRole('tab', { name: 'Audit' }).click();
  await frame.locator('vscode-button', { hasText: /Go to config, line \d+/ }).click();
  await window.page.locator('.tab.active', { hasText: 'planted.ratio.yaml' }).waitFor();
  await window.page.locator('.view-line', { hasText: '../out/planted.csv' }).first().waitFor();
  // The finding is in the Problems view too, on that line.
  await editor.squiggle('error').waitFor();
});
