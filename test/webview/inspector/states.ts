import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fakeValue } from '../fakeData.ts';
import { cellText, clickCell, painted, requests, stage, until, waitForCell } from '../browser.ts';

const { open, close } = stage();

test('the page that replaces a hidden one has requests of its own: an answer to the old page does nothing', async () => {
  const view = await open({ parameters: { held: 'open' } });
  const { page } = view;
  const openings = (): Promise<readonly string[]> =>
    page.evaluate(() => window.fake.requests.filter(({ method }) => method === 'open').map(({ id }) => id));
  const [old = ''] = await openings();
  await page.reload();
  await page.waitForFunction(() => window.fake.requests.length > 0);
  const next = await openings();
  assert.ok(old !== '' && !next.includes(old), `${old} and then ${next.join()}`);
  await page.evaluate((id) => {
    window.postMessage({ kind: 'failure', id, failure: { code: 'internal', message: { text: 'The old page' } } }, '*');
    window.fake.release();
  }, old);
  await painted(page);
  assert.equal(await page.getByText('The old page').count(), 0);
  await close(view);
});

test('a damaged page is marked in place; other rows stay usable, and it can be retried', async () => {
  const view = await open({ parameters: { damaged: 450 } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 2, 3);
  await page.keyboard.press('Control+g');
  await page.keyboard.type('402');
  await page.keyboard.press('Enter');
  await page.getByText('A page of recall.parquet is damaged').waitFor();
  await page.getByText('out/recall.parquet, byte 88,100').waitFor();
  await page.locator('.row[aria-rowindex="403"]', { hasText: 'cannot be read' }).waitFor();
  assert.deepEqual(
    [await cellText(page, 402, 1), await cellText(page, 401, 1), await cellText(page, 401, 2)],
    ['401', '400', String(fakeValue(399, 0))],
  );
  assert.equal((await requests(page, 'page')).filter(({ first }) => first === 400).length, 1);
  await page.keyboard.press('Control+End');
  await waitForCell(page, 19_191_124, 13);
  await page.keyboard.press('Control+Home');
  await waitForCell(page, 2, 2);
  await page.keyboard.press('Control+g');
  await page.keyboard.type('402');
  await page.keyboard.press('Enter');
  await page.locator('.row[aria-rowindex="403"]', { hasText: 'cannot be read' }).waitFor();
  await page.evaluate(() => {
    window.fake.damaged = [];
  });
  await page.getByRole('button', { name: 'Try again' }).click();
  assert.equal(await waitForCell(page, 403, 2, (text) => /^\d/.test(text)), String(fakeValue(401, 0)));
  assert.equal(await page.getByText('A page of recall.parquet is damaged').count(), 0);
  await close(view);
});

test('the detail of a row that cannot be read shows no values of another', async () => {
  const view = await open({ parameters: { damaged: 200 } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 2, 3);
  await page.keyboard.press('Space');
  await page.getByText('64 numbers').waitFor();
  await page.keyboard.press('Control+g');
  await page.keyboard.type('201');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Row 201', exact: true }).waitFor();
  await page.locator('rs-detail [role="alert"]', { hasText: 'is damaged' }).waitFor();
  assert.equal(await page.locator('rs-detail rs-value').count(), 0);
  await close(view);
});

test('if no row matches, each condition has its count, and the strictest or all can be cleared', async () => {
  const view = await open({ parameters: { scenario: 'nomatch' } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 5);
  await page.keyboard.press('f');
  await page.getByText('No rows match').waitFor();
  await page.getByRole('combobox', { name: 'Expression' }).fill('log_q > -1');
  await page.getByRole('combobox', { name: 'Expression' }).press('Enter');
  await page.getByText('No rows match both conditions').waitFor();
  await page.getByText('1,861,455').waitFor();
  await page.locator('vscode-button', { hasText: 'Remove log_q > -1' }).click();
  await until(
    page,
    () => window.fake.requests.filter((r) => r.method === 'count').length,
    (count) => count === 3,
  );
  await page.locator('vscode-button', { hasText: 'Clear all' }).click();
  await painted(page);
  await close(view);
});

test('a file without rows says so', async () => {
  const view = await open({ parameters: { scenario: 'empty' } });
  await view.page.getByText('This file has no rows').waitFor();
  await close(view);
});

test('slow work shows its progress; Escape cancels it and restores the earlier view', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await page.evaluate(() => {
    window.fake.held = ['page', 'count'];
  });
  await page.locator('.head-cell[aria-colindex="4"]').click();
  await page.getByText('Reading footer: 157 row groups').waitFor();
  await page.evaluate(() => {
    window.fake.held = [];
  });
  await page.keyboard.press('Escape');
  await painted(page);
  assert.equal(await page.locator('.head-cell[aria-colindex="4"]').getAttribute('aria-sort'), 'none');
  assert.equal(await page.getByText('Reading footer').count(), 0);
  await close(view);
});

test('bad rows are listed with their lines, which lead into the file', async () => {
  const view = await open({ parameters: { scenario: 'notices' } });
  const { page } = view;
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('button', { name: '9,000,001' }).click();
  assert.deepEqual(await requests(page, 'showLine'), [{ path: '/data/out/recall.csv', line: 9_000_001 }]);
  await close(view);
});

test('the detail of a row has every value, follows the selection, and copies JSON', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 3);
  await page.keyboard.press('Space');
  await page.getByRole('heading', { name: 'Row 2', exact: true }).waitFor();
  await page.getByText('64 numbers').waitFor();
  await page.getByRole('button', { name: 'Next row' }).click();
  await page.getByRole('heading', { name: 'Row 3', exact: true }).waitFor();
  await page.getByText('Copy as JSON').click();
  assert.match(
    await until(
      page,
      () => window.fake.copied,
      (text) => text !== '',
    ),
    /^\{"user_id":"72036854\d+"/,
  );
  await page.getByRole('button', { name: 'Close' }).click();
  assert.equal(await page.locator('rs-detail').count(), 0);
  await close(view);
});

test('the active column stays beside the detail when the window becomes narrow or grows again', async () => {
  const view = await open({ width: 1440, height: 700 });
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 3);
  await page.keyboard.press('End');
  await page.keyboard.press('Space');
  await page.locator('rs-detail').waitFor();
  /** Pixels of the active cell between the pinned columns and the detail; -1 without an active cell. */
  const beside = () => {
    const cell = document.querySelector('.row[aria-rowindex="3"] .cell.active')?.getBoundingClientRect();
    const pane = document.querySelector('rs-detail')?.getBoundingClientRect();
    return cell && pane ? Math.min(cell.right, pane.left) - cell.left : -1;
  };
  // At 420 pixels the detail leaves no space for columns; the active one returns with the space.
  for (const width of [880, 600, 420, 1000, 720]) {
    await page.setViewportSize({ width, height: 700 });
    await until(
      page,
      () => innerWidth,
      (inner) => inner === width,
    );
    if (width > 420) await until(page, beside, (pixels) => pixels > 24);
  }
  await close(view);
});

