import { test } from 'node:test';
import assert from 'node:assert/strict';
import { requests } from '../browser.ts';
import { activeRow, countOf, drawn, lastRequest, previewStage } from '../previewPage.ts';

const { open, close } = previewStage();
const first = '7203685477590228993';

test('a preview shows the remembered users, the draws of the first one and all totals', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  assert.equal(await page.locator('rs-preview-users .user').count(), 8);
  await page.getByText('41 positives, 400 of 410').waitFor();
  await page.getByText('Drawn for 8 users').waitFor();
  const preview = await lastRequest(page, 'preview');
  assert.deepEqual(
    [preview['stage'], preview['seed'], (preview['users'] as string[]).length],
    ['recall', undefined, 8],
  );
  await page.waitForFunction(() => window.fake.notifications.some(({ event }) => event === 'painted'));
  const painted = await page.evaluate(
    () =>
      window.fake.notifications.find(({ event }) => event === 'painted')?.data as { users: number; negatives: number },
  );
  assert.deepEqual([painted.users, painted.negatives], [8, 3196]);
  await close(view);
});

test('arrows move through the draws; Enter shows and hides a verifiable explanation', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page
    .locator('rs-draw-list .line.draw', { hasText: 'draw 4 of 4' })
    .filter({ hasText: 'rejected' })
    .first()
    .click();
  await page.keyboard.press('Enter');
  const why = page.locator('rs-draw-list .why-lines');
  await why.waitFor();
  const sentences = await why.locator('div > div').allTextContents();
  assert.match(sentences[0] ?? '', /^Draw 4 of 4 from popularity: attempt k = 4, u = 0\.\d{6}\.$/);
  assert.match(
    sentences[1] ?? '',
    /^The item has weight [\d,]+ of 1,086,174,208 in total\. The pool has 1,204,518 items\.$/,
  );
  assert.match(sentences[2] ?? '', /^Attempt k = 3 drew .+, which was rejected: /);
  assert.match(sentences[3] ?? '', /^log q: −\d+\.\d{3} for the entry, −\d+\.\d{3} for the mix\.$/);
  const before = await activeRow(page);
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await activeRow(page), before);
  await page.keyboard.press('ArrowUp');
  assert.equal(await activeRow(page), before);
  await page.keyboard.press('Enter');
  await why.waitFor({ state: 'detached' });
  await page.keyboard.press('Home');
  assert.match(await activeRow(page), /10 of 10$/);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.locator('rs-draw-list .line.active').getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('End');
  // The shortfall is below the last row and becomes visible with it.
  assert.ok(
    await page
      .locator('rs-draw-list .line')
      .last()
      .evaluate(
        (line) =>
          line.getBoundingClientRect().bottom <=
          (document.querySelector('rs-draw-list .scroll')?.getBoundingClientRect().bottom ?? 0) + 1,
      ),
  );
  assert.equal(
    await page.locator('rs-draw-list .line').last().getAttribute('aria-rowindex'),
    await page.locator('rs-draw-list [role=treegrid]').getAttribute('aria-rowcount'),
  );
  await close(view);
});

test('draws can be grouped by source', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.getByRole('radio', { name: 'Source' }).click();
  await page.locator('rs-draw-list .line.entry', { hasText: 'exposed_unclicked' }).waitFor();
  await page.locator('rs-draw-list .line.draw').first().click();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  assert.deepEqual((await page.locator('rs-draw-list .line.entry .name').allTextContents()).slice(0, 2), [
    'exposed_unclicked',
    'global_random',
  ]);
  await close(view);
});

