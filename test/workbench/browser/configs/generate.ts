import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { activeTab, ConfigEditor } from '../../harness/configEditor.ts';
import { Inspector } from '../../harness/inspector.ts';
import { PreviewView, recallConfig } from '../../harness/previewView.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import type { WorkbenchWindow } from '../../harness/window.ts';

const suite = workbenchSuite();

const toast = ({ page }: WorkbenchWindow, text: RegExp): Locator =>
  page.locator('.notification-toast', { hasText: text }).first();
const button = (of: Locator, name: string): Locator =>
  of.locator('.monaco-button', { hasText: new RegExp(`^${name}$`) });
const written = /recall\.parquet: [\d,]+ rows, [\d.]+ kB, /;

suite.test(
  'a lens generates the file with progress; audit and inspector are one click away',
  async (window) => {
    const editor = await ConfigEditor.open(window, recallConfig);
    await editor.counted();
    await editor.lens(/^Generate$/).click();
    await window.quickInput.labelled(/^train$/).click();
    const proposed = window.quickInput.labelled(/Write to out\/recall\.parquet$/);
    await proposed.waitFor();
    await window.screenshot('generate-pick');
    // By keyboard: a hover lies over the row under the mouse.
    await window.quickInput.accept();
    const done = toast(window, written);
    // Under the mouse, the notification stays.
    await done.hover();
    assert.ok(
      window.monitor.toasts.some((text) => /Writing recall\.parquet/.test(text)),
      window.monitor.toasts.join('\n'),
    );
    const file = path.join(window.folder, 'out/recall.parquet');
    assert.equal(readFileSync(file).subarray(0, 4).toString(), 'PAR1');
    assert.ok(existsSync(`${file}.recsample.json`));
    await window.screenshot('generate-done');
    // The report only where it has several notices: each button takes room from the others.
    assert.deepEqual(await done.locator('.monaco-button').allTextContents(), ['Audit', 'Open', 'Show Report']);
    await button(done, 'Show Report').click();
    const { frame } = await Inspector.of(window, 'recall.parquet');
    await frame.locator('rs-file .report', { hasText: /share\s+drawn/ }).waitFor();
    await window.screenshot('generate-report');
  },
  { toasts: [written, /Writing recall\.parquet/] },
);

suite.test(
  'the preview generates the file with its seed, and opens it in the inspector',
  async (window) => {
    const { view } = await PreviewView.open(window, recallConfig, 'recall');
    await view.seed.fill('tried');
    await view.seed.press('Enter');
    await view.button('Generate').click();
    // The split is that of the preview.
    await window.page.locator('.quick-input-widget', { hasText: 'recall.parquet' }).waitFor();
    assert.match(
      (await window.page.locator('.quick-input-widget input').first().getAttribute('placeholder')) ?? '',
      /Seed tried, as in the preview\./,
    );
    await window.quickInput.labelled(/Write to out\/recall\.parquet$/).click();
    const done = toast(window, written);
    await done.hover();
    const lock = JSON.parse(readFileSync(path.join(window.folder, 'out/recall.parquet.recsample.json'), 'utf8')) as {
      readonly seed: string;
    };
    assert.equal(lock.seed, 'tried');
    await done.hover();
    await button(done, 'Open').click();
    const inspector = await Inspector.of(window, 'recall.parquet');
    await (await inspector.cell(0, 'user_id')).waitFor();
  },
  { toasts: [written, /Writing recall\.parquet/] },
);

suite.test(
  'a config with errors is refused, and the line is one click away',
  async (window) => {
    const editor = await ConfigEditor.open(window, recallConfig);
    await editor.replace('global_random: 0.2', 'global_random: 0.3');
    await editor.squiggle('error').waitFor();
    await editor.lens(/^Validate · [1-9]/).waitFor();
    await editor.lens(/^Generate$/).click();
    const refused = toast(window, /Nothing is written: the config has errors/);
    await refused.waitFor();
    await refused.hover();
    await window.screenshot('generate-refused');
    await button(refused, 'Show Problems').click();
    await window.page.locator('.markers-panel .monaco-list-row', { hasText: 'recall.ratio.yaml' }).first().waitFor();
  },
  { toasts: [/Nothing is written: the config has errors/] },
);

/** Generates the file and audits it with the button of the notification, unless it is shown already. */
async function openAudited(window: WorkbenchWindow): Promise<Inspector> {
  if (!(await activeTab(window, 'recall.parquet').isVisible())) {
    const editor = await ConfigEditor.open(window, recallConfig);
    await editor.counted();
    await editor.lens(/^Generate$/).click();
    await window.quickInput.labelled(/^train$/).click();
    await window.quickInput.labelled(/Write to out\/recall\.parquet$/).click();
    const done = toast(window, written);
    await done.hover();
    await button(done, 'Audit').click();
  }
  return await Inspector.of(window, 'recall.parquet');
}

suite.test(
  'a generated file is audited by a click: against its config, without a finding, with its mix',
  async (window) => {
    const { frame } = await openAudited(window);
    await frame.getByText('Against recall.ratio.yaml › recall › train').waitFor();
    await frame.locator('.passed-rules summary', { hasText: /\d+ data rules passed/ }).waitFor();
    assert.equal(await frame.locator('rs-findings .finding').count(), 0);
    await frame.getByRole('heading', { name: 'Mix of the negatives' }).waitFor();
  },
  { toasts: [written, /Writing recall\.parquet/] },
);

suite.test(
  'the audit of a file and its distribution are accessible; an entry of the mix shows its rows',
  async (window) => {
    const { frame, webview } = await openAudited(window);
    await frame.getByRole('heading', { name: 'Mix of the negatives' }).waitFor();
    for (const tab of ['Audit', 'Distribution']) {
      await frame.getByRole('tab', { name: tab }).click();
      await frame.getByRole('region', { name: tab }).waitFor();
      await window.screenshot(tab.toLowerCase());
      // test/webview/accessibility/inspectorStates.ts checks their colours in all themes.
      await window.checkAccessibility(webview);
    }
    const entry = frame.locator('.mix-of-negatives td button').first();
    const name = await entry.textContent();
    await entry.click();
    await frame.getByRole('tab', { name: 'Rows', selected: true }).waitFor();
    await frame.locator('rs-filter-bar', { hasText: name ?? '' }).waitFor();
  },
  { continues: true, toasts: [written, /Writing recall\.parquet/] },
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
  await window.quickInput.labelled(/planted\.csv/).click();
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
