import assert from 'node:assert/strict';
import { test } from 'node:test';
import { painted, requests, stage, until, type OpenOptions, type View } from '../browser.ts';

const { open, close } = stage();

async function opened(options: OpenOptions = {}, key = 'Alt+4'): Promise<View> {
  const view = await open(options);
  await painted(view.page);
  await view.page.keyboard.press(key);
  return view;
}

test('audit: the most severe finding first, gauges with interval, chance and limit, every metric, what was not measured', async () => {
  const view = await opened();
  const { page } = view;
  await page.getByText('Against spring.ratio.yaml › recall › train').waitFor();
  assert.deepEqual(await page.locator('rs-findings .says').allTextContents(), [
    '<b>412</b> items are positive and negative in the same request',
    'The top 1 % of the users own 31.2 % of the rows',
  ]);
  await page.getByText('2 data rules passed').waitFor();
  // The metrics follow, closed: a line with the first figures of each.
  await page.locator('rs-audit .metric > summary').first().waitFor();
  assert.equal(await page.locator('rs-audit .metric[open]').count(), 0);
  assert.equal(await page.getByText('9.69 % to 9.73 %').isVisible(), false);
  const order = await page
    .locator('rs-audit .audit-report')
    .evaluate((report) =>
      [...report.querySelectorAll('rs-findings, .gauges, .metrics')].map(({ className }) => className),
    );
  assert.deepEqual(order, ['', 'gauges', 'metrics']);
  await page.locator('rs-audit summary', { hasText: 'rows 19,191,123' }).click();
  await page.getByText('9.69 % to 9.73 %').waitFor();
  assert.equal(await page.locator('rs-audit .metric[open]').count(), 1);
  await page.getByRole('button', { name: 'Open all' }).click();
  await page.getByText('chance 0.1630 bits (0.1610 bits to 0.1650 bits)').waitFor();
  await page.getByRole('img', { name: /Rows of the top 1 % of the users, 31.2 %, limit 30.0 %/ }).waitFor();
  await page.getByText('<b>hard</b>').first().waitFor();
  await page.getByRole('img', { name: 'Skew of the users: rows by users' }).waitFor();
  await page.getByText('Duplicates There are no negatives').waitFor();
  await close(view);
});

test('audit: a finding leads to its rows, to its place in the config and to the page of its rule', async () => {
  const view = await opened();
  const { page } = view;
  await page.locator('vscode-button', { hasText: 'Go to config, line 12' }).click();
  await page.getByRole('button', { name: /The top 1 % of the users/ }).click();
  await page.keyboard.press('d');
  // The index is that of the answer, not of the sorted list.
  await until(page, () => window.fake.requests.some(({ method }) => method === 'showRule'), Boolean);
  assert.deepEqual(await requests(page, 'showFinding'), [{ index: 1 }]);
  assert.deepEqual(await requests(page, 'showRule'), [{ index: 0 }]);
  // This one names no rows.
  assert.equal(await page.locator('vscode-button', { hasText: 'Show these rows' }).count(), 0);
  await page.keyboard.press('ArrowUp');
  await page.locator('vscode-button', { hasText: 'Show these rows' }).click();
  await page.locator('rs-grid').waitFor();
  const asked = (await requests(page, 'count')).at(-1) as { view: { filter: { expression: string } } };
  assert.equal(
    asked.view.filter.expression,
    "(user_id = '7203685477590228993' and item_id = '482019') or (user_id = '7203685478022917121' and item_id = '7')",
  );
  await close(view);
});

test('audit: a curve is read by keys, as a table, in full size, and saved with every digit', async () => {
  const view = await opened();
  const { page } = view;
  await page.getByRole('button', { name: 'Open all' }).click();
  const curve = page.locator('rs-audit rs-lines').last();
  await curve.locator('[tabindex="0"]').focus();
  await page.keyboard.press('ArrowLeft');
  await curve.getByText('100 %: rows 100 %').waitFor();
  await curve.getByRole('button', { name: 'Export the picture as SVG' }).click();
  await until(
    page,
    () => window.fake.saved,
    (saved) => saved?.includes('<title>') === true,
  );
  await page.keyboard.press('t');
  await curve.locator('table').waitFor();
  await curve.getByRole('button', { name: 'Export the numbers as CSV' }).click();
  const saved = await until(
    page,
    () => window.fake.saved,
    (text) => text?.startsWith('users,rows') === true,
  );
  assert.equal(saved?.split('\r\n')[51], '0.5,0.03125');
  await curve.getByRole('button', { name: 'Full size' }).click();
  await page.getByRole('dialog', { name: 'Skew of the users: rows by users' }).waitFor();
  await page.keyboard.press('Escape');
  await curve.getByRole('button', { name: 'Full size' }).waitFor();
  await close(view);
});

