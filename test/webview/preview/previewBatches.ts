import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeRow, drawn, previewStage } from '../previewPage.ts';

const { open, close } = previewStage();
const parameters = { scenario: 'in-batch' };

test('each positive shows its batch below the written rows; Enter explains it', async () => {
  const view = await open(parameters);
  const { page } = view;
  await drawn(page);
  const line = page.locator('rs-draw-list .line.batch').first();
  assert.match(
    (await line.textContent())?.replace(/\s+/g, ' ').trim() ?? '',
    /in_batch ?1,023 others · 3 chosen by the user · 14 masked$/,
  );
  assert.equal(await line.getAttribute('aria-expanded'), 'false');
  await line.click();
  assert.match(await activeRow(page), /1,023 others/);
  await page.keyboard.press('Enter');
  const sentences = page.locator('rs-draw-list .why-batch > div');
  await sentences.first().waitFor();
  const texts = await sentences.allTextContents();
  assert.deepEqual(texts.slice(0, 4), [
    'Batch 1 of this seed and epoch: the other positives of the batch are negatives. The trainer makes them. They are not in the file.',
    '14 other positives have the same item and are masked.',
    '3 of 1,009 negatives are false: the user chose their items.',
    '1,009 negatives, 812 items; the most frequent:',
  ]);
  assert.equal(texts.length, 9);
  assert.match(texts[4] ?? '', /^9 × .+, percentile [\d.]+, log q −5\.250$/);
  await page.keyboard.press('ArrowLeft');
  await sentences.first().waitFor({ state: 'detached' });
  await close(view);
});

test('totals list in-batch negatives apart from the written rows', async () => {
  const view = await open(parameters);
  const { page } = view;
  await drawn(page);
  await page.getByText('41 positives, 400 of 410').waitFor();
  const section = page.locator('rs-figures section', { hasText: 'made by the trainer' });
  await section.waitFor();
  const text = (await section.textContent())?.replace(/\s+/g, ' ') ?? '';
  assert.match(text, /^In-batch ?made by the trainer/);
  assert.match(text, /Made by the trainer, never written: 1,821 batches of the 1,864,207 positives of all users/);
  assert.match(
    (await section.locator('svg[role=img]').getAttribute('aria-label')) ?? '',
    /^In training: 3,196 written negatives, [\d,]+ in-batch \(99\.\d+ %\)$/,
  );
  assert.match(
    (await page.locator('rs-figures section', { hasText: 'Distance to the corpus' }).textContent()) ?? '',
    /in_batch/,
  );
  assert.match(
    (await page.locator('rs-curve [role=img]').first().getAttribute('aria-label')) ?? '',
    /in-batch [\d.]+ %/,
  );
  await close(view);
});

test('a pair shows what the trainer makes of it, apart from the written rows', async () => {
  const view = await open({ ...parameters, mode: 'explain' });
  const { page } = view;
  await page.locator('rs-explain-pane input[name="item"]').fill('13');
  await page.keyboard.press('Enter');
  await page
    .getByText('In-batch: a negative of 3 of 41 positives of this user with this seed; 4.82 expected.')
    .waitFor();
  await page.getByText(/^Never: /).waitFor();
  await close(view);
});

test('a config without in-batch negatives shows no in-batch rows or figures', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  assert.equal(
    (await page.locator('rs-draw-list .line.batch').count()) + (await page.getByText('made by the trainer').count()),
    0,
  );
  await close(view);
});
