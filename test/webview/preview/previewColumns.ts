import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { drawn, previewStage } from '../previewPage.ts';

const { open, close } = previewStage();
const passed = { scenario: 'passed' };

/** Headings of the draws, without the icons. */
const headings = (page: Page): Promise<string[]> =>
  page
    .locator('rs-draw-list .heading [role=columnheader]')
    .evaluateAll((cells) => cells.map((cell) => (cell.querySelector('.cut') ?? cell).textContent.trim()));

/** The cells of the first line that matches, by heading. */
async function cells(page: Page, selector: string): Promise<Record<string, string>> {
  const names = await headings(page);
  const texts = await page
    .locator(`rs-draw-list ${selector}`)
    .first()
    .locator('[role=gridcell]')
    .evaluateAll((all) => all.map((cell) => cell.textContent.trim()));
  return Object.fromEntries(names.map((name, k) => [name, texts[k] ?? '']));
}

const choose = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Choose columns' }).click();
  await page.getByRole('dialog', { name: 'Choose columns' }).waitFor();
};
const box = (page: Page, id: string) => page.locator(`rs-draw-column-chooser li[data-column="${id}"] vscode-checkbox`);

test('copied columns are shown as far as they fit, with the icon and the meaning of their side', async () => {
  const view = await open(passed, { width: 1440, height: 720 });
  const { page } = view;
  await drawn(page);
  const wide = await headings(page);
  assert.deepEqual(wide.slice(0, 4), ['Source', 'item', 'city', 'ctr_7d']);
  assert.deepEqual(wide.slice(-3), ['percentile', 'log q', 'why this item']);
  assert.deepEqual(
    await page
      .locator('rs-draw-list .heading .copied .codicon')
      .evaluateAll((icons) => icons.slice(0, 3).map((icon) => icon.getAttribute('class') ?? '')),
    ['codicon codicon-tag', 'codicon codicon-tag', 'codicon codicon-eye'],
  );
  assert.equal(
    await page.locator('rs-draw-list .heading .copied').nth(1).getAttribute('title'),
    'ctr_7d · Side item: the newest impression of the item before the request, at most 7d old · data.impressions',
  );
  await page.setViewportSize({ width: 900, height: 720 });
  await page.waitForFunction(
    (count) => document.querySelectorAll('rs-draw-list .heading [role=columnheader]').length < count,
    wide.length,
  );
  assert.ok((await headings(page)).includes('log q'));
  assert.equal(await page.locator('rs-draw-list.wide').count(), 0);
  await close(view);
});

test('values are texts: NULL says why, an empty text is not NULL, markup and direction marks are harmless', async () => {
  const view = await open(passed, { width: 1900, height: 720 });
  const { page } = view;
  await drawn(page);
  await choose(page);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByText('13 of 13 shown').waitFor();
  // The controls of the toolkit change in the next frame.
  await page
    .locator('rs-draw-column-chooser vscode-checkbox[aria-checked=false]')
    .first()
    .waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  const row = await cells(page, '.line.draw:has-text("draw 1 of")');
  assert.equal(row['position'], 'null');
  assert.equal(row['age'], '9007199254740993');
  assert.equal(row['listed_at'], '2026-01-01 00:00:00.000001');
  assert.equal(row['device'], '""');
  assert.equal(row['channel_note'], 'hot\\u202eevil');
  assert.equal(
    await page.locator('rs-draw-list .line.draw:has-text("draw 1 of") .null').first().getAttribute('title'),
    'the row has no exposure of its own',
  );
  assert.equal(await page.locator('rs-draw-list .null[title^="the item was not shown"]').first().textContent(), 'null');
  assert.ok((await page.getByText('<b onmouseover=alert(1)>Kyoto</b>').count()) > 0);
  await close(view);
});

