import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fakeValue } from '../fakeData.ts';
import { clickCell, painted, requests, stage, until } from '../browser.ts';

const { open, close } = stage();

test('one cell is copied as its value alone; the menu offers the header too', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 2);
  const copied = async (): Promise<unknown> => {
    await until(
      page,
      () => window.fake.copied,
      (text) => text !== '',
    );
    const text = await page.evaluate(() => window.fake.copied);
    await page.evaluate(() => {
      window.fake.copied = '';
    });
    return text;
  };
  const value = String(fakeValue(1, 0));
  await page.keyboard.press('Control+c');
  assert.equal(await copied(), value);
  await page.getByText('Copied 1 cell').waitFor();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Copy with headers' }).click();
  assert.equal(await copied(), `user_id\n${value}`);
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Copy value' }).click();
  assert.equal(await copied(), value);
  const last = (await requests(page, 'copy')).at(-1) as { format: string };
  assert.equal(last.format, 'value');
  await close(view);
});

test('integer times show their date in the grid, in the detail and in Columns; a copy is the integer', async () => {
  const view = await open({ parameters: { scenario: 'epoch' } });
  const { page } = view;
  await painted(page);
  const cell = page.locator('rs-grid .row[aria-rowindex="3"] .cell[aria-colindex="9"]');
  await cell.getByText('1780000000124').waitFor();
  assert.equal(await cell.textContent(), '1780000000124 2026-05-28 20:26:40.124Z');
  // The column is as wide as integer and date.
  assert.ok(await cell.evaluate((element) => element.scrollWidth <= element.clientWidth));
  await cell.click();
  await page.keyboard.press(' ');
  await page.locator('rs-value', { hasText: 'ts' }).getByText('2026-05-28 20:26:40.124Z').waitFor();
  await page.keyboard.press('Alt+2');
  const row = page.locator('rs-columns .column-row', { hasText: /^\s*ts/ });
  await row.getByText('2026-05-28 20:43:19.123Z').waitFor();
  await row.click();
  await page.locator('rs-column-detail').getByText('1780000000123 · 2026-05-28 20:26:40.123Z').waitFor();
  await close(view);
});

test('after a restart of the server, what failed is read again, and what is shown stays', async () => {
  const view = await open({ parameters: { scenario: 'failure' } });
  const { page } = view;
  const restart = (): Promise<void> => page.evaluate(() => window.fake.send('restarted', null));
  await page.getByText('recall.parquet is cut short').waitFor();
  await restart();
  await painted(page);
  const shown = (await requests(page, 'page')).length;
  await restart();
  await page.keyboard.press('Alt+5');
  await page.locator('rs-file').waitFor();
  assert.equal((await requests(page, 'open')).length, 2);
  assert.equal((await requests(page, 'page')).length, shown);
  await close(view);
});

test('a column that cannot be read is hidden with one click', async () => {
  const view = await open({ parameters: { damaged: 3, scenario: 'column' } });
  const { page } = view;
  await page.getByText('A page of recall.parquet is damaged').waitFor();
  const header = page.locator('rs-grid [role=columnheader]', { hasText: 'title' });
  await header.waitFor();
  await page.getByRole('button', { name: 'Hide column' }).click();
  await header.waitFor({ state: 'detached' });
  await close(view);
});
