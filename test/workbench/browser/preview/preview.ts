import assert from 'node:assert/strict';
import { PreviewView, recallConfig } from '../../harness/previewView.ts';
import { workbenchSuite } from '../../harness/suite.ts';

const suite = workbenchSuite();

suite.test('a lens draws for two users; a slider edits the config, and undo reverts the edit', async (window) => {
  const { editor, view } = await PreviewView.open(window, recallConfig, 'recall');
  // Users are remembered, also those of the tests before.
  await view.some();
  await view.clear();
  await view.frame.getByRole('heading', { name: 'See what this stage draws for a user' }).waitFor();
  await view.add('heaviest', 'coldest');
  const [first = ''] = await view.ids();
  await view.choose(first);
  const before = await view.rows();
  assert.ok(before.length > 0);

  const slider = view.slider('global_random');
  await slider.focus();
  await slider.press('Shift+ArrowRight');
  await view.at('global_random', '0.30').waitFor();
  await editor.becomes('global_random:', /global_random: 0\.3(?!\d)/);
  // The other shares follow in proportion, each at its place in the text.
  assert.match(await editor.line('exposed_unclicked:'), /\{share: 0\.26\d*, seen: viewed/);
  await view.frame.getByText(/^Edits lines \d+ to \d+/).waitFor();
  await window.page.locator('.tab.dirty', { hasText: 'recall.ratio.yaml' }).first().waitFor();
  await view.rowsOnceOtherThan(before);

  await view.button('Undo').click();
  await editor.becomes('global_random:', /global_random: 0\.2(?!\d)/);
  await view.at('global_random', '0.20').waitFor();
  await window.page.locator('.tab.dirty').first().waitFor({ state: 'detached' });
  await view.rowsOnceLike(before);
});

suite.test(
  'ten slider keys are one undo step and a drag is another; Ctrl+Z reverts each completely',
  async (window) => {
    const { editor, view } = await PreviewView.open(window, recallConfig, 'recall');
    await view.some();
    const { page } = window;
    const share = (text: RegExp) => editor.root.locator('.view-line', { hasText: text }).first();
    const undo = async (): Promise<void> => {
      await share(/global_random:/).click({ position: { x: 4, y: 8 } });
      await page.keyboard.press('Control+Z');
      await view.at('global_random', '0.20').waitFor();
      await page.locator('.tab.dirty').first().waitFor({ state: 'detached' });
    };
    const slider = view.slider('global_random');
    await slider.focus();
    for (let k = 0; k < 10; k++) await slider.press('ArrowRight');
    await share(/global_random:\s0\.3(?!\d)/).waitFor();
    const byKeys = await editor.line('exposed_unclicked:');
    await undo();

    const track = await slider.boundingBox();
    assert.ok(track);
    const y = track.y + track.height / 2;
    await page.mouse.move(track.x + track.width * 0.2, y);
    await page.mouse.down();
    for (const place of [0.5, 1, 0.7, 0, 0.3]) await page.mouse.move(track.x + track.width * place, y, { steps: 3 });
    await share(/global_random:\s0\.3(?!\d)/).waitFor();
    await page.mouse.up();
    // The same final value reached in another way gives the same text.
    assert.equal(await editor.line('exposed_unclicked:'), byKeys);
    await undo();
  },
  { continues: true },
);

suite.test(
  'the preview follows the text as it is typed, and reports invalid parts with their line',
  async (window) => {
    const { editor, view } = await PreviewView.open(window, recallConfig, 'recall');
    await view.some();
    await editor.root.click();
    await editor.replace('source: rejected', 'source: refused');
    const notice = view.frame.locator('rs-preview-notices').getByText('host_refused is left out').first();
    await notice.waitFor();
    // Moves the cursor away, so that the status bar shows when the button has moved it to line 49.
    await editor.goTo('mix:');
    await view.button('Line 49').first().click();
    await window.page.locator('.statusbar-item', { hasText: 'Ln 49' }).waitFor();
    await editor.focused();
    await window.execute('workbench.action.files.revert');
    await notice.waitFor({ state: 'detached' });
  },
  { continues: true },
);

suite.test(
  'users are searched for in the data, picked, and remembered for every config on the same log',
  async (window) => {
    const { view } = await PreviewView.open(window, recallConfig, 'recall');
    await view.some();
    const [known = ''] = await view.ids();
    await view.clear();
    await view.button('Add user').first().click();
    const input = window.page.locator('.quick-input-widget input[type="text"]').first();
    const rows = window.quickInput.rows.filter({ hasText: 'shown' });
    await rows.nth(5).waitFor();
    await window.screenshot('preview-pick-users');
    // More ids have this prefix than are proposed: the answer has arrived, and nothing changes the list under the
    // mouse.
    await input.fill(known.slice(0, 12));
    await rows.nth(7).waitFor();
    await rows.filter({ hasText: known }).first().click();
    // Picked users stay while the user searches for others.
    await input.fill('');
    await rows.nth(5).waitFor();
    await window.quickInput.accept();
    await view.drawn(1);
    assert.deepEqual(await view.ids(), [known]);
    await window.execute('workbench.action.closeAllEditors');
    const other = await PreviewView.open(window, 'configs/fine_ranking.ratio.yaml', 'fine_ranking');
    await other.view.drawn(1);
    assert.deepEqual(await other.view.ids(), [known]);
  },
  { continues: true },
);

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
  { continues: true },
);
