import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { fakeValue } from '../fakeData.ts';
import type { Rows } from '../../../webview/inspector/rows.ts';
import { cellText, clickCell, painted, requests, stage, until, waitForCell } from '../browser.ts';

const { open, close } = stage();
const rows = 19_191_123;
/** The fake file has groups of eleven rows. */
const groups = Math.ceil(rows / 11);

const footer = (page: Page, text: string): Promise<string> =>
  until(
    page,
    () => document.querySelector('rs-footer')?.textContent ?? '',
    (found) => found.includes(text),
  );

/** Texts of the visible heads, with their states. */
const heads = (): { text: string; level: string | null; expanded: string | null; row: number }[] =>
  [...document.querySelectorAll<HTMLElement>('rs-grid .row.group:not([hidden])')]
    .map((row) => ({
      text: (row.querySelector('.group-head')?.textContent ?? '').replaceAll(/\s+/g, ' ').trim(),
      level: row.getAttribute('aria-level'),
      expanded: row.getAttribute('aria-expanded'),
      row: Number(row.getAttribute('aria-rowindex')),
    }))
    .sort((a, b) => a.row - b.row);

test('rows are grouped by positive, and the keyboard opens, closes and walks groups', async () => {
  const view = await open({ parameters: { rows } });
  const { page } = view;
  await painted(page);
  await page.getByLabel('Group by').selectOption('positive');
  const first = await until(page, heads, (found) => (found[0]?.text ?? '').includes('11 rows'));
  assert.equal(first[0]?.expanded, 'false');
  assert.match(first[0].text, /9\.09 ?%/);
  assert.ok(first[0].text.startsWith(String(fakeValue(0, 2))), 'the title of the positive');
  assert.equal(await page.getAttribute('rs-grid .scroller', 'role'), 'treegrid');
  assert.equal(await page.getAttribute('rs-grid .scroller', 'aria-rowcount'), String(groups + 1));
  assert.equal((await requests(page, 'page')).filter(({ view: asked }) => 'group' in (asked as object)).length, 0);

  await page.locator('rs-grid .row.group').nth(1).click();
  assert.equal(await waitForCell(page, 4, 3), String(fakeValue(11, 1)));
  const open1 = await page.evaluate(heads);
  assert.deepEqual(
    open1.slice(0, 3).map(({ expanded, row }) => [expanded, row]),
    [
      ['false', 2],
      ['true', 3],
      ['false', 15],
    ],
  );
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await footer(page, 'Row 12 of 19,191,123');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await footer(page, `Group 2 of ${groups.toLocaleString('en')}`);
  await page.keyboard.press('ArrowLeft');
  await until(page, heads, (found) => found[1]?.expanded === 'false');
  await page.keyboard.press('Alt+ArrowDown');
  await footer(page, 'Group 3 of');
  await page.keyboard.press('Space');
  assert.equal(await waitForCell(page, 5, 3), String(fakeValue(22, 1)));
  await page.keyboard.press('Control+g');
  await page.keyboard.type(String(groups));
  await page.keyboard.press('Enter');
  await footer(page, `Group ${groups.toLocaleString('en')} of`);
  await page.keyboard.press('Control+Home');

  // What is copied are rows; heads are not rows of the file.
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  const copies = await until(
    page,
    () => window.fake.requests.filter(({ method }) => method === 'copy'),
    (found) => found.length > 0,
  );
  assert.deepEqual(
    copies.map(({ params }) => ({ ...(params as object), view: 0, columns: 0 })),
    [{ view: 0, first: 22, count: 11, columns: 0, headers: true, format: 'tsv' }],
  );

  // Open groups and the scroll position are the same after the page is made again.
  await page.evaluate(() => {
    const scroller = document.querySelector('rs-grid .scroller');
    if (scroller) scroller.scrollTop = 4400;
  });
  await until(page, heads, (found) => (found[0]?.row ?? 0) > 190);
  await until(
    page,
    () => sessionStorage.getItem('state') ?? '',
    (state) => /"top":[1-9]/.test(state),
  );
  await page.reload();
  await until(page, heads, (found) => (found[0]?.row ?? 0) > 190 && /11 rows/.test(found[0]?.text ?? ''));
  await page.evaluate(() => document.querySelector('rs-grid .scroller')?.scrollTo(0, 0));
  await until(page, heads, (found) => found[2]?.expanded === 'true');
  assert.equal(await waitForCell(page, 5, 3), String(fakeValue(22, 1)));
  // A changed file can have other groups with these numbers.
  await page.evaluate(() => {
    window.fake.send('reloaded', { dataset: { ...window.fake.dataset, fingerprint: 'other' } });
  });
  await until(
    page,
    heads,
    (found) =>
      found.length > 5 && found.every(({ text, expanded }) => text.includes('11 rows') && expanded === 'false'),
  );
  await page.locator('rs-grid .row.group').nth(1).click();
  await until(page, heads, (found) => found[1]?.expanded === 'true');
  await page.getByLabel('Close all groups').click();
  await until(page, heads, (found) => found.length > 5 && found.every(({ expanded }) => expanded === 'false'));
  await page.getByLabel('Group by').selectOption('');
  await painted(page);
  assert.equal(await page.getAttribute('rs-grid .scroller', 'role'), 'grid');
  assert.equal(await cellText(page, 2, 1), '1');
  await close(view);
});

