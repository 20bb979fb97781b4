import assert from 'node:assert/strict';
import path from 'node:path';
import { themes } from '../harness/window.ts';
import { workbenchSuite } from '../harness/suite.ts';

const suite = workbenchSuite({ restricted: true });

suite.test('Restricted Mode: a data file is read after one click, not before', async (window) => {
  await window.activityIcon.click();
  await window.toggle('items.parquet');
  await window.treeItems.filter({ hasText: 'Open it to see its columns' }).first().waitFor();
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
