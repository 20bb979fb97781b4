import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffText, type DiffSide } from '../../src/core/report/diffText.ts';
import { diffRuns, type RunDiff } from '../../src/core/sampling/lock/diffRuns.ts';
import { runOfKeyValues, runOfLock, type Run } from '../../src/core/sampling/lock/run.ts';
import type { LockedEntry, LockedFile, SampleLock } from '../../src/core/sampling/lock/sampleLock.ts';

const entry: LockedEntry = {
  name: 'popularity',
  source: 'popularity',
  asked: 10,
  drawn: 10,
  shortGroups: 0,
  shortfalls: { pool: 0, attempts: 0, list: 0 },
  logQ: {
    rows: 10,
    mean: -2,
    least: -3,
    greatest: -1,
    bins: [
      [-1, 4],
      [-2, 4],
      [-3, 2],
    ],
  },
};
const lock: SampleLock = {
  format: 1,
  generator: 'recsample 1.2.3',
  stage: 'recall',
  unit: 'positive',
  seed: 'demo',
  epoch: 0,
  split: 'train',
  users: 'all',
  config: { path: 'a.ratio.yaml', sha256: 'c0', variables: {} },
  plan: { sha256: 'p0', settings: { per_group: '10', 'popularity.exponent': '0.75', 'popularity.share': '1' } },
  data: { impressions: { path: '../data', sha256: 'd0', bytes: 1, files: [] } },
  output: { format: 'parquet', layout: 'long', columns: ['user', 'item'], rows: 11, bytes: 100, sha256: 'f0' },
  counts: { users: 1, groups: 1, positives: 1, negatives: 10, unreached: 0 },
  entries: [entry],
  logQMix: { positives: null, negatives: { rows: 10, mean: -2, least: -3, greatest: -1, bins: [[-2, 10]] } },
};
const side: DiffSide = { name: 'x.parquet', stage: 'recall', split: 'train', seed: 'demo', epoch: '0', locked: true };
const diff = (other: SampleLock, one: SampleLock = lock): RunDiff => diffRuns(runOfLock(one), runOfLock(other));
const reading = (sha256: string, files: readonly (readonly [string, string])[]): SampleLock => ({
  ...lock,
  data: {
    impressions: {
      path: '../data',
      sha256,
      bytes: 0,
      files: files.map(([path, digest]): LockedFile => ({ path, bytes: 7, sha256: digest })),
    },
  },
});

test('the same rows: whatever the version, the names of the config and of the file, and its format', () => {
  const other = {
    ...lock,
    generator: 'recsample 9.9.9',
    config: { path: 'b.ratio.yaml', sha256: 'c1', variables: { dt: 'x' } },
    output: { ...lock.output, format: 'csv' as const, bytes: 5, sha256: 'f1' },
  };
  assert.equal(diff(other).same, true);
  assert.deepEqual(
    diff(other).facts.map(({ name }) => name),
    ['format', 'config'],
  );
});

test('each thing that the rows depend on makes a difference', () => {
  const differing: readonly Partial<SampleLock>[] = [
    { stage: 'coarse_ranking' },
    { seed: 'another' },
    { epoch: 1 },
    { split: 'eval' },
    { users: ['1'] },
    { plan: { ...lock.plan, sha256: 'p1' } },
    { plan: { ...lock.plan, settings: { ...lock.plan.settings, 'data.impressions.where': '{}' } } },
    { data: {} },
    { output: { ...lock.output, layout: 'wide' } },
    { output: { ...lock.output, columns: ['user'] } },
    { counts: { ...lock.counts, unreached: 1 } },
    { entries: [] },
    { entries: [{ ...entry, drawn: 9 }] },
    { entries: [{ ...entry, shortfalls: { ...entry.shortfalls, list: 1 } }] },
    { entries: [{ ...entry, logQ: null }] },
    { logQMix: { positives: null, negatives: null } },
  ];
  for (const change of differing) assert.equal(diff({ ...lock, ...change }).same, false, JSON.stringify(change));
});

test('of further counts, those that differ are listed', () => {
  const counted = (newestAge: number): SampleLock => ({
    ...lock,
    sequenceCounts: { 'clicks.steps': 7, 'clicks.newest_age_us': newestAge },
  });
  const { same, counts } = diff(counted(2), counted(1));
  assert.equal(same, false);
  assert.deepEqual(counts.at(-1), { name: 'clicks.newest_age_us', a: 1, b: 2 });
  assert.ok(counts.every(({ name }) => name !== 'clicks.steps'));
});

