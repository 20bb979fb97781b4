import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { memoryDatabase } from '../engine/memoryDatabase.ts';
import { ownFolder } from './ownFolder.ts';

const { directory, run } = ownFolder('rejections');
const database = memoryDatabase();

/** A config of one positive of the user at 10:00 that takes all rejections of the user. */
function config(name: string, { before, time = ', time: ts' }: { readonly before: boolean; readonly time?: string }) {
  writeFileSync(
    join(directory, name),
    `version: 1
seed: 1
data:
  impressions: {path: log.csv, columns: {user: uid, item: iid, time: ts}}
  rejections: {path: rejections.csv, kind: by_user, columns: {user: uid, item: iid${time}}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-02}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: {per_positive: {refused: {source: rejected, count: 9, before: ${before}}}}
`,
  );
  return name;
}

/** The drawn items of a sample, and its report. */
async function drawn(name: string): Promise<{ readonly items: readonly string[]; readonly report: string }> {
  const file = `${name}.parquet`;
  const { code, out, err } = await run('sample', name, '--out', file);
  assert.equal(code, 0, err);
  const rows = await database().runAndReadAll(
    `SELECT iid FROM '${join(directory, file)}' WHERE label = 0 ORDER BY iid`,
  );
  return { items: rows.getRows().map(String), report: out + err };
}

suite('rejections whose time is unknown', () => {
  before(() => {
    writeFileSync(join(directory, 'log.csv'), 'uid,iid,ts,click\nu1,a1,2026-11-01T10:00:00,1\n');
    // b1 came before the positive, b2 after it; of b3 it is unknown, and so of one of the two rejections of b4.
    const rejections = ['b1,2026-11-01T09:00:00', 'b2,2026-11-01T11:00:00', 'b3,', 'b4,', 'b4,2026-11-01T09:30:00'];
    writeFileSync(
      join(directory, 'rejections.csv'),
      ['uid,iid,ts', ...rejections.map((one) => `u1,${one}`), ''].join('\n'),
    );
  });

  test('before: true does not take them, and says how many there are', async () => {
    const { items, report } = await drawn(config('before.ratio.yaml', { before: true }));
    assert.deepEqual(items, ['b1', 'b4']);
    assert.match(report, /Rejections without time, not taken by entries with before: true: 2/);
  });

  test('without before, they count', async () => {
    const { items, report } = await drawn(config('always.ratio.yaml', { before: false }));
    assert.deepEqual(items, ['b1', 'b2', 'b3', 'b4']);
    assert.doesNotMatch(report, /without time/);
  });

  test('before: true without a time column is a finding, and nothing is drawn', async () => {
    const name = config('untimed.ratio.yaml', { before: true, time: '' });
    const lint = await run('lint', name);
    assert.match(lint.out, /config\/missing-input/);
    assert.match(lint.out, /This needs the column time, but the columns of data.rejections do not name it/);
    const preview = await run('preview', name, '--users', 'u1');
    assert.match(preview.out + preview.err, /refused is left out/);
  });
});
