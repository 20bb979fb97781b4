import assert from 'node:assert/strict';
import { Inspector } from '../../harness/inspector.ts';
import { PreviewView, recallConfig } from '../../harness/previewView.ts';
import { pressUntil } from '../../harness/quickInput.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import type { WorkbenchWindow } from '../../harness/window.ts';

const suite = workbenchSuite();

const written = /recall\.parquet: [\d,]+ rows, [\d.]+ kB, /;

/** Chooses a row of the palette or of the search for files with Enter. */
async function choose({ quickInput, page }: WorkbenchWindow, key: string, text: string, name: string): Promise<void> {
  await quickInput.open(key, text);
  await quickInput.named(name).waitFor();
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor();
  await page.keyboard.press('Enter');
}

suite.test('without a mouse: inspect and filter', async (window) => {
  const { page } = window;
  const { keyboard } = page;
  await choose(window, 'Control+P', 'out/recall.parquet', 'recall.parquet');
  const inspector = await Inspector.of(window, 'recall.parquet');
  await inspector.painted();
  const field = inspector.frame.locator('rs-expression-field input:focus');
  await pressUntil(page, 'Control+F', field);
  await keyboard.type('lab');
  await inspector.frame.getByRole('option', { name: /label/ }).first().waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Tab');
  assert.equal(await field.inputValue(), 'label');
  await keyboard.type(' = 1');
  await keyboard.press('Enter');
  await inspector.frame.locator('rs-filter-bar .count', { hasText: /^[\d,]+ of [\d,]+ rows$/ }).waitFor();
});

suite.test(
  'without a mouse: preview, explain a draw, a story and a pair',
  async (window) => {
    const { page } = window;
    const { keyboard } = page;
    await choose(window, 'Control+P', recallConfig, 'recall.ratio.yaml');
    await page.locator('.tab.active', { hasText: 'recall.ratio.yaml' }).waitFor();
    await choose(window, 'F1', '>Preview Sampler for Users', 'RecSample: Preview Sampler for Users');
    const view = await PreviewView.of(window, recallConfig, 'recall');
    await view.draws.first().waitFor();
    // A new preview has the focus. To focus its group again would take it from the list for a moment, and lose keys.
    await view.frame.locator('rs-draw-list .line.active:focus').waitFor();
    await keyboard.press('ArrowDown');
    await view.frame.locator('rs-draw-list .line.draw.active:focus').waitFor();
    await keyboard.press('Enter');
    await view.frame.locator('rs-draw-list .why-lines').first().waitFor();
    await window.checkAccessibility(view.webview);

    await choose(window, 'F1', ">Show a User's Story", "RecSample: Show a User's Story");
    await window.quickInput.labelled(/^\d+$/).and(page.locator('.focused')).waitFor();
    await window.quickInput.accept();
    await view.frame.locator('rs-story-chart .plot:focus').waitFor();
    await keyboard.press('Alt+ArrowRight');
    await view.frame.locator('#story-reading .mono').waitFor();
    await window.checkAccessibility(view.webview);
    await window.screenshot('preview-story');
    await keyboard.press('Escape');
    await view.draws.first().waitFor();

    await choose(window, 'F1', '>Explain a Pair', 'RecSample: Explain a Pair');
    await view.frame.locator('rs-explain-pane input[name="item"]:focus').waitFor();
    const item = await view.frame.locator('#pair-items option').nth(1).getAttribute('value');
    await keyboard.type(item ?? '');
    await keyboard.press('Enter');
    await view.frame.locator('rs-explain-pane .verdict').first().waitFor();
  },
  { continues: true },
);

suite.test(
  'without a mouse: from a row to the story of its user, generate',
  async (window) => {
    const { page } = window;
    const { keyboard } = page;
    // The grid leads to the story of the user of a row.
    await choose(window, 'Control+P', 'out/recall.parquet', 'recall.parquet');
    const again = await Inspector.of(window, 'recall.parquet');
    await again.painted();
    const grid = again.frame.locator('rs-grid :focus');
    for (let parts = 0; parts < 8 && (await grid.count()) === 0; parts++) await keyboard.press('F6');
    await keyboard.press('ArrowDown');
    const own = await again.text(1, 'user_id');
    await keyboard.press('h');
    const { frame } = await PreviewView.of(window, recallConfig, 'recall');
    await frame.locator('rs-story-pane header .mono', { hasText: own }).waitFor();
    await frame.locator('rs-story-chart .plot').waitFor();

    await choose(window, 'F1', '>Generate Sample File', 'RecSample: Generate Sample File');
    const target = window.quickInput.labelled(/Write to out\/recall\.parquet$/);
    // The split is that of the preview.
    await target.waitFor();
    await window.quickInput.accept();
    await page.locator('.notification-toast', { hasText: written }).first().waitFor();
  },
  { continues: true, toasts: [written, /Writing recall\.parquet/] },
);
