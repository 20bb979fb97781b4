import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { ConfigEditor } from '../harness/configEditor.ts';
import { Inspector } from '../harness/inspector.ts';
import { PreviewView, recallConfig } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';
import { themes, type WorkbenchWindow } from '../harness/window.ts';

const suite = workbenchSuite();

/** A row of the open quick pick. */
const pick = ({ page }: WorkbenchWindow, text: RegExp): Locator =>
  page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ has: page.locator('.label-name', { hasText: text }) })
    .first();
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
    await pick(window, /^train$/).click();
    const proposed = pick(window, /Write to out\/recall\.parquet$/);
    await proposed.waitFor();
    for (const theme of themes) {
      // The palette changes the theme and replaces the question.
      await window.page.keyboard.press('Escape');
      await window.setTheme(theme);
      await editor.lens(/^Generate$/).click();
      await pick(window, /^train$/).click();
      await proposed.waitFor();
      await window.screenshot('generate-pick');
    }
    await proposed.click();
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
    for (const theme of themes) {
      await window.setTheme(theme);
      await done.hover();
      await window.screenshot('generate-done');
    }
    await window.setTheme('dark');
    // Two buttons, so that VS Code shortens no label. The report is the tab Audit.
    assert.deepEqual(await done.locator('.monaco-button').allTextContents(), ['Audit', 'Open']);
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
    await pick(window, /Write to out\/recall\.parquet$/).click();
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
    await ConfigEditor.editing(window, recallConfig, async (editor) => {
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
    });
  },
  { toasts: [/Nothing is written: the config has errors/] },
);
