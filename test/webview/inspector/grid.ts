import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fakeValue } from '../fakeData.ts';
import { cellText, clickCell, painted, requests, stage, until, waitForCell } from '../browser.ts';

const { open, close } = stage();
const rows = 19_191_123;

test('an inspector that has the focus gives it to its grid before the rows arrive, and the grid keeps it', async () => {
  const view = await open({ parameters: { held: 'page' } });
  const { page } = view;
  await page.locator('rs-grid .cell.active.waiting:focus').waitFor();
  await page.evaluate(() => window.fake.release());
  await page.locator('rs-grid .cell.active:not(.waiting):focus').waitFor();
  await close(view);
});

test('the last row and the last column are reached exactly, by key and by scroll bar', async () => {
  const view = await open({ parameters: { rows } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 2, 2);
  await page.keyboard.press('Control+End');
  await waitForCell(page, rows + 1, 13);
  assert.equal(await cellText(page, rows + 1, 1), '19,191,123');
  await page.keyboard.press('Control+Home');
  await waitForCell(page, 2, 2);
  await page.evaluate(() => {
    const s = document.querySelector('rs-grid .scroller');
    if (s) s.scrollTop = s.scrollHeight;
  });
  assert.equal(await waitForCell(page, rows + 1, 2), String(fakeValue(rows - 1, 0)));
  const hit = await page.evaluate(() => {
    const row = [...document.querySelectorAll('rs-grid .row:not([hidden])')].reduce((a, b) =>
      a.getBoundingClientRect().bottom > b.getBoundingClientRect().bottom ? a : b,
    );
    const scroller = document.querySelector('rs-grid .scroller');
    return {
      index: row.getAttribute('aria-rowindex'),
      gap:
        row.getBoundingClientRect().bottom -
        ((scroller?.getBoundingClientRect().top ?? 0) + (scroller?.clientHeight ?? 0)),
    };
  });
  assert.deepEqual(hit, { index: String(rows + 1), gap: 0 });
  await close(view);
});

test('one notch of the wheel moves by its pixels in the middle of twenty million rows', async () => {
  const view = await open({ parameters: { rows } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 3);
  await page.keyboard.press('Control+g');
  await page.keyboard.type('10,000,000');
  await page.keyboard.press('Enter');
  assert.equal(await waitForCell(page, 10_000_001, 1), '10,000,000');
  const position = (): number | undefined =>
    document.querySelector('rs-grid .row[aria-rowindex="10000001"]')?.getBoundingClientRect().top;
  const before = await page.evaluate(position);
  await page.mouse.wheel(0, 66);
  await until(page, position, (top) => top === undefined || top !== before);
  assert.equal((await page.evaluate(position)) ?? NaN, (before ?? 0) - 66);
  await close(view);
});

test('of ten thousand columns only the visible ones are rendered and requested', async () => {
  const view = await open({ parameters: { rows: 50, columns: 10_000 } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 2, 2);
  await page.keyboard.press('End');
  assert.match(await waitForCell(page, 2, 10_001), /^\d\.\d+$/);
  assert.ok((await page.evaluate(() => document.querySelectorAll('rs-grid .cell').length)) < 2000);
  const asked = await requests(page, 'page');
  assert.ok(asked.every(({ columns }) => (columns as number[]).length <= 64));
  await close(view);
});

test('a range is extended by keys and copied with and without headers, digit for digit', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 2);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+c');
  const lines = [1, 2].map((row) => `${String(fakeValue(row, 0))}\t${String(fakeValue(row, 1))}`);
  assert.equal(
    await until(
      page,
      () => window.fake.copied,
      (text) => text !== '',
    ),
    ['user_id\titem_id', ...lines].join('\n'),
  );
  await page.evaluate(() => {
    window.fake.copied = '';
  });
  await page.keyboard.press('Control+Shift+C');
  assert.equal(
    await until(
      page,
      () => window.fake.copied,
      (text) => text !== '',
    ),
    lines.join('\n'),
  );
  await close(view);
});

test('a copy that was cut says so', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await clickCell(page, 2, 2);
  await page.keyboard.press('Control+Space');
  await page.keyboard.press('Control+c');
  await page.getByText('Copied only the first 1,000 of 19,191,123 rows').waitFor();
  await close(view);
});

