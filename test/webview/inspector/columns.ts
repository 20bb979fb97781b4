import { test } from 'node:test';
import assert from 'node:assert/strict';
import { clickCell, painted, requests, stage, until } from '../browser.ts';

const { open, close } = stage();

/** Names of the drawn columns from top to bottom. */
const names = (): string =>
  [...document.querySelectorAll<HTMLElement>('.column-row')]
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
    .map((row) => row.querySelector('.name')?.textContent.trim() ?? '')
    .join();

const title = (): string | null =>
  document.querySelector('rs-column-detail header')?.getAttribute('aria-label') ?? null;

test('2,000 columns are searched, ordered, and reduced to those with a problem', async () => {
  const view = await open({ parameters: { rows: 5000, columns: 2000 } });
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+2');
  const shown = (accept: (found: string) => boolean): Promise<string> => until(page, names, accept);
  await shown((found) => found.startsWith('user_id,item_id,title'));
  assert.ok((await requests(page, 'profile')).flatMap(({ columns }) => columns).length < 60, 'only what is seen');
  const search = page.getByRole('searchbox', { name: 'Find column' });
  await search.fill('struct');
  await shown((found) => found === 'context');
  await page.getByText('1 of 2,000 columns').waitFor();
  await search.fill('positive item');
  await shown((found) => found === 'positive_item');
  await search.fill('nowhere');
  await page.getByText('No column matches the search.').waitFor();
  await search.press('Escape');
  const order = page.getByLabel('Order');
  await order.selectOption('nulls');
  await shown((found) => found.startsWith('source,log_q,draw,city'));
  await order.selectOption('distinct');
  await shown((found) => found.startsWith('label,source,city'));
  // The base facts of the others come in few requests.
  const facts = (await requests(page, 'profile')).filter(({ depth }) => depth === 'base');
  assert.ok(facts.length <= 20, `${facts.length} requests`);
  await order.selectOption('name');
  await shown((found) => found.startsWith('city,context,draw,feature_100,'));
  await page.locator('.column-row').first().click();
  await page.keyboard.press('ArrowDown');
  await until(page, title, (name) => name === 'context');
  assert.equal(await page.locator('.column-row.chosen').getAttribute('aria-rowindex'), '3');
  await page.getByRole('checkbox', { name: 'Only problems' }).check();
  await shown((found) => found === 'feature_13,item_emb');
  await page.getByText('2 of 2,000 columns').waitFor();
  assert.match((await page.locator('.column-row').allTextContents()).join(), /12 NaN.*17 zero vectors/s);
  // The choice stays, the search does not.
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('Alt+2');
  await shown((found) => found === 'feature_13,item_emb');
  await close(view);
});

test('in a narrow view, Enter opens the profile of a column over the list, with the focus', async () => {
  const view = await open({ width: 580, height: 720 });
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+2');
  await page.locator('.column-row').first().click();
  await page.keyboard.press('Escape');
  await page.locator('rs-column-detail').waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  const detail = page.locator('rs-column-detail');
  await detail.locator(':focus').waitFor();
  // At 200 % zoom or next to the sidebar, the profile of an id keeps its digits and needs no horizontal scrolling.
  for (const width of [300, 248]) {
    await page.setViewportSize({ width, height: 720 });
    await detail.locator('table.exact').waitFor();
    assert.equal(await detail.evaluate((pane) => pane.scrollWidth - pane.clientWidth), 0);
  }
  await close(view);
});

test('the profile next to the grid follows the active column, and Escape closes it', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 8);
  await page.keyboard.press('i');
  await until(page, title, (name) => name === 'log_q');
  await page.keyboard.press('ArrowLeft');
  await until(page, title, (name) => name === 'source');
  await page.keyboard.press('Space');
  await page.locator('rs-detail').waitFor();
  assert.equal(await page.locator('rs-rows .pane').count(), 1);
  await page.keyboard.press('i');
  await page.keyboard.press('End');
  await until(page, title, (name) => name === 'context');
  const pane = page.getByRole('region', { name: 'Column profile' });
  await pane.getByText('size.w').click();
  await pane.locator('details[open] .figures').getByText('1,863,458').waitFor();
  await page.keyboard.press('F6');
  await page.keyboard.press('Shift+F6');
  await clickCell(page, 3, 12);
  await until(page, title, (name) => name === 'item_emb');
  await pane.getByText('17 rows are zero vectors').waitFor();
  await pane.getByText('mean ± std, first 62,500 rows').waitFor();
  await pane.getByRole('img', { name: /^Norms of item_emb from 0/ }).waitFor();
  await page.reload();
  await painted(page);
  await until(page, title, (name) => name === 'item_emb');
  await clickCell(page, 3, 12);
  await page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' });
  await page.keyboard.press('i');
  await pane.getByRole('button', { name: 'Close' }).click();
  await pane.waitFor({ state: 'detached' });
  assert.ok(await page.evaluate(() => document.activeElement?.closest('rs-grid') !== null), 'the grid has the focus');
  await page.getByRole('button', { name: 'Column profile' }).click();
  await pane.getByRole('button', { name: 'Show in Columns' }).click();
  await until(page, title, (name) => name === 'item_emb');
  await page.locator('.column-row.chosen', { hasText: 'item_emb' }).waitFor();
  // A filter loads the profile again. The table that the person chose stays a table.
  const histogram = page.locator('rs-column-detail rs-histogram');
  await histogram.getByRole('button', { name: 'Table' }).click();
  await histogram.evaluate((element) => element.classList.add('old'));
  const field = page.getByRole('combobox', { name: 'Expression' });
  await field.fill('label = 1');
  await field.press('Enter');
  await page.locator('rs-column-detail rs-histogram:not(.old) table').waitFor();
  await page.locator('rs-column-detail rs-dimensions table').waitFor();
  await close(view);
});