test('the column list renders few of ten thousand columns and profiles only the visible ones', async () => {
  const view = await open({ parameters: { columns: 10_000 } });
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+2');
  await page.locator('.column-row[data-index="0"]').click();
  await page.keyboard.press('End');
  await page.locator('.column-row[data-index="9999"] .mini').waitFor();
  assert.ok((await page.locator('.column-row').count()) < 40);
  const asked = (await requests(page, 'profile')).flatMap(({ columns }) => columns as number[]);
  assert.ok(asked.length < 120 && asked.includes(9999));
  await close(view);
});

test('columns: narrow, every row on screen gets its profile', async () => {
  const view = await open({ width: 580, height: 720 });
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+2');
  const missing = () => {
    const scroll = document.querySelector('rs-columns .scroll')?.getBoundingClientRect();
    return [...document.querySelectorAll('.column-row')].filter((row) => {
      const { top } = row.getBoundingClientRect();
      return scroll !== undefined && top < scroll.bottom && row.querySelector('.nulls') === null;
    }).length;
  };
  await page.locator('.column-row .nulls').first().waitFor();
  await until(page, missing, (count) => count === 0);
  await page.setViewportSize({ width: 580, height: 1000 });
  await until(
    page,
    () => document.querySelector('rs-columns .scroll')?.clientHeight ?? 0,
    (height) => height > 500,
  );
  await until(page, missing, (count) => count === 0);
  await close(view);
});

for (const theme of ['hc-dark', 'hc-light']) {
  test(`rows and columns have separator lines in a theme without its own, ${theme}`, async () => {
    const view = await open({ parameters: { theme } });
    const { page } = view;
    await painted(page);
    assert.equal(
      await page
        .locator('rs-grid .cell[data-position="2"]')
        .first()
        .evaluate((cell) => getComputedStyle(cell).borderRightStyle),
      'solid',
    );
    await page.keyboard.press('Alt+2');
    assert.equal(
      await page
        .locator('.column-row')
        .first()
        .evaluate((row) => getComputedStyle(row).borderBottomStyle),
      'solid',
    );
    await close(view);
  });
}

