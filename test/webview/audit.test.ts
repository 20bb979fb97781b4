import assert from 'node:assert/strict';
import { test } from 'node:test';
import { painted, requests, stage, until } from './browser.ts';

const { open, close } = stage();

test('audit: the most severe finding first, figures with intervals, curves, what was not measured', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+3');
  await page.getByText('Against spring.ratio.yaml › recall › train').waitFor();
  assert.deepEqual(await page.locator('rs-audit .findings .says').allTextContents(), [
    '<b>412</b> items are positive and negative in the same request',
    'The top 1 % of the users own 31.2 % of the rows',
  ]);
  await page.getByText('2 data rules passed').waitFor();
  await page.getByText('9.69 % to 9.73 %').waitFor();
  await page.getByText('<b>popularity</b>').waitFor();
  await page.getByRole('img', { name: 'Rows: positives, negatives by hottest items' }).waitFor();
  await page.getByText('Duplicates There are no negatives').waitFor();
  await close(view);
});

test('audit: a finding leads to its place in the config and to the page of its rule', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+3');
  await page.getByRole('button', { name: 'Go to config' }).first().click();
  await page.getByRole('button', { name: 'data/user-skew' }).click();
  // The index is that of the answer, not of the sorted list.
  assert.deepEqual(await requests(page, 'showFinding'), [{ index: 1 }]);
  assert.deepEqual(await requests(page, 'showRule'), [{ index: 0 }]);
  await close(view);
});

test('audit: a curve is read by keys and as a table', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+3');
  await page.locator('rs-lines [tabindex="0"]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByText('100 %: positives 100 %, negatives 100 %').waitFor();
  await page.keyboard.press('t');
  await page.locator('rs-lines table').waitFor();
  assert.equal(await page.locator('rs-lines tbody tr').count(), 50);
  await close(view);
});

test('audit: it runs once, stays while other tabs are shown, and runs again on request', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  assert.equal((await requests(page, 'audit')).length, 0);
  for (const key of ['Alt+3', 'Alt+1', 'Alt+3']) await page.keyboard.press(key);
  await page.getByText('2 data rules passed').waitFor();
  assert.equal((await requests(page, 'audit')).length, 1);
  await page.locator('vscode-button', { hasText: 'Run again' }).click();
  await until(
    page,
    () => window.fake.requests.filter((r) => r.method === 'audit').length,
    (count) => count === 2,
  );
  await close(view);
});

test('audit: without a config it says why there are no findings, and measures', async () => {
  const view = await open({ parameters: { scenario: 'noconfig' } });
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+3');
  await page.getByText('The data rules need a ratio config.').waitFor();
  await page.getByText('9.69 % to 9.73 %').waitFor();
  await close(view);
});

test('audit: a failure says what to do, and can be tried again', async () => {
  const view = await open({ parameters: { scenario: 'auditfailure' } });
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+3');
  await page.getByText('A page of recall.parquet is damaged').waitFor();
  await page.locator('vscode-button', { hasText: 'Try again' }).click();
  await page.getByText('2 data rules passed').waitFor();
  await close(view);
});
