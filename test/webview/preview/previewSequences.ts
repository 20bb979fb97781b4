import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeRow, drawn, previewStage } from '../previewPage.ts';

const { open, close } = previewStage();

test('each group shows its history below the rows; Enter lists the steps', async () => {
  const view = await open({ scenario: 'sequences' });
  const { page } = view;
  await drawn(page);
  const line = page.locator('rs-draw-list .line.batch').first();
  assert.match(
    (await line.textContent())?.replace(/\s+/g, ' ').trim() ?? '',
    /^clicks ?50 of 213 · newest .+ before the request · cut-off .+:\d\d = request .+:\d\d − 1m$/,
  );
  await line.click();
  assert.match(await activeRow(page), /50 of 213/);
  await page.keyboard.press('Enter');
  const details = page.locator('rs-draw-list .why-history');
  await details.waitFor();
  assert.equal(
    await details.locator('> div').nth(1).textContent(),
    'left out: 2 after the cut-off · 1 of the request itself · 163 beyond the length 50',
  );
  assert.equal(await details.locator('tbody tr').count(), 20);
  assert.equal(await details.locator('> div').last().textContent(), 'and 30 more');
  await page.keyboard.press('ArrowLeft');
  await details.waitFor({ state: 'detached' });
  await close(view);
});

test('the story has the history of the chosen group on a lane that ends at its cut-off', async () => {
  const view = await open({ scenario: 'sequences' }, { width: 1440, height: 900 });
  const { page } = view;
  await drawn(page);
  await page.keyboard.press('h');
  await page.locator('rs-story-chart .plot').and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Alt+ArrowRight');
  const fact = page.locator('rs-story-why li', { hasText: 'History clicks' });
  await fact.waitFor();
  assert.match(
    (await fact.locator('.line').allTextContents()).join('|'),
    /^50 of 213\|newest .+\|cut-off .+\|left out: 2 after/,
  );
  const names = await page.locator('rs-story-chart .lanes .cut').allTextContents();
  assert.ok(names.includes('clicks'), names.join());
  assert.equal(await page.locator('rs-story-chart rect.delay').count(), 1);
  await close(view);
});
