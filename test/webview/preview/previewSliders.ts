import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { requests } from '../browser.ts';
import { countOf, drawn, previewStage } from '../previewPage.ts';

const { open, close } = previewStage();

const shares = (page: Page): Promise<number[]> => page.evaluate(() => Object.values(window.fakePreview.config.shares));
const shown = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLInputElement>('rs-knobs rs-slider input')].map(({ value }) => value),
  );

test('slider keys move a share, rescale the others and edit the config, as one undo step', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.getByRole('slider', { name: 'popularity', exact: true }).focus();
  for (let k = 0; k < 10; k++) await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => window.fakePreview.config.shares['popularity'] === 0.5);
  assert.deepEqual(await shown(page), ['0.25', '0.50', '0.17', '0.08', '10', '0.75']);
  assert.ok((await requests(page, 'setKnobs')).every(({ settle }) => settle === false));
  assert.deepEqual(await shares(page), [0.25, 0.5, 0.17, 0.08]);
  await page.getByText('Edits lines 30 to 37.').waitFor();
  await page.locator('rs-draw-list .line.draw', { hasText: 'draw 5 of 5' }).first().waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await countOf(page, 'undo', 1);
  assert.deepEqual((await requests(page, 'setKnobs')).filter(({ settle }) => settle === true).length, 1);
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('rs-knobs rs-slider input')?.value === '0.30',
  );
  assert.deepEqual(await shares(page), [0.3, 0.4, 0.2, 0.1]);
  await page.getByText('Moving a slider edits the config.').waitFor();
  await close(view);
});

test('Alt moves only one share, and a sum other than 1 is reported', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.getByRole('slider', { name: 'hard_rank' }).focus();
  await page.keyboard.press('Alt+ArrowRight');
  await countOf(page, 'setKnobs', 1);
  assert.deepEqual((await shown(page)).slice(0, 4), ['0.30', '0.40', '0.20', '0.11']);
  await page.getByText('sum 1.01').waitFor();
  await page.getByText('Edits line 37.').waitFor();
  await close(view);
});

test('dragging sends one request at a time, always the newest; releasing ends the gesture', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.evaluate(() => {
    window.fake.held = ['setKnobs'];
  });
  const track = await page.getByRole('slider', { name: 'global_random' }).boundingBox();
  assert.ok(track);
  const y = track.y + track.height / 2;
  await page.mouse.move(track.x + track.width * 0.2, y);
  await page.mouse.down();
  for (const share of [0.25, 0.3, 0.4, 0.5, 0.6]) await page.mouse.move(track.x + track.width * share, y);
  await page.mouse.up();
  assert.equal((await requests(page, 'setKnobs')).length, 1);
  assert.equal((await shown(page))[2], '0.60');
  await page.evaluate(() => window.fake.release());
  await countOf(page, 'setKnobs', 2);
  await page.waitForFunction(() => window.fakePreview.steps.length === 1);
  const changes = await requests(page, 'setKnobs');
  assert.deepEqual(
    changes.map(({ settle }) => settle),
    [false, true],
  );
  assert.deepEqual(await shares(page), [0.15, 0.2, 0.6, 0.05]);
  await close(view);
});

test('to the end and back in one gesture leaves the others as they were', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  const track = await page.getByRole('slider', { name: 'global_random' }).boundingBox();
  assert.ok(track);
  const y = track.y + track.height / 2;
  await page.mouse.move(track.x + track.width * 0.2, y);
  await page.mouse.down();
  await page.mouse.move(track.x + track.width + 30, y);
  assert.deepEqual((await shown(page)).slice(0, 4), ['0.00', '0.00', '1.00', '0.00']);
  await page.mouse.move(track.x + track.width * 0.2, y);
  await page.mouse.up();
  await page.waitForFunction(() => window.fakePreview.steps.length === 1);
  assert.deepEqual(await shares(page), [0.3, 0.4, 0.2, 0.1]);
  await close(view);
});

test('Ctrl+Z on a slider takes its keys back; Enter ends a gesture', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  const slider = page.getByRole('slider', { name: 'Negatives per positive' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => window.fakePreview.config.perGroup === 13);
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => window.fakePreview.config.perGroup === 12);
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => window.fakePreview.config.perGroup === 10);
  await close(view);
});

test('a number is typed; one that the config does not allow is marked and not written', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  const field = page.getByRole('textbox', { name: 'Value of Negatives per positive' });
  await field.fill('99');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  await field.press('Enter');
  assert.equal((await requests(page, 'setKnobs')).length, 0);
  await field.fill('6');
  await field.press('Enter');
  await page.waitForFunction(() => window.fakePreview.config.perGroup === 6);
  await page.getByText('Edits line 25.').waitFor();
  await close(view);
});

test('an edit in the editor moves the sliders', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.evaluate(() => {
    window.fakePreview.config.shares = { exposed_unclicked: 0.1, popularity: 0.2, global_random: 0.3, hard_rank: 0.4 };
    window.fake.send('changed', { uri: 'file:///project/ratio/spring.ratio.yaml' });
  });
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('rs-knobs rs-slider input')?.value === '0.10',
  );
  assert.deepEqual((await shown(page)).slice(0, 4), ['0.10', '0.20', '0.30', '0.40']);
  await close(view);
});