test('columns: R picks a role, T shows the histogram as numbers, a top value and a drag filter', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+2');
  await page.locator('.column-row[data-index="6"]').click();
  await page.keyboard.press('r');
  await page.locator('.column-row[data-index="6"] .role-chip', { hasText: 'weight' }).waitFor();
  await page.locator('rs-histogram [tabindex="0"]').focus();
  await page.keyboard.press('t');
  await page.locator('rs-histogram table').waitFor();
  await page.locator('rs-column-detail td button').first().click();
  await page.getByText('log_q = −14.0016').waitFor();
  await until(
    page,
    () => window.fake.requests.filter((r) => r.method === 'profile').at(-1)?.params,
    (params) => JSON.stringify(params).includes('-14.0016'),
  );
  // The table stays after the filter, until T shows the chart again.
  await page.locator('rs-histogram [tabindex="0"]').first().focus();
  await page.keyboard.press('t');
  const chart = page.locator('rs-histogram svg.brushable');
  const box = (await chart.boundingBox()) ?? assert.fail('no histogram');
  await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 40);
  await page.mouse.up();
  await until(
    page,
    () => window.fake.requests.filter((r) => r.method === 'profile').at(-1)?.params,
    (params) => /"column":"log_q","op":"between"/.test(JSON.stringify(params)),
  );
  await close(view);
});

test('file: storage, columns, row groups, metadata that unfolds', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+5');
  await page.getByText('parquet-cpp-arrow version 15.0.2').waitFor();
  await page.getByText('the first 40 of 157').waitFor();
  await page.getByRole('button', { name: 'Unfold' }).click();
  await page.getByText('cut for display, 48.2 kB in the file').waitFor();
  await close(view);
});

test('F6 goes through the parts of the page and back', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  const place = () =>
    document.activeElement?.closest('[data-region]')?.className ||
    document.activeElement?.closest('[data-region]')?.tagName;
  const seen: (string | undefined)[] = [];
  for (let k = 0; k < 3; k++) {
    await page.keyboard.press('F6');
    seen.push(await page.evaluate(place));
  }
  assert.deepEqual(seen, ['tabs', 'RS-FILTER-BAR', 'RS-GRID']);
  await page.keyboard.press('Shift+F6');
  assert.equal(await page.evaluate(place), 'RS-FILTER-BAR');
  await close(view);
});

test('columns are chosen from a list with a search', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await page.getByRole('button', { name: 'Choose columns' }).click();
  await page.keyboard.type('titl');
  await page.locator('rs-column-chooser vscode-checkbox').click();
  await until(
    page,
    () => [...document.querySelectorAll('.head-cell .head-name .cut')].map((e) => e.textContent),
    (names) => names.length > 0 && !names.includes('title'),
  );
  await close(view);
});

test('row groups: their statistics on demand, and which of them readers skip for the filter', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await page.keyboard.press('Alt+5');
  await page.getByRole('button', { name: 'Statistics of row group 1' }).first().click();
  await page.getByRole('cell', { name: '7203685477590228993' }).waitFor();
  assert.deepEqual(
    (await requests(page, 'rowGroup')).map(({ file, index }) => [file, index]),
    [[0, 0]],
  );
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: '7203685477590228993' }).waitFor({ state: 'detached' });
  assert.equal((await requests(page, 'skippedGroups')).length, 0, 'no filter, nothing to skip');
  await page.keyboard.press('Alt+1');
  await page.getByRole('combobox', { name: 'Expression' }).fill('log_q > -1');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Alt+5');
  await page.getByText(/^Readers that trust statistics skip 1 of /).waitFor();
  assert.equal(await page.locator('rs-row-groups .skipped').count(), 1);
  await close(view);
});

test('in a demo workspace, the empty glance offers its tour and says how far it is', async () => {
  const { page, ...view } = await open({ path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'tour' } });
  await page.getByText('2 of 7 steps done').waitFor();
  await page.getByRole('button', { name: 'Continue the Tour' }).click();
  await page.waitForFunction(() => window.fake.notifications.some(({ event }) => event === 'openTour'));
  assert.equal(await page.getByRole('button', { name: 'Open Demo Workspace' }).count(), 0);
  await close({ page, ...view });
});

test('the glance shows positives, rate and mix, an empty state, or a failure', async () => {
  const whole = await open({ path: 'sidebar', width: 260, height: 400 });
  await whole.page.getByText('1,863,458').waitFor();
  await whole.page.getByText('9.71 %').waitFor();
  await whole.page.getByText('hard_rank').waitFor();
  await close(whole);
  const none = await open({ path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'nothing' } });
  await none.page.getByRole('button', { name: 'Open Demo Workspace' }).click();
  assert.deepEqual(
    await until(
      none.page,
      () => window.fake.notifications.map(({ event }) => event),
      (events) => events.length === 2,
    ),
    ['ready', 'openDemo'],
  );
  await close(none);
  const failed = await open({ path: 'sidebar', width: 260, height: 400, parameters: { scenario: 'failure' } });
  await failed.page.getByText('recall.parquet is cut short').waitFor();
  await close(failed);
});
