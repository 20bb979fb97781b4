import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Inspector } from '../../harness/inspector.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { tallWindow } from '../../harness/parts.ts';
import { checkColours } from '../../harness/themeColours.ts';
import { themes, type Theme, type Webview, type WorkbenchWindow } from '../../harness/window.ts';
import { viewport } from '../../harness/windowContext.ts';
import { themes as pageThemes } from '../../../webview/themes.ts';

const suite = workbenchSuite();
const narrow = { width: 900, height: 700 };

/** One view as in the README: how to open it, and what to wait for. */
interface Look {
  readonly name: string;
  /** It opens in this theme. Then the theme changes to dark. */
  readonly theme: Theme;
  /** The window is narrow when it opens; otherwise it becomes narrow. */
  readonly opensNarrow?: true;
  readonly open: (window: WorkbenchWindow) => Promise<Inspector>;
}

const place = 'out/recall.parquet';

const columns: Look = {
  name: 'columns',
  theme: 'light',
  opensNarrow: true,
  open: async (window) => {
    // Rows out of view are not profiled.
    await window.resize({ ...narrow, height: tallWindow.height });
    const inspector = await Inspector.open(window, place);
    await inspector.tab('Columns');
    await inspector.frame.locator('rs-filter-bar .count', { hasText: /Profile of \d/ }).waitFor();
    await inspector.frame.getByText('…', { exact: true }).first().waitFor({ state: 'detached' });
    await window.resize(narrow);
    await inspector.frame
      .getByRole('row', { name: /^log_q/ })
      .getByRole('gridcell')
      .first()
      .click();
    // A row under the mouse would be highlighted when the window becomes wider.
    await window.page.mouse.move(0, 0);
    await inspector.frame.locator('rs-column-detail rs-histogram svg').first().waitFor();
    return inspector;
  },
};

const file: Look = {
  name: 'file',
  theme: 'hc',
  open: async (window) => {
    const inspector = await Inspector.open(window, place);
    await inspector.tab('File');
    await inspector.frame.getByRole('heading', { name: 'Row groups' }).waitFor();
    return inspector;
  },
};

const noMatch: Look = {
  name: 'no-match',
  theme: 'hc-light',
  open: async (window) => {
    const inspector = await Inspector.open(window, place);
    await inspector.tab('Rows');
    await inspector.filter('label = 1 AND draw > 5');
    await inspector.frame.getByRole('heading', { name: 'No rows match' }).waitFor();
    return inspector;
  },
};

/** The views of damaged or unusual files. */
const troubles: readonly Look[] = [
  {
    name: 'failure',
    theme: 'dark',
    open: async (window) => {
      const inspector = await Inspector.open(window, 'out/cut.parquet');
      await inspector.frame.getByRole('alert').waitFor();
      return inspector;
    },
  },
  {
    name: 'notices',
    theme: 'light',
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
 * Shows a view in its theme and in dark, where axe checks it. It is narrow in dark, or in its own theme if it opens so.
 * `test/webview/accessibility` checks the colours of all views in all themes.
 */
async function show(window: WorkbenchWindow, { name, theme, opensNarrow, open }: Look): Promise<void> {
  await window.setTheme(theme);
  if (opensNarrow) await window.resize(narrow);
  const { webview } = await open(window);
  if (opensNarrow) await showNarrow(window, webview, name);
  for (const each of new Set([theme, 'dark'] as const)) {
    await window.setTheme(each);
    await window.themed(webview);
    await window.screenshot(name);
  }
  await window.checkAccessibility(webview);
  // Last, because a grid that was narrow stays scrolled.
  if (!opensNarrow) await showNarrow(window, webview, name);
}

async function showNarrow(window: WorkbenchWindow, webview: Webview, name: string): Promise<void> {
  await window.resize(narrow);
  await window.themed(webview);
  await window.screenshot(`${name}-narrow`);
  await window.checkAccessibility(webview);
  await window.resize(viewport);
}

suite.test('a window opens, and its glance is empty and offers the tour', async (window) => {
  await window.openSideBar();
  await window.resizeSideBar(248);
  const glance = await window.webview('Inspector');
  await glance.frame.getByRole('button', { name: 'Start the Tour' }).waitFor();
  await window.checkAccessibility(glance);
  await window.screenshot('glance-empty');
});

suite.test(
  'rows and their glance are shown in every theme; the tests of pages have the colours of VS Code',
  async (window) => {
    await window.openSideBar();
    await window.resizeSideBar(248);
    const glance = await window.webview('Inspector');
    const inspector = await Inspector.open(window, place);
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
    await inspector.charted();
    await (await inspector.cell(3, 'item_id')).click();
    await inspector.detail.locator('rs-value svg').first().waitFor();
    // `inspectorPanes.ts` checks rows in narrow windows.
    await window.checkAccessibility(inspector.webview);
    await window.checkAccessibility(glance);
    for (const theme of themes) {
      await window.setTheme(theme);
      await window.themed(inspector.webview);
      await checkColours(inspector.webview, pageThemes[theme === 'hc' ? 'hc-dark' : theme]);
      await window.screenshot('rows');
    }
  },
  { continues: true },
);

suite.test('the columns of a file are accessible, wide and narrow', (window) => show(window, columns), {
  continues: true,
});

suite.test(
  'the storage of a file, and a filter without rows, are accessible, wide and narrow',
  async (window) => {
    for (const look of [file, noMatch]) await show(window, look);
  },
  { continues: true },
);

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
  for (const look of troubles) await show(window, look);
  for (const name of ['ragged.csv', 'cut.parquet']) rmSync(path.join(out, name));
  // The tree moves when it notices this.
  await window.treeItems.filter({ hasText: 'cut.parquet' }).waitFor({ state: 'detached' });
});
