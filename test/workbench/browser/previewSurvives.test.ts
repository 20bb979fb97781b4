import assert from 'node:assert/strict';
import { PreviewView, recallConfig } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';

const suite = workbenchSuite();

suite.test('an engine that is killed is started again, and the same seed draws the same', async (window) => {
  const { view } = await PreviewView.open(window, recallConfig, 'recall');
  await view.some();
  const before = await view.rows();
  process.kill(window.enginePid, 'SIGKILL');
  await window.page.locator('.statusbar-item', { hasText: 'RecSample: engine restarted' }).waitFor();
  // A random seed could drop every positive of the user through downsample_hot.
  await view.seed.fill('summer');
  await view.seed.press('Enter');
  await view.rowsOnceOtherThan(before);
  await view.button('More actions').click();
  await view.frame.getByRole('menuitem', { name: 'Seed of the config' }).click();
  await view.rowsOnceLike(before);
});

suite.test(
  'after a reload of the window the preview is there again, with its users, its seed and its rows',
  async (window) => {
    const { view } = await PreviewView.open(window, recallConfig, 'recall');
    await view.some();
    const own = await view.rows();
    await view.seed.fill('spring');
    await view.seed.press('Enter');
    const before = await view.rowsOnceOtherThan(own);
    const ids = await view.ids();
    await window.reload();
    const again = await PreviewView.of(window, recallConfig, 'recall');
    await again.rowsOnceLike(before);
    assert.deepEqual([await again.ids(), await again.seed.inputValue()], [ids, 'spring']);
  },
);