test('charts: a box shows the values of all series at the place of the pointer, or of the arrow keys', async () => {
  const view = await opened({}, 'Alt+3');
  const { page } = view;
  const curve = page.locator('rs-popularity rs-curve');
  const tip = curve.locator('.tip');
  await curve.locator('[tabindex="0"]').focus();
  assert.equal(await tip.count(), 0);
  await page.keyboard.press('ArrowRight');
  const first = await tip.locator('b').textContent();
  // Positives, negatives and input, then each entry of the mix.
  const names = await tip.locator('div span:first-of-type').allTextContents();
  assert.deepEqual(names.slice(0, 3), ['positives', 'negatives', 'input']);
  assert.ok(names.length > 3, names.join());
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await tip.locator('b').textContent(), first);
  const box = (await curve.locator('svg[role="img"]').boundingBox()) ?? assert.fail('no picture');
  for (const [place, side] of [
    [0.25, 'right'],
    [0.9, 'left'],
  ] as const) {
    const x = box.x + box.width * place;
    await page.mouse.move(x, box.y + 60);
    const at = (await tip.boundingBox()) ?? assert.fail('no box');
    // Next to the place, inside of the picture, and never under the pointer.
    assert.ok(side === 'right' ? at.x > x : at.x + at.width < x, `${place}: ${JSON.stringify(at)}`);
    assert.ok(at.x >= box.x && at.x + at.width <= box.x + box.width + 1);
  }
  await page.mouse.move(box.x, box.y - 100);
  await tip.waitFor({ state: 'detached' });
  const hours = page.locator('rs-hours');
  await hours.locator('rect.cell').first().hover();
  assert.match((await hours.locator('.tip').textContent()) ?? '', /\d{4}-\d\d-\d\d \d\d:00.*rows.*positives/);
  await close(view);
});

test('the tab Audit shows the number of findings', async () => {
  const view = await opened({});
  const { page } = view;
  await page.getByRole('tab', { name: 'Audit 2 findings' }).waitFor();
  await page.keyboard.press('Alt+1');
  await page.getByRole('tab', { name: 'Audit 2 findings' }).waitFor();
  await close(view);
});

test('audit: metrics are shown as they come; a cancelled audit keeps them', async () => {
  const view = await opened({ parameters: { held: 'audit' } });
  const { page } = view;
  await page.getByText('Auditing the file').waitFor();
  await page.evaluate(() => {
    const id = window.fake.requests.find(({ method }) => method === 'audit')?.id ?? '';
    // The second report replaces the first.
    for (const value of [41, 42]) {
      const audited = [
        {
          metric: 'later',
          title: { text: 'A metric of a later version' },
          state: 'measured',
          figures: [{ id: 'x', label: { text: 'its figure' }, unit: 'count', value }],
          tables: [],
          notes: [],
        },
      ];
      const progress = { fraction: 0.1, message: { text: 'Counting' }, audited };
      window.postMessage({ kind: 'progress', id, progress }, '*');
    }
  });
  const metric = page.locator('rs-audit').getByRole('heading', { name: 'A metric of a later version' });
  await page.getByText('its figure 42', { exact: true }).waitFor();
  assert.equal(await metric.count(), 1);
  // A section that is open stays open when more metrics come.
  await metric.click();
  await page.locator('rs-audit .audit-bar vscode-button', { hasText: 'Cancel' }).click();
  await page.getByText('The audit was cancelled. Only these metrics were measured.').waitFor();
  await page.getByText('its figure', { exact: true }).waitFor();
  await page.evaluate(() => window.fake.release());
  await page.locator('vscode-button', { hasText: 'Audit again' }).click();
  await page.getByText('2 data rules passed').waitFor();
  await close(view);
});

test('audit: it runs once for both tabs, and again on request without the cached result', async () => {
  const view = await opened({}, 'Alt+3');
  const { page } = view;
  for (const key of ['Alt+4', 'Alt+1', 'Alt+4']) await page.keyboard.press(key);
  await page.getByText('2 data rules passed').waitFor();
  assert.deepEqual(await requests(page, 'audit'), [{ set: {}, isFresh: false }]);
  await page.locator('vscode-button', { hasText: 'Run again' }).click();
  await until(
    page,
    () => window.fake.requests.filter((r) => r.method === 'audit').length,
    (count) => count === 2,
  );
  assert.deepEqual((await requests(page, 'audit'))[1], { set: {}, isFresh: true });
  await close(view);
});

test('audit: a changed file makes the result stale', async () => {
  const view = await opened();
  const { page } = view;
  await page.getByText('2 data rules passed').waitFor();
  await page.evaluate(() =>
    window.fake.send('reloaded', { dataset: { ...window.fake.dataset, fingerprint: 'other' } }),
  );
  await page.getByText('The sample file changed after this audit.').waitFor();
  await page.locator('vscode-button', { hasText: 'Audit again' }).click();
  await page.getByText('The sample file changed after this audit.').waitFor({ state: 'detached' });
  await close(view);
});

