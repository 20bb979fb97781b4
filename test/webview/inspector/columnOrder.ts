import { test } from 'node:test';
import assert from 'node:assert/strict';
import { painted, stage, until } from '../browser.ts';

const { open, close } = stage();

/** Names of the drawn columns from top to bottom. */
const names = (): string =>
  [...document.querySelectorAll<HTMLElement>('.column-row')]
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
    .map((row) => row.querySelector('.name')?.textContent?.trim() ?? '')
    .join();

test('columns are found by name, type and role, and ordered by role, nulls and distinct values', async () => {
  const view = await open({ parameters: { rows: 5000 } });
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+2');
  const shown = (accept: (found: string) => boolean): Promise<string> => until(page, names, accept);
  await shown((found) => found.startsWith('user_id,item_id,title'));
  const search = page.getByRole('searchbox', { name: 'Find column' });
  await search.fill('struct');
  await shown((found) => found === 'context');
  await page.getByText('1 of 12 columns').waitFor();
  await search.fill('positive item');
  await shown((found) => found === 'positive_item');
  await search.fill('nowhere');
  await page.getByText('No column matches the search.').waitFor();
  await search.fill('');
  const order = page.getByLabel('Order');
  await order.selectOption('nulls');
  await shown((found) => found.startsWith('source,log_q,draw,city'));
  await order.selectOption('distinct');
  await shown((found) => found.startsWith('label,source,city'));
  await order.selectOption('name');
  await shown((found) => found.startsWith('city,context,draw'));
  await page.locator('.column-row').first().click();
  await page.keyboard.press('ArrowDown');
  await until(
    page,
    () => document.querySelector('.column-row.chosen .name')?.textContent?.trim(),
    (name) => name === 'context',
  );
  assert.equal(await page.locator('.column-row.chosen').getAttribute('aria-rowindex'), '3');
  await close(view);
});
