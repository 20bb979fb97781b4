import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { longTitle } from '../fakeData.ts';
import { hung } from '../../workbench/harness/deadlines.ts';
import { clickCell, painted, requests, stage, until, waitForCell } from '../browser.ts';

const { open, close } = stage();

/** Requests of a method, and whether they were cancelled. */
const runs = (page: Page, method: string) =>
  page.evaluate((name) => {
    const { requests, cancelled } = window.fake;
    return requests
      .filter((request) => request.method === name)
      .map(({ id }) => (cancelled.includes(id) ? 'cancelled' : 'asked'));
  }, method);

const waitForRuns = async (page: Page, method: string, expected: readonly string[]): Promise<void> => {
  const deadline = Date.now() + hung;
  for (let seen = await runs(page, method); seen.join() !== expected.join(); seen = await runs(page, method)) {
    if (Date.now() > deadline) throw new Error(`waited for other requests of ${method} than ${seen.join()}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
};

/** Waits until `count` columns are profiled by the requests from number `first` on, and their charts are drawn. */
const profiled = async (page: Page, count: number, first: number): Promise<void> => {
  const deadline = Date.now() + hung;
  for (;;) {
    const asked = (await requests(page, 'profile')).slice(first).flatMap(({ columns }) => columns as number[]);
    if (new Set(asked).size >= count) break;
    if (Date.now() > deadline) throw new Error(`waited for more profiles than those of ${asked.join()}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await until(page, () => document.querySelector('.head-chart:empty') === null, Boolean);
};

/** Checks that the requests from number `first` to `end` that were not cancelled profile no column twice. */
const profiledOnce = async (page: Page, first: number, end?: number): Promise<void> => {
  const asked = await page.evaluate(
    ([from, to]) => {
      const { requests, cancelled } = window.fake;
      return requests
        .filter(({ method }) => method === 'profile')
        .slice(from, to)
        .filter(({ id }) => !cancelled.includes(id))
        .flatMap(({ params }) => {
          const { columns, depth } = params as { columns: number[]; depth: string };
          return columns.map((column) => `${depth} ${column}`);
        });
    },
    [first, end] as const,
  );
  assert.deepEqual(asked, [...new Set(asked)]);
};

test('columns found after the head of a text file appear once it is read, at the same scroll place', async () => {
  const view = await open({ width: 1600, parameters: { scenario: 'head', held: 'settle' } });
  const { page } = view;
  await painted(page);
  await page.getByText('counting rows').waitFor();
  await clickCell(page, 4, 9);
  await page.keyboard.press('p');
  await page.evaluate(() => {
    const s = document.querySelector('rs-grid .scroller');
    if (s) s.scrollTop = 2200;
  });
  assert.equal(await waitForCell(page, 110, 1), '109');
  const belowHeader = () =>
    (document.querySelector('.row[aria-rowindex="110"]')?.getBoundingClientRect().top ?? 0) -
    (document.querySelector('rs-grid .head')?.getBoundingClientRect().bottom ?? 0);
  const place = await page.evaluate(belowHeader);
  // Only the first part of the file suggests a number; texts are left-aligned.
  assert.equal(await page.locator('.row[aria-rowindex="110"] .cell.numeric', { hasText: '−' }).count(), 0);
  await until(page, () => window.fake.requests.some(({ method }) => method === 'profile'), Boolean);
  const earlier = (await runs(page, 'profile')).length;
  await page.evaluate(() => window.fake.release());
  await page.getByText('19,191,123 rows').waitFor();
  await page.getByText('Ids of user_id are kept as text').waitFor();
  await page.locator('.head-cell', { hasText: 'context' }).waitFor();
  assert.match(await waitForCell(page, 110, 13), /^\{"device"/);
  assert.equal(await waitForCell(page, 110, 1), '109');
  await until(
    page,
    () =>
      document.querySelector('.row[aria-rowindex="110"] > [aria-colindex="9"]')?.classList.contains('numeric') ?? false,
    Boolean,
  );
  // With so many rows the scroll bar has another position; the rows do not move.
  assert.equal(await page.evaluate(belowHeader), place);
  assert.equal(await page.locator('.head-cell.pinned .head-name .cut').textContent(), 'ts');
  await until(
    page,
    () => window.fake.requests.filter(({ method }) => method === 'profile').length,
    (count) => count > earlier,
  );
  await close(view);
});

test('columns that settle as in the head request nothing again', async () => {
  const view = await open({ parameters: { held: 'settle' } });
  const { page } = view;
  // Nine columns are visible. How many requests profile them depends on when their widths are known.
  await profiled(page, 9, 0);
  const earlier = await page.evaluate(() => {
    const { fake } = window;
    fake.send('reloaded', { dataset: { ...fake.dataset, rows: null } });
    return fake.requests.filter(({ method }) => method === 'profile').length;
  });
  await waitForRuns(page, 'settle', ['asked']);
  await waitForRuns(page, 'page', ['asked', 'asked']);
  await profiled(page, 9, earlier);
  await painted(page);
  const before = [await runs(page, 'page'), await runs(page, 'profile')];
  await page.evaluate(() => window.fake.release());
  await page.getByText('19,191,123 rows').waitFor();
  await painted(page);
  assert.deepEqual([await runs(page, 'page'), await runs(page, 'profile')], before);
  await profiledOnce(page, 0, earlier);
  await profiledOnce(page, earlier);
  await close(view);
});

test('another filter cancels the profiles and the count of the one before', async () => {
  const view = await open({ parameters: { held: 'profile,count' } });
  const { page } = view;
  await painted(page);
  await waitForRuns(page, 'profile', ['asked']);
  await clickCell(page, 3, 3);
  await page.keyboard.press('f');
  await waitForRuns(page, 'profile', ['cancelled', 'asked']);
  await waitForRuns(page, 'count', ['asked']);
  await page.getByRole('combobox', { name: 'Expression' }).fill('log_q < -9');
  await page.keyboard.press('Enter');
  await waitForRuns(page, 'profile', ['cancelled', 'cancelled', 'asked']);
  await waitForRuns(page, 'count', ['cancelled', 'asked']);
  await page.evaluate(() => window.fake.release());
  await page.getByText('2,741,588 of 19,191,123 rows').waitFor();
  await until(
    page,
    () => document.querySelectorAll('.head-chart svg').length,
    (count) => count > 0,
  );
  await close(view);
});

test('sorting does not cancel a running count of matches', async () => {
  const view = await open({ parameters: { held: 'count' } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 3, 3);
  await page.keyboard.press('f');
  await waitForRuns(page, 'count', ['asked']);
  await page.locator('.head-cell[aria-colindex="3"]').click();
  await until(
    page,
    () => document.querySelector('.head-cell[aria-colindex="3"]')?.getAttribute('aria-sort'),
    (sort) => sort === 'ascending',
  );
  await page.evaluate(() => window.fake.release());
  await page.getByText('2,741,588 of 19,191,123 rows').waitFor();
  await close(view);
});

test('"Show more" goes on after the last character shown, where the text has emoji', async () => {
  const view = await open({ parameters: { scenario: 'long' } });
  const { page } = view;
  await painted(page);
  await clickCell(page, 2, 4);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Show more (4,976 characters)' }).click();
  await until(
    page,
    () => document.querySelectorAll('rs-detail button.link').length,
    (count) => count === 1,
  );
  const text = await page.locator('rs-value', { hasText: 'title' }).locator('.text').textContent();
  assert.equal(text, longTitle);
  await close(view);
});