test('the chooser says when no column matches, and when the config copies none', async () => {
  const view = await open({}, { width: 450, height: 360 });
  const { page } = view;
  await drawn(page);
  await choose(page);
  await page.getByText('The config copies no columns. Name some in output.pass_through.').waitFor();
  assert.ok(await page.getByRole('button', { name: 'As many as fit' }).isDisabled());
  await page.getByPlaceholder('Find column').fill('no such column');
  await page.getByText('No column matches the search.').waitFor();
  const box = await page.getByRole('dialog', { name: 'Choose columns' }).boundingBox();
  assert.ok(box && box.x >= 0 && box.x + box.width <= 450 && box.y + box.height <= 360, JSON.stringify(box));
  await close(view);
});

test('the chooser works by keys, names every side, and the panel remembers the choice', async () => {
  const view = await open(passed, { width: 1200, height: 720 });
  const { page } = view;
  await drawn(page);
  const button = page.getByRole('button', { name: 'Choose columns' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Choose columns' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Find column');
  assert.deepEqual(
    (await page.locator('rs-draw-column-chooser li .side').allTextContents()).map(
      (text) => /^\w+?(?=Side )/.exec(text.trim())?.[0],
    ),
    ['item', 'item', 'exposure', 'context', 'user', 'candidate', 'item', 'candidate'],
  );
  assert.equal(await box(page, 'position').getAttribute('aria-describedby'), 'side-of-position');
  await page.keyboard.type('logq');
  await page.locator('rs-draw-column-chooser li').nth(1).waitFor({ state: 'detached' });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  while (!(await box(page, 'logq_correction').evaluate((one) => one.contains(document.activeElement))))
    await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.locator('rs-draw-list .heading', { hasText: 'logq_correction' }).waitFor();
  await page.keyboard.press('Escape');
  assert.ok(await button.evaluate((one) => one === document.activeElement));
  const before = await headings(page);
  assert.ok(before.includes('logq_correction'));
  await page.reload();
  await drawn(page);
  assert.deepEqual(await headings(page), before);
  await choose(page);
  await box(page, ':percentile').click();
  await page.locator('rs-draw-list .heading', { hasText: 'percentile' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'As many as fit' }).click();
  await page.locator('rs-draw-list .heading', { hasText: 'percentile' }).waitFor();
  assert.ok(!(await headings(page)).includes('logq_correction'));
  await page.locator('rs-draw-column-chooser li[data-column="logq_correction"] [aria-checked=false]').waitFor();
  await box(page, ':percentile').and(page.locator('[aria-checked=true]')).waitFor();
  await close(view);
});

for (const width of [900, 720, 450]) {
  test(`${width} pixels wide: chosen columns scroll aside, by keys too, and nothing leaves the window`, async () => {
    const view = await open(passed, { width, height: 720 });
    const { page } = view;
    await drawn(page);
    await choose(page);
    const chooser = await page.getByRole('dialog', { name: 'Choose columns' }).boundingBox();
    assert.ok(chooser && chooser.x >= 0 && chooser.x + chooser.width <= width);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.keyboard.press('Escape');
    await page.locator('rs-draw-list.wide').waitFor();
    await page.locator('rs-draw-list .line.draw').first().click();
    const scrolled = (): Promise<number> => page.locator('rs-draw-list .scroll').evaluate((one) => one.scrollLeft);
    assert.equal(await scrolled(), 0);
    await page.keyboard.press('Shift+ArrowRight');
    await page.waitForFunction(() => (document.querySelector('rs-draw-list .scroll')?.scrollLeft ?? 0) > 0);
    await page.keyboard.press('Shift+ArrowLeft');
    await page.waitForFunction(() => document.querySelector('rs-draw-list .scroll')?.scrollLeft === 0);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    // Numbers and times are not cut.
    const cut = await page
      .locator('rs-draw-list .line .copied.number, rs-draw-list .line .copied:has-text("2026-01-01")')
      .evaluateAll((all) =>
        all.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent),
      );
    assert.deepEqual(cut, []);
    // The heading is above its column.
    const [heading, cell] = await Promise.all([
      page.locator('rs-draw-list .heading .copied', { hasText: 'age' }).boundingBox(),
      page.locator('rs-draw-list .line.draw').first().locator('.copied', { hasText: '9007199254740993' }).boundingBox(),
    ]);
    assert.ok(heading && cell && Math.abs(heading.x - cell.x) < 2 && Math.abs(heading.width - cell.width) < 2);
    // An explanation stays as wide as the list.
    await page.keyboard.press('Enter');
    const why = await page.locator('rs-draw-list .why-lines > div').first().boundingBox();
    assert.ok(why && why.x + why.width <= width);
    await close(view);
  });
}

