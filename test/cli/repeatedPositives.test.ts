import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownFolder } from './ownFolder.ts';

// A user may choose an item twice. Both times are positives with negatives of their own.
const { directory, run } = ownFolder('repeated-positives');

const header = 'uid,iid,rid,ts,click';
const log = Array.from({ length: 240 }, (_, k) => {
  const [request, place] = [Math.floor(k / 6), k % 6];
  const time = new Date(Date.UTC(2026, 10, 1, request % 20, request)).toISOString().slice(0, 17) + `0${place}`;
  // The last row of every second request shows its first item again, and it is clicked again.
  const item = (request * 7 + (place === 5 ? 0 : place)) % 30;
  return `u${request % 9},i${item},r${request},${time},${place === 0 || (place === 5 && request % 2 === 0) ? 1 : 0}`;
});
writeFileSync(join(directory, 'log.csv'), [header, ...log].join('\n'));
writeFileSync(
  join(directory, 'a.ratio.yaml'),
  `version: 1
seed: 1
data:
  impressions: {path: log.csv, columns: {user: uid, item: iid, request: rid, time: ts}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-01}, eval: {from: 2026-11-02, to: 2026-11-02}}
stages:
  recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: {global_random: 15}}}
`,
);

async function findings(file: string, by = ['--config', 'a.ratio.yaml']): Promise<string[]> {
  const { out, err } = await run('audit', file, ...by, '--format', 'json');
  assert.notEqual(out, '', err);
  const audited = JSON.parse(out) as {
    readonly findings: readonly { readonly rule: string; readonly message: string }[];
  };
  return audited.findings.flatMap(({ rule, message }) =>
    rule === 'data/duplicate' || rule === 'data/log-q-values' ? [`${rule}: ${message.split('\n')[0] ?? ''}`] : [],
  );
}

test('an item that was chosen twice in a request is no repeated row; a file that was appended to twice is one', async () => {
  await run('sample', 'a.ratio.yaml', '--out', 'a.csv');
  assert.deepEqual(await findings('a.csv'), []);
  const [head = '', ...rows] = readFileSync(join(directory, 'a.csv'), 'utf8').trim().split('\n');
  writeFileSync(join(directory, 'twice.csv'), [head, ...rows, ...rows].join('\n'));
  assert.deepEqual(await findings('twice.csv'), [
    `data/duplicate: ${rows.length} of ${2 * rows.length} rows repeat an item that the same entry drew for the same group`,
  ]);
});

test('without times, two positives of a user and an item are not one group of improbable draws', async () => {
  const head = 'user_id,item_id,label,entry,positive_item,log_q';
  const first = ['u1,i1,1,,i1,', 'u1,i2,0,shown,i1,0'];
  const later = ['u1,i1,1,,i1,', 'u1,i3,0,shown,i1,-1.386', 'u1,i4,0,shown,i1,-1.386'];
  const rules = async (name: string, rows: readonly string[]): Promise<string[]> => {
    writeFileSync(join(directory, name), [head, ...rows].join('\n'));
    return await findings(name, []);
  };
  assert.deepEqual(await rules('two.csv', [...first, ...later]), []);
  assert.deepEqual(await rules('one.csv', [...first, ...later.slice(1)]), [
    'data/log-q-values: In 1 group, the probabilities of the drawn items by log_q sum to more than 1',
  ]);
});
