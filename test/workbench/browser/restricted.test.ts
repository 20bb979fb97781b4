import assert from 'node:assert/strict';
import path from 'node:path';
import { ConfigEditor } from '../harness/configEditor.ts';
import { PreviewView, recallConfig } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';
import { expandItem } from '../harness/treeItem.ts';
import { themes } from '../harness/window.ts';

const suite = workbenchSuite({ restricted: true });

suite.test('Restricted Mode: a config is linted as it is typed, and no data file is opened for it', async (window) => {
  await window.activityIcon.click();
  await window.page.getByText('Restricted Mode: configs are checked without their data.').waitFor();
  const editor = await ConfigEditor.open(window, 'configs/recall.ratio.yaml');
  await editor.replace('global_random: 0.2', 'global_random: 0.3');
  await editor.squiggle('error').waitFor();
  await editor.goTo('data:');
  assert.equal(await editor.hint('rows').count(), 0);
  await window.runCommand('RecSample: Validate Ratio Config');
  await window.page.locator('.statusbar-item', { hasText: 'RecSample: recall.ratio.yaml: 1 error' }).waitFor();
  assert.throws(() => window.enginePid, /no engine runs/);
  await window.screenshot('config-restricted');
});

suite.test('Restricted Mode: a preview shows the sliders of its stage, opens no data, and says why', async (window) => {
  const { view } = await PreviewView.open(window, recallConfig, 'recall', { restricted: true });
  await view.at('global_random', '0.20').waitFor();
  await view.button('Add heaviest').first().click();
  await view.footer.getByText(/^Restricted Mode: the data of .* are not opened/).waitFor();
  assert.equal(await view.users.count(), 0);
  assert.throws(() => window.enginePid, /no engine runs/);
  await window.screenshot('preview-restricted');
});

const refusal = /Restricted Mode: no sample file is written/;
suite.test(
  'Restricted Mode: no sample file is written, and the message says what to do',
  async (window) => {
    const editor = await ConfigEditor.open(window, recallConfig);
    await editor.lens(/^Generate$/).click();
    const toast = window.page.locator('.notification-toast', { hasText: refusal });
    await toast.waitFor();
    assert.throws(() => window.enginePid, /no engine runs/);
    await toast.hover();
    await window.screenshot('generate-restricted');
    await toast.locator('.monaco-button', { hasText: 'Manage Workspace Trust' }).click();
    await window.page.getByText('You are in Restricted Mode').waitFor();
  },
  { toasts: [refusal] },
);

// The last one: it starts the engine, and the tests before hold that none runs.
suite.test('Restricted Mode: a data file is read after one click, not before', async (window) => {
  await window.activityIcon.click();
  await expandItem(window, 'items.parquet', window.treeItems.filter({ hasText: 'Open it to see its columns' }).first());
  await window.openFile(path.join('data', 'items.parquet'));
  const gate = await window.webview(/Restricted Mode: items\.parquet/);
  for (const theme of themes) {
    await window.setTheme(theme);
    await window.checkAccessibility(gate);
    await window.screenshot('restricted');
  }
  assert.equal(await window.treeItems.filter({ hasText: 'item_id' }).count(), 0);
  await gate.frame.getByRole('button', { name: 'Open data file' }).click();
  await window.webview('items.parquet');
});
