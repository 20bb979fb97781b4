import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { demoVersion } from '../../../examples/demo/world.ts';
import { Inspector } from '../harness/inspector.ts';
import { inspectReport } from '../harness/report.ts';
import { workbenchSuite } from '../harness/suite.ts';

const suite = workbenchSuite();
const grouped = (count: number): string => count.toLocaleString('en-US');
const numberOf = (text: string | null): number => Number((text ?? '').replaceAll(',', ''));

/** The table below a heading of the tab. */
const section = (inspector: Inspector, heading: string) =>
  inspector.frame
    .locator('rs-file section')
    .filter({ has: inspector.frame.getByRole('heading', { name: heading, exact: true }) });

suite.test('a Parquet file: where it lies, how each column is stored, its row groups and metadata', async (window) => {
  const file = path.join(window.folder, 'out', 'recall.parquet');
  const { rows, columns } = await inspectReport(file, '--rows', '0');
  const inspector = await Inspector.open(window, 'out/recall.parquet');
  await inspector.tab('File');
  const storage = section(inspector, 'Storage');
  await storage.getByText(file, { exact: true }).waitFor();
  await storage.getByText(`(${grouped(statSync(file).size)} bytes)`).waitFor();

  const stored = section(inspector, 'Columns as stored').locator('tbody tr');
  await stored.first().waitFor();
  // Parquet stores a list by its values: item_emb.list.element.
  const names = await stored.locator('td:first-child').allTextContents();
  assert.deepEqual(
    names.map((name) => name.split('.')[0]),
    columns.map(({ name }) => name),
  );
  await stored
    .filter({ hasText: 'user_id' })
    .filter({ hasText: 'INT64' })
    .filter({ hasText: /ZSTD|SNAPPY/ })
    .first()
    .waitFor();

  const groups = section(inspector, 'Row groups').locator('tbody tr');
  const perGroup = await groups.locator('td:nth-child(2)').allTextContents();
  assert.equal(
    perGroup.reduce((sum, text) => sum + numberOf(text), 0),
    rows,
  );
  const generator = section(inspector, 'Key-value metadata').locator('dt', { hasText: 'generator' });
  assert.equal(await generator.locator('xpath=following-sibling::dd[1]').innerText(), `recsample demo ${demoVersion}`);
});

suite.test(
  'a folder of partitions, opened from the tree: one data set with its files and their partitions',
  async (window) => {
    const folder = path.join(window.folder, 'data', 'impressions');
    const days = readdirSync(folder).sort();
    const { rows } = await inspectReport(folder, '--rows', '0');
    await window.openSideBar();
    const item = window.treeItems.filter({ hasText: 'impressions/' }).first();
    await item.hover();
    await item.getByRole('button', { name: 'Inspect Sample File' }).click();
    const inspector = await Inspector.of(window, 'impressions');
    await inspector.painted();
    await (await inspector.cell(0, 'user_id')).click();
    await window.page.keyboard.press('End');
    assert.equal(await inspector.text(0, 'dt'), days[0]?.slice('dt='.length));
    await inspector.frame.locator('.facts', { hasText: `${grouped(rows)} rows` }).waitFor();
    await inspector.tab('File');
    const files = section(inspector, 'Files').locator('tbody tr');
    await files.first().waitFor();
    assert.deepEqual(
      await files.locator('td:nth-child(1)').allTextContents(),
      days.map((day) => `${day}/part-0.parquet`),
    );
    assert.deepEqual(
      await files.locator('td:nth-child(2)').allTextContents(),
      days.map((day) => day.slice('dt='.length)),
    );
    assert.equal(
      (await files.locator('td:nth-child(3)').allTextContents()).reduce((sum, text) => sum + numberOf(text), 0),
      rows,
    );
    await section(inspector, 'Storage').getByText('dt', { exact: true }).waitFor();
    await window.screenshot('file-partitions');
  },
);
