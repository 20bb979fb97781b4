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
  await close(view);
});
