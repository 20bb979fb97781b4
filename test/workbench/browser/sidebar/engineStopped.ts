import { tallWindow } from '../../harness/parts.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import type { WorkbenchWindow } from '../../harness/window.ts';

const suite = workbenchSuite();

/** Opens the side bar on data sets whose columns the window does not know: the tree asks the engine for them. */
async function openUnknown(window: WorkbenchWindow): Promise<void> {
  await window.openSideBar();
  await window.runCommand('RecSample: Refresh Samples');
}

suite.test('an engine that keeps dying is given up with advice; Restart Server restores it', async (window) => {
  const { page } = window;
  const failed = page.locator('.statusbar-item', { hasText: 'RecSample: stopped' });
  await openUnknown(window);
  for (const name of ['candidates/', 'dislikes.parquet', 'impressions/', 'items.parquet', 'users.parquet']) {
    const item = window.treeItems.filter({ hasText: name }).first();
    await window.toggle(name);
    // Level 2 of the tree: the columns are shown, so the engine has answered.
    await item.and(page.locator('[aria-expanded="true"]')).waitFor();
    await page.locator('[id="workbench.parts.sidebar"] [role="treeitem"][aria-level="2"]').first().waitFor();
    process.kill(window.enginePid, 'SIGKILL');
    await failed.or(page.locator('.statusbar-item', { hasText: 'RecSample: engine restarted' })).waitFor();
    await window.toggle(name);
  }
  await failed.waitFor();
  await window.screenshot('status-stopped');
  await window.resize(tallWindow);
  await failed.click();
  await page.locator('.statusbar-item[aria-label="RecSample: ready"]').waitFor();
  await window.toggle('recall.parquet');
  await window.treeItems.filter({ hasText: 'user_id' }).first().waitFor();
  await window.toggle('recall.parquet');
});

suite.test('a killed engine is reported once in the status item, and the window stays usable', async (window) => {
  const { page } = window;
  await openUnknown(window);
  await window.toggle('items.parquet');
  await window.treeItems.filter({ hasText: 'item_id' }).first().waitFor();
  // Collapse it again, because the tree draws only what fits.
  await window.toggle('items.parquet');
  process.kill(window.enginePid, 'SIGKILL');
  const said = page.locator('.statusbar-item', { hasText: 'RecSample: engine restarted' });
  await said.waitFor();
  await window.screenshot('status-engine-restarted');
  // The next request starts a new engine.
  await window.toggle('dislikes.parquet');
  await window.treeItems.filter({ hasText: 'reason' }).first().waitFor();
  await window.toggle('dislikes.parquet');
  await said.click();
  await page.locator('.statusbar-item[aria-label="RecSample: ready"]').waitFor();
  await page.locator('.part.panel', { hasText: 'engine stopped unexpectedly: SIGKILL' }).waitFor();
});
