import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { requests, stage, type View } from '../browser.ts';

const { open, close } = stage();
const show = (parameters: Record<string, string | number> = {}, width = 1440, height = 900): Promise<View> =>
  open({ path: 'trial', width, height, parameters });

const heads = (page: Page): Promise<string[]> =>
  page
    .locator('rs-differences thead th')
    .evaluateAll((cells) => cells.map((cell) => cell.textContent.replace(/\s+/g, ' ').trim()));
const chosen = (page: Page): Promise<string> =>
  page.locator('#cell-text').evaluate((line) => line.textContent.replace(/\s+/g, ' ').trim());

test('a report: its verdict and the gates first, five metrics, words for clear differences, every chart as a table, any config as the reference', async () => {
  const view = await show();
  const { page } = view;
  await page.getByText('All gates passed: on this log the differences below are evidence').waitFor();
  await page.getByText('Id-only probe on logged clicks. It is not your model and not an A/B test').waitFor();
  assert.deepEqual(await heads(page), ['metric', 'spring', 'summer minus spring', 'cold-start minus spring']);
  const verdicts = await page.locator('rs-gate-banner .verdicts dd').allTextContents();
  assert.match(
    (verdicts[1] ?? '').replace(/\s+/g, ' '),
    /higher: Tail recall@100 · Coverage of lists ?lower: .*no clear difference: Recall@100/,
  );
  const metrics = page.locator('rs-differences tbody th');
  assert.deepEqual(await metrics.allTextContents(), [
    'NDCG@20',
    'Recall@100',
    'Tail recall@100',
    'GAUC, unseen exposures',
    'Coverage of lists',
  ]);
  await page.getByRole('button', { name: 'Show 8 more metrics' }).click();
  assert.equal(await metrics.count(), 13);
  await page.getByRole('button', { name: 'Show the main metrics' }).click();
  assert.equal(await metrics.count(), 5);
  await page.locator('rs-differences .frame').focus();
  const tail = page.locator('rs-differences tbody tr', { hasText: 'Tail recall@100' });
  assert.match(await tail.innerText(), /−0\.0118[\s\S]*lower[\s\S]*\+0\.0164[\s\S]*higher/);
  assert.equal(await page.getByText(/winner/i).count(), 0);

  // The keys work without a click: the table has the focus.
  for (const key of ['ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  assert.match(await chosen(page), /^Recall@100, cold-start minus spring, .*no clear difference$/);
  await page.keyboard.press('x');
  await page.getByText('cold-start is the reference').waitFor();
  assert.deepEqual(await heads(page), ['metric', 'cold-start', 'spring minus cold-start', 'summer minus cold-start']);
  assert.match(await tail.innerText(), /−0\.0164[\s\S]*lower/);

  await page.keyboard.press('t');
  for (const chart of ['rs-pareto', 'rs-thirds', 'rs-lines'])
    assert.equal(await page.locator(`${chart} table`).count(), 1);
  assert.match(await page.locator('rs-thirds table').innerText(), /summer\s+\+2\.8 \(\+2\.6 to \+3\.0\)/);

  await page.getByRole('button', { name: 'Report' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  assert.equal((await requests(page, 'saveReport')).length, 1);
  await page.getByRole('button', { name: 'Train on all' }).click();
  await page.waitForFunction(() => window.fake.requests.filter(({ method }) => method === 'run').length === 2);
  assert.equal((await requests(page, 'run'))[1]?.['all'], true);
  await close(view);
});

test('other options make the report stale; a config is added and the trial runs again', async () => {
  const view = await show({}, 880, 700);
  const { page } = view;
  await page.getByText('All gates passed').waitFor();
  await page.getByRole('radio', { name: 'Exposed' }).click();
  await page.getByText('The configs or options have changed since this run.').waitFor();
  // The table has the focus, but the panel shows the verdict.
  assert.equal(await page.locator('rs-trial > .content').evaluate(({ scrollTop }) => scrollTop), 0);
  // A field that cannot be used says why, and nothing runs until it can.
  const run = page.locator('rs-trial-bar').getByRole('button', { name: 'Run again' });
  const disabled = page.locator(':disabled');
  const [seeds, slice] = [page.getByLabel('Seeds'), page.getByLabel('Random slice')];
  assert.equal(await seeds.inputValue(), '5');
  for (const [field, wrong, reason, right] of [
    [seeds, '21', 'Seeds: a whole number from 1 to 20', '3'],
    // T and X are keys of the report, but letters here.
    [slice, 'is_random', 'Random slice: COLUMN=VALUE, such as is_random=1', 'is_extra = 1'],
  ] as const) {
    await field.fill(wrong);
    await field.press('Enter');
    await page.getByRole('alert').getByText(reason).waitFor();
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    // The controls of the toolkit change in the next frame.
    for (const button of [run, page.locator('rs-trial .stale button')]) await button.and(disabled).waitFor();
    await field.fill('');
    await field.pressSequentially(right);
    await field.press('Enter');
    await page.getByText(reason).waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: 'Add config' }).click();
  await page.getByRole('button', { name: 'Remove no-logq' }).waitFor();
  await page.getByRole('button', { name: 'Remove summer' }).click();
  await run.click();
  await page.waitForFunction(() => window.fake.requests.filter(({ method }) => method === 'run').length === 2);
  const [, second] = await requests(page, 'run');
  const names = (second?.['configs'] as { uri: string }[] | undefined)?.map(
    ({ uri }) => uri.split('/').at(-1)?.split('.')[0],
  );
  assert.deepEqual(names, ['spring', 'cold-start', 'no-logq']);
  const options = { hide: 'exposed', seeds: 3, evalWhere: { column: 'is_extra', value: '1' } };
  assert.deepEqual(second?.['options'], options);
  const kept = await page.evaluate(() => window.acquireVsCodeApi().getState());
  assert.deepEqual((kept as { options: unknown }).options, options);
  assert.equal(await page.getByText('have changed since this run').count(), 0);
  // Nothing is wider than the page.
  assert.ok(
    await page.evaluate(
      () => document.querySelector('.content')?.scrollWidth === document.querySelector('.content')?.clientWidth,
    ),
  );
  await close(view);
});

test('a change during the run makes its report stale, a failed save keeps it, and a reload finds the configs', async () => {
  const view = await show({ held: 'run', scenario: 'unwritable' }, 880, 700);
  const { page } = view;
  await page.getByText('Nothing is written').waitFor();
  const kept = await page.evaluate(() => window.acquireVsCodeApi().getState());
  assert.equal((kept as { configs: unknown[] }).configs.length, 3);
  await page.evaluate(() => window.fake.send('changed', { uri: 'file:///project/ratio/summer.ratio.yaml' }));
  // Messages arrive in order, so the change is known before the report.
  await page.evaluate(() => window.fake.release());
  await page.getByText('All gates passed').waitFor();
  await page.getByText('The configs or options have changed since this run.').waitFor();
  await page.getByRole('button', { name: 'Report' }).click();
  await page.getByText('The disk is full').waitFor();
  await page.getByText('All gates passed').waitFor();
  await close(view);
});

test('a fired gate takes the words away, and names of files are text', async () => {
  const view = await show({ scenario: 'hostile' });
  const { page } = view;
  await page.getByText('Logged clicks mostly repeat what was shown; the order of configs is not evidence').waitFor();
  const words = await page.locator('rs-differences .cell').allInnerTexts();
  // The banner says once that there is none.
  assert.ok(
    words.every((text) => !/verdict|higher|lower|clear/.test(text)),
    words.join('\n'),
  );
  assert.equal(await page.getByText('No verdict', { exact: true }).count(), 1);
  assert.equal(await page.locator('rs-differences b').count(), 0);
  await page.getByText('Too few users or clicks in eval for a verdict').waitFor();
  await close(view);
});

test('progress by config and seed, Esc cancels; a refusal leads to its line; one config asks for another', async () => {
  const running = await show({ held: 'run' }, 1000, 600);
  const { page } = running;
  await page.getByText('Nothing is written').waitFor();
  assert.deepEqual(await page.locator('rs-trial-running li .cut').allTextContents(), [
    'spring',
    'summer',
    'cold-start',
  ]);
  const id = await page.evaluate(() => window.fake.requests.find(({ method }) => method === 'run')?.id ?? '');
  await page.evaluate((run) => {
    window.postMessage({
      kind: 'progress',
      id: run,
      progress: { fraction: 0.4, message: { text: '' }, trial: { phase: 'training', done: [2, 1, 0], runs: 5 } },
    });
  }, id);
  await page.getByText('Training and evaluating').waitFor();
  assert.match(await page.locator('rs-trial-running ul').innerText(), /spring\s+2 of 5\s+summer\s+1 of 5/);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
  assert.deepEqual(await page.evaluate(() => window.fake.cancelled), [id]);
  await close(running);

  const refused = await show({ scenario: 'refused' }, 1000, 600);
  await refused.page.getByText('A trial needs window.eval').waitFor();
  await refused.page.getByRole('button', { name: 'Open config' }).click();
  const [opened] = await requests(refused.page, 'openConfig');
  assert.equal(opened?.['line'], 12);
  await close(refused);

  const empty = await show({ scenario: 'empty' }, 1000, 600);
  await empty.page.getByRole('heading', { name: 'Which mix is better for this log?' }).waitFor();
  assert.deepEqual(await requests(empty.page, 'run'), []);
  await close(empty);
});

test('a panel that moved to another window shows its report without another run', async () => {
  const view = await show({ scenario: 'moved' });
  const { page } = view;
  await page.locator('rs-differences thead th').nth(3).waitFor();
  assert.deepEqual(await heads(page), ['metric', 'spring', 'summer minus spring', 'cold-start minus spring']);
  assert.equal((await requests(page, 'run')).length, 0);
  await close(view);
});
