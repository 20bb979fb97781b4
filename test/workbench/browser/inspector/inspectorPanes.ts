import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { Inspector } from '../../harness/inspector.ts';
import { focusIn, narrowWindows, press } from '../../harness/parts.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { until } from '../../harness/until.ts';

const suite = workbenchSuite();
const place = 'out/recall.parquet';

const activeCell = (inspector: Inspector, row: number): Locator =>
  inspector.frame.locator(`.row[data-row="${row}"] .cell.active`);

/** Checks that grid, detail and footer show the same row, 1-based. */
async function holdRow(inspector: Inspector, row: number): Promise<void> {
  await inspector.footer.getByText(`Row ${row} of`).waitFor();
  await activeCell(inspector, row - 1).waitFor();
  await inspector.detail
    .getByText(await inspector.text(row - 1, 'item_id'), { exact: true })
    .first()
    .waitFor();
}

suite.test('grid, detail and footer show one active row, over tabs and filters', async (window) => {
  const { page } = window;
  const inspector = await Inspector.open(window, place);
  await inspector.painted();
  await (await inspector.cell(9, 'item_id')).click();
  await page.keyboard.press('Space');
  await holdRow(inspector, 10);
  await inspector.tab('Columns');
  await inspector.tab('Rows');
  await holdRow(inspector, 10);
  await inspector.detail.getByRole('heading', { name: 'Row 10' }).waitFor();

  // Other rows start at the first one, also after a change of tab.
  await inspector.filter('label = 0');
  await holdRow(inspector, 1);
  await inspector.tab('File');
  await inspector.tab('Rows');
  await holdRow(inspector, 1);
  await (await inspector.cell(4, 'title')).click();
  await holdRow(inspector, 5);
  await activeCell(inspector, 4)
    .and(await inspector.cell(4, 'title'))
    .waitFor();
});

suite.test(
  'F6 goes through the parts of the inspector, and the arrow keys work after VS Code gives the focus back',
  async (window) => {
    const { page } = window;
    const other = await Inspector.open(window, 'data/items.parquet');
    await other.painted();
    const inspector = await Inspector.open(window, place);
    await inspector.painted();
    // The file was opened by keyboard, so the user has not clicked into it yet.
    await focusIn(window, inspector.webview, /rs-grid/);
    await page.keyboard.press('ArrowDown');
    await inspector.footer.getByText('Row 2 of').waitFor();
    await (await inspector.cell(3, 'item_id')).click();
    await page.keyboard.press('Space');
    await inspector.detail.waitFor();
    for (const part of [/rs-detail|pane/, /tabs/, /filter/, /rs-grid/])
      await press(window, inspector.webview, 'F6', part);
    await page.keyboard.press('ArrowDown');
    await inspector.footer.getByText('Row 5 of').waitFor();
    for (const part of [/filter/, /tabs/, /rs-detail|pane/, /rs-grid/])
      await press(window, inspector.webview, 'Shift+F6', part);
    await page.keyboard.press('ArrowDown');
    await inspector.footer.getByText('Row 6 of').waitFor();

    // VS Code focuses only the window of the webview: after its palette closes, and on F6 from the side bar.
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
    await focusIn(window, inspector.webview, /rs-grid/);
    await page.keyboard.press('ArrowDown');
    await inspector.footer.getByText('Row 7 of').waitFor();
    await window.openSideBar();
    await window.treeItems.first().focus();
    await press(window, inspector.webview, 'F6', /rs-grid/);
    await page.keyboard.press('ArrowDown');
    await inspector.footer.getByText('Row 8 of').waitFor();

    // A key of the inspector must not reach VS Code too: Alt+2 is its second editor.
    await page.keyboard.press('Alt+2');
    await inspector.frame.getByRole('tab', { name: 'Columns', selected: true }).waitFor();
    await page.keyboard.press('Alt+1');
    await inspector.frame.getByRole('tab', { name: 'Rows', selected: true }).waitFor();
    assert.match((await page.locator('.tab.active').textContent()) ?? '', /recall\.parquet/);
  },
);

/** The width in pixels, from the left, of a box that another box does not cover. */
async function leftBeside(left: Locator, over: Locator): Promise<number> {
  const [under, pane] = [await left.boundingBox(), await over.boundingBox()];
  assert.ok(under && pane);
  return pane.x - under.x;
}

suite.test('in a narrow window panes lie over the rows and the columns, and can be closed', async (window) => {
  const { page } = window;
  const inspector = await Inspector.open(window, place);
  await inspector.painted();
  for (const { name, width, height } of narrowWindows) {
    await window.resize({ width, height });
    await inspector.tab('Rows');
    await inspector.painted();
    // By keyboard: the driver scrolls the grid to reach a cell that is partly hidden, and may then click another row.
    await inspector.grid.focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await inspector.footer.getByText('Row 3 of').waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await inspector.detail.waitFor();
    // The active column and most rows stay visible; the footer is a separate line below.
    const active = activeCell(inspector, 2);
    await active.waitFor();
    // The grid moves when it has noticed the detail.
    await until(
      page,
      async () => (await leftBeside(active, inspector.detail)) > 24,
      () => `the active column beside the detail at ${name}`,
    );
    const [grid, footer, copy] = [
      await inspector.grid.boundingBox(),
      await inspector.footer.boundingBox(),
      await inspector.detail.getByRole('button', { name: 'Copy as JSON' }).boundingBox(),
    ];
    assert.ok(grid && footer && copy);
    assert.ok(grid.height > 130, `the grid has ${grid.height} pixels at ${name}`);
    assert.ok(copy.y + copy.height <= footer.y, `the actions of the detail are on the footer at ${name}`);
    await window.screenshot(`narrow-rows-${name}`);
    await window.checkAccessibility(inspector.webview);
    await page.keyboard.press('ArrowDown');
    await inspector.footer.getByText('Row 4 of').waitFor();
    await page.keyboard.press('Escape');
    await inspector.detail.waitFor({ state: 'detached' });
    await page.keyboard.press('Space');
    await inspector.detail.getByRole('button', { name: 'Close' }).click();
    await inspector.detail.waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    await inspector.footer.getByText('Row 5 of').waitFor();

    await inspector.tab('Columns');
    const pane = inspector.frame.locator('rs-column-detail');
    assert.equal(await pane.count(), 0);
    const row = inspector.frame.getByRole('row', { name: /^item_id/ });
    await row.getByRole('gridcell').first().click();
    await pane.locator('.figures').waitFor();
    assert.ok((await leftBeside(row, pane)) > 60, `the list of columns is covered at ${name}`);
    await window.screenshot(`narrow-columns-${name}`);
    await window.checkAccessibility(inspector.webview);
    await page.keyboard.press('Enter');
    await pane.locator(':focus').waitFor();
    await page.keyboard.press('Escape');
    await pane.waitFor({ state: 'detached' });
    await row.and(inspector.frame.locator(':focus')).waitFor();
  }
});
