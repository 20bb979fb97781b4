import { sendSignal } from '../../../fixtures/processes.ts';
import { tallWindow } from '../../harness/parts.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { collapseItem, expandItem } from '../../harness/treeItem.ts';
import { until } from '../../harness/until.ts';
import type { WorkbenchWindow } from '../../harness/window.ts';

const suite = workbenchSuite();

/** Opens the side bar on data sets whose columns the window does not know: the tree asks the engine for them. */
async function openUnknown(window: WorkbenchWindow): Promise<void> {
  await window.openSideBar();
  await window.execute('recsample.refreshSamples');
}

suite.test('an engine that keeps dying is given up with advice; Restart Server restores it', async (window) => {
  const { page } = window;
  const failed = page.locator('.statusbar-item', { hasText: 'RecSample: stopped' });
  await openUnknown(window);
  const column = window.treeItems.filter({ hasText: 'item_id' }).first();
  // An engine that dies five times within a minute is given up, if it read nothing: data is blamed for other deaths. On
  // a slow machine it may have to die more often, until five times are within a minute.
  for (;;) {
    await expandItem(window, 'items.parquet', column.or(failed).first());
    if (await failed.isVisible()) break;
    await collapseItem(window, 'items.parquet');
    // The tree may still show the columns of before the refresh.
    await until(
      page,
      async () => window.runningEngine !== null || (await failed.isVisible()),
      () => 'the next engine',
    );
    if (await failed.isVisible()) break;
    const engine = window.enginePid;
    sendSignal(engine, 'SIGKILL');
    await until(
      page,
      async () => await Promise.resolve(window.runningEngine !== engine),
      () => `the end of the engine ${engine}`,
    );
    // The tree asks the next engine for the columns.
    await window.execute('recsample.refreshSamples');
  }
  await window.screenshot('status-stopped');
  await window.resize(tallWindow);
  await failed.click();
  await page.locator('.statusbar-item[aria-label="RecSample: ready"]').waitFor();
  await expandItem(window, 'recall.parquet', window.treeItems.filter({ hasText: 'user_id' }).first());
  await collapseItem(window, 'recall.parquet');
});

suite.test('a killed engine is reported once in the status item, and the window stays usable', async (window) => {
  const { page } = window;
  await openUnknown(window);
  await expandItem(window, 'items.parquet', window.treeItems.filter({ hasText: 'item_id' }).first());
  // Collapse it again, because the tree draws only what fits.
  await collapseItem(window, 'items.parquet');
  process.kill(window.enginePid, 'SIGKILL');
  const said = page.locator('.statusbar-item', { hasText: 'RecSample: engine restarted' });
  await said.waitFor();
  await window.screenshot('status-engine-restarted');
  // The next request starts a new engine.
  await expandItem(window, 'dislikes.parquet', window.treeItems.filter({ hasText: 'reason' }).first());
  await collapseItem(window, 'dislikes.parquet');
  await said.click();
  await page.locator('.statusbar-item[aria-label="RecSample: ready"]').waitFor();
  await page.locator('.part.panel', { hasText: 'engine stopped unexpectedly: SIGKILL' }).waitFor();
});
