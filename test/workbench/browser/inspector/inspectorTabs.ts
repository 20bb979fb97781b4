import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { demoVersion } from '../../../../examples/demo/world.ts';
import { Inspector } from '../../harness/inspector.ts';
import { tallWindow } from '../../harness/parts.ts';
import { inspectReport, type Report } from '../../harness/report.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import { expandItem } from '../../harness/treeItem.ts';
import type { WorkbenchWindow } from '../../harness/window.ts';

const suite = workbenchSuite();
const place = 'out/recall.parquet';
const report = (window: WorkbenchWindow, ...options: readonly string[]) =>
  inspectReport(path.join(window.folder, place), ...options);

const grouped = (count: number): string => count.toLocaleString('en-US');
const row = (inspector: Inspector, column: string) =>
  inspector.frame.getByRole('row', { name: new RegExp(`^${column} `) });

/** Compares the tab's figures for every column with those of the command line. */
async function hold(inspector: Inspector, { rows, columns }: Report): Promise<void> {
  await inspector.frame.locator('rs-filter-bar .count', { hasText: `Profile of ${grouped(rows)} rows` }).waitFor();
  for (const { name, nulls, distinct } of columns) {
    const cells = row(inspector, name).getByRole('gridcell');
    await cells
      .nth(2)
      .and(inspector.frame.locator(`[title="${grouped(nulls)} nulls"]`))
      .waitFor();
    assert.match(
      (await cells.nth(3).textContent()) ?? '',
      new RegExp(`^${distinct.exact ? '' : '≈ '}${grouped(distinct.value)}${distinct.exact ? '' : 'estimate'}$`),
      `distinct values of ${name}`,
    );
  }
  for (const { name, min, max, top } of columns.filter((column) =>
    ['user_id', 'item_id', 'ts'].includes(column.name),
  )) {
    await row(inspector, name).getByRole('gridcell').first().click();
    const detail = inspector.frame.locator('rs-column-detail');
    await detail.locator('header', { hasText: name }).waitFor();
    await detail.locator('.figures').waitFor();
    const figures = (await detail.locator('.figures').textContent()) ?? '';
    assert.ok(figures.includes(String(min)), `min ${String(min)} of ${name} in ${figures}`);
    assert.ok(figures.includes(String(max)), `max ${String(max)} of ${name} in ${figures}`);
    const listed = await detail
      .locator('table tr')
      .evaluateAll((lines: readonly { textContent: string | null }[]) =>
        lines.map((line) => (line.textContent ?? '').replaceAll(/\s+/g, ' ')),
      );
    assert.equal(listed.length, top.length, `top values of ${name}`);
    top.forEach(({ value, count }, k) =>
      assert.ok(
        listed[k]?.includes(String(value)) && listed[k].includes(grouped(count)),
        `${String(value)} × ${count} of ${name} in ${String(listed[k])}`,
      ),
    );
  }
}

const numberOf = (text: string | null): number => Number((text ?? '').replaceAll(',', ''));

/** The table below a heading of the tab. */
const section = (inspector: Inspector, heading: string) =>
  inspector.frame
    .locator('rs-file section')
    .filter({ has: inspector.frame.getByRole('heading', { name: heading, exact: true }) });

