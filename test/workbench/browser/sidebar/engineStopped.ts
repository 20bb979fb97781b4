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
  await window.openSideBar();
  // An engine that dies five times within a minute is given up, if it read nothing: data is blamed for other deaths. On
  // a slow machine it may have to die more often, until five times are within a minute. Each round has a file of its
  // own, so its column shows that this engine has answered, and no file is blamed twice. The tree draws only what fits:
  // the files are its first ones.
  for (let round = 1; ; round++) {
    const file = `a-round-${round}.csv`;
    const column = `round_${round}`;
    window.addFile(`data/${file}`, `${column},user_id,item_id,label\n3,1,2,0\n`);
    await window.execute('recsample.refreshSamples');
    await expandItem(window, file, window.treeItems.filter({ hasText: column }).or(failed).first());
    if (await failed.isVisible()) break;
    await collapseItem(window, file);
    const engine = window.enginePid;
    sendSignal(engine, 'SIGKILL');
    await until(
      page,
      async () => await Promise.resolve(window.runningEngine !== engine),
      () => `the end of the engine ${engine}`,
    );
  }
  await window.screenshot('status-stopped');
  await window.resize(tallWindow);
  await failed.click();
  await page.locator('.statusbar-item[aria-label="RecSample: ready"]').waitFor();
  // The tree reads what it could not read before.
  await window.treeItems.filter({ hasText: /^round_/ }).waitFor();
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
