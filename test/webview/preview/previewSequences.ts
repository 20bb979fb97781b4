import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeRow, drawn, lastRequest, previewStage } from '../previewPage.ts';

const { open, close } = previewStage();

test('each group shows its history below the rows; Enter lists the steps', async () => {
  const view = await open({ scenario: 'sequences' });
  const { page } = view;
  await drawn(page);
  const line = page.locator('rs-draw-list .line.batch').first();
  assert.match(
    (await line.textContent())?.replace(/\s+/g, ' ').trim() ?? '',
    /^clicks ?20 of 29 · newest .+ before the request · cut-off .+:\d\d = request .+:\d\d − 1m$/,
  );
  await line.click();
  assert.match(await activeRow(page), /20 of 29/);
  await page.keyboard.press('Enter');
  const details = page.locator('rs-draw-list .why-history');
  await details.waitFor();
  assert.equal(
    await details.locator('> div').nth(1).textContent(),
    'left out: 64 after the cut-off · 1 of the request itself · 9 beyond the length 20',
  );
  assert.equal(await details.locator('tbody tr').count(), 20);
  await page.keyboard.press('ArrowLeft');
  await details.waitFor({ state: 'detached' });
  await close(view);
});

test('the story has a lane for the steps of each sequence, as the chosen group sees them', async () => {
  const view = await open({ scenario: 'sequences' }, { width: 1440, height: 900 });
  const { page } = view;
  await drawn(page);
  await page.keyboard.press('h');
  const plot = page.locator('rs-story-chart .plot');
  await plot.and(page.locator(':focus')).waitFor();
  const lane = (name: string) =>
    page.locator('rs-story-chart .lanes > div', { has: page.getByText(name, { exact: true }) });
  const count = (name: string) => lane(name).locator('.count').textContent();
  const lines = (kind: string) => page.locator(`rs-story-chart svg svg .${kind}`);
  // Without a group, no step is in a history, and no line is drawn.
  assert.deepEqual([await count('clicks'), await count('orders')], ['94', '8']);
  assert.deepEqual(
    [await lines('step.in').count(), await lines('step.out').count(), await lines('cutoff').count()],
    [0, 0, 0],
  );
  await page.keyboard.press('Alt+ArrowRight');
  const fact = page.locator('rs-story-why li', { hasText: 'History clicks' });
  await fact.waitFor();
  assert.match(
    (await fact.locator('.line').allTextContents()).join('|'),
    /^20 of 29\|newest .+\|cut-off .+\|left out: 64 after/,
  );
  assert.equal(await lane('clicks').locator('.number').textContent(), await fact.locator('.number').textContent());
  assert.deepEqual([await count('clicks'), await count('orders')], ['20', '2']);
  assert.deepEqual(
    [await lines('cutoff').count(), await lines('delay').count(), await lines('request').count()],
    [2, 2, 1],
  );
  const request = Number(await lines('request').getAttribute('x1'));
  for (const cutOff of await lines('cutoff').all()) assert.ok(Number(await cutOff.getAttribute('x1')) < request);
  // The next group of another request has another line.
  await page.keyboard.press('Alt+ArrowRight');
  await page.waitForFunction(
    (x) => Number(document.querySelector('rs-story-chart svg svg .request')?.getAttribute('x1')) > x,
    request,
  );
  await page.keyboard.press('Alt+ArrowLeft');
  // Each step has a label, and belongs to the group that was chosen before.
  const reading = page.locator('#story-reading');
  for (let k = 0; k < 5; k++) await page.keyboard.press('ArrowDown');
  await reading.filter({ hasText: /^clicks.*not in the history: of the request itself/ }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await reading
    .filter({ hasText: /^clicks.*in the history: 1 of 20 from the newest · .+ before the request/ })
    .waitFor();
  await page.keyboard.press('Home');
  await reading.filter({ hasText: /^clicks.*not in the history: beyond the length 20/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await reading.filter({ hasText: /^orders.*not in the history: repeated later/ }).waitFor();
  await page.keyboard.press('End');
  await reading.filter({ hasText: /^orders.*not in the history: after the cut-off/ }).waitFor();
  await fact.waitFor();
  for (let k = 0; k < 6; k++) await page.keyboard.press('+');
  await page.locator('rs-story-chart g:has(.step.out) > title').first().waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Export the numbers as CSV' }).click();
  const { text } = (await lastRequest(page, 'saveText')) as { text: string };
  const rows = text.split('\r\n').filter((row) => row.includes(',sequences.clicks,'));
  assert.equal(rows.length, 94);
  assert.equal(rows.filter((row) => row.includes('in the history: ') && !row.includes('not in')).length, 20);
  await plot.focus();
  await page.keyboard.press('t');
  const cells = page.locator('rs-story-pane tbody tr', { hasText: 'clicks' });
  await cells
    .filter({ hasText: /· not in the history: beyond the length 20/ })
    .first()
    .waitFor();
  // Back in the picture, the group is still chosen.
  await page.locator('rs-story-pane .content').focus();
  await page.keyboard.press('t');
  await fact.waitFor();
  await close(view);
});

test('an id with markup in a step is text', async () => {
  const view = await open({ scenario: 'sequences', id: '<img src=x onerror=alert(1)>' });
  const { page } = view;
  await drawn(page);
  await page.keyboard.press('h');
  await page.locator('rs-story-chart .plot').and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Alt+ArrowRight');
  for (let k = 0; k < 6; k++) await page.keyboard.press('ArrowDown');
  await page.locator('#story-reading', { hasText: '<img src=x onerror=alert(1)>' }).waitFor();
  assert.equal(await page.locator('rs-story-pane img').count(), 0);
  await close(view);
});

test('the slider of a delay has its unit, and moves the cut-off', async () => {
  const view = await open({ scenario: 'sequences' }, { width: 1440, height: 900 });
  const { page } = view;
  await drawn(page);
  const slider = page.getByRole('slider', { name: 'Delay of clicks (m)' });
  await slider.focus();
  await page.keyboard.press('End');
  await page
    .locator('rs-draw-list .line.batch', { hasText: /cut-off .+ = request .+ − 20m/ })
    .first()
    .waitFor();
  assert.deepEqual((await lastRequest(page, 'setKnobs'))['values'], [{ id: 'delay', value: 20 }]);
  await close(view);
});
