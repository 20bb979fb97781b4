import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigEditor } from '../harness/configEditor.ts';
import { PreviewView, recallConfig } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';

/** Another config for the same log, with more popular items. */
const hotter = 'configs/hotter.ratio.yaml';
const suite = workbenchSuite({
  prepare: (folder) => {
    const text = readFileSync(path.join(folder, recallConfig), 'utf8');
    writeFileSync(path.join(folder, hotter), text.replace('share: 0.4, exponent: 0.75', 'share: 0.5, exponent: 1').replace('global_random: 0.2', 'global_random: 0.1'));
  },
});

suite.test('a config is compared with another one, and with itself under another seed; the texts are shown side by side', async (window) => {
  const { view } = await PreviewView.open(window, recallConfig, 'recall');
  await view.some();
  const row = (text: RegExp) => window.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();

  await window.runCommand('RecSample: Compare Ratio Configs');
  await row(/with another seed/).waitFor();
  await window.screenshot('preview-compare-pick');
  await row(/hotter\.ratio\.yaml/).click();
  const side = view.frame.getByRole('button', { name: /^Side A: hotter\.ratio\.yaml/ });
  await side.waitFor();
  await view.frame.locator('rs-compare-figures').getByText(/popularity/).first().waitFor();
  await view.frame.locator('rs-compared-list .line').first().waitFor();
  await window.screenshot('preview-compare');
  await view.button('Show diff').click();
  await window.page.locator('.tab.active', { hasText: 'hotter.ratio.yaml ↔ recall.ratio.yaml' }).waitFor();
  await window.runCommand('View: Close Editor');

  await window.runCommand('RecSample: Compare Ratio Configs');
  await row(/with another seed/).click();
  await side.waitFor({ state: 'detached' });
  await view.frame.getByRole('button', { name: /^Side A: recall\.ratio\.yaml, seed-[0-9a-f]{8}$/ }).waitFor();
  await view.frame.locator('rs-compare-figures').getByText(/seed-[0-9a-f]{8}/).first().waitFor();
  await view.button('Leave compare').click();
  await view.draws.first().waitFor();
});

suite.test('a pair is explained that is typed in, without a preview before; and one that is drawn, from its row', async (window) => {
  await ConfigEditor.open(window, recallConfig);
  await window.runCommand('RecSample: Explain a Pair');
  const view = await PreviewView.of(window, recallConfig, 'recall');
  const pane = view.frame.locator('rs-explain-pane');
  const item = pane.locator('input[name="item"]');
  await item.waitFor();
  await view.some();
  await item.fill('no such item');
  await item.press('Enter');
  const verdict = pane.getByRole('status');
  await verdict.filter({ hasText: /[Nn]ever/ }).waitFor();
  await pane.getByRole('button', { name: 'Close' }).click();

  await view.draws.first().click({ button: 'right' });
  await view.frame.getByRole('menuitem', { name: 'Explain the pair of user and item' }).click();
  await verdict.filter({ hasText: /^\s*Drawn/ }).waitFor();
  await window.screenshot('preview-explain');
});