test('several columns order the rows: by Shift+click, by Shift+S, by the menu and by chips', async () => {
  const view = await open({ parameters: { rows: 5000 } });
  const { page } = view;
  await painted(page);
  const order = (): unknown => {
    const last = window.fake.requests.filter(({ method }) => method === 'page').at(-1);
    return (last?.params as { view: { sort: { column: string; descending: boolean }[] } } | undefined)?.view.sort.map(
      ({ column, descending }) => `${column} ${descending ? 'down' : 'up'}`,
    );
  };
  const ordered = (...wanted: string[]): Promise<unknown> =>
    until(page, order, (found) => JSON.stringify(found) === JSON.stringify(wanted));
  await page.getByRole('columnheader', { name: 'user_id' }).click({ position: { x: 40, y: 12 } });
  await page.getByRole('columnheader', { name: 'ts, ' }).click({ position: { x: 30, y: 12 }, modifiers: ['Shift'] });
  await ordered('user_id up', 'ts up');
  assert.match((await page.getByRole('columnheader', { name: 'ts, ' }).textContent()) ?? '', /2/);
  await clickCell(page, 2, 6);
  await page.keyboard.press('Shift+S');
  await ordered('user_id up', 'ts up', 'label up');
  await page.getByLabel('Sort by ts, ascending: reverse').click();
  await ordered('user_id up', 'ts down', 'label up');
  await page.getByLabel('Remove user_id').click();
  await ordered('ts down', 'label up');
  await page.getByRole('columnheader', { name: 'city' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Add to sort' }).click();
  await ordered('ts down', 'label up', 'city up');
  await close(view);
});

test('the time line filters by a drag and by keys, and shows the brush of the filter', async () => {
  const view = await open({ parameters: { rows } });
  const { page } = view;
  await painted(page);
  const conditions = (): unknown => {
    const last = window.fake.requests.filter(({ method }) => method === 'page').at(-1);
    return (
      last?.params as { view: { filter: { conditions: { op: string; values: string[] }[] } } } | undefined
    )?.view.filter.conditions.map(({ op, values }) => `${op} ${values.join()}`);
  };
  const filtered = (...wanted: string[]): Promise<unknown> =>
    until(page, conditions, (found) => JSON.stringify(found) === JSON.stringify(wanted));
  await page.getByLabel('Timeline').click();
  const plot = page.getByRole('slider', { name: 'Filter by time' });
  const box = await plot.locator('svg').boundingBox();
  assert.ok(box);
  const at = (hour: number): number => box.x + ((hour + 0.5) / (14 * 24)) * box.width;
  await page.mouse.move(at(30), box.y + 30);
  await page.mouse.down();
  await page.mouse.move(at(33), box.y + 30);
  await page.mouse.up();
  await filtered('>= 2026-03-02 06:00:00', '< 2026-03-02 10:00:00');
  assert.match((await plot.getAttribute('aria-valuetext')) ?? '', /^2026-03-02 06:00 to 2026-03-02 10:00: /);
  await plot.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+PageUp');
  await page.keyboard.press('Enter');
  await filtered('>= 2026-03-02 07:00:00', '< 2026-03-03 11:00:00');
  assert.equal((await requests(page, 'timeline')).length, 1, 'the bars do not depend on the brush');
  await page.keyboard.press('Escape');
  await filtered();

  // Bars of an earlier filter are marked, and a stopped count can be asked for again.
  await page.evaluate(() => {
    window.fake.held = ['timeline'];
    document.querySelector<Rows>('rs-rows')?.model.addCondition({ column: 'label', op: '=', values: ['1'] });
  });
  await page.locator('rs-timeline .plot[aria-busy="true"]').waitFor();
  await page.evaluate(() => document.querySelector<Rows>('rs-rows')?.model.jobs.cancel());
  await page.locator('rs-timeline').getByText('Loading was cancelled.').waitFor();
  await page.evaluate(() => {
    window.fake.held = [];
  });
  await page.locator('rs-timeline').getByRole('button', { name: 'Try again' }).click();
  await page.locator('rs-timeline .plot[aria-busy="false"]').waitFor();

  await page.getByLabel('Timeline').click();
  await until(
    page,
    () => document.querySelector('rs-timeline') === null,
    (isGone) => isGone,
  );
  await close(view);
});

test('without a config, the story of a user is all rows by time, as with Shift', async () => {
  const view = await open({ parameters: { rows } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 5);
  await page.keyboard.press('h');
  const user = String(fakeValue(1, 0));
  const asked = await until(
    page,
    () => window.fake.requests.filter(({ method }) => method === 'page').at(-1)?.params,
    (params) => JSON.stringify(params).includes('"sort":[{'),
  );
  assert.deepEqual((asked as { view: unknown }).view, {
    filter: { conditions: [{ column: 'user_id', op: '=', values: [user] }], expression: '' },
    sort: [{ column: 'ts', descending: false }],
  });
  await page.getByRole('slider', { name: 'Filter by time' }).waitFor();
  await page.getByText(`No ratio config names this file. All rows of user ${user} by time`).first().waitFor();
  assert.deepEqual(await requests(page, 'showStory'), [{ user }]);

  // A hidden column is not in the pages, and the row has a user nevertheless.
  await page.evaluate(() => {
    const model = document.querySelector<Rows>('rs-rows')?.model;
    model?.clearFilter();
    model?.keep({ hidden: ['user_id'] });
  });
  await painted(page);
  await clickCell(page, 3, 5);
  await page.keyboard.press('Shift+H');
  const [cell] = await until(
    page,
    () => window.fake.requests.filter(({ method }) => method === 'cell').map(({ params }) => params),
    (found) => found.length > 0,
  );
  assert.deepEqual({ ...(cell as object), view: 0 }, { view: 0, row: 1, column: 0, offset: 0, limit: 10_000 });
  await until(
    page,
    () => document.querySelector('rs-filter-bar .chip')?.textContent ?? '',
    (chip) => chip.includes('user_id'),
  );
  await page
    .getByText(/^All rows of user \d+ by time$/)
    .first()
    .waitFor();
  assert.equal((await requests(page, 'showStory')).length, 1);
  await close(view);
});