test('the explanation of a row says where each value comes from, and the one of a pair too', async () => {
  const view = await open(passed, { width: 1200, height: 720 });
  const { page } = view;
  await drawn(page);
  await page.locator('rs-draw-list .line.draw', { hasText: 'draw 1 of' }).first().click();
  await page.keyboard.press('Enter');
  // Folded until the user asks.
  assert.ok(await page.locator('rs-draw-list .why-lines details > div').first().isHidden());
  await page.locator('rs-draw-list .why-lines summary', { hasText: 'Values and where they come from (8)' }).click();
  const folded = page.locator('rs-draw-list .why-lines details > div');
  await folded.first().waitFor();
  const sentences = await folded.allTextContents();
  const of = (name: string): string => sentences.find((one) => one.startsWith(`${name} = `)) ?? '';
  assert.match(
    of('ctr_7d'),
    /^ctr_7d = 0\.0021 · side item · data\.impressions · user 7 · item \d+ · request r-9 · 2026-/,
  );
  assert.equal(
    of('position'),
    'position = null · the row has no exposure of its own · side exposure · data.impressions',
  );
  assert.match(
    of('channel_note'),
    /^channel_note = hot\\u202eevil · side candidate · data\.candidates · .* · channel hot · rank 3 · 2026/,
  );
  assert.match(
    of('teacher'),
    /^teacher = (null · the item was not shown in the request|0\.\d+ · the largest value of)/,
  );
  await page.locator('rs-draw-list .line.draw', { hasText: 'draw 1 of' }).first().click();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Copy as JSON' }).click();
  await page.getByText('Copied').first().waitFor();
  const copied = JSON.parse(await page.evaluate(() => window.fake.copied)) as { readonly passed: object };
  assert.deepEqual(Object.keys(copied.passed).slice(0, 3), ['city', 'ctr_7d', 'position']);
  await page.locator('rs-draw-list .line.draw', { hasText: 'draw 1 of' }).first().click();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Explain the pair of user and item' }).click();
  await page.getByRole('heading', { name: 'Values of its rows' }).waitFor();
  const lines = await page.locator('rs-explain-pane .values li').allTextContents();
  assert.equal(lines.length, 8);
  assert.ok(lines.some((one) => one.startsWith('age = 9007199254740993 · side user · data.users · user ')));
  await close(view);
});

test('after all groups of a user were requested, each value still names its own source row', async () => {
  const view = await open({ ...passed, users: 3 }, { width: 1200, height: 720 });
  const { page } = view;
  await drawn(page);
  // The third user has more groups than the first answer shows.
  await page.locator('rs-preview-users .user').nth(2).click();
  await page.locator('rs-draw-list [role=treegrid]').focus();
  await page.locator('rs-draw-list .line.draw').first().click();
  await page.keyboard.press('End');
  await page.locator('rs-draw-list .line.more').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('rs-draw-list .line.more').waitFor({ state: 'detached' });
  await page.keyboard.press('Home');
  const draw = page.locator('rs-draw-list .line.draw', { hasText: 'draw 1 of' }).first();
  await draw.click();
  await page.keyboard.press('Enter');
  const why = page.locator('rs-draw-list .why-lines details > div', { hasText: 'age = ' });
  assert.equal(await why.textContent(), 'age = 9007199254740993 · side user · data.users · user 7203685478022917121');
  await close(view);
});
