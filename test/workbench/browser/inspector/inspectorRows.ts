import assert from 'node:assert/strict';
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Inspector } from '../../harness/inspector.ts';
import { inspectReport } from '../../harness/report.ts';
import { workbenchSuite } from '../../harness/suite.ts';
import type { WorkbenchWindow } from '../../harness/window.ts';

const suite = workbenchSuite();
const place = 'out/recall.parquet';
const report = (window: WorkbenchWindow, ...options: readonly string[]) =>
  inspectReport(path.join(window.folder, place), ...options);

suite.test(
  'Parquet opens in the inspector; the ids are those of the file, from the first row to the last',
  async (window) => {
    const { rows, sample } = await report(window);
    const inspector = await Inspector.open(window, place);
    for (const column of ['user_id', 'item_id', 'title']) {
      for (const row of [0, 1, 2])
        assert.equal(await inspector.text(row, column), sample[row]?.[column], `${column} of row ${row}`);
    }
    await (await inspector.cell(0, 'item_id')).click();
    await inspector.window.page.keyboard.press('Control+ArrowDown');
    assert.equal(await inspector.text(rows - 1, 'item_id'), sample.at(-1)?.['item_id']);
    await inspector.footer
      .getByText(`Row ${rows.toLocaleString('en-US')} of ${rows.toLocaleString('en-US')}`)
      .waitFor();

    await inspector.window.page.keyboard.press('Control+G');
    await inspector.footer.getByRole('textbox').fill('1,000');
    await inspector.footer.getByRole('textbox').press('Enter');
    assert.equal(await inspector.text(999, 'item_id'), sample[999]?.['item_id']);
    await inspector.footer.getByText('Row 1,000 of').waitFor();
  },
);

suite.test('a click on a header sorts: ascending, descending, file order', async (window) => {
  const { sample } = await report(window);
  // All ids have the same length, so text order equals number order.
  const ids = sample.map((row) => String(row['item_id'])).sort();
  const inspector = await Inspector.open(window, place);
  await inspector.painted();
  await inspector.header('item_id').click();
  await inspector.header('item_id').and(inspector.frame.locator('[aria-sort="ascending"]')).waitFor();
  await inspector.painted();
  for (const row of [0, 1, 20]) assert.equal(await inspector.text(row, 'item_id'), ids[row]);
  await inspector.header('item_id').click();
  await inspector.header('item_id').and(inspector.frame.locator('[aria-sort="descending"]')).waitFor();
  await inspector.painted();
  for (const row of [0, 1, 20]) assert.equal(await inspector.text(row, 'item_id'), ids.at(-1 - row));
  await inspector.header('item_id').click();
  await inspector.header('item_id').and(inspector.frame.locator('[aria-sort="none"]')).waitFor();
  await inspector.painted();
  assert.equal(await inspector.text(0, 'item_id'), sample[0]?.['item_id']);
});

suite.test(
  'an expression and a chip filter the rows, alone and together',
  async (window) => {
    const [both, positives] = await Promise.all([
      report(window, '--where', "log_q < -5 AND city = '杭州'", '--rows', '5'),
      report(window, '--where', 'label = 1', '--rows', '1'),
    ]);
    const inspector = await Inspector.open(window, place);
    const { frame } = inspector;
    const count = frame.locator('rs-filter-bar .count');

    await inspector.filter('log_q < -5');
    await frame.getByRole('button', { name: 'Add filter' }).click();
    const popup = frame.getByRole('dialog', { name: 'Add filter' });
    await popup.getByLabel('Column').selectOption('city');
    await popup.getByRole('textbox', { name: 'Value' }).fill('杭州');
    await popup.getByRole('button', { name: 'Add', exact: true }).click();
    await count.getByText(both.rows.toLocaleString('en-US'), { exact: true }).waitFor();
    await inspector.painted();
    for (const row of [0, 1, 2]) assert.equal(await inspector.text(row, 'item_id'), both.sample[row]?.['item_id']);

    // The error of an expression is shown below it, and the rows stay.
    const field = frame.getByRole('combobox', { name: 'Expression' });
    await field.fill('log_p < -5');
    await frame.getByRole('alert').filter({ hasText: 'log_p' }).waitFor();
    await count.getByText(both.rows.toLocaleString('en-US'), { exact: true }).waitFor();
    await field.press('Escape');

    await frame.getByRole('button', { name: 'Clear all' }).click();
    await count.waitFor({ state: 'detached' });

    // F on a cell filters the rows with its value.
    await inspector.painted();
    await inspector.filter('label = 1');
    await count.getByText(positives.rows.toLocaleString('en-US'), { exact: true }).waitFor();
    await inspector.painted();
    await (await inspector.cell(0, 'item_id')).click();
    await window.page.keyboard.press('f');
    await frame.getByRole('button', { name: `Remove item_id = ${String(positives.sample[0]?.['item_id'])}` }).waitFor();
  },
  { continues: true },
);

