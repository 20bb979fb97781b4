import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { diffRuns } from '../../src/core/sampling/lock/diffRuns.ts';
import { lockText, readLock } from '../../src/core/sampling/lock/lockFile.ts';
import { runOfLock } from '../../src/core/sampling/lock/run.ts';
import type { SampleLock } from '../../src/core/sampling/lock/sampleLock.ts';

/** Written by a version of RecSample that knew only this format. */
const first = readFileSync(new URL('../golden/lock/format1.recsample.json', import.meta.url), 'utf8');

const sha256 = 'f'.repeat(64);
/** The same run, as this version writes it: one file, or some more facts. */
function second(more: Partial<SampleLock> = {}): SampleLock {
  const lock = readLock(first, 'first');
  const { rows, bytes } = lock.output;
  return {
    ...lock,
    format: 2,
    knownUntil: '2026-11-20T23:59:59.999999Z',
    output: { ...lock.output, order: 'user', shards: null, partition: null },
    files: [{ path: 'recall.csv', rows, bytes, sha256: lock.output.sha256 }],
    ...more,
  };
}

test('a lock file of format 1 is read, and keeps its bytes', () => {
  const lock = readLock(first, 'first');
  assert.equal(lock.format, 1);
  assert.deepEqual([lock.files, lock.knownUntil, lock.digest], [undefined, undefined, undefined]);
  assert.equal(lockText(lock), first);
});

test('a lock file of format 2 has the files, the order, the digest, and what later runs add', () => {
  const lock = readLock(first, 'first');
  const { rows } = lock.output;
  const whole = second({
    output: {
      ...lock.output,
      order: 'shuffled',
      shards: 2,
      partition: { column: 'dt', format: 'yyyyMMdd', value: '20261120' },
      bytes: 30,
    },
    files: [
      { path: 'part-00000-of-00002.parquet', rows: 0, bytes: 10, sha256 },
      { path: 'part-00001-of-00002.parquet', rows, bytes: 20, sha256 },
    ],
    digest: { algorithm: 'recsample-rows-1', rows, value: '0'.repeat(32), columns: ['item', 'user'] },
    eventCounts: { unmatched: 3 },
    historyCounts: { 'hist.items': 7, 'hist.unknown': 0 },
    sequenceCounts: { 'clicks.steps': 12, 'clicks.newest_age_us': 60_000_001 },
    teacher: [
      { entry: null, trusted: 4, known: 3 },
      { entry: 'popularity', trusted: 0, known: 0 },
    ],
    entries: lock.entries.map((entry, k) => ({ ...entry, effectiveShare: k === 0 ? 0.25 : null })),
  });
  assert.deepEqual(readLock(lockText(whole), 'second'), whole);
  assert.match(lockText(whole), /"event_counts": \{"unmatched":3\}/);
  assert.match(lockText(whole), /\{"entry":null,"trusted":4,"known":3\}/);
  assert.throws(() => readLock(lockText({ ...whole, teacher: [{ entry: null, trusted: 1, known: 2 }] }), 'second'));
  assert.match(lockText(whole), /"effective_share":0\.25/);
});

test('files that do not sum to the output are refused', () => {
  const text = lockText(second({ files: [] }));
  assert.throws(
    () => readLock(text, 'second'),
    (error) =>
      error instanceof FailureError &&
      /files/.test(JSON.stringify(error.failure.message)) &&
      error.failure.code === 'wrong-format',
  );
});

test('the same run in both formats, orders and shards should have the same rows', () => {
  const one = runOfLock(readLock(first, 'first'));
  const { same, facts } = diffRuns(one, runOfLock(second()));
  assert.deepEqual([same, facts], [true, []]);
  const shuffled = second({ output: { ...second().output, order: 'shuffled_rows', shards: 8 } });
  assert.equal(diffRuns(one, runOfLock(shuffled)).same, true);
  const digest = (value: string): SampleLock =>
    second({ digest: { algorithm: 'recsample-rows-1', rows: 1, value, columns: [] } });
  assert.equal(diffRuns(runOfLock(digest('a')), runOfLock(digest('b'))).same, false);
  assert.equal(diffRuns(runOfLock(digest('a')), runOfLock(second())).same, true);
});
