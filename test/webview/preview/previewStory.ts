import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, drawn, lastRequest, previewStage } from '../previewPage.ts';

const { open, close } = previewStage();

test('the story of a user: lanes, keys, table, and the way back', async () => {
  const view = await open({ scenario: 'long' }, { width: 1440, height: 900 });
  const { page } = view;
  await drawn(page);
  await page.keyboard.press('h');
  const plot = page.locator('rs-story-chart .plot');
  await plot.and(page.locator(':focus')).waitFor();
  const lanes = await page.locator('rs-story-chart .lanes .cut').allTextContents();
  assert.deepEqual(lanes.slice(0, 4), ['exposures', 'click', 'purchase', 'positives']);
  assert.ok(lanes.includes('popularity') && lanes.includes('global_random'), lanes.join());
  // The page names what it leaves out.
  await page.getByText(/^The newest [\d,]+ of [\d,]+ exposures$/).waitFor();
  const reading = page.locator('#story-reading');
  await page.keyboard.press('ArrowDown');
  await reading.filter({ hasText: /^exposures/ }).waitFor();
  await page.keyboard.press('Alt+ArrowRight');
  await reading.filter({ hasText: /^positives/ }).waitFor();
  await page.locator('rs-story-pane .drawn tbody tr', { hasText: 'popularity' }).first().waitFor();
  const positive = await reading.locator('.mono').textContent();
  // What decides the group has numbers, and those with a time have lanes.
  const facts = page.locator('rs-story-why ol strong');
  await facts.getByText(/^Excluded items: at least \d+$/).waitFor();
  assert.match(
    (await facts.allTextContents()).join('|'),
    /^The group is in the train window\|Excluded.*\|Popularity is counted until .*\|Nothing after /,
  );
  assert.deepEqual((await page.locator('rs-story-chart .lanes .cut').allTextContents()).slice(-2), [
    'excluded items',
    'popularity as of',
  ]);
  assert.deepEqual((await page.locator('rs-story-chart text.number').allTextContents()).sort(), ['1', '2', '3', '4']);
  // The brush of the overview sets the visible part; CSV has all of it.
  const caption = page.locator('rs-story-overview .caption');
  const whole = await caption.textContent();
  const box = (await page.locator('rs-story-overview svg svg').boundingBox()) ?? assert.fail('no overview');
  await page.mouse.move(box.x + 100, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 12);
  await page.mouse.up();
  await caption.filter({ hasNotText: whole ?? '' }).waitFor();
  await page.getByRole('button', { name: 'Export the numbers as CSV' }).click();
  const { name, text } = (await lastRequest(page, 'saveText')) as { name: string; text: string };
  assert.equal(name, 'story.csv');
  assert.match(text, /^user,time,lane,item,title,position,group,draw,log_q,why\r\n/);
  assert.ok(text.split('\r\n').length > 4000, 'all marks');
  await page.getByRole('button', { name: 'Export the picture as SVG' }).click();
  const picture = (await lastRequest(page, 'saveText')) as { name: string; text: string };
  assert.match(picture.text, /^<svg [^]*<title>Story of user \d+<\/title>[^]*>excluded items<\/text>/);
  await plot.focus();
  // The nearest negative belongs to the positive: both have its time.
  await page.keyboard.press('ArrowDown');
  await reading.filter({ hasNotText: /^positives/ }).waitFor();
  assert.equal(await reading.locator('.mono').textContent(), positive);
  const marks = await page.locator('rs-story-chart svg svg g').count();
  assert.ok(marks < 1500, `${marks} marks are drawn`);
  for (let k = 0; k < 6; k++) await page.keyboard.press('+');
  await page.keyboard.press('0');
  await page.keyboard.press('t');
  await page.locator('rs-story-pane tbody tr').nth(299).waitFor();
  await page.getByRole('button', { name: /^and [\d,]+ more$/ }).click();
  await page.locator('rs-story-pane tbody tr').nth(599).waitFor();
  await page.locator('rs-story-pane .content').focus();
  await page.keyboard.press('t');
  await plot.waitFor();
  await plot.focus();
  // In a narrow page, the chart still has the whole width.
  await page.setViewportSize({ width: 640, height: 700 });
  await page.waitForFunction(() => (document.querySelector('rs-story-chart')?.clientWidth ?? 0) > 600);
  await page.setViewportSize({ width: 1440, height: 900 });
  // Another user has another story; Enter explains the pair of the mark.
  await page.keyboard.press('Alt+ArrowDown');
  await countOf(page, 'story', 2);
  await plot.waitFor();
  await plot.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('rs-explain-pane .verdict').first().waitFor();
  await close(view);
});

test('titles are searched in the data; several items with one title are named', async () => {
  const view = await open({ mode: 'explain' });
  const { page } = view;
  const item = page.locator('rs-explain-pane input[name="item"]');
  await item.fill('lonely');
  await page.locator('#pair-items option[value="4820193300000000003"]').waitFor({ state: 'attached' });
  await item.fill('LONELY lighthouse');
  await item.press('Enter');
  await page.locator('rs-explain-pane .verdict').first().waitFor();
  assert.equal((await lastRequest(page, 'explain'))['item'], '4820193300000000003');
  await item.fill('Twin house');
  await item.press('Enter');
  await page.getByText('2 items have the title Twin house').waitFor();
  await close(view);
});

test('a story that cannot be read has no keys of a picture, and can be tried again', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.evaluate(() => {
    window.fakePreview.failing = 'story';
  });
  await page.keyboard.press('h');
  const hints = page.locator('rs-preview-footer .hints');
  await hints.filter({ hasText: /^\s*Esc\s*close\s*$/ }).waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('rs-story-chart .plot').waitFor();
  await hints.getByText('next mark').waitFor();
  await close(view);
});