suite.test('a copied range is exact, with the names of its columns', async (window) => {
  const { sample } = await report(window);
  const inspector = await Inspector.open(window, place);
  await inspector.painted();
  await (await inspector.cell(0, 'user_id')).click();
  await (await inspector.cell(2, 'city')).click({ modifiers: ['Shift'] });
  await inspector.footer.getByText('12 cells selected').waitFor();
  await window.page.keyboard.press('Control+C');
  await inspector.footer.getByText('Copied 12 cells, 3 × 4').waitFor();
  const columns = ['user_id', 'item_id', 'title', 'city'];
  const expected = [columns, ...sample.slice(0, 3).map((row) => columns.map((column) => row[column]))]
    .map((cells) => cells.join('\t'))
    .join('\n');
  assert.equal((await clipboard(window)).trimEnd(), expected);

  // A whole row: floats that the grid shortens are copied with all digits.
  await (await inspector.cell(2, 'user_id')).click();
  await window.page.keyboard.press('Shift+Space');
  await window.page.keyboard.press('Control+Shift+C');
  await inspector.footer.getByText('Copied 12 cells, 1 × 12').waitFor();
  const copied = (await clipboard(window)).trimEnd().split('\t');
  assert.deepEqual(
    copied.slice(0, 11),
    Object.values(sample[2] ?? {})
      .slice(0, 11)
      .map(String),
  );
});

suite.test(
  'the detail has every value of the row, the embedding among them',
  async (window) => {
    const { sample } = await report(window);
    const inspector = await Inspector.open(window, place);
    await inspector.painted();
    await (await inspector.cell(1, 'title')).click();
    await window.page.keyboard.press('Space');
    const { detail } = inspector;
    for (const column of ['user_id', 'item_id', 'title', 'source', 'ts'])
      await detail.getByText(String(sample[1]?.[column]), { exact: true }).first().waitFor();
    await detail.getByText('16 numbers').waitFor();
    await detail.locator('rs-value svg').first().waitFor();
    await detail.getByRole('button', { name: 'Next row' }).click();
    await detail.getByRole('heading', { name: 'Row 3' }).waitFor();
    await detail.getByText(String(sample[2]?.['item_id']), { exact: true }).first().waitFor();
    await detail.getByRole('button', { name: 'Copy as JSON' }).click();
    await inspector.footer.getByText('Copied the row as JSON').waitFor();
    assert.match(await clipboard(window), new RegExp(`"item_id": ?"?${String(sample[2]?.['item_id'])}"?[,\\s]`));
  },
  { continues: true },
);

suite.test('a rewritten file is read again in place; a removed one is reported until it returns', async (window) => {
  await window.watching();
  const file = path.join(window.folder, 'out', 'changing.parquet');
  const put = (from: string): void => {
    copyFileSync(path.join(window.folder, from), `${file}.next`);
    renameSync(`${file}.next`, file);
  };
  put('data/items.parquet');
  const [items, users] = await Promise.all(
    ['items', 'users'].map((name) => inspectReport(path.join(window.folder, 'data', `${name}.parquet`))),
  );
  assert.ok(items && users);
  const inspector = await Inspector.open(window, 'out/changing.parquet');
  const facts = inspector.frame.locator('.facts');
  await facts.getByText(`${items.rows.toLocaleString('en-US')} rows`).waitFor();
  assert.equal(await inspector.text(0, 'item_id'), items.sample[0]?.['item_id']);
  await inspector.filter('item_id > 0');

  put('data/users.parquet');
  await inspector.frame.getByText('The file changed on disk and was read again.').waitFor();
  await facts.getByText(`${users.rows.toLocaleString('en-US')} rows`).waitFor();
  // The filter names a column that no longer exists: the view shows an error with a way out.
  await inspector.frame.locator('rs-failure').filter({ hasText: 'item_id' }).waitFor();
  await window.screenshot('changed-filter');
  await inspector.frame.locator('rs-failure').getByRole('button', { name: 'Clear all' }).click();
  assert.equal(await inspector.text(0, 'user_id'), users.sample[0]?.['user_id']);
  await window.screenshot('changed');

  rmSync(file);
  const gone = inspector.frame.getByRole('heading', { name: 'There is no such file or folder' });
  await gone.waitFor();
  await window.screenshot('removed');
  await inspector.frame.getByRole('button', { name: 'Try again' }).click();
  await gone.waitFor();
  // The view notices when the file returns; no reload is needed.
  put('data/items.parquet');
  await gone.waitFor({ state: 'detached' });
  assert.equal(await inspector.text(0, 'item_id'), items.sample[0]?.['item_id']);
  rmSync(file);
  // The tree moves when it notices this.
  await window.treeItems.filter({ hasText: 'changing.parquet' }).waitFor({ state: 'detached' });
});

/** The text in the window's clipboard. */
function clipboard(window: WorkbenchWindow): Promise<string> {
  return window.page.evaluate<string>('navigator.clipboard.readText()');
}
