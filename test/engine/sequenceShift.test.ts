import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { folder } from './fixture.ts';
import { lintOn } from './lintDemo.ts';
import { writeSample } from './sampledFile.ts';
import { shown } from '../unit/lintCase.ts';

// A log of ten days with five columns: each day, every user chooses the first of two items. So a row of the day k,
// counted from 0, has k clicks before it, and with a lookback of d days at most d.
const root = join(folder, 'shift');
const [USERS, DAYS] = [30, 10];
const day = (k: number): string => `2026-11-${String(k + 1).padStart(2, '0')}`;

before(() => {
  mkdirSync(join(root, 'out'), { recursive: true });
  const rows = Array.from({ length: USERS * DAYS * 2 }, (_, n) => {
    const [user, k, slot] = [Math.floor(n / 2 / DAYS), Math.floor(n / 2) % DAYS, n % 2];
    return `u${user},i${(user + k * 2 + slot) % 40},${day(k)}T12:00:00,${slot === 0 ? 1 : 0},r${user}-${k}`;
  });
  writeFileSync(join(root, 'log.csv'), ['user,item,time,click,request', ...rows, ''].join('\n'));
});

const config = (train: readonly [first: number, last: number], lookback: string, zone: string): string => `version: 1
seed: shift
timezone: ${zone}
data:
  impressions: {path: log.csv, columns: {user: user, item: item, time: time, request: request}}
  items: {from: impressions}
  samples: {fine_ranking: {path: out/train.parquet, columns: {user: user, item: item, label: label, time: time}}}
events: {click: click}
window: {train: {from: ${day(train[0])}, to: ${day(train[1])}}, eval: {from: ${day(8)}, to: ${day(9)}}}
stages:
  fine_ranking: {unit: impression, positives: {events: {click: 1}}, negatives: {mix: {exposed_unclicked: 1}}}
output: {layout: long, sequences: {clicks: {events: [click], length: 50, available_after: 1m${lookback}}}}
`;

const shifts = async (
  train: readonly [first: number, last: number],
  lookback = '',
  { hasEval = true, zone = 'UTC' } = {},
) => {
  const text = config(train, lookback, zone);
  rmSync(join(root, 'out'), { recursive: true });
  mkdirSync(join(root, 'out'));
  await writeSample(root, text, 'fine_ranking', 'out/train.parquet');
  if (hasEval) await writeSample(root, text, 'fine_ranking', 'out/eval.parquet', 'eval');
  const { findings } = await lintOn(text, { root, path: 'sampled.ratio.yaml' });
  return shown(findings.filter(({ rule }) => rule === 'data/sequence-shift')).map((line) =>
    line.split(' ').slice(3).join(' '),
  );
};

test('histories of train are compared with those of the eval file', async () => {
  assert.deepEqual(await shifts([0, 1]), [
    'clicks: rows up to 2026-11-02 have 0.5 steps on average, eval rows of these users 8.5',
  ]);
});

test('without an eval file, the last quarter of the days is compared with those before', async () => {
  assert.deepEqual(await shifts([0, 7], '', { hasEval: false }), [
    'clicks: rows up to 2026-11-06 have 2.5 steps on average, later rows of these users 6.5',
  ]);
  assert.deepEqual(await shifts([0, 0], '', { hasEval: false }), []);
});

test('days are those of the time zone', async () => {
  // At noon in Auckland, it is the day before in UTC.
  assert.deepEqual(await shifts([0, 1], '', { zone: 'Pacific/Auckland' }), [
    'clicks: rows up to 2026-11-02 have 0.5 steps on average, eval rows of these users 8.5',
  ]);
});

test('a log that begins before the reach of the first row is no shift', async () => {
  assert.deepEqual(await shifts([2, 3], ', lookback: 1d'), []);
  // The first day has no history, but the other seven make 0.875 on average.
  assert.deepEqual(await shifts([0, 7], ', lookback: 1d'), []);
  assert.deepEqual(await shifts([0, 1], ', lookback: 1d'), [
    'clicks: rows up to 2026-11-02 have 0.5 steps on average, eval rows of these users 1.0',
  ]);
});
