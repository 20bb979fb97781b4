import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigEditor } from '../harness/configEditor.ts';
import { PreviewView, recallConfig } from '../harness/previewView.ts';
import { workbenchSuite } from '../harness/suite.ts';
import { actUntil, until } from '../harness/until.ts';
import type { WorkbenchWindow } from '../harness/window.ts';

/** Another config for the same log, with more popular items. */
const hotter = 'configs/hotter.ratio.yaml';
const suite = workbenchSuite({
  // One of them is Git.
  allBuiltins: true,
  // Typed text is saved to disk at once, as is the default in a browser.
  settings: { 'files.autoSave': 'afterDelay', 'files.autoSaveDelay': 50, 'git.enabled': true },
  prepare: (folder) => {
    const text = readFileSync(path.join(folder, recallConfig), 'utf8');
    writeFileSync(
      path.join(folder, hotter),
      text
        .replace('share: 0.4, exponent: 0.75', 'share: 0.5, exponent: 1')
        .replace('global_random: 0.2', 'global_random: 0.1'),
    );
    const git = (...args: string[]): void => {
      execFileSync('git', ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args]);
    };
    git('init', '--quiet');
    git('add', 'configs');
    git('commit', '--quiet', '--message', 'Configs');
  },
});

const row = (window: WorkbenchWindow, text: RegExp) => window.quickInput.rows.filter({ hasText: text }).first();
const hotterSide = (view: PreviewView) => view.frame.getByRole('button', { name: /^Side A: hotter\.ratio\.yaml/ });

/** Opens the preview and compares it with the other config, unless it is compared already. */
async function openCompared(window: WorkbenchWindow): Promise<PreviewView> {
  const { view } = await PreviewView.open(window, recallConfig, 'recall');
  if (!(await hotterSide(view).isVisible())) {
    await view.some();
    await window.runCommand('RecSample: Compare Ratio Configs');
    await row(window, /hotter\.ratio\.yaml/).click();
  }
  await hotterSide(view).waitFor();
  await view.frame.locator('rs-compared-list .line').first().waitFor();
  return view;
}

suite.test('a window opens with every extension of VS Code, and a config has its lenses', async (window) => {
  await ConfigEditor.open(window, recallConfig);
});

suite.test(
  'the picker of a comparison offers another seed and other configs; one of them is compared',
  async (window) => {
    const { view } = await PreviewView.open(window, recallConfig, 'recall');
    await view.some();
    await window.runCommand('RecSample: Compare Ratio Configs');
    await row(window, /with another seed/).waitFor();
    await window.screenshot('preview-compare-pick');
    await row(window, /hotter\.ratio\.yaml/).click();
    await hotterSide(view).waitFor();
    await view.frame
      .locator('rs-compare-figures')
      .getByText(/popularity/)
      .first()
      .waitFor();
    await view.frame.locator('rs-compared-list .line').first().waitFor();
    await window.screenshot('preview-compare');
  },
  { continues: true },
);

suite.test(
  'a trial of two configs says why it has no verdict; after a change it runs again, and counts the configs before',
  async (window) => {
    const view = await openCompared(window);
    // The demo's log is too small for a verdict, and most of its eval positives are of new users or items.
    await view.button('Trial').click();
    const trial = await window.webview('Trial: hotter, recall');
    await trial.frame.getByText('Too few users or clicks in eval for a verdict').waitFor();
    await trial.frame.getByRole('heading', { name: 'No verdict' }).waitFor();
    await window.screenshot('trial');
    // The workspace remembers what was compared: the config of before is one more look at the same clicks.
    const config = path.join(window.folder, hotter);
    const changed = readFileSync(config, 'utf8').replace('share: 0.5, exponent: 1', 'share: 0.5, exponent: 0.9');
    // The watcher of the workbench starts some time after the window, without any event.
    await actUntil(trial.frame.getByText('The configs or options have changed since this run.'), () => {
      writeFileSync(config, changed);
      return Promise.resolve();
    });
    await trial.frame.getByRole('button', { name: 'Run again' }).first().click();
    await trial.frame.getByText('Other configs that were compared on this eval window before: 1').first().waitFor();
    await window.closeTab('Trial: hotter, recall');
  },
  { continues: true },
);

suite.test(
  'the texts of a comparison open side by side; a config is compared with another seed, and alone again',
  async (window) => {
    const view = await openCompared(window);
    await view.button('Show diff').click();
    await window.page.locator('.tab.active', { hasText: 'hotter.ratio.yaml ↔ recall.ratio.yaml' }).waitFor();
    await window.closeTab('hotter.ratio.yaml ↔ recall.ratio.yaml');

    await window.runCommand('RecSample: Compare Ratio Configs');
    await row(window, /with another seed/).click();
    await hotterSide(view).waitFor({ state: 'detached' });
    await view.frame.getByRole('button', { name: /^Side A: recall\.ratio\.yaml, seed-[0-9a-f]{8}$/ }).waitFor();
    await view.frame
      .locator('rs-compare-figures')
      .getByText(/seed-[0-9a-f]{8}/)
      .first()
      .waitFor();
    await view.button('Exit comparison').click();
    await view.draws.first().waitFor();
  },
  { continues: true },
);

