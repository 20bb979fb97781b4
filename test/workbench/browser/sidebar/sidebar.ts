import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { tallWindow } from '../../harness/parts.ts';
import type { WorkbenchWindow } from '../../harness/window.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { expandItem } from '../../harness/treeItem.ts';
import { actUntil } from '../../harness/until.ts';

const suite = workbenchSuite();
const item = (window: WorkbenchWindow, text: string) => window.treeItems.filter({ hasText: text }).first();

suite.test('the icon opens native trees: the data sets found, and their columns with type and role', async (window) => {
  assert.equal(await window.activityIcon.count(), 1);
  await window.openSideBar();
  await expandItem(window, 'impressions/', item(window, 'user_id'));
  assert.match((await item(window, 'user_id').textContent()) ?? '', /user_id\s*int64 · user/);
  await window.page.locator('.statusbar-item[aria-label="RecSample: ready"]').waitFor();
  await window.screenshot('sidebar-tree');
});

suite.test(
  'a click on a sample opens it, Enter too, and the arrows expand it; compressed text next to the data of a config is listed',
  async (window) => {
    const { page } = window;
    await window.openSideBar();
    const users = item(window, 'users.jsonl.gz');
    await users.click();
    await (await window.webview('users.jsonl.gz')).frame.getByRole('grid', { name: 'Rows' }).waitFor();
    assert.equal(await users.getAttribute('aria-expanded'), 'false');
    // The focus is still in the tree.
    await actUntil(users.and(page.locator('[aria-expanded="true"]')), async () => {
      if ((await users.getAttribute('aria-expanded')) === 'false') await page.keyboard.press('ArrowRight');
    });
    await item(window, 'region').waitFor();
    await window.screenshot('sidebar-opened');
    await page.keyboard.press('ArrowLeft');
    await users.and(page.locator('[aria-expanded="false"]')).waitFor();
    await page.keyboard.press('ArrowDown');
    await item(window, 'users.parquet').and(page.locator('.focused')).waitFor();
    await page.keyboard.press('Enter');
    await window.webview('users.parquet');
  },
);

suite.test('a role set from the tree is shown at once', async (window) => {
  await window.resize(tallWindow);
  await window.openSideBar();
  await expandItem(window, 'users.parquet', item(window, 'region'));
  // When its rows are known, the data set and its columns are drawn again.
  await item(window, 'users.parquet')
    .filter({ hasText: /\d[^·]* · users · / })
    .waitFor();
  await window.contextMenu(item(window, 'region'), 'Set Column Role');
  await window.quickInput.rows.filter({ hasText: 'source' }).first().click();
  await item(window, 'region').filter({ hasText: '· source' }).waitFor();
});

suite.test('a new file appears, a removed one goes', async (window) => {
  await window.watching();
  const added = path.join(window.folder, 'out', 'added-later.parquet');
  copyFileSync(path.join(window.folder, 'data', 'items.parquet'), added);
  await item(window, 'added-later.parquet').waitFor();
  rmSync(added);
  await item(window, 'added-later.parquet').waitFor({ state: 'detached' });
});

// Last, because it removes the files.
suite.test('an own folder is welcomed with its log and a new config, the demo second', async (window) => {
  for (const name of readdirSync(window.folder)) rmSync(path.join(window.folder, name), { recursive: true });
  await window.reload();
  // A click on the icon would hide the view if the window comes back with it.
  await window.execute('workbench.view.extension.recsample');
  await window.page.getByRole('button', { name: 'Inspect Your Log' }).waitFor();
  const newConfig = window.page.locator('.welcome-view-content .monaco-button', { hasText: 'New Ratio Config' });
  await newConfig.waitFor();
  assert.equal(await newConfig.count(), 1);
  await window.page.getByText('open the demo workspace').waitFor();
  await window.screenshot('sidebar-empty');
});
