import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownFolder } from './ownFolder.ts';

// A sample of a bare log is audited without the things that rules compare: those rules must not count as passed.
const { directory, run } = ownFolder('nothing-compared');

const log = Array.from({ length: 1200 }, (_, k) => {
  const time = new Date(Date.UTC(2026, 10, 1) + k * 140_000).toISOString().slice(0, 19);
  return `u${k % 40},i${(k * k + 5 * k) % 83},${time},${k % 4 === 0 ? 1 : 0},${k % 3}`;
});
writeFileSync(join(directory, 'log.csv'), ['uid,iid,ts,click,scene', ...log].join('\n'));
// Its times are later than those of every sample.
writeFileSync(
  join(directory, 'later.csv'),
  ['uid,iid,ts,click,scene', ...log.slice(0, 9).map((line) => line.replace('2026-11-01', '2027-01-01'))].join('\n'),
);

function config(file: string, from: string): void {
  writeFileSync(
    join(directory, file),
    `version: 1
seed: 1
data:
  impressions: {path: ${from}, columns: {user: uid, item: iid, time: ts}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-01}, eval: {from: 2026-11-02, to: 2026-11-02}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives:
      per_positive: 4
      mix: {exposed_unclicked: {share: 0.25, scope: user}, popularity: {share: 0.5, exponent: 0.75}, global_random: 0.25}
    training: {loss: sampled_softmax, logq: shares}
`,
  );
}

/** A copy of a sample without some columns, and without its lock file. */
function without(file: string, ...names: readonly string[]): string {
  const [head = '', ...rows] = readFileSync(join(directory, file), 'utf8').trim().split('\n');
  const kept = head.split(',').flatMap((name, k) => (names.includes(name) ? [] : [k]));
  const name = `without-${names.join('-')}.csv`;
  const cut = (line: string): string => kept.map((k) => line.split(',')[k]).join(',');
  writeFileSync(join(directory, name), [head, ...rows].map(cut).join('\n'));
  return name;
}

/** The status of each data rule: passed, found, or why it did not run. */
async function statuses(file: string, by: string): Promise<Map<string, string>> {
  const { out, err } = await run('audit', file, '--config', by, '--split', 'train', '--format', 'json');
  assert.notEqual(out, '', err);
  const { rules } = JSON.parse(out) as {
    readonly rules: readonly { readonly rule: string; readonly status: string; readonly because: string | null }[];
  };
  return new Map(
    rules.flatMap(({ rule, status, because }) => (rule.startsWith('data/') ? [[rule, because ?? status]] : [])),
  );
}

test('rules that compare nothing do not pass: no lock file, source, log', async () => {
  config('a.ratio.yaml', 'log.csv');
  config('later.ratio.yaml', 'later.csv');
  for (const split of ['train', 'eval']) await run('sample', 'a.ratio.yaml', '--split', split, '--out', `${split}.csv`);
  const all = await statuses('train.csv', 'a.ratio.yaml');
  const passed = [...all].flatMap(([rule, status]) => (status === 'passed' ? [rule] : []));
  const isOther = 'the file has no current lock file';
  const isAlone = 'no lock file next to it names the file of the other split';
  const isUnnamed = 'no column of the file names the entry or the source of a negative';
  const isUnconfirmed = 'the values of log_q are possible, but no pool shows whether they are right';
  const isStrange = 'the rows could not be counted: no group of the sample file is in the log';
  assert.deepEqual(passed, [
    'data/contradiction',
    'data/duplicate',
    'data/mix',
    'data/log-q',
    'data/log-q-values',
    'data/declared-q',
    'data/exponent',
    'data/selection-bias',
    'data/time-leak',
    'data/time-order',
    'data/future',
    'data/impossible-draw',
    'data/missing-choices',
    'data/split-overlap',
    'data/empty-groups',
    'data/digest',
  ]);
  /** What no longer passes. */
  const lost = async (file: string, by: string): Promise<string[]> => {
    const now = await statuses(file, by);
    return passed.flatMap((rule) => {
      const status = now.get(rule) ?? 'not listed';
      return status === 'passed' ? [] : [`${rule}: ${status}`];
    });
  };
  assert.deepEqual(await lost(without('train.csv', 'source', 'entry'), 'a.ratio.yaml'), [
    `data/duplicate: ${isUnnamed}`,
    `data/mix: ${isUnnamed}`,
    `data/log-q: ${isUnnamed}`,
    `data/log-q-values: ${isUnconfirmed}`,
    `data/declared-q: ${isUnnamed}`,
    `data/exponent: ${isUnnamed}`,
    `data/impossible-draw: ${isUnnamed}`,
    `data/missing-choices: ${isUnnamed}`,
    `data/split-overlap: ${isAlone}`,
    `data/digest: ${isOther}`,
  ]);
  const isUngrouped = 'the columns of the sample file do not distinguish one group from another';
  const isTimeless = 'no column of the sample file has the role time';
  assert.deepEqual(await lost(without('train.csv', 'ts'), 'a.ratio.yaml'), [
    `data/contradiction: ${isUngrouped}`,
    `data/duplicate: ${isUngrouped}`,
    `data/log-q: ${isUngrouped}`,
    `data/log-q-values: ${isUnconfirmed}`,
    `data/declared-q: ${isUngrouped}`,
    `data/exponent: ${isUngrouped}`,
    `data/time-leak: ${isTimeless}`,
    `data/time-order: ${isTimeless}`,
    `data/future: ${isTimeless}`,
    `data/impossible-draw: ${isUngrouped}`,
    `data/missing-choices: ${isUngrouped}`,
    `data/split-overlap: ${isUngrouped}`,
    `data/empty-groups: ${isUngrouped}`,
    `data/digest: ${isOther}`,
  ]);
  assert.deepEqual(await lost('train.csv', 'later.ratio.yaml'), [
    `data/log-q: ${isStrange}`,
    `data/log-q-values: ${isUnconfirmed}`,
    `data/declared-q: ${isStrange}`,
    `data/exponent: ${isStrange}`,
    'data/selection-bias: no row of the file can be compared',
    'data/future: found',
    `data/impossible-draw: ${isStrange}`,
    `data/missing-choices: ${isStrange}`,
    'data/digest: found',
  ]);
});
