import assert from 'node:assert/strict';
import path from 'node:path';
import { Inspector } from '../../harness/inspector.ts';
import { inspectReport } from '../../harness/report.ts';
import { workbenchSuite } from '../../harness/suite.ts';

const suite = workbenchSuite();

suite.test('columns are found and ordered; the profile next to the grid follows the column', async (window) => {
  const { page } = window;
  const { columns } = await inspectReport(path.join(window.folder, 'out', 'recall.parquet'));
  const inspector = await Inspector.open(window, 'out/recall.parquet');
  const { frame } = inspector;
  await inspector.tab('Columns');
  await frame.getByLabel('Order').selectOption('distinct');
  const fewest = [...columns].sort((a, b) => a.distinct.value - b.distinct.value).map(({ name }) => name);
  const names = frame.locator('.column-row .name');
  await frame
    .locator('.column-row[aria-rowindex="3"] .name')
    .getByText(fewest[1] ?? '', { exact: true })
    .waitFor();
  await frame.getByRole('searchbox', { name: 'Find column' }).fill('positive item');
  await frame.getByText(`1 of ${columns.length} columns`).waitFor();
  assert.deepEqual(await names.allTextContents(), ['positive_item']);

  const items = await Inspector.open(window, 'data/items.parquet');
  await items.painted();
  await items.columnMenu('item_id', 'Show column profile');
  const pane = items.frame.getByRole('region', { name: 'Column profile' });
  await pane.getByText('All values are distinct.').waitFor();
  await page.keyboard.press('End');
  await pane.getByRole('heading', { name: 'Dimensions' }).waitFor();
  await pane.getByRole('img', { name: /^Norms of item_emb from / }).waitFor();
  await window.screenshot('columns-pane');
  await page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' });
});
