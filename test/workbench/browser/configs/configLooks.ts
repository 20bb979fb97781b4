import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigEditor } from '../../harness/configEditor.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { themes, type WorkbenchWindow } from '../../harness/window.ts';

const summer = 'configs/summer.ratio.yaml';
/** Typical mistakes added to the good recall config. */
const changes = [
  [/^#.*$/m, '# Summer push: more exposure feedback, and some hard negatives.'],
  ['seed: demo', 'seed: summer-push'],
  ['      downsample_hot: {threshold: 1.0e-3}\n', ''],
  ['host_refused: {source: rejected, share: 0.05, exclude: none}', 'hard_rank: {share: 0.1, ranks: [1, 500]}'],
  ['global_random: 0.2', 'global_random: 0.25'],
] as const;

const suite = workbenchSuite();

/** Adds the config to the workspace. The trees notice it. */
async function addSummer(window: WorkbenchWindow): Promise<string> {
  const good = readFileSync(path.join(window.folder, 'configs', 'recall.ratio.yaml'), 'utf8');
  const file = path.join(window.folder, summer);
  await window.watching();
  writeFileSync(
    file,
    changes.reduce((text, [from, to]) => text.replace(from, to), good),
  );
  return file;
}

const item = (window: WorkbenchWindow, text: string) => window.treeItems.filter({ hasText: text }).first();

suite.test('findings, hints, lenses, hover, quick fixes, completion, tree and glance of a config', async (window) => {
  // Not there from the start: the Problems view would show its findings in the tests of other parts.
  const file = await addSummer(window);
  try {
    await window.resizeSideBar(280);
    const editor = await ConfigEditor.openFromTree(window, summer);
    await window.expand('summer.ratio.yaml', item(window, 'hard_rank'));
    await window.execute('workbench.panel.markers.view.focus');
    for (const rule of ['config/share-sum', 'recall/hard-window', 'recall/hot-positives'])
      await window.page.locator('.markers-panel .monaco-list-row', { hasText: rule }).waitFor();
    const glance = await window.webview('Inspector');
    await glance.frame.getByText('Mix, sum 1.1 of 1').waitFor();
    await editor.goTo('popularity:');
    await window.screenshot('config');
    await editor.rest('popularity');
    // The hover stays open.
    for (const theme of themes) {
      await window.setTheme(theme);
      await editor.hover.getByText('The weight of an item').first().waitFor();
      await window.screenshot('config-hover');
      await window.checkAccessibility(glance);
    }
    // The next two are lists of VS Code, in one theme.
    await window.setTheme('light');
    await editor.goTo('mix:');
    await editor.openFixesByKey();
    await editor.actions.first().waitFor();
    await window.screenshot('config-actions');
    await window.page.keyboard.press('Escape');
    await editor.goTo('category]}');
    await editor.propose('title');
    await editor.suggestions.filter({ hasText: 'title' }).first().waitFor();
    await window.screenshot('config-completion');
    await window.page.keyboard.press('Escape');
  } finally {
    // Without it, the tests of other parts would see its findings.
    rmSync(file);
  }
  // The tree moves when it notices this. A click of the next test could then meet another row.
  await item(window, 'summer.ratio.yaml').waitFor({ state: 'detached' });
});
