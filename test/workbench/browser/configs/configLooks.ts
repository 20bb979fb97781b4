import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigEditor } from '../../harness/configEditor.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { expandStage } from '../../harness/treeItem.ts';
import { themes, type Webview, type WorkbenchWindow } from '../../harness/window.ts';

const summer = 'configs/summer.ratio.yaml';
/** Typical mistakes added to the good recall config. */
const changes = [
  [/^#.*$/m, '# Summer push: more exposure feedback, and some hard negatives.'],
  ['seed: demo', 'seed: summer-push'],
  ['      downsample_hot: {threshold: 1.0e-3}\n', ''],
  ['        host_refused: {source: rejected, share: 0.05, exclude: none}\n', ''],
  // The tree shows the first entries without scrolling.
  ['        exposed_unclicked:', '        hard_rank: {share: 0.1, ranks: [1, 500]}\n        exposed_unclicked:'],
  ['global_random: 0.2', 'global_random: 0.25'],
] as const;

const suite = workbenchSuite();

const item = (window: WorkbenchWindow, text: string) => window.treeItems.filter({ hasText: text }).first();

/** Adds the config to the workspace and opens it next to its items, its findings and its glance, unless it is there. */
async function openSummer(
  window: WorkbenchWindow,
): Promise<{ readonly editor: ConfigEditor; readonly glance: Webview }> {
  // Not there from the start: the Problems view would show its findings in the tests of other parts.
  if (!existsSync(path.join(window.folder, summer))) {
    await window.watching();
    const good = readFileSync(path.join(window.folder, 'configs', 'recall.ratio.yaml'), 'utf8');
    window.addFile(
      summer,
      changes.reduce((text, [from, to]) => text.replace(from, to), good),
    );
    await window.resizeSideBar(280);
    await ConfigEditor.openFromTree(window, summer);
    await expandStage(window, 'summer.ratio.yaml', item(window, 'hard_rank'));
    await window.execute('workbench.panel.markers.view.focus');
  }
  const editor = await ConfigEditor.shown(window, summer);
  const glance = await window.webview('Inspector');
  await glance.frame.getByText('Mix, sum 1.1 of 1').waitFor();
  return { editor, glance };
}

suite.test('a window opens on a workspace and lists its configs next to its samples', async (window) => {
  await window.openSideBar();
  for (const stage of ['recall', 'coarse_ranking', 'fine_ranking']) await item(window, `${stage}.ratio.yaml`).waitFor();
});

suite.test(
  'a config that is added has lenses, findings in the Problems view, items in the tree, and a glance',
  async (window) => {
    const { editor } = await openSummer(window);
    await item(window, 'hard_rank').waitFor();
    for (const rule of ['config/share-sum', 'recall/hard-window', 'recall/hot-positives'])
      await window.page.locator('.markers-panel .monaco-list-row', { hasText: rule }).waitFor();
    await editor.goTo('popularity:');
    await window.screenshot('config');
  },
  { continues: true },
);

suite.test(
  'the hover of a source and the glance of its config are shown in every theme',
  async (window) => {
    const { editor, glance } = await openSummer(window);
    await editor.goTo('popularity:');
    await editor.rest('popularity');
    await window.checkAccessibility(glance);
    // The hover stays open.
    for (const theme of themes) {
      await window.setTheme(theme);
      await editor.hover.getByText('The weight of an item').first().waitFor();
      await window.screenshot('config-hover');
    }
  },
  { continues: true },
);

suite.test(
  'quick fixes and completion of a config are lists of VS Code',
  async (window) => {
    const { editor } = await openSummer(window);
    // VS Code draws them, so one theme is enough.
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
  },
  { continues: true },
);
