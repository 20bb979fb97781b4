import assert from 'node:assert/strict';
import path from 'node:path';
import { Inspector } from '../../harness/inspector.ts';
import { inspectReport } from '../../harness/report.ts';
import { workbenchSuite } from '../../harness/suite.ts';

const suite = workbenchSuite();
const place = 'out/recall.parquet';

suite.test('rows are grouped by positive, and the time line filters the groups', async (window) => {
  const file = path.join(window.folder, place);
  const [{ sample }, { groups }] = await Promise.all([
    inspectReport(file),
    inspectReport(file, '--group-by', 'positive', '--rows', '3'),
  ]);
  assert.ok(groups);
  const inspector = await Inspector.open(window, place);
  const { frame } = inspector;
  await inspector.painted();
  await frame.getByLabel('Group by').selectOption('positive');
  await frame.getByText(`${groups.total.toLocaleString('en-US')} groups`).waitFor();
  const head = (line: number) => frame.locator(`.row.group[data-row="${line}"]`);
  await head(0).getByText(`${groups.list[0]?.rows} rows`).waitFor();
  await head(0).click();
  const rowsOf = (group: number) =>
    sample.filter((row) => groups.by.every((name, k) => String(row[name]) === groups.list[group]?.key[k]));
  const first = rowsOf(0);
  assert.equal(first.length, groups.list[0]?.rows);
  assert.equal(await inspector.text(1, 'item_id'), first[0]?.['item_id']);
  assert.equal(await inspector.text(first.length, 'item_id'), first.at(-1)?.['item_id']);
  await inspector.footer.getByText(`Group 1 of ${groups.total.toLocaleString('en-US')}`).waitFor();

  await window.page.keyboard.press('ArrowLeft');
  await window.page.keyboard.press('Alt+ArrowDown');
  await window.page.keyboard.press('ArrowRight');
  assert.equal(await inspector.text(2, 'item_id'), rowsOf(1)[0]?.['item_id']);

  await frame.getByLabel('Timeline').click();
  const strip = frame.getByRole('slider', { name: 'Filter by time' });
  await strip.focus();
  await strip.press('Home');
  await strip.press('Enter');
  const hour = sample.map((row) => String(row['ts']).slice(0, 13)).sort()[0] ?? '';
  const inHour = sample.filter((row) => String(row['ts']).startsWith(hour));
  await frame
    .locator('rs-filter-bar .count')
    .getByText(inHour.length.toLocaleString('en-US'), { exact: true })
    .waitFor();
  await strip.press('Escape');
  await frame.getByText(`${groups.total.toLocaleString('en-US')} groups`).waitFor();
});
