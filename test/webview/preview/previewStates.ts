import { test } from 'node:test';
import assert from 'node:assert/strict';
import { requests } from '../browser.ts';
import { countOf, drawn, lastRequest, previewStage } from '../previewPage.ts';

const { open, close } = previewStage();

test('a log without remembered users shows the heaviest, the coldest and a random one, in one drawing', async () => {
  const view = await open({ users: 0 });
  const { page } = view;
  await drawn(page);
  await page.locator('rs-preview[aria-busy=false] .user').nth(2).waitFor();
  const asked = await requests(page, 'users');
  assert.deepEqual(
    asked.map(({ choice, without }) => [(choice as { kind: string }).kind, (without as string[]).length]),
    [
      ['heaviest', 0],
      ['coldest', 1],
      ['random', 2],
    ],
  );
  assert.deepEqual(
    (await requests(page, 'preview')).map(({ users }) => (users as string[]).length),
    [3],
  );
  // A user who removes all of them does not get others. No key is lost while the others are drawn.
  await page.evaluate(() => {
    window.fake.held = ['preview'];
  });
  await page.locator('rs-preview-users .user[aria-selected=true]').focus();
  for (let left = 2; left >= 0; left--) {
    await page.keyboard.press('Delete');
    await page.waitForFunction((n) => document.querySelectorAll('rs-preview-users .user').length === n, left);
  }
  await page.getByText('See what this stage draws for a user').waitFor();
  assert.equal((await requests(page, 'users')).length, 3);
  await close(view);
});

test('if no user is found the stage can be edited, and a button adds a user', async () => {
  const view = await open({ scenario: 'nobody' });
  const { page } = view;
  await page.getByText('See what this stage draws for a user').waitFor();
  assert.equal((await requests(page, 'preview')).length, 0);
  await page.locator('.welcome vscode-button', { hasText: 'Add user' }).click();
  await drawn(page);
  await close(view);
});

test('a failure says what to do, and trying again draws', async () => {
  const view = await open({ scenario: 'failure' });
  const { page } = view;
  await page.getByText('The engine stopped while it was drawing').waitFor();
  await page.getByRole('button', { name: 'Show Log' }).click();
  assert.equal((await requests(page, 'showLog')).length, 1);
  await page.locator('vscode-button', { hasText: 'Try again' }).click();
  await drawn(page);
  await close(view);
});

test('a restricted workspace: what is not read, and how to read it', async () => {
  const view = await open({ scenario: 'restricted' });
  const { page } = view;
  await page.getByText('Restricted Mode: no data file is read').waitFor();
  await page.getByText('Trust the workspace to preview.').waitFor();
  await close(view);
});

test('an extract is named above the draws, with its split, and in the copied command', async () => {
  const view = await open({ scenario: 'extract' });
  const { page } = view;
  await drawn(page);
  await page.getByText('Rows of the cluster, from the extract /project/out/recall.extract.').waitFor();
  const asked = await lastRequest(page, 'preview');
  assert.equal(asked['split'], 'eval');
  // The host knows the folder; the webview cannot choose another one.
  assert.equal(asked['extract'], undefined);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy CLI command' }).click();
  await page.waitForFunction(() => window.fake.copied !== '');
  const copied = await page.evaluate(() => window.fake.copied);
  assert.match(copied, / --split eval --extract \/project\/out\/recall\.extract --users /);
  await close(view);
});

test('a failure after draws leaves them, and says that they are older', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.evaluate(() => {
    window.fakePreview.failing = 'preview';
  });
  await page.locator('rs-draw-list .line.draw').first().click();
  await page.keyboard.press('r');
  await page.getByText('The draws before the change are still shown.').waitFor();
  await drawn(page);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('The draws before the change are still shown.').waitFor({ state: 'detached' });
  await close(view);
});

test('a config with errors is previewed without the invalid parts; problems link to their line', async () => {
  const view = await open({ scenario: 'problems' });
  const { page } = view;
  await drawn(page);
  await page.getByText('The entry hard_rank was left out: data.candidates is missing').waitFor();
  await page.getByRole('button', { name: 'Line 33' }).click();
  assert.deepEqual((await lastRequest(page, 'reveal'))['range'], {
    start: { line: 32, character: 18 },
    end: { line: 32, character: 21 },
  });
  await close(view);
});