test('the same content under another path is reported once for each file', () => {
  const before = reading('d1', [
    ['a', '1'],
    ['b', '1'],
    ['c', '2'],
    ['d', '3'],
    ['e', '4'],
  ]);
  const after = reading('d2', [
    ['c', '2'],
    ['d', '5'],
    ['x', '1'],
    ['y', '6'],
  ]);
  assert.deepEqual(diff(after, before).data[0]?.files, {
    same: 1,
    changes: [
      { kind: 'removed', path: 'b', from: null, a: 7, b: null },
      { kind: 'changed', path: 'd', from: null, a: 7, b: 7 },
      { kind: 'removed', path: 'e', from: null, a: 7, b: null },
      { kind: 'renamed', path: 'x', from: 'a', a: 7, b: 7 },
      { kind: 'added', path: 'y', from: null, a: null, b: 7 },
    ],
  });
});

test('the first of many files are listed, with the number of the others', () => {
  const text = diffText(
    side,
    side,
    diff(
      reading(
        'd2',
        Array.from({ length: 23 }, (_, k) => [`part-${k}`, String(k)] as const),
      ),
    ),
    { width: 100, colour: false, locale: 'en', translate: (t) => t },
  );
  assert.match(
    text,
    /^impressions {2}\.\.\/data {2}files: 0 the same · 23 added\n( {2}\+ {2}7 B {2}part-\d+\n){20} {2}and 3 more$/m,
  );
});

test('an entry on one side only shows its share, and q the share that would have to move', () => {
  const other: LockedEntry = { ...entry, name: 'global_random', source: 'global_random' };
  const mixed = diff({
    ...lock,
    plan: { sha256: 'p1', settings: { per_group: '10', 'global_random.share': '1', 'global_random.items': 'corpus' } },
    entries: [other],
  });
  assert.deepEqual(mixed.settings, [
    { path: 'global_random.share', a: null, b: '1' },
    { path: 'popularity.share', a: '1', b: null },
  ]);
  assert.deepEqual(
    mixed.entries.map(({ name, a, b, logQ }) => [name, a?.share, b?.share, logQ?.moved]),
    [
      ['popularity', 1, undefined, null],
      ['global_random', undefined, 1, null],
    ],
  );
  const moved = diff({
    ...lock,
    entries: [
      {
        ...entry,
        logQ: {
          rows: 20,
          mean: -2,
          least: -3,
          greatest: -1,
          bins: [
            [-1, 12],
            [-2, 8],
          ],
        },
      },
    ],
  }).entries[0]?.logQ?.moved;
  assert.ok(Math.abs((moved ?? 0) - 0.2) < 1e-12);
});

test('facts that a file lacks are not compared', () => {
  const values = new Map(
    Object.entries({
      stage: 'recall',
      seed: 'demo',
      epoch: '0',
      split: 'train',
      users: 'all',
      config_sha256: 'c0',
      plan_sha256: 'p0',
      groups: '1',
      positives: '1',
      negatives: '10',
      'data.impressions_sha256': 'd0',
      entries: JSON.stringify([{ ...entry, attempts: 3 }]),
    }),
  );
  const bare = runOfKeyValues(values);
  assert.ok(bare);
  const same = (run: Run): boolean => diffRuns(runOfLock(lock), run).same;
  assert.equal(same(bare), true);
  for (const [name, value] of [
    ['seed', 'another'],
    ['plan_sha256', 'p1'],
    ['data.impressions_sha256', 'd1'],
    ['negatives', '9'],
    ['users', '["1"]'],
  ] as const)
    assert.equal(same(runOfKeyValues(new Map([...values, [name, value]])) ?? bare), false, name);
  // A damaged value, or one that is too long to be read completely, is not a difference of runs. Without stage and plan
  // there is nothing to compare.
  assert.equal(
    same(
      runOfKeyValues(new Map([...values, ['entries', '[{"name": 1}]'], ['groups', 'many'], ['users', '[']])) ?? bare,
    ),
    true,
  );
  assert.equal(same(runOfKeyValues(new Map([...values].filter(([name]) => name !== 'entries'))) ?? bare), true);
  assert.equal(runOfKeyValues(new Map([['stage', 'recall']])), null);
});

test('data without a digest are named as not compared, and only equal digests of rows make the samples equal', () => {
  const unknown: SampleLock = { ...lock, data: { impressions: { path: '../data' } } };
  const found = diff(unknown);
  assert.deepEqual([found.same, found.data, found.notCompared, found.unchanged.data], [true, [], ['impressions'], []]);
  const text = diffText(side, side, found, { width: 200, colour: false, locale: 'en', translate: (t) => t });
  assert.match(text, /Both samples should contain the same rows if their data are the same\./);
  assert.match(text, /Not compared, because a lock file has no digest of their files: impressions/);
});
