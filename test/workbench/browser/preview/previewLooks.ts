import assert from 'node:assert/strict';
import { focusedPart, focusIn, narrowWindows, press } from '../../harness/parts.ts';
import { ConfigEditor } from '../../harness/configEditor.ts';
import {
  activeUser,
  healthyUser,
  historiesConfig,
  PreviewView,
  recallConfig,
  showHistory,
} from '../../harness/previewView.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { themes } from '../../harness/window.ts';

/** The width of the minimap is for the text. */
const suite = workbenchSuite({ settings: { 'editor.minimap.enabled': false } });

suite.test('a preview and its config are shown side by side in four themes', async (window) => {
  await ConfigEditor.open(window, recallConfig);
  // So that no line is cut in the picture.
  await window.execute('editor.action.toggleWordWrap');
  const { view } = await PreviewView.open(window, recallConfig, 'recall');
  await view.clear();
  await view.pick(healthyUser);
  await view.drawn(1);
  await window.resize({ width: 1680, height: 800 });
  await window.execute('workbench.action.toggleSidebarVisibility');
  await view.users.first().waitFor();
  await view.draws.filter({ hasText: 'draw 1 of 2' }).dblclick();
  await view.frame.locator('rs-draw-list .why-lines').first().waitFor();
  await window.checkAccessibility(view.webview);
  for (const theme of themes) {
    await window.setTheme(theme);
    await window.themed(view.webview);
    await view.drawn(await view.users.count());
    await window.screenshot('preview');
  }
  // The demo copies columns. The chooser names the side of each.
  await view.button('Choose columns').click();
  await view.frame.getByRole('dialog', { name: 'Choose columns' }).waitFor();
  await view.frame.getByRole('button', { name: 'Show all' }).click();
  await view.frame.locator('rs-draw-list .heading', { hasText: 'log_q_mix' }).waitFor();
  await view.frame.locator('rs-draw-column-chooser .side').first().waitFor();
  // In the theme that the window has: test/webview/accessibility/previewStates.ts checks its colours in all.
  await window.screenshot('preview-columns');
  await window.checkAccessibility(view.webview);
  await window.resize({ width: 1440, height: 900 });
});

suite.test('a story shows which steps the request of a row sees, up to the cut-off', async (window) => {
  const { view } = await PreviewView.open(window, historiesConfig, 'fine_ranking');
  await view.clear();
  await view.pick(activeUser);
  await view.drawn(1);
  await showHistory(window, view.frame);
  assert.equal(await view.frame.locator('rs-story-chart .picture line.cutoff').count(), 2);
  await window.checkAccessibility(view.webview);
  for (const theme of themes) {
    await window.setTheme(theme);
    await window.themed(view.webview);
    await window.screenshot('story');
  }
  await window.execute('workbench.action.toggleMaximizeEditorGroup');
  await window.resize({ width: 1440, height: 900 });
});

suite.test('F6 goes through the parts of the preview', async (window) => {
  const { view } = await PreviewView.open(window, recallConfig, 'recall');
  await view.some();
  await view.draws.first().click();
  await focusIn(window, view.webview, /list/);
  const start = await focusedPart(view.webview);
  const seen: string[] = [];
  for (let k = 0; k < 8; k++) {
    const last = seen.at(-1) ?? start;
    await press(window, view.webview, 'F6', new RegExp(`^(?!${last}$|body$)`));
    seen.push(await focusedPart(view.webview));
    if (seen.at(-1) === start) break;
  }
  assert.equal(seen.at(-1), start, `F6 comes back to the draws, not ${seen.join(', ')}`);
  assert.ok(seen.length >= 4, `F6 goes through bar, users, draws and tools, not ${seen.join(', ')}`);
  await press(window, view.webview, 'Shift+F6', new RegExp(`^${seen.at(-2) ?? ''}$`));
  await press(window, view.webview, 'F6', new RegExp(`^${start}$`));
  await window.page.keyboard.press('ArrowDown');
  await view.frame.locator('rs-draw-list .line.active').and(view.frame.locator(':focus')).waitFor();
});

suite.test(
  'in a narrow window the tools of the preview are folded and unfolded',
  async (window) => {
    const { page } = window;
    const view = await PreviewView.of(window, recallConfig, 'recall');
    await window.execute('workbench.action.toggleMaximizeEditorGroup');
    const strip = view.button('Sliders and figures');
    const slider = view.frame.getByRole('slider').first();
    for (const { name, width, height } of narrowWindows) {
      await window.resize({ width, height });
      await strip.waitFor();
      const low = height < 600;
      if (low) await slider.waitFor({ state: 'hidden' });
      else await slider.waitFor();
      await window.screenshot(`narrow-preview-${name}`);
      await window.checkAccessibility(view.webview);
      await view.draws.first().waitFor();
      if (low) {
        await strip.click();
        await slider.waitFor();
        await window.screenshot(`narrow-preview-tools-${name}`);
        await window.checkAccessibility(view.webview);
        await page.keyboard.press('Escape');
        await slider.waitFor({ state: 'hidden' });
        await strip.and(view.frame.locator(':focus')).waitFor();
      } else {
        await strip.click();
        await slider.waitFor({ state: 'hidden' });
        await strip.click();
        await slider.waitFor();
      }
    }
    await window.execute('workbench.action.toggleMaximizeEditorGroup');
  },
  { continues: true },
);
