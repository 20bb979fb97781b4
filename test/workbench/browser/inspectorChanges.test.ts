import assert from 'node:assert/strict';
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Inspector } from '../harness/inspector.ts';
import { inspectReport } from '../harness/report.ts';
import { workbenchSuite } from '../harness/suite.ts';

const suite = workbenchSuite();

suite.test('a rewritten file is read again in place; a removed one is reported until it returns', async (window) => {
  await window.watching();
  const file = path.join(window.folder, 'out', 'changing.parquet');
  const put = (from: string): void => {
    copyFileSync(path.join(window.folder, from), `${file}.next`);
    renameSync(`${file}.next`, file);
  };
  put('data/items.parquet');
  const [items, users] = await Promise.all(
    ['items', 'users'].map((name) => inspectReport(path.join(window.folder, 'data', `${name}.parquet`), '--rows', '2')),
  );
  assert.ok(items && users);
  const inspector = await Inspector.open(window, 'out/changing.parquet');
  const facts = inspector.frame.locator('.facts');
  await facts.getByText(`${items.rows.toLocaleString('en-US')} rows`).waitFor();
  assert.equal(await inspector.text(0, 'item_id'), items.sample[0]?.['item_id']);
  await inspector.filter('item_id > 0');

  put('data/users.parquet');
  await inspector.frame.getByText('The file changed on disk and was read again.').waitFor();
  await facts.getByText(`${users.rows.toLocaleString('en-US')} rows`).waitFor();
  // The filter names a column that no longer exists: the view shows an error with a way out.
  await inspector.frame.locator('rs-failure').filter({ hasText: 'item_id' }).waitFor();
  await window.screenshot('changed-filter');
  await inspector.frame.locator('rs-failure').getByRole('button', { name: 'Clear all' }).click();
  assert.equal(await inspector.text(0, 'user_id'), users.sample[0]?.['user_id']);
  await window.screenshot('changed');

  rmSync(file);
  const gone = inspector.frame.getByRole('heading', { name: 'There is no such file or folder' });
  await gone.waitFor();
  await window.screenshot('removed');
  await inspector.frame.getByRole('button', { name: 'Try again' }).click();
  await gone.waitFor();
  // The view notices when the file returns; no reload is needed.
  put('data/items.parquet');
  await gone.waitFor({ state: 'detached' });
  assert.equal(await inspector.text(0, 'item_id'), items.sample[0]?.['item_id']);
});