test('draws that distinct dropped are below the rows of their group, and in the figures', async () => {
  const view = await open();
  const { page } = view;
  await page.getByLabel('Stage').selectOption('coarse_ranking');
  const dropped = page.locator('rs-draw-list .line.short', { hasText: 'dropped by distinct' }).first();
  assert.match(
    await dropped.innerText(),
    /^ranked_unexposed: \d+ · dropped by distinct: an earlier entry has the item$/,
  );
  await page.locator('rs-figures section', { hasText: 'Dropped by distinct' }).getByText('ranked_unexposed').waitFor();
  await close(view);
});

test('an invalid amount is reported, and figures of the mix are hidden', async () => {
  const view = await open({ scenario: 'amountless' });
  const { page } = view;
  await page.getByText('No negatives are drawn: NaN is not a finite number').waitFor();
  await page.getByText('Rows on the most popular items').waitFor();
  for (const title of ['Drawn for', 'Rejected draws', 'Shortfall'])
    assert.equal(await page.locator('rs-figures h3', { hasText: title }).count(), 0, title);
  await close(view);
});

test('a stage that cannot be drawn shows only its problems', async () => {
  const view = await open({ scenario: 'unsound' });
  const { page } = view;
  await page.getByText('Nothing can be drawn from this stage yet').waitFor();
  await page.getByRole('button', { name: 'Line 36' }).waitFor();
  assert.equal((await requests(page, 'preview')).length, 0);
  await close(view);
});

test('an unknown user, a user without positives, an empty window: each says what it is', async () => {
  const unknown = await open({ scenario: 'unknown' });
  await unknown.page.getByText('No rows of this user in the log').waitFor();
  await unknown.page.getByText('not in the log', { exact: true }).waitFor();
  await unknown.page.getByRole('button', { name: 'Remove this user' }).first().click();
  await unknown.page.getByText('See what this stage draws for a user').waitFor();
  await close(unknown);
  const none = await open();
  await drawn(none.page);
  await none.page.locator('rs-preview-users .user', { hasText: '41 shown · 0 clicked' }).click();
  await none.page.getByText('41 exposures, but none has a positive event: no negatives are drawn.').waitFor();
  await close(none);
  const window = await open({ scenario: 'window' });
  await window.page.getByText('No positives of any user in the window').waitFor();
  await close(window);
});

test('notices of the answer: the first at once, the rest on request', async () => {
  const view = await open({ scenario: 'notices' });
  const { page } = view;
  await page.getByText('1204 rows without user or item were left out').waitFor();
  await page.getByRole('button', { name: '2 more notices' }).click();
  await page.getByText('Clicks count up to 2026-03-14').waitFor();
  await close(view);
});

test('a preview that has the focus gives it to its first draws', async () => {
  const view = await open({ held: 'preview' });
  const { page } = view;
  await countOf(page, 'preview', 1);
  await page.waitForFunction(() => document.hasFocus() && document.activeElement === document.body);
  await page.evaluate(() => window.fake.release());
  // No answer comes after this one, and nothing else is drawn.
  await page.locator('rs-draw-list .line.active:focus').waitFor();
  await close(view);
});

test('a slow draw shows users, sliders and progress; Escape cancels it, and it can be started again', async () => {
  const view = await open({ held: 'preview' });
  const { page } = view;
  await page.locator('rs-preview-users .user').first().waitFor();
  await page.locator('rs-knobs').getByText('Negatives per positive').waitFor();
  await page.locator('rs-progress .notice').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('Cancelled', { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => window.fake.cancelled.length), 1);
  await page.evaluate(() => {
    window.fake.held = [];
  });
  await page.locator('vscode-button', { hasText: 'Draw again' }).click();
  await drawn(page);
  await close(view);
});

test('a config that is gone ends the preview with what happened', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.evaluate(() =>
    window.fake.send('failed', {
      failure: { code: 'not-found', message: { text: '{0} is gone', args: ['spring.ratio.yaml'] } },
    }),
  );
  await page.getByText('spring.ratio.yaml is gone').waitFor();
  await page.locator('vscode-button', { hasText: 'Try again' }).click();
  await drawn(page);
  await close(view);
});