test('audit: a corrected role audits the file again with it', async () => {
  const view = await opened();
  const { page } = view;
  await page.getByText('Roles of the columns').click();
  await page.getByLabel('Role of positive_item').selectOption('item');
  await until(
    page,
    () => window.fake.requests.filter((r) => r.method === 'audit').length,
    (count) => count === 2,
  );
  assert.deepEqual((await requests(page, 'audit'))[1], { set: { positive_item: 'item' }, isFresh: false });
  await close(view);
});

test('audit: without a config it says why there are no findings, and measures', async () => {
  const view = await opened({ parameters: { scenario: 'noconfig' } });
  const { page } = view;
  await page.getByText('The data rules need a ratio config.').waitFor();
  await page.getByText('rows 19,191,123').waitFor();
  await close(view);
});

test('audit: a failure says what to do, and can be tried again', async () => {
  const view = await opened({ parameters: { scenario: 'auditfailure' } });
  const { page } = view;
  await page.getByText('A page of recall.parquet is damaged').waitFor();
  await page.locator('vscode-button', { hasText: 'Try again' }).click();
  await page.getByText('2 data rules passed').waitFor();
  await close(view);
});

test('audit, distribution: without a column of items, the failure offers to choose it, and the audit runs again', async () => {
  const view = await opened({ parameters: { scenario: 'noitems' } });
  const { page } = view;
  const audits = async (): Promise<number> => (await requests(page, 'audit')).length;
  await page.getByText('No column holds the items of the sample file').waitFor();
  // A page has no command line.
  assert.equal(await page.getByText('--role').count(), 0);
  await page.keyboard.press('Alt+3');
  await page.locator('rs-distribution vscode-button', { hasText: 'Choose the item column' }).click();
  await page.locator('rs-popularity').waitFor();
  assert.equal(await audits(), 2);
  // The same roles again, as the host reports them to all editors of the file, audit nothing.
  await page.evaluate(() => window.fake.send('roles', { dataset: structuredClone(window.fake.dataset) }));
  await page.keyboard.press('Alt+4');
  await page.getByText('2 data rules passed').waitFor();
  assert.equal(await audits(), 2);
  await page.keyboard.press('Alt+2');
  await page.locator('rs-columns .column-row').nth(4).click();
  await page.keyboard.press('r');
  await page.keyboard.press('Alt+4');
  await page.getByText('2 data rules passed').waitFor();
  assert.equal(await audits(), 3);
  await close(view);
});

test('distribution: an entry of the mix and a brush over hours show their rows', async () => {
  const view = await opened({}, 'Alt+3');
  const { page } = view;
  await page.getByText('total variation 5.30 %').waitFor();
  await page.getByText('4,280,219').waitFor();
  await page.getByRole('button', { name: 'hot', exact: true }).click();
  await page.locator('rs-grid').waitFor();
  type Asked = { view: { filter: { conditions: unknown[] } } };
  const conditions = async (): Promise<unknown[] | undefined> =>
    ((await requests(page, 'count')).at(-1) as Asked | undefined)?.view.filter.conditions;
  assert.deepEqual(await conditions(), [{ column: 'source', op: '=', values: ['hot'] }]);
  await page.keyboard.press('Alt+3');
  await page.locator('rs-hours [tabindex="0"]').focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight']) await page.keyboard.press(key);
  await page.getByText('2026-03-01 01:00 to 2026-03-01 02:00').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('rs-grid').waitFor();
  assert.deepEqual(await conditions(), [
    { column: 'ts', op: 'between', values: ['2026-03-01 01:00:01', '2026-03-01 02:59:58'] },
  ]);
  await close(view);
});

test('distribution: the popularity curve is cumulative, per bin or a lift; without data the reasons are named', async () => {
  const view = await opened({}, 'Alt+3');
  const { page } = view;
  await page
    .getByRole('img', { name: /most popular 1.00 % of the corpus: positives 57.5 %, negatives 23.5 %/ })
    .waitFor();
  await page.getByRole('radio', { name: 'Lift over the input' }).click();
  await page.locator('rs-popularity rs-lines [tabindex="0"]').focus();
  await page.keyboard.press('ArrowLeft');
  // At the least popular end, the random entry is as frequent as the input.
  await page.getByText(/entry random 1×/).waitFor();
  await close(view);
  const unlabelled = await opened({ parameters: { scenario: 'unlabelled' } }, 'Alt+3');
  await unlabelled.page.getByText('popularity_by_entry: there is no label column').waitFor();
  await close(unlabelled);
});