test('R takes a new seed, the field any seed; the seed of the config is a way back', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.locator('rs-draw-list .line.draw').first().click();
  const before = await page.locator('rs-draw-list .line.draw .name').allTextContents();
  await page.keyboard.press('r');
  await countOf(page, 'preview', 2);
  const { seed } = await lastRequest(page, 'preview');
  assert.match(String(seed), /^seed-[0-9a-z]+$/);
  await page.waitForFunction(
    (names) =>
      [...document.querySelectorAll('rs-draw-list .line.draw .name')].map((e) => e.textContent).join() !== names,
    before.join(),
  );
  const field = page.getByRole('textbox', { name: 'Seed' });
  await field.fill('夏天 2026');
  await field.press('Enter');
  await countOf(page, 'preview', 3);
  assert.equal((await lastRequest(page, 'preview'))['seed'], '夏天 2026');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Seed of the config' }).click();
  await countOf(page, 'preview', 4);
  assert.equal((await lastRequest(page, 'preview'))['seed'], undefined);
  await page.waitForFunction(
    (names) =>
      [...document.querySelectorAll('rs-draw-list .line.draw .name')].map((e) => e.textContent).join() === names,
    before.join(),
  );
  await close(view);
});

test('users are added, stepped through and removed; the host remembers them', async () => {
  const view = await open({ users: 3 });
  const { page } = view;
  await drawn(page);
  await page.getByRole('button', { name: 'Add heaviest' }).first().click();
  await page.locator('rs-preview-users .user[aria-selected=true]', { hasText: '7203685485000000777' }).waitFor();
  assert.deepEqual(
    (await requests(page, 'users')).map(({ choice, limit, without }) => [choice, limit, (without as string[]).length]),
    [[{ kind: 'heaviest' }, 1, 3]],
  );
  await page.getByRole('button', { name: 'Add user' }).click();
  await page.locator('rs-preview-users .user').nth(4).waitFor();
  await page.keyboard.press('Alt+ArrowUp');
  await page.locator('rs-preview-users .user[aria-selected=true]', { hasText: '7203685485000000777' }).waitFor();
  await page.locator('rs-preview-users .user[aria-selected=true]').focus();
  await page.keyboard.press('Delete');
  await page.waitForFunction(() => document.querySelectorAll('rs-preview-users .user').length === 4);
  const told = await page.evaluate(() =>
    window.fake.notifications
      .filter(({ event }) => event === 'users')
      .map(({ data }) => (data as { users: string[] }).users.length),
  );
  assert.deepEqual(told, [3, 4, 5, 4]);
  await close(view);
});

test('another stage draws other groups; exposures are rows without groups', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.getByLabel('Stage').selectOption('coarse_ranking');
  await page.getByText('52 requests, 819 of 832').waitFor();
  await page.locator('rs-draw-list .line.group.plain', { hasText: 'no positive' }).first().waitFor();
  await page.getByLabel('Stage').selectOption('fine_ranking');
  await page.getByText('312 exposures').waitFor();
  assert.equal(await page.locator('rs-draw-list .line.group').count(), 0);
  await close(view);
});

test('the split switch draws the groups of the evaluation window, by mouse and by keys', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  const [training, evaluation] = [
    page.getByRole('radio', { name: 'Train' }),
    page.getByRole('radio', { name: 'Eval' }),
  ];
  assert.equal(await training.getAttribute('aria-checked'), 'true');
  await evaluation.click();
  await countOf(page, 'preview', 2);
  await evaluation.press('ArrowLeft');
  await countOf(page, 'preview', 3);
  const asked = await requests(page, 'preview');
  assert.deepEqual(
    asked.map(({ split }) => split),
    ['train', 'eval', 'train'],
  );
  await evaluation.click();
  await countOf(page, 'preview', 4);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy CLI command' }).click();
  await page.waitForFunction(() => window.fake.copied !== '');
  assert.match(await page.evaluate(() => window.fake.copied), / --stage recall --split eval --users /);
  await close(view);
});

test('a third bar shows what each entry contributes to the loss, and leads to its explanation', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  const bar = page.getByRole('img', { name: /^effective: / });
  assert.match(
    (await bar.getAttribute('aria-label')) ?? '',
    /^effective: exposed_unclicked 0\.4 %, popularity 26\.3 %, global_random 73\.3 %$/,
  );
  await page.getByText('with logq: corpus').waitFor();
  await page.getByRole('button', { name: 'What this means' }).click();
  await countOf(page, 'showRule', 1);
  assert.deepEqual(await lastRequest(page, 'showRule'), { rule: 'recall/logq-lists' });
  await page.getByLabel('Stage').selectOption('coarse_ranking');
  await bar.waitFor({ state: 'detached' });
  await close(view);
});