suite.test('a typed pair is explained without a preview, and a drawn pair from its row', async (window) => {
  await ConfigEditor.open(window, recallConfig);
  await window.runCommand('RecSample: Explain a Pair');
  const view = await PreviewView.of(window, recallConfig, 'recall');
  const pane = view.frame.locator('rs-explain-pane');
  const item = pane.locator('input[name="item"]');
  await item.waitFor();
  await view.some();
  await item.fill('no such item');
  await item.press('Enter');
  const verdict = pane.getByRole('status');
  await verdict.filter({ hasText: /[Nn]ever/ }).waitFor();
  await pane.getByRole('button', { name: 'Close' }).click();

  await view.draws.first().click({ button: 'right' });
  await view.frame.getByRole('menuitem', { name: 'Explain the pair of user and item' }).click();
  await verdict.filter({ hasText: /^\s*Drawn/ }).waitFor();
  await window.screenshot('preview-explain');
});

suite.test(
  'another config for side B leaves side A and the panel as they are; the picker says which side it asks for',
  async (window) => {
    const { view } = await PreviewView.open(window, recallConfig, 'recall');
    await view.some();
    await view.draws.first().click();
    await window.page.keyboard.press('c');
    const side = (name: RegExp) => view.frame.getByRole('button', { name });
    await side(/^Side A: recall\.ratio\.yaml, as opened$/).waitFor();
    await side(/^Side B: recall\.ratio\.yaml, editing$/).click();
    await view.frame.getByRole('menuitem', { name: 'Another config…' }).click();
    await window.page.locator('.quick-input-title', { hasText: 'Compare Ratio Configs: Side B' }).waitFor();
    await window.screenshot('preview-compare-pick-side');
    await window.quickInput.rows
      .filter({ hasText: /hotter\.ratio\.yaml/ })
      .first()
      .click();
    await side(/^Side B: hotter\.ratio\.yaml/).waitFor();
    await side(/^Side A: recall\.ratio\.yaml, as opened$/).waitFor();
    await view.frame.locator('rs-compared-list .line').first().waitFor();
    await window.page.locator('.tab.active', { hasText: 'Preview: recall.ratio.yaml' }).waitFor();
    // The panel's own side is the saved text now.
    await window.runCommand('RecSample: Generate Sample File');
    await view.footer.getByText('Only the text in the editor can be generated. Exit the comparison first').waitFor();
    await window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await view.button('Exit comparison').click();
    await view.draws.first().waitFor();
    await view.slider('global_random').waitFor();
  },
);

suite.test(
  'with auto-save, slider keys are one undo step; opened or committed texts can be compared',
  async (window) => {
    const { editor, view } = await PreviewView.open(window, recallConfig, 'recall');
    await view.some();
    const { page } = window;
    const file = path.join(window.folder, recallConfig);
    const opened = readFileSync(file, 'utf8');
    const onDisk = (share: string) =>
      until(
        page,
        () => Promise.resolve(new RegExp(`global_random: ${share}\n`).test(readFileSync(file, 'utf8'))),
        () => `the share ${share} on the disk`,
      );
    const slider = view.slider('global_random');
    await slider.focus();
    for (const share of ['0\\.21', '0\\.22', '0\\.23']) {
      await slider.press('ArrowRight');
      await onDisk(share);
    }
    await editor.root
      .locator('.view-line', { hasText: /global_random:/ })
      .first()
      .click({ position: { x: 4, y: 8 } });
    await page.keyboard.press('Control+Z');
    await until(
      page,
      () => Promise.resolve(readFileSync(file, 'utf8') === opened),
      () => 'the text as opened on the disk',
    );
    await page.keyboard.press('Control+Shift+Z');
    await view.at('global_random', '0.23').waitFor();
    // While VS Code still saves the undone text, it counts the redone text as saved and does not write it. It does
    // write another edit.
    await slider.press('ArrowRight');
    await onDisk('0\\.24');

    const side = (name: RegExp) => view.frame.getByRole('button', { name });
    await view.draws.first().click();
    await page.keyboard.press('c');
    await side(/^Side A: recall\.ratio\.yaml, as opened$/).waitFor();
    await view.frame.locator('rs-compare-figures .changes', { hasText: 'global_random.share 0.2 → 0.24' }).waitFor();
    await side(/^Side A: /).click();
    await view.frame.getByRole('menuitem', { name: 'Another config…' }).click();
    const head = window.quickInput.rows.filter({ hasText: 'Git HEAD' }).first();
    await head.waitFor();
    await window.screenshot('preview-compare-earlier');
    await head.click();
    await side(/^Side A: recall\.ratio\.yaml, Git HEAD$/).waitFor();
    await view.frame.locator('rs-compare-figures .changes', { hasText: 'global_random.share 0.2 → 0.24' }).waitFor();
    await view.button('Show diff').click();
    await page.locator('.tab.active', { hasText: 'recall.ratio.yaml (Git HEAD) ↔ recall.ratio.yaml' }).waitFor();
    assert.ok(readFileSync(file, 'utf8') !== opened);
  },
);