test('a header sorts up, down, and not at all; Shift adds a key', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  const header = (index: number) => page.locator(`rs-grid .head-cell[aria-colindex="${index}"]`);
  const sorts = async (): Promise<unknown> =>
    (await requests(page, 'page')).map(({ view: v }) => (v as { sort: unknown }).sort).at(-1);
  await header(4).click();
  assert.equal(await waitForCell(page, 2, 1, (text) => text === '19,191,123'), '19,191,123');
  assert.deepEqual(await sorts(), [{ column: 'title', descending: false }]);
  assert.equal(await header(4).getAttribute('aria-sort'), 'ascending');
  // A sorted row has a position in the view and another one in the file.
  await page.getByText('row 19,191,123 in the file').waitFor();
  await header(4).click();
  await until(
    page,
    () => document.querySelector('.head-cell[aria-colindex="4"]')?.getAttribute('aria-sort'),
    (sort) => sort === 'descending',
  );
  await header(5).click({ modifiers: ['Shift'] });
  await until(
    page,
    () => window.fake.requests.filter((r) => r.method === 'page').length,
    (count) => count >= 4,
  );
  assert.deepEqual(await sorts(), [
    { column: 'title', descending: true },
    { column: 'city', descending: false },
  ]);
  await header(4).click();
  await until(
    page,
    () => document.querySelector('.head-cell[aria-colindex="4"]')?.getAttribute('aria-sort'),
    (sort) => sort === 'none',
  );
  assert.equal(await waitForCell(page, 2, 1, (text) => text === '1'), '1');
  await close(view);
});

test('F filters by the value of the cell, Escape in the expression box leaves it, Enter applies it', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 3);
  await page.keyboard.press('f');
  await page.getByText('2,741,588 of 19,191,123 rows').waitFor();
  const conditions = [{ column: 'item_id', op: '=', values: [String(fakeValue(1, 1))] }];
  assert.deepEqual(
    (await requests(page, 'count')).map((p) => (p['view'] as { filter: unknown }).filter),
    [{ conditions, expression: '' }],
  );
  await page.keyboard.press('Control+f');
  await page.keyboard.type('log_q < AND');
  await page.getByRole('alert').waitFor();
  await page.keyboard.press('Enter');
  assert.equal((await requests(page, 'count')).length, 1);
  await page.getByRole('combobox', { name: 'Expression' }).fill('log_q < -9');
  await page.keyboard.press('Enter');
  await until(
    page,
    () => window.fake.requests.filter((r) => r.method === 'count').length,
    (count) => count === 2,
  );
  assert.deepEqual((await requests(page, 'count')).at(-1)?.['view'], {
    filter: { conditions, expression: 'log_q < -9' },
    sort: [],
  });
  await close(view);
});

test('filters and the command line are found where one looks: in the menu of a header, and × in the expression', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  const header = page.locator('.head-cell[aria-colindex="3"]');
  const column = (await header.locator('.cut').first().textContent()) ?? '';
  await header.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Filter…' }).click();
  const popup = page.getByRole('dialog', { name: 'Add filter' });
  assert.equal(await popup.getByLabel('Column').inputValue(), column);
  await popup.getByLabel('Value', { exact: true }).fill("it's 7");
  await popup.getByLabel('Condition').selectOption({ index: 0 });
  await page.keyboard.press('Escape');
  await clickCell(page, 3, 3);
  await page.keyboard.press('f');
  const field = page.getByRole('combobox', { name: 'Expression' });
  await field.fill('log_q < -9 or label = 1');
  await field.press('Enter');
  await header.click();
  await header.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy CLI command' }).click();
  const copied = await until(
    page,
    () => window.fake.copied,
    (text) => text !== '',
  );
  assert.equal(
    copied,
    `recsample inspect /data/out/recall.parquet --where 'item_id = '\\''${fakeValue(1, 1)}'\\'' and (log_q < -9 or label = 1)' --sort ${column}`,
  );
  await header.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy SQL for Spark' }).click();
  assert.equal(
    await until(
      page,
      () => window.fake.copied,
      (text) => text.startsWith('SELECT'),
    ),
    `SELECT *\nFROM parquet.\`/data/out/recall.parquet\`\nWHERE item_id = ${fakeValue(1, 1)}\n  AND (log_q < -9 OR label = 1)\nORDER BY ${column} NULLS LAST;\n`,
  );
  await page.getByRole('button', { name: 'Clear the expression' }).click();
  assert.equal(await field.inputValue(), '');
  assert.equal(await field.evaluate((element) => element === document.activeElement), true);
  const last = (await requests(page, 'count')).at(-1)?.['view'] as { filter: { expression: string } };
  assert.equal(last.filter.expression, '');
  await close(view);
});

test('pages that are no longer on screen are cancelled, and an answer that comes late does no harm', async () => {
  const view = await open({ parameters: { held: 'page' } });
  const { page } = view;
  await until(
    page,
    () => window.fake.requests.filter((r) => r.method === 'page').length,
    (count) => count > 0,
  );
  await page.evaluate(() => {
    const s = document.querySelector('rs-grid .scroller');
    if (s) s.scrollTop = 4_000_000;
  });
  await until(
    page,
    () => window.fake.cancelled.length,
    (count) => count > 0,
  );
  await page.evaluate(() => window.fake.release());
  await painted(page);
  await close(view);
});