test('groups that wait behind "Show more" are saved too', async () => {
  const view = await open({ scenario: 'heavy' });
  const { page } = view;
  await drawn(page);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Save as JSON…' }).click();
  await page.waitForFunction(() => window.fakePreview.saves.length === 1);
  assert.equal(
    await page.evaluate(
      () =>
        (JSON.parse(window.fakePreview.saves[0]?.text ?? '') as { users: { groups: unknown[] }[] }).users[0]?.groups
          .length,
    ),
    10_000,
  );
  await close(view);
});

test('the sample file is generated with the seed, the epoch and the split on screen, also where no user is chosen', async () => {
  const view = await open({ users: 0 });
  const { page } = view;
  const button = page.locator('vscode-button', { hasText: 'Generate' });
  await page.getByRole('textbox', { name: 'Seed' }).fill('another');
  await page.getByRole('textbox', { name: 'Seed' }).press('Enter');
  await page.getByLabel('Epoch').fill('3');
  await page.getByLabel('Epoch').press('Enter');
  await button.click();
  await page.waitForFunction(() => window.fakePreview.generated.length === 1);
  const uri = 'file:///project/ratio/spring.ratio.yaml';
  assert.deepEqual(await page.evaluate(() => window.fakePreview.generated), [
    { config: { uri }, stage: 'recall', split: 'train', seed: 'another', epoch: 3 },
  ]);
  await page.getByRole('radio', { name: 'Eval' }).click();
  await button.click();
  await page.waitForFunction(() => window.fakePreview.generated.length === 2);
  assert.equal(await page.evaluate(() => window.fakePreview.generated[1]?.split), 'eval');
  // The command waits for the focus, which the palette has until it closes. Without timers, only that ends this wait.
  const early = await page.evaluate(async () => {
    document.hasFocus = () => false;
    window.setTimeout = (() => 0) as unknown as typeof setTimeout;
    window.fake.send('command', { name: 'generate' });
    for (let frames = 0; frames < 2; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
    return window.fakePreview.generated.length;
  });
  assert.equal(early, 2);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.waitForFunction(() => window.fakePreview.generated.length === 3);
  const [clicked, commanded] = await page.evaluate(() => window.fakePreview.generated.slice(1));
  assert.deepEqual(commanded, clicked);
  await close(view);
});

test('what is shown is saved and copied, with the command that prints it', async () => {
  const view = await open({ users: 2 });
  const { page } = view;
  await drawn(page);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Save as JSON…' }).click();
  await page.waitForFunction(() => window.fakePreview.saves.length === 1);
  const [saved] = await page.evaluate(() => window.fakePreview.saves);
  const shown = JSON.parse(saved?.text ?? '') as {
    stage: string;
    seed: string;
    epoch: number;
    users: { user: string; groups: { rows: { log_q: number | null; draw: number | null }[] }[] }[];
  };
  assert.deepEqual(
    [saved?.name, shown.stage, shown.seed, shown.epoch, shown.users[0]?.user, shown.users[0]?.groups.length],
    ['preview-recall.json', 'recall', 'spring-campaign', 0, first, 41],
  );
  assert.equal(shown.users[0]?.groups[0]?.rows[1]?.log_q, -4.007);
  const epoch = page.getByLabel('Epoch');
  await epoch.fill('3');
  await epoch.press('Enter');
  // Drawn for the view, for saving, and again.
  await countOf(page, 'preview', 3);
  await page.getByRole('textbox', { name: 'Seed' }).fill("it's");
  await page.getByRole('textbox', { name: 'Seed' }).press('Enter');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy CLI command' }).click();
  await page.waitForFunction(() => window.fake.copied !== '');
  assert.equal(
    await page.evaluate(() => window.fake.copied),
    "recsample preview /project/ratio/spring.ratio.yaml --stage recall --users 7203685477590228993 --users 7203685477613350144 --seed 'it'\\''s' --epoch 3",
  );
  await close(view);
});

test('a user of 110,000 rows: a few elements, the last row in one key press', async () => {
  const view = await open({ scenario: 'heavy' });
  const { page } = view;
  await drawn(page);
  await page.locator('rs-draw-list .line.draw').first().click();
  await page.keyboard.press('End');
  assert.equal(await activeRow(page), 'Show 9,800 more groups');
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => Number(document.querySelector('rs-draw-list [role=treegrid]')?.getAttribute('aria-rowcount')) > 100_000,
  );
  assert.deepEqual(
    (await requests(page, 'preview')).map(({ users, groupLimit }) => [(users as string[]).length, groupLimit]),
    [
      [3, 200],
      [3, 200],
      [1, null],
    ],
  );
  await page.keyboard.press('End');
  const last = page.locator('rs-draw-list .line.active');
  assert.equal(
    await last.getAttribute('aria-rowindex'),
    await page.locator('rs-draw-list [role=treegrid]').getAttribute('aria-rowcount'),
  );
  assert.ok(
    await last.evaluate(
      (row) =>
        row === document.activeElement &&
        row.getBoundingClientRect().bottom <=
          (document.querySelector('rs-draw-list .scroll')?.getBoundingClientRect().bottom ?? 0) + 1,
    ),
  );
  assert.ok((await page.locator('rs-draw-list .line').count()) < 80);
  await close(view);
});

