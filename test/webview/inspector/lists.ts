import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickCell, painted, stage } from '../browser.ts';

const { open, close } = stage();

test('the detail of a row has the steps of a sequence as rows, with a line at the time of the row', async () => {
  const view = await open({ width: 1440, height: 900, parameters: { scenario: 'lists', rows: 400 } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 2, 2);
  await page.keyboard.press('Space');
  const steps = page.locator('rs-detail rs-steps');
  const caption = steps.locator('header .caption');
  const cells = async (row: number): Promise<string[]> =>
    (await steps.locator('tbody tr').nth(row).locator('td').allTextContents()).map((text) => text.trim());
  // 10,000 steps are read in parts. The newest is below the line, and most are not drawn.
  await caption.filter({ hasText: '10,000 steps' }).waitFor();
  assert.equal(await steps.count(), 1);
  assert.deepEqual(await steps.locator('th').allTextContents(), ['#', 'before', 'item_id', 'category', 'ts']);
  assert.match((await cells(0)).join(), /^time of the row: 2026-03-01 00:07:12/);
  assert.deepEqual((await cells(1)).slice(0, 2), ['9999', '5 min 11 s']);
  assert.equal(await steps.locator('tbody tr').count(), 21);
  await steps.getByRole('button', { name: 'and 9,980 more' }).click();
  await steps.locator('tbody tr').nth(100).waitFor();
  assert.ok((await steps.locator('td', { hasText: '<b>Loft</b> & "roof"' }).count()) > 0, 'markup is text');
  // The next rows: no steps, NULL, steps after the row, and lists of other lengths.
  const next = page.getByRole('button', { name: 'Next row' });
  await next.click();
  await caption.filter({ hasText: 'no steps' }).waitFor();
  await next.click();
  await caption.filter({ hasText: 'null' }).waitFor();
  assert.equal(await steps.locator('table').count(), 0);
  await next.click();
  await steps.getByText('Steps at or after the time of the row: 3').waitFor();
  assert.equal(await steps.locator('tr.late').count(), 3);
  assert.match((await cells(0)).join(), /^5,12 min 28 s after,/);
  assert.match((await cells(3)).join(), /^time of the row/);
  await next.click();
  await steps.getByText('The lists differ in length').waitFor();
  const last = await cells(6);
  assert.deepEqual([last.slice(0, 3), last.at(-1)], [['5', '', ''], '']);
  await close(view);
});

test('columns show what lists hold: lengths, empty and full lists, order and sequence', async () => {
  const view = await open({ width: 1440, height: 900, parameters: { scenario: 'lists', rows: 400 } });
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+2');
  const row = page.locator('.column-row', { hasText: 'clicks__ts' });
  await row.getByText('0 … 50 elements, median 31').waitFor();
  await row.getByText('oldest first · 10.0 % empty · 40.0 % have 50').waitFor();
  await row.click();
  const card = page.getByRole('group', { name: 'Sequence clicks' });
  await card.waitFor();
  const expected = /empty\s*40 · 10.0 %\s*full \(50\)\s*160 · 40.0 %\s*order\s*oldest first/;
  assert.match((await card.textContent()) ?? '', expected);
  // A list without times has the order of the sequence too.
  await card.getByRole('button', { name: 'clicks__category' }).click();
  await page.locator('rs-column-detail header strong', { hasText: 'clicks__category' }).waitFor();
  assert.match((await card.textContent()) ?? '', /order\s*oldest first\s*rows with unequal lists\s*1/);
  assert.deepEqual(await card.locator('li').allTextContents(), ['clicks__item_id', 'clicks__ts', 'clicks__category']);
  await page.locator('.column-row', { hasText: 'clicks__category' }).getByText('1 of other length').first().waitFor();
  await close(view);
});