test('the state survives a reload: place, selection, filter, pins, hidden columns, tab', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 3);
  await page.keyboard.press('p');
  await page.keyboard.press('Control+g');
  await page.keyboard.type('4812067');
  await page.keyboard.press('Enter');
  await waitForCell(page, 4_812_068, 1);
  await page.reload();
  assert.equal(await waitForCell(page, 4_812_068, 1), '4,812,067');
  const state = await page.evaluate(() => ({
    active: document.querySelector('rs-grid .cell.active')?.parentElement?.getAttribute('aria-rowindex'),
    pinned: document.querySelector('rs-grid .head-cell.pinned .cut')?.textContent,
  }));
  assert.deepEqual(state, { active: '4812068', pinned: 'item_id' });
  await close(view);
});

test('a file that changed on disk keeps the place; columns that are gone are dropped from the view', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 13 - 4);
  await page.keyboard.press('p');
  await until(page, () => document.querySelector('.head-cell.pinned') !== null, Boolean);
  await page.evaluate(() => {
    const { fake } = window;
    const [user, item, ...others] = fake.dataset.columns.slice(0, 5);
    const renamed = others.map((column) => ({ ...column, name: `feature_user_profile_${column.name}_14` }));
    const columns = [...(user && item ? [user, item] : []), ...renamed];
    fake.dataset = { ...fake.dataset, columns, rows: 71_362, fingerprint: 'f2' };
    fake.send('reloaded', { dataset: fake.dataset });
  });
  const notice = page.locator('rs-notices', { hasText: 'The file changed on disk and was read again.' });
  await notice.getByText('Rows 19,191,123 → 71,362 · columns +3 (feature_user_profile_').waitFor();
  await notice.getByText('columns −10 (').waitFor();
  // A long name keeps its end, and is cut in its middle.
  const name = page.locator('.head-cell .middle-cut').first();
  assert.match((await name.locator(':scope > :last-child').textContent()) ?? '', /_14$/);
  await until(
    page,
    () => document.querySelectorAll('rs-grid .head-cell').length,
    (count) => count === 6,
  );
  assert.equal(await page.locator('.head-cell.pinned').count(), 0);
  await painted(page);
  await close(view);
});

test('the grid notices that the focus left it after a drawing that failed', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 3);
  await until(page, () => document.querySelector('rs-grid .scroller.focused') !== null, Boolean);
  // The header cells are queried last. (As text, because a named function would need compiler helpers in the page.)
  await page.evaluate(`{
    const head = document.querySelector('rs-grid .head');
    head.querySelectorAll = () => {
      delete head.querySelectorAll;
      throw new Error('a drawing that fails');
    };
  }`);
  await page.keyboard.press('ArrowDown');
  await until(
    page,
    () => Object.hasOwn(document.querySelector('rs-grid .head') ?? {}, 'querySelectorAll'),
    (waiting) => !waiting,
  );
  await page.getByRole('tab', { name: 'Rows' }).focus();
  await until(page, () => document.querySelector('rs-grid .scroller.focused') === null, Boolean);
  assert.match(view.complaints.splice(0).join(), /a drawing that fails/);
  await close(view);
});

test('numbers, ids and times are never cut', async () => {
  const view = await open({ width: 1600 });
  const { page } = view;
  await painted(page);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('rs-grid .cell.mono')]
      .filter((cell) => !/^[[{]/.test(cell.textContent) && cell.scrollWidth > cell.clientWidth)
      .map((cell) => cell.textContent),
  );
  assert.deepEqual(cut, []);
  await close(view);
});

test('dragging a border changes the width, a double click fits it', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  const width = () => document.querySelector('.head-cell[aria-colindex="4"]')?.getBoundingClientRect().width ?? 0;
  const start = await page.evaluate(width);
  const handle = page.locator('.head-cell[aria-colindex="4"] .resize');
  const box = await handle.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 3, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 63, box.y + 10);
  await page.mouse.up();
  assert.equal(await until(page, width, (w) => w !== start), start + 60);
  await handle.dblclick();
  assert.ok((await until(page, width, (w) => w !== start + 60)) > start);
  await close(view);
});

test('the cells of a column keep their elements when its width changes', async () => {
  const view = await open();
  const { page } = view;
  await painted(page);
  const cell = page.locator('rs-grid .row[aria-rowindex="3"] .cell[aria-colindex="4"]');
  const element = await cell.elementHandle();
  const handle = await page.locator('.head-cell[aria-colindex="3"] .resize').boundingBox();
  assert.ok(handle);
  await page.mouse.move(handle.x + 3, handle.y + 10);
  await page.mouse.down();
  await page.mouse.move(handle.x + 43, handle.y + 10);
  await page.mouse.up();
  const left = () => document.querySelector('.head-cell[aria-colindex="4"]')?.getBoundingClientRect().left ?? 0;
  await until(page, left, (x) => x > handle.x + 20);
  assert.equal(await element.getAttribute('aria-colindex'), '4');
  await close(view);
});