suite.test('a Parquet file: where it lies, how each column is stored, its row groups and metadata', async (window) => {
  const file = path.join(window.folder, 'out', 'recall.parquet');
  const { rows, columns } = await inspectReport(file);
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
  'a folder of partitions, opened from the tree: one data set with its files and their partitions, and a story by stage',
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
    // Four configs read the log, two of them for fine ranking: the person chooses whose draws the story shows.
    await window.page.keyboard.press('h');
    for (const stage of ['recall', 'coarse_ranking', 'fine_ranking'])
      await window.quickInput
        .labelled(new RegExp(`^\\s*${stage}$`))
        .first()
        .waitFor();
    // In the order of the funnel, not in that of the names of the configs.
    const labels = await window.quickInput.rows.locator('.label-name').allTextContents();
    assert.deepEqual(
      labels.map((label) => label.trim()).filter((label) => /^\w+$/.test(label)),
      ['recall', 'coarse_ranking', 'fine_ranking', 'fine_ranking'],
    );
    await window.screenshot('story-stage');
    await window.page.keyboard.press('Escape');
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

suite.test(
  'the profiles are those of the command line, of all rows and of those that a filter keeps',
  async (window) => {
    const [all, kept] = await Promise.all([
      report(window),
      report(window, '--where', 'label = 0 AND log_q < -5', '--rows', '0'),
    ]);
    const inspector = await Inspector.open(window, place);
    await inspector.tab('Columns');
    await hold(inspector, all);
    await inspector.filter('label = 0 AND log_q < -5');
    await hold(inspector, kept);
  },
);

suite.test('a top value becomes a filter by a click', async (window) => {
  const { columns } = await report(window);
  const [most] = columns.find(({ name }) => name === 'source')?.top ?? [];
  assert.ok(most);
  const inspector = await Inspector.open(window, place);
  await inspector.tab('Columns');
  await row(inspector, 'source').getByRole('gridcell').first().click();
  await inspector.frame.getByRole('button', { name: String(most.value), exact: true }).click();
  await inspector.frame
    .locator('rs-filter-bar .count', { hasText: `Profile of ${grouped(most.count)} rows` })
    .waitFor();
  await inspector.frame.getByRole('button', { name: `Remove source is ${String(most.value)}` }).waitFor();
});

suite.test('a role names its declaring line, ids are marked as distinct, a filter shows its rows', async (window) => {
  await window.openSideBar();
  const inspector = await Inspector.open(window, 'data/items.parquet');
  const { frame } = inspector;
  const { rows } = await inspectReport(path.join(window.folder, 'data', 'items.parquet'));
  await inspector.tab('Columns');
  await row(inspector, 'item_id').getByRole('gridcell').first().click();
  const detail = frame.locator('rs-column-detail');
  await detail.getByText('All values are distinct.').waitFor();
  const reason = detail.getByText(/^Declared in \w+\.ratio\.yaml, line \d+$/);
  await reason.waitFor();
  const [, config = '', line = ''] = /in (\S+), line (\d+)/.exec((await reason.textContent()) ?? '') ?? [];
  assert.match(
    readFileSync(path.join(window.folder, 'configs', config), 'utf8').split('\n')[Number(line) - 1] ?? '',
    /item: item_id/,
  );
  await detail.locator('header', { hasText: 'item_id' }).waitFor();
  await window.screenshot('columns-declared');

  const glance = await window.webview('Inspector');
  await inspector.tab('Rows');
  await inspector.filter("city = '杭州'");
  await glance.frame.getByText(new RegExp(`^[\\d,]+ of ${grouped(rows)} rows`)).waitFor();
  await inspector.filter("city = 'nowhere'");
  await frame.getByRole('heading', { name: 'No rows match' }).waitFor();
  await inspector.header('item_id').waitFor();
  await glance.frame.getByText(new RegExp(`^0 of ${grouped(rows)} rows`)).waitFor();
});

/**
 * Pins and hides columns, filters and sorts the rows, and opens the detail of row 700, unless they are arranged
 * already.
 * @returns its item
 */
async function arrangeRows(inspector: Inspector): Promise<string> {
  const { keyboard } = inspector.window.page;
  const expression = inspector.frame.getByRole('combobox', { name: 'Expression' });
  if ((await expression.inputValue()) === 'label = 0') return await inspector.text(699, 'item_id');
  await inspector.columnMenu('title', 'Pin');
  await inspector
    .header('title')
    .filter({ has: inspector.frame.locator('.codicon-pinned') })
    .waitFor();
  await inspector.columnMenu('category', 'Hide column');
  await inspector.header('category').waitFor({ state: 'detached' });
  await inspector.filter('label = 0');
  await inspector.columnMenu('item_id', 'Sort descending');
  await inspector.header('item_id').and(inspector.frame.locator('[aria-sort="descending"]')).waitFor();
  await inspector.painted();
  await (await inspector.cell(0, 'item_id')).click();
  await keyboard.press('Control+G');
  await inspector.footer.getByRole('textbox').fill('700');
  await inspector.footer.getByRole('textbox').press('Enter');
  await inspector.footer.getByText('Row 700 of').waitFor();
  await keyboard.press('Space');
  await inspector.detail.waitFor();
  return await inspector.text(699, 'item_id');
}

/** Checks that everything is as `arrangeRows` left it. */
async function areArranged(inspector: Inspector, item: string, rows: number): Promise<void> {
  assert.equal(await inspector.text(699, 'item_id'), item);
  await inspector.footer.getByText(`Row 700 of ${grouped(rows)}`).waitFor();
  await inspector.frame
    .locator('.row[data-row="699"] .cell.active')
    .and(await inspector.cell(699, 'item_id'))
    .waitFor();
  await inspector.header('item_id').and(inspector.frame.locator('[aria-sort="descending"]')).waitFor();
  await inspector
    .header('title')
    .filter({ has: inspector.frame.locator('.codicon-pinned') })
    .waitFor();
  assert.equal(await inspector.header('category').count(), 0);
  assert.equal(await inspector.frame.getByRole('combobox', { name: 'Expression' }).inputValue(), 'label = 0');
  await inspector.detail.getByText(item, { exact: true }).first().waitFor();
}

/** What shows that the label of the file is a weight. */
const weight = (inspector: Inspector) =>
  inspector.header('label').and(inspector.frame.locator('[aria-label*="weight"]'));

/** Opens the file next to the side bar. Its label is a weight, set by the native quick pick unless it is one. */
async function openWeighted(window: WorkbenchWindow): Promise<Inspector> {
  await window.resize(tallWindow);
  await window.openSideBar();
  const inspector = await Inspector.open(window, place);
  await inspector.tab('Rows');
  await inspector.header('label').waitFor();
  if (!(await weight(inspector).isVisible())) {
    await inspector.painted();
    await inspector.columnMenu('label', 'Set role');
    await window.quickInput.rows.filter({ hasText: 'weight' }).first().click();
  }
  await weight(inspector).waitFor();
  return inspector;
}

suite.test('a role is set by the native quick pick and shown in the grid, the tree and the glance', async (window) => {
  const { labels } = await report(window);
  const clicked = labels?.positive ?? 0;
  await window.resize(tallWindow);
  await window.openSideBar();
  await Inspector.open(window, place);
  const glance = await window.webview('Inspector');
  await glance.frame.getByText('Positives').waitFor();
  await glance.frame.locator('dd', { hasText: grouped(clicked) }).waitFor();
  // Its last columns become visible, including the label.
  await expandItem(window, 'recall.parquet', window.treeItems.filter({ hasText: 'user_id' }).first());
  await window.page.keyboard.press('End');
  // Without a label there is nothing to count.
  await openWeighted(window);
  await window.treeItems.filter({ hasText: 'label' }).filter({ hasText: '· weight' }).waitFor();
  await glance.frame.getByText('Positives').waitFor({ state: 'detached' });
  // The next test needs the first item, and a tree draws only what fits.
  await window.execute('workbench.actions.treeView.recsample.samples.collapseAll');
});

/** Opens the columns of a second file, and a folder from the tree, unless they are open. */
async function openOthers(window: WorkbenchWindow): Promise<void> {
  if (await window.page.locator('.tabs-container .tab', { hasText: 'impressions' }).isVisible()) return;
  const items = await Inspector.open(window, 'data/items.parquet');
  await items.tab('Columns');
  await items.frame.getByRole('row', { name: /^city/ }).click();
  await items.frame.locator('rs-column-detail header', { hasText: 'city' }).waitFor();
  await window.openSideBar();
  const impressions = window.treeItems.filter({ hasText: 'impressions/' }).first();
  await impressions.hover();
  await impressions.getByRole('button', { name: 'Inspect Sample File' }).click();
  await window.webview('impressions');
}

suite.test(
  'columns are pinned and hidden, rows are filtered and sorted, and a row is found by its number',
  async (window) => {
    const { rows } = await report(window, '--where', 'label = 0', '--rows', '0');
    await openOthers(window);
    const inspector = await openWeighted(window);
    await areArranged(inspector, await arrangeRows(inspector), rows);
  },
  { continues: true },
);

// A reload costs as much as half a window, so one has to keep everything.
suite.test(
  'a reload keeps a role that was set, columns pinned and hidden, the filter, the sorting, the row, and other tabs',
  async (window) => {
    const { rows } = await report(window, '--where', 'label = 0', '--rows', '0');
    await openOthers(window);
    const before = await arrangeRows(await openWeighted(window));

    await window.reload();
    const after = await Inspector.of(window, 'recall.parquet');
    await areArranged(after, before, rows);
    await weight(after).waitFor();

    await window.page.locator('.tabs-container .tab', { hasText: 'impressions' }).click();
    await (await Inspector.of(window, 'impressions')).painted();

    await window.openFile('data/items.parquet');
    const again = await Inspector.of(window, 'items.parquet');
    await again.frame.getByRole('tab', { name: 'Columns', selected: true }).waitFor();
    await again.frame.locator('rs-column-detail header', { hasText: 'city' }).waitFor();
  },
  { continues: true },
);

suite.test(
  'a role that was set says so next to the profile of its column, where it is changed',
  async (window) => {
    const inspector = await openWeighted(window);
    await inspector.tab('Columns');
    await row(inspector, 'label').getByRole('gridcell').first().click();
    const detail = inspector.frame.locator('rs-column-detail');
    await detail.getByText('Set by you').waitFor();
    await detail.getByRole('button', { name: 'weight', exact: true }).click();
    await window.quickInput.rows.filter({ hasText: 'label' }).first().click();
    await detail.getByRole('button', { name: 'label', exact: true }).waitFor();
    await (await window.webview('Inspector')).frame.getByText('Positives').waitFor();
  },
  { continues: true },
);
