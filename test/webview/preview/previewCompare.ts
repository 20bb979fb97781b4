import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { requests } from '../browser.ts';
import { activeRow, countOf, drawn, lastRequest, previewStage } from '../previewPage.ts';

const { open, close } = previewStage();
const size = { width: 1160, height: 720 };
const uri = 'file:///project/ratio/spring.ratio.yaml';

/** Opens a comparison of the saved config with an edited version. */
async function edited(page: Page): Promise<void> {
  await page.locator('rs-compared-list .line').first().waitFor();
  await page.evaluate((changed) => {
    window.fakePreview.config.shares = {
      exposed_unclicked: 0.3,
      popularity: 0.3,
      global_random: 0.2,
      hard_rank: 0.1,
      same_attribute: 0.1,
    };
    window.fakePreview.config.exponent = 0.5;
    window.fake.send('changed', { uri: changed });
  }, uri);
  await page.getByText('3 changes, A to B').waitFor();
}

test('C compares the config as opened with what the editor holds; Esc leaves', async () => {
  const view = await open({}, size);
  const { page } = view;
  await drawn(page);
  await page.locator('rs-draw-list .line.draw').first().click();
  await page.keyboard.press('c');
  await page.locator('rs-compared-list .line').first().waitFor();
  const { a, b } = await lastRequest(page, 'compare');
  assert.deepEqual(
    [a, b],
    [
      { config: { uri, at: 'opened' }, stage: 'recall', split: 'train' },
      { config: { uri }, stage: 'recall', split: 'train' },
    ],
  );
  await page.getByText('No change of the plan, A to B').waitFor();
  await page.getByText('100 %').first().waitFor();
  await page.keyboard.press('Escape');
  await drawn(page);
  await close(view);
});

test('what a change does: figures, changes of the plan, rows out, in and moved with their cause', async () => {
  const view = await open({ mode: 'compare' }, size);
  const { page } = view;
  await edited(page);
  assert.deepEqual(await page.locator('rs-compare-figures .changes .mono').allTextContents(), [
    'popularity.exponent 0.75 → 0.5',
    'popularity.share 0.4 → 0.3',
    'same_attribute.share none → 0.1',
  ]);
  await page.locator('.line.out', { hasText: 'exponent 0.75 → 0.5' }).first().waitFor();
  await page.locator('.line.in', { hasText: 'new entry' }).first().waitFor();
  const stays = await page.locator('rs-compare-tools .same').textContent();
  assert.match(stays ?? '', /global_random64\d \/ 65\d/);
  await page.getByRole('radio', { name: 'Changed' }).click();
  assert.equal(await page.locator('rs-compared-list .line.same').count(), 0);
  await page.getByRole('radio', { name: 'Moved' }).click();
  await page
    .locator('rs-compared-list .line.moved', { hasText: /draw \d+ to draw \d+|to/ })
    .first()
    .waitFor();
  await close(view);
});

test('distances of both sides are shown, and copied columns that differ', async () => {
  const view = await open({ mode: 'compare', scenario: 'passed' }, { width: 1280, height: 960 });
  const { page } = view;
  await page.locator('rs-compared-list .line').first().waitFor();
  const rows = page.locator('rs-compare-tools .distances tbody tr');
  const texts = (await rows.allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim());
  assert.deepEqual(texts.slice(0, 3), [
    'exposures alone0.410.41',
    'exposed_unclicked0.41equal0.41equal',
    'global_random0.03nearer0.03nearer',
  ]);
  assert.deepEqual((await page.locator('rs-compare-figures .changes .mono').allTextContents()).slice(-2), [
    'device side: context → exposure',
    'ctr_7d only in B, column: item_ctr, from: impressions, side: item, max_age: 7d',
  ]);
  await close(view);
});

test('F7 goes to the next row that differs, Shift+F7 back', async () => {
  const view = await open({ mode: 'compare' }, size);
  const { page } = view;
  await edited(page);
  await page.locator('rs-compared-list .line').first().click();
  await page.keyboard.press('F7');
  const one = await activeRow(page);
  assert.match(one, /^− ?out/);
  await page.keyboard.press('F7');
  assert.notEqual(await activeRow(page), one);
  await page.keyboard.press('Shift+F7');
  assert.equal(await activeRow(page), one);
  await close(view);
});

test('X swaps the sides, and rows that were out are in', async () => {
  const view = await open({ mode: 'compare' }, size);
  const { page } = view;
  await edited(page);
  const figure = () => page.locator('rs-compare-figures .value').nth(1).textContent();
  const before = (await figure())?.split(' / ');
  await page.locator('rs-compared-list .line').first().click();
  await page.keyboard.press('x');
  await page.getByText('same_attribute.share 0.1 → none').waitFor();
  assert.deepEqual((await figure())?.split(' / '), before?.reverse());
  const { a, b, own } = await lastRequest(page, 'compare');
  assert.deepEqual(
    [(a as { config: unknown }).config, (b as { config: unknown }).config, own],
    [{ uri }, { uri, at: 'opened' }, 'a'],
  );
  await close(view);
});

test('seed against seed shows how many rows chance keeps; the command has both seeds', async () => {
  const view = await open({ mode: 'compare', users: 2 }, size);
  const { page } = view;
  await page.locator('rs-compared-list .line').first().waitFor();
  // No command can read the text in the editor.
  assert.equal(await page.getByRole('button', { name: 'Copy CLI command' }).count(), 0);
  await page.getByRole('button', { name: /^Side A/ }).click();
  await page.getByRole('menuitem', { name: 'The same config, another seed' }).click();
  await page.getByText('1 change, A to B').waitFor();
  const { a, b } = await lastRequest(page, 'compare');
  const { seed } = a as { seed: string };
  assert.match(seed, /^seed-/);
  assert.deepEqual(
    [(a as { config: unknown }).config, b],
    [{ uri }, { config: { uri }, stage: 'recall', split: 'train' }],
  );
  await page.locator('.line.out', { hasText: 'other seed' }).first().waitFor();
  await page.getByRole('button', { name: 'Copy CLI command' }).click();
  await page.waitForFunction(() => window.fake.copied !== '');
  assert.equal(
    await page.evaluate(() => window.fake.copied),
    `recsample compare /project/ratio/spring.ratio.yaml --stage recall --users 7203685477590228993 --users 7203685477613350144 --seed ${seed} --seed-b spring-campaign`,
  );
  await close(view);
});

test('another config is compared, and the diff of the two texts opens', async () => {
  const view = await open({ mode: 'compare' }, size);
  const { page } = view;
  await page.locator('rs-compared-list .line').first().waitFor();
  await page.getByRole('button', { name: /^Side A/ }).click();
  await page.getByRole('menuitem', { name: 'Another config…' }).click();
  await page.getByRole('button', { name: 'Side A: summer.ratio.yaml, editing' }).waitFor();
  await countOf(page, 'compare', 2);
  await page.locator('vscode-button', { hasText: 'Show diff' }).click();
  await countOf(page, 'showDiff', 1);
  assert.deepEqual(await requests(page, 'showDiff'), [
    { a: { uri: 'file:///project/ratio/summer.ratio.yaml' }, b: { uri } },
  ]);
  await close(view);
});
