import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Inspector } from '../../harness/inspector.ts';
import { workbenchSuite } from '../../harness/suite.ts';

const damaged = [
  { name: 'cut.parquet', said: /cut off/, place: /byte/ },
  { name: 'empty.parquet', said: /empty/, place: /empty\.parquet/ },
  { name: 'really-csv.parquet', said: /named \.parquet, but its content is CSV/, place: /really-csv\.parquet/ },
];

const suite = workbenchSuite({
  prepare: (folder) => {
    const whole = readFileSync(path.join(folder, 'out', 'recall.parquet'));
    writeFileSync(path.join(folder, 'cut.parquet'), whole.subarray(0, whole.length / 2));
    writeFileSync(path.join(folder, 'empty.parquet'), '');
    copyFileSync(path.join(folder, 'data', 'rejections.csv'), path.join(folder, 'really-csv.parquet'));
  },
});

suite.test(
  'a damaged file shows what and where in its own tab, with advice; other tabs stay usable',
  async (window) => {
    for (const { name, said, place } of damaged) {
      const inspector = await Inspector.open(window, name);
      const failure = inspector.frame.getByRole('alert');
      await failure.waitFor();
      const text = (await failure.textContent()) ?? '';
      assert.match(text, said);
      assert.match(text, place);
      assert.doesNotMatch(text, /\bat \w+ \(|Error:/, 'no stack trace');
      await failure.getByRole('button', { name: 'Try again' }).waitFor();
      await window.screenshot(`failure-${name.replace('.parquet', '')}`);
    }
    const inspector = await Inspector.open(window, 'out/recall.parquet');
    await inspector.painted();
  },
);

suite.test(
  'a file with another content than its name says opens in that format, also after a reload',
  async (window) => {
    const inspector = await Inspector.open(window, 'really-csv.parquet');
    await inspector.frame.getByRole('button', { name: 'Open as CSV' }).click();
    await inspector.painted();
    await inspector.frame.getByText('it is read as CSV').waitFor();
    await window.screenshot('opened-as-csv');
    await window.reload();
    await (await Inspector.of(window, 'really-csv.parquet')).painted();
  },
);

suite.test('after the engine is killed during a query, the next engine answers it', async (window) => {
  const { page } = window;
  const items = await Inspector.open(window, 'data/items.parquet');
  await items.painted();
  // A stopped process acts like a query that never ends.
  const pid = window.enginePid;
  process.kill(pid, 'SIGSTOP');
  try {
    await items.header('item_id').click();
    await items.frame.getByRole('progressbar').waitFor();
    await window.screenshot('query-running');
  } finally {
    process.kill(pid, 'SIGKILL');
  }
  await page.locator('.statusbar-item', { hasText: 'RecSample: engine restarted' }).waitFor();
  await items.header('item_id').and(items.frame.locator('[aria-sort="ascending"]')).waitFor();
  await items.painted();
  const ids = [await items.text(0, 'item_id'), await items.text(1, 'item_id'), await items.text(2, 'item_id')];
  assert.deepEqual(ids, [...ids].sort());
  const users = await Inspector.open(window, 'data/users.parquet');
  await users.painted();
  await users.tab('Columns');
  await users.frame.locator('rs-filter-bar .count', { hasText: /Profile of \d/ }).waitFor();
});

suite.test('a file that takes long to open shows its outline, what is done, and how to stop', async (window) => {
  const items = await Inspector.open(window, 'data/items.parquet');
  await items.painted();
  const pid = window.enginePid;
  process.kill(pid, 'SIGSTOP');
  const users = await Inspector.open(window, 'data/users.parquet');
  try {
    await users.frame.locator('rs-skeleton').waitFor();
    await users.frame.getByRole('progressbar').waitFor();
    await window.screenshot('loading');
    await window.checkAccessibility(users.webview);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await users.painted();
});
