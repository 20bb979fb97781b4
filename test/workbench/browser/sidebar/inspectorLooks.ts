import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Inspector } from '../../harness/inspector.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { themes, type Webview, type WorkbenchWindow } from '../../harness/window.ts';
import { viewport } from '../../harness/windowContext.ts';

const suite = workbenchSuite();
const narrow = { width: 900, height: 700 };

/** One view as in the README: how to open it, and what to wait for. */
interface Look {
  readonly name: string;
  /** The window is narrow when it opens. */
  readonly opensNarrow?: true;
  readonly open: (window: WorkbenchWindow) => Promise<Inspector>;
}

/** The views of a good file, in an order in which each leads to the next. */
const views: readonly Look[] = [
  {
    name: 'rows',
    open: async (window) => {
      const inspector = await Inspector.open(window, 'out/recall.parquet');
      await inspector.tab('Rows');
      await inspector.filter('');
      await inspector.painted();
      await inspector.charted();
      await (await inspector.cell(3, 'item_id')).click();
      await inspector.detail.locator('rs-value svg').first().waitFor();
      return inspector;
    },
  },
  {
    name: 'columns',
    opensNarrow: true,
    open: async (window) => {
      const inspector = await Inspector.of(window, 'recall.parquet');
      await inspector.tab('Columns');
      await inspector.frame.locator('rs-filter-bar .count', { hasText: /Profile of \d/ }).waitFor();
      await inspector.frame.getByText('…', { exact: true }).first().waitFor({ state: 'detached' });
      await inspector.frame.locator('rs-column-detail rs-histogram svg').first().waitFor();
      return inspector;
    },
  },
  {
    name: 'file',
    open: async (window) => {
      const inspector = await Inspector.of(window, 'recall.parquet');
      await inspector.tab('File');
      await inspector.frame.getByRole('heading', { name: 'Row groups' }).waitFor();
      return inspector;
    },
  },
  {
    name: 'no-match',
    open: async (window) => {
      const inspector = await Inspector.of(window, 'recall.parquet');
      await inspector.tab('Rows');
      await inspector.filter('label = 1 AND draw > 5');
      await inspector.frame.getByRole('heading', { name: 'No rows match' }).waitFor();
      return inspector;
    },
  },
];

/** The views of damaged or unusual files. */
const troubles: readonly Look[] = [
  {
    name: 'failure',
    open: async (window) => {
      const inspector = await Inspector.open(window, 'out/cut.parquet');
      await inspector.frame.getByRole('alert').waitFor();
      return inspector;
    },
  },
  {
    name: 'notices',
    open: async (window) => {
      // Opened as a file, it would be a text.
      await window.page.locator('.tabs-container .tab', { hasText: 'ragged.csv' }).click();
      const inspector = await Inspector.of(window, 'ragged.csv');
      await inspector.painted();
      const toggle = inspector.frame.locator('.notice').getByRole('button', { name: /Show|Hide/ });
      if ((await toggle.textContent()) === 'Show') await toggle.click();
      await inspector.frame.locator('rs-notices').getByRole('region', { name: 'Bad rows' }).waitFor();
      return inspector;
    },
  },
];

/**
 * Shows each view in every theme; in the dark theme also in a narrow window. To open a view costs more than a theme, so
 * each is opened once: each in the next theme, so that all themes are those of a view that opens, and passes through
 * the others.
 */
async function show(window: WorkbenchWindow, looks: readonly Look[]): Promise<void> {
  for (const [k, { name, opensNarrow, open }] of looks.entries()) {
    const own = themes[k % themes.length] ?? 'dark';
    await window.setTheme(own);
    if (opensNarrow) await window.resize(narrow);
    const { webview } = await open(window);
    if (opensNarrow) await showNarrow(window, webview, name);
    // Dark comes last, unless the view opens in it: the narrow window follows in dark.
    for (const theme of [own, ...themes.filter((other) => other !== own).reverse()]) {
      await window.setTheme(theme);
      await window.themed(webview);
      await window.screenshot(name);
      await window.checkAccessibility(webview);
      if (name === looks.at(-1)?.name) await window.checkAccessibility(await window.webview('Inspector'));
    }
    // Last, because a grid that was narrow stays scrolled.
    await window.setTheme('dark');
    await showNarrow(window, webview, name);
  }
}

async function showNarrow(window: WorkbenchWindow, webview: Webview, name: string): Promise<void> {
  await window.resize(narrow);
  await window.themed(webview);
  await window.screenshot(`${name}-narrow`);
  await window.checkAccessibility(webview);
  await window.resize(viewport);
}

suite.test('the views of a file are accessible in every theme, wide and narrow', async (window) => {
  await window.openSideBar();
  await window.resizeSideBar(248);
  const glance = await window.webview('Inspector');
  await glance.frame.getByRole('button', { name: 'Start the Tour' }).waitFor();
  await window.checkAccessibility(glance);
  await window.screenshot('glance-empty');

  const inspector = await Inspector.open(window, 'out/recall.parquet');
  await window.toggle('recall.parquet');
  await inspector.painted();
  await inspector.tab('Columns');
  await inspector.frame
    .getByRole('row', { name: /^log_q/ })
    .getByRole('gridcell')
    .first()
    .click();
  await inspector.tab('Rows');
  await inspector.painted();
  // So that label and source are visible next to the detail.
  await inspector.columnMenu('category', 'Hide column');
  await inspector.painted();
  await (await inspector.cell(3, 'title')).click();
  for (let steps = 0; steps < 3; steps++) await window.page.keyboard.press('Alt+ArrowLeft');
  await window.page.keyboard.press('Space');
  await show(window, views);
});

suite.test('the views of damaged files are accessible too', async (window) => {
  await window.watching();
  const out = path.join(window.folder, 'out');
  const rejections = readFileSync(path.join(window.folder, 'data', 'rejections.csv'), 'utf8').split('\n');
  writeFileSync(
    path.join(out, 'ragged.csv'),
    rejections.map((line, k) => (k % 5 === 3 ? line.split(',').slice(0, 2).join(',') : line)).join('\n'),
  );
  writeFileSync(path.join(out, 'cut.parquet'), readFileSync(path.join(out, 'recall.parquet')).subarray(0, 20_000));
  await window.resizeSideBar(248);
  await window.treeItems.filter({ hasText: 'cut.parquet' }).waitFor();
  await window.openFile('out/ragged.csv');
  await window.runCommand('View: Reopen Editor With');
  await window.quickInput.rows.filter({ hasText: 'Sample Inspector' }).click();
  await Inspector.of(window, 'ragged.csv');
  await show(window, troubles);
  for (const name of ['ragged.csv', 'cut.parquet']) rmSync(path.join(out, name));
  // The tree moves when it notices this.
  await window.treeItems.filter({ hasText: 'cut.parquet' }).waitFor({ state: 'detached' });
});
