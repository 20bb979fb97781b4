import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { FailureError } from '../../../../src/core/message/failure.ts';
import { Inspector } from '../../harness/inspector.ts';
import { workbenchSuite } from '../../harness/suite.ts';

const lines = Array.from({ length: 60 }, (_, k) =>
  k % 20 === 13 ? `90071992547409${k + 10}` : `90071992547409${k + 10},48201933033242642${k + 10},${k % 2}`,
);
const bad = lines.flatMap((line, k) => (line.includes(',') ? [] : [{ text: line, line: k + 2 }]));

/** The part of an inspector element that talks to the host. */
interface Part extends HTMLElement {
  readonly model: {
    readonly channel: {
      request(method: 'showLine', params: { readonly path: string; readonly line: number }): Promise<unknown>;
    };
  };
}

const suite = workbenchSuite({
  prepare: (folder) => {
    writeFileSync(path.join(folder, 'ragged.csv'), `user_id,item_id,label\n${lines.join('\n')}\n`);
    writeFileSync(path.join(folder, 'PEOPLE.CSV.GZ'), gzipSync('user_id,city\n1,Lyon\n'));
    copyFileSync(path.join(folder, 'data', 'items.parquet'), path.join(folder, 'things.pqt'));
  },
});

suite.test('the Explorer opens compressed text and Parquet in the inspector; plain text stays text', async (window) => {
  const { page } = window;
  await window.openFromExplorer('PEOPLE.CSV.GZ');
  assert.equal(await (await Inspector.of(window, 'PEOPLE.CSV.GZ')).text(0, 'city'), 'Lyon');
  await window.openFromExplorer('things.pqt');
  await (await Inspector.of(window, 'things.pqt')).header('item_id').waitFor();
  await window.openFromExplorer('ragged.csv');
  await page.locator('.editor-instance .view-line', { hasText: 'user_id,item_id,label' }).waitFor();
});

suite.test(
  'a CSV from the Explorer menu: rows that do not fit are counted and listed, and lead to their line',
  async (window) => {
    const { page } = window;
    await window.contextMenu(page.getByRole('treeitem', { name: 'ragged.csv' }), 'Inspect Sample File', 'RecSample');
    const inspector = await Inspector.of(window, 'ragged.csv');
    await inspector.frame.locator('.facts', { hasText: `${lines.length} rows` }).waitFor();
    assert.equal(await inspector.text(0, 'item_id'), lines[0]?.split(',')[1]);
    // The values of a malformed row that fit are kept.
    assert.equal(await inspector.text(13, 'user_id'), bad[0]?.text);
    assert.equal(await inspector.text(13, 'item_id'), 'null');
    const notice = inspector.frame.locator('.notice', { hasText: `${bad.length} bad rows` });
    await notice.getByRole('button', { name: 'Show' }).click();
    const list = inspector.frame.getByRole('region', { name: 'Bad rows' });
    await list.waitFor();
    assert.deepEqual(
      (await list.locator('td:first-child').allTextContents()).map((text) => text.trim()),
      bad.map(({ line }) => String(line)),
    );
    assert.deepEqual(
      await list.locator('td:last-child').allTextContents(),
      bad.map(({ text }) => text),
    );
    await window.screenshot('bad-rows');

    await list.getByRole('button', { name: String(bad[1]?.line), exact: true }).click();
    await page.locator('.statusbar-item', { hasText: `Ln ${bad[1]?.line ?? 0}, Col 1` }).waitFor();
    await page
      .locator('.monaco-editor .view-line', { hasText: bad[1]?.text ?? '' })
      .first()
      .waitFor();
  },
);

suite.test('showLine opens the line of the data set’s own file, and refuses any other file', async (window) => {
  const { page, folder } = window;
  await window.contextMenu(page.getByRole('treeitem', { name: 'ragged.csv' }), 'Inspect Sample File', 'RecSample');
  const inspector = await Inspector.of(window, 'ragged.csv');
  await inspector.painted();
  // The host learns the files of the data set from the list of bad rows.
  await inspector.frame
    .locator('.notice', { hasText: `${bad.length} bad rows` })
    .getByRole('button', { name: 'Show' })
    .click();
  await inspector.frame.getByRole('region', { name: 'Bad rows' }).waitFor();
  // Foreign code in the view could send the same requests.
  const part = inspector.frame.locator('rs-notices');
  const config = path.join(folder, 'configs', 'recall.ratio.yaml');
  for (const file of [
    config,
    pathToFileURL(config).href,
    'configs/recall.ratio.yaml',
    `${folder}/out/../ragged.csv`,
    path.join(folder, 'data', 'rejections.csv'),
    '/etc/passwd',
  ]) {
    const answer = await part
      .evaluate(
        ({ model }: Part, path) =>
          model.channel.request('showLine', { path, line: 2 }).then(
            () => 'shown',
            (error: unknown) => (error as FailureError).failure.code,
          ),
        file,
      )
      // A file that opens replaces the view, which then answers nothing.
      .catch((error: unknown) => String(error));
    assert.equal(answer, 'refused-path', `${file}: ${answer}`);
  }
  assert.deepEqual(await page.locator('.tabs-container .tab').allTextContents(), ['ragged.csv']);
  await inspector.grid.waitFor();
  // The text becomes active, and the view ends before its answer, so do not wait for it.
  await part.evaluate(
    ({ model }: Part, path) => {
      model.channel.request('showLine', { path, line: 2 }).catch(() => undefined);
    },
    path.join(folder, 'ragged.csv'),
  );
  await page.locator('.statusbar-item', { hasText: 'Ln 2, Col 1' }).waitFor();
});

suite.test('Reopen With shows a CSV that is open as text', async (window) => {
  const { page } = window;
  await window.openFile('data/rejections.csv');
  await page.locator('.monaco-editor .view-line', { hasText: 'user_id,item_id' }).first().waitFor();
  await window.runCommand('View: Reopen Editor With');
  await window.quickInput.rows.filter({ hasText: 'Sample Inspector' }).click();
  const inspector = await Inspector.of(window, 'rejections.csv');
  await inspector.painted();
  await inspector.header('reason').waitFor();
  await inspector.tab('File');
  await inspector.frame.getByText('Delimiter').waitFor();
});