test('a drawn row leads to its explanation, with entries, history and draws', async () => {
  const view = await open();
  const { page } = view;
  await drawn(page);
  await page.locator('rs-draw-list .line.draw').first().click();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Explain the pair of user and item' }).click();
  await page.getByText('Drawn once with this seed; 0.000685 expected.').waitFor();
  const { user, item } = await lastRequest(page, 'explain');
  assert.equal(user, '7203685477590228993');
  assert.match(String(item), /^\d{19}$/);
  await page.getByText('draw 3 on 14 Mar, 00:07').waitFor();
  await page.getByText('log q −10.914 to −10.894').waitFor();
  await page.keyboard.press('Escape');
  await drawn(page);
  await close(view);
});

test('a pair that is never drawn shows the reason first, then the user’s events, by entry', async () => {
  const view = await open({ mode: 'explain' });
  const { page } = view;
  const field = page.getByRole('combobox', { name: 'Item' });
  // The items of the user's groups are offered, and a title that several items have is not guessed.
  const offered = page.locator('#pair-items option');
  await offered.first().waitFor({ state: 'attached' });
  assert.match((await offered.first().getAttribute('value')) ?? '', /^\d{19}$/);
  const [title = ''] = ((await offered.first().textContent()) ?? '').split(' · positive');
  await field.fill(title);
  await page.keyboard.press('Enter');
  await page.getByText(/^\d+ items have the title/).waitFor();
  // A part of a title is enough if one item has it.
  await field.fill('LIGHTHOUSE');
  await page.keyboard.press('Enter');
  await countOf(page, 'explain', 1);
  assert.equal((await lastRequest(page, 'explain'))['item'], '4820193300000000003');
  await field.fill('13');
  await page.keyboard.press('Enter');
  await page.getByText('Never: every group excludes it because of an event of the user.').waitFor();
  await page.getByText('2026-03-11 22:15:03.120000 UTC').first().waitFor();
  assert.equal(await page.getByText('excluded by an event of the user in all groups').count(), 4);
  await page.locator('rs-explain-pane').getByLabel('User').fill('99');
  await page.locator('rs-explain-pane vscode-button').click();
  await page.getByText('Never: the log has no rows of this user.').waitFor();
  await countOf(page, 'explain', 3);
  await close(view);
});

test('notices about the data come with the answer for a pair, also without users', async () => {
  const view = await open({ mode: 'explain', scenario: 'notices', users: '0' });
  const { page } = view;
  await page.locator('rs-explain-pane').getByLabel('User').fill('7203685477590228993');
  await page.getByRole('combobox', { name: 'Item' }).fill('13');
  assert.equal(await page.locator('rs-preview-notices .notice').count(), 0);
  await page.keyboard.press('Enter');
  await page
    .locator('rs-preview-notices .notice', { hasText: '1204 rows without user or item were left out' })
    .waitFor();
  await page.keyboard.press('Escape');
  await page.locator('rs-preview-notices .notice').waitFor({ state: 'detached' });
  await close(view);
});

for (const [width, tools] of [
  [1000, 'beside'],
  [700, 'under'],
  [480, 'under'],
] as const) {
  test(`${width} pixels wide: nothing is wider than the window, tools are ${tools} the draws`, async () => {
    const view = await open({}, { width, height: 720 });
    const { page } = view;
    await drawn(page);
    assert.ok(
      await page.evaluate(() =>
        [...document.querySelectorAll('rs-preview *')].every(
          (element) =>
            element.closest('svg, .said') !== null || element.getBoundingClientRect().right <= innerWidth + 1,
        ),
      ),
    );
    const [draws, panel] = await Promise.all([
      page.locator('rs-draw-list').boundingBox(),
      page.locator('rs-preview .tools').boundingBox(),
    ]);
    assert.equal((panel?.y ?? 0) >= (draws?.y ?? 0) + (draws?.height ?? 0) - 1, tools === 'under');
    assert.equal(await page.locator('#user-choice').isVisible(), tools === 'under');
    await close(view);
  });
}
