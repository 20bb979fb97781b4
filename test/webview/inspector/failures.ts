import { test } from 'node:test';
import assert from 'node:assert/strict';
import { painted, requests, stage } from '../browser.ts';

const { open, close } = stage();

test('a file that cannot be opened: what, where, what to do; Try again opens it', async () => {
  const view = await open({ parameters: { scenario: 'failure' } });
  const { page } = view;
  await page.getByText('recall.parquet is cut short').waitFor();
  await page.getByText('out/recall.parquet, byte 371,204,096').waitFor();
  await page.getByText('Show Log').click();
  assert.equal((await requests(page, 'showLog')).length, 1);
  await page.locator('vscode-button', { hasText: 'Try again' }).click();
  await painted(page);
  await close(view);
});

test('a file with the content of another format is opened in that format by its first button', async () => {
  const view = await open({ parameters: { scenario: 'wrongname' } });
  const { page } = view;
  await page.getByText('but its content is CSV').waitFor();
  assert.deepEqual(await page.locator('rs-failure .buttons vscode-button').allTextContents(), [
    'Open as CSV',
    'Reopen as text',
    'Try again',
  ]);
  await page.getByRole('button', { name: 'Open as CSV' }).click();
  await painted(page);
  assert.equal((await requests(page, 'openAs')).length, 1);
  await close(view);
});

test('a page that fails leaves the tabs usable and can be tried again', async () => {
  const view = await open({ parameters: { scenario: 'pagefailure' } });
  const { page } = view;
  await page.getByText('The engine stopped while it was reading').waitFor();
  await page.getByRole('button', { name: 'Restart Server' }).click();
  assert.equal((await requests(page, 'restartServer')).length, 1);
  await page.keyboard.press('Alt+2');
  await page.locator('rs-columns .column-row').first().waitFor();
  await close(view);
});