test('a profile that fails says what, where, and what to do; one that was stopped can be tried again', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+2');
  await page.locator('rs-column-detail rs-histogram').waitFor();
  await page.evaluate(() => {
    window.fake.held = ['profile'];
    window.fake.requests.length = 0;
  });
  const field = page.getByRole('combobox', { name: 'Expression' });
  await field.fill('label = 1');
  await field.press('Enter');
  await until(
    page,
    () => window.fake.requests.some(({ method }) => method === 'profile'),
    (isAsked) => isAsked,
  );
  await page.evaluate(() => {
    const failure = {
      code: 'corrupt',
      message: { text: 'A page is damaged' },
      place: { path: 'out/recall.parquet', byte: 88_100 },
      advice: { text: 'Copy the file again.' },
    };
    for (const { id, method } of window.fake.requests)
      if (method === 'profile') window.postMessage({ kind: 'failure', id, failure }, '*');
  });
  const alert = page.locator('rs-column-detail [role="alert"] p');
  await alert.first().waitFor();
  assert.deepEqual(await alert.allTextContents(), [
    'A page is damaged',
    'out/recall.parquet, byte 88,100',
    'Copy the file again.',
  ]);
  // A cancelled profile is not shown as one that is still being computed.
  const again = page.locator('rs-column-detail').getByRole('button', { name: 'Try again' });
  await page.evaluate(() => (window.fake.requests.length = 0));
  await again.click();
  await until(
    page,
    () => window.fake.requests.some(({ method }) => method === 'profile'),
    (isAsked) => isAsked,
  );
  await page.evaluate(() => {
    const failure = { code: 'cancelled', message: { text: 'Cancelled' } };
    for (const { id, method } of window.fake.requests)
      if (method === 'profile') window.postMessage({ kind: 'failure', id, failure }, '*');
    window.fake.held = [];
  });
  await page.locator('rs-column-detail').getByText('Profiling was stopped').waitFor();
  await page.locator('.column-row .number', { hasText: '–' }).first().waitFor();
  // Also above the rows, whose headers lack their charts.
  await page.keyboard.press('Alt+1');
  await page.locator('rs-filter-bar').getByText('Profiling was stopped').waitFor();
  await page.locator('rs-filter-bar').getByRole('button', { name: 'Continue' }).waitFor();
  await page.keyboard.press('Alt+2');
  await page.locator('rs-column-detail').getByRole('button', { name: 'Continue' }).click();
  await page.locator('rs-column-detail rs-histogram').waitFor();
  await close(view);
});

test('a log without a column of items asks for it in place, the likeliest first', async () => {
  const view = await open({ parameters: { scenario: 'log' } });
  const { page } = view;
  const notice = page.locator('rs-notices .notice', { hasText: 'No column was recognised as item. Which one is it?' });
  await notice.getByRole('button', { name: 'Another column…' }).waitFor();
  assert.equal(await notice.getByRole('button').count(), 4);
  assert.equal(await notice.getByRole('button').first().textContent(), 'item_id');
  await page.setViewportSize({ width: 420, height: 720 });
  const cut = await notice.locator('.column').evaluateAll((names) => names.map((n) => n.scrollWidth - n.clientWidth));
  assert.deepEqual(cut, [0, 0, 0], 'a narrow view shows whole names');
  await notice.getByRole('button').first().click();
  await notice.waitFor({ state: 'detached' });
  assert.deepEqual(await requests(page, 'assignRole'), [{ role: 'item', column: 'item_id' }]);
  await close(view);
});
