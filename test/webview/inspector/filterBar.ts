import assert from 'node:assert/strict';
import { test } from 'node:test';
import { painted, requests, stage, until } from '../browser.ts';

const { open, close } = stage();

test('the expression proposes columns, functions and values; the keyboard chooses, Enter without a choice filters', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  const field = page.getByRole('combobox', { name: 'Expression' });
  await field.pressSequentially('ci');
  assert.equal(await field.getAttribute('aria-expanded'), 'true');
  assert.equal(await field.getAttribute('aria-activedescendant'), null);
  await field.press('ArrowDown');
  const chosen = await field.getAttribute('aria-activedescendant');
  assert.match((await page.locator(`#${chosen}`).textContent()) ?? '', /^\s*city/);
  await field.press('Tab');
  assert.equal(await field.inputValue(), 'city');
  await field.pressSequentially(' = 杭');
  await page.getByRole('option', { name: /杭州.*rows/s }).click();
  assert.equal(await field.inputValue(), "city = '杭州'");
  await field.pressSequentially(' an');
  await field.press('ArrowDown');
  await field.press('Enter');
  await page.getByRole('option', { name: 'length(text or list)' }).waitFor();
  await field.press('Escape');
  assert.equal(await page.getByRole('listbox').count(), 0);
  assert.equal(await field.inputValue(), "city = '杭州' and ");
  await field.pressSequentially('label = 0');
  await field.press('Enter');
  const view0 = await until(
    page,
    () => window.fake.requests.filter(({ method }) => method === 'count').length,
    (count) => count > 0,
  );
  assert.equal(view0, 1);
  const asked = (await requests(page, 'count')).at(-1)?.['view'] as { filter: { expression: string } };
  assert.equal(asked.filter.expression, "city = '杭州' and label = 0");
  // The tab of the file has no filter: Ctrl+F leads to the one of the rows.
  await page.keyboard.press('Alt+5');
  await field.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+f');
  await page.locator('rs-expression-field input:focus').waitFor();
  await close(view);
});

test('a drag over a small chart filters by its range, a click by its bar; the menu asks for the same range', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  const chartOf = (column: string) => page.locator('.head-cell', { hasText: column }).locator('.head-chart svg');
  const box = await chartOf('log_q').boundingBox();
  assert.ok(box);
  const { x, y, width, height } = box;
  await page.mouse.move(x + width * 0.3, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.6, y + height / 2, { steps: 3 });
  await page.locator('.head-chart .brush').waitFor();
  await page.mouse.up();
  await page.locator('rs-filter-bar .chip', { hasText: /log_q between −?\d/ }).waitFor();
  assert.equal(await page.locator('.head-chart .brush').count(), 0);
  await page.getByRole('button', { name: /^Remove log_q/ }).click();
  await chartOf('label').click({ position: { x: 3, y: 20 } });
  await page.locator('rs-filter-bar .chip', { hasText: 'label = 0' }).waitFor();
  assert.equal(await page.locator('.head-cell[aria-sort="ascending"]').count(), 0, 'a click on a chart does not sort');
  // With the keyboard. The range of the column is known when its profile of the filtered rows is there.
  // The grid draws its header a frame after the chip: before, the charts are those of all rows.
  await painted(page);
  await until(page, () => document.querySelector('.head-chart:empty') === null, Boolean);
  await page.locator('.head-cell', { hasText: 'log_q' }).locator('.head-name').click();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Filter by range…' }).click();
  const popup = page.getByRole('dialog', { name: 'Add filter' });
  await popup.getByLabel('From').fill('-9');
  await page.keyboard.press('Enter');
  await page.locator('rs-filter-bar .chip', { hasText: 'log_q between −9 and' }).waitFor();
  await close(view);
});