test('choices of the user survive a window reload', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.locator('rs-preview-users .user').nth(4).click();
  await page.getByRole('textbox', { name: 'Seed' }).fill('autumn');
  await page.getByRole('textbox', { name: 'Seed' }).press('Enter');
  await countOf(page, 'preview', 2);
  await page.reload();
  await drawn(page);
  assert.equal(
    await page.locator('rs-preview-users .user[aria-selected=true]').getAttribute('data-user'),
    '7203685480097751042',
  );
  assert.equal((await lastRequest(page, 'preview'))['seed'], 'autumn');
  await close(view);
});

test('F6 goes through the parts of the panel and back', async () => {
  const view = await open();
  const { page } = view;
  await page.locator('rs-draw-list .line.active:focus').waitFor();
  const place = () =>
    document.activeElement?.closest('[data-region]')?.classList[0] ??
    document.activeElement?.closest('[data-region]')?.tagName;
  const seen: (string | undefined)[] = [];
  for (let k = 0; k < 5; k++) {
    await page.keyboard.press('F6');
    seen.push(await page.evaluate(place));
  }
  assert.deepEqual(seen, ['tools', 'preview-bar', 'list', 'HEADER', 'line-list']);
  await page.keyboard.press('Shift+F6');
  assert.equal(await page.evaluate(place), 'HEADER');
  await close(view);
});

test('arrows read the curve, and T shows it as a table', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  const chart = page.locator('rs-curve [tabindex="0"]');
  assert.match(
    (await page.locator('rs-curve svg').getAttribute('aria-label')) ?? '',
    /^Share of rows on the most popular 1\.00 % of the corpus: corpus .+, draws .+, positives .+ %$/,
  );
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('rs-curve [role=status]', { hasText: 'most popular' }).waitFor();
  await page.keyboard.press('t');
  await page.locator('rs-curve table').waitFor();
  assert.ok((await page.locator('rs-curve tbody tr').count()) >= 20);
  await page.keyboard.press('t');
  await page.locator('rs-curve svg').waitFor();
  // The mix comes first, the curve before the sliders.
  await page.locator('rs-figures ~ rs-popularity-figure ~ rs-knobs ~ rs-figures').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Full size' }).click();
  const large = page.getByRole('dialog', { name: /^Share of rows/ });
  assert.ok(((await large.boundingBox())?.width ?? 0) > 700);
  for (const tick of ['0.001 %', '0.01 %', '0.1 %', '10 %', '50 %'])
    await large.getByText(tick, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await large.waitFor({ state: 'detached' });
  await close(view);
});
