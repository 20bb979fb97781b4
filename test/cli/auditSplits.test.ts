import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { ownFolder } from './ownFolder.ts';

const { directory, run } = ownFolder('splits');

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
}

/** The findings of the audit of a sample that is written for a split. */
async function findingsOf(
  config: string,
  split: 'train' | 'eval',
  rules: readonly string[],
): Promise<readonly Found[]> {
  const output = `${config}-${split}.parquet`;
  const sample = await run('sample', `${config}.ratio.yaml`, '--split', split, '--out', output);
  assert.equal(sample.code, 0, sample.err);
  return await auditOf(config, split, output, rules);
}

async function auditOf(
  config: string,
  split: 'train' | 'eval',
  file: string,
  rules: readonly string[],
): Promise<readonly Found[]> {
  const { out, err } = await run(
    'audit',
    file,
    '--config',
    `${config}.ratio.yaml`,
    '--split',
    split,
    '--format',
    'json',
  );
  assert.equal(err, '');
  const { findings } = JSON.parse(out) as { findings: readonly Found[] };
  return findings.filter(({ rule }) => rules.includes(rule));
}

const csv = (name: string, rows: readonly string[]): void => {
  writeFileSync(join(directory, name), [...rows, ''].join('\n'));
};
const config = (name: string, stage: string): void => {
  writeFileSync(
    join(directory, `${name}.ratio.yaml`),
    `version: 1
seed: 1
data:
  impressions: {path: ${name}.csv, columns: {user: uid, item: iid, time: ts, request: session}}
  items: {path: ${name}-items.csv, columns: {item: iid}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-01}, eval: {from: 2026-11-02, to: 2026-11-02}}
stages:
${stage}`,
  );
};

suite('a session that crosses the cut between train and eval', () => {
  before(() => {
    // The session "long" has an exposure on both days. Sessions of other users with a click begin and end meanwhile.
    const others = Array.from({ length: 60 }, (_, k) => {
      const minute = String(k).padStart(2, '0');
      return [
        `u${k},i${k % 9},2026-11-01T23:${minute}:10,day1-${k},1`,
        `u${k},i${k % 7},2026-11-02T00:${minute}:10,day2-${k},1`,
      ];
    }).flat();
    csv('cut.csv', [
      'uid,iid,ts,session,click',
      ...others,
      'v,i1,2026-11-01T23:20:00,long,0',
      'v,i2,2026-11-02T00:40:00,long,1',
    ]);
    csv('cut-items.csv', ['iid', ...Array.from({ length: 9 }, (_, k) => `i${k}`)]);
    config(
      'cut',
      `  fine_ranking:
    unit: impression
    positives: {events: {click: 1}}
    negatives: {mix: {exposed_unclicked: 1}}
`,
    );
  });

  for (const split of ['train', 'eval'] as const)
    test(`the complete file of ${split} lacks no click`, async () => {
      assert.deepEqual(await findingsOf('cut', split, ['data/never-exposed']), []);
    });

  test('a file that lost the clicks of half its sessions is still reported', async () => {
    const rows = Array.from({ length: 60 }, (_, k) => k)
      .filter((k) => k % 2 === 0)
      .map((k) => `u${k},i${k % 9},1,day1-${k},2026-11-01T23:${String(k).padStart(2, '0')}:10`);
    csv('lost.csv', ['user_id,item_id,label,request_id,ts', ...rows]);
    const [lost] = await auditOf('cut', 'train', 'lost.csv', ['data/never-exposed']);
    assert.match(lost?.message ?? '', /^29 clicks are missing/);
  });
});

suite('an eval file is judged by what eval draws', () => {
  before(() => {
    // On the first day a session has a click and nothing else; on the second, eleven items that were not clicked.
    const short = Array.from(
      { length: 60 },
      (_, k) => `u${k},i0,2026-11-01T08:00:${String(k).padStart(2, '0')},a${k},1`,
    );
    const full = Array.from(
      { length: 720 },
      (_, k) => `u${k % 60},i${Math.floor(k / 60)},2026-11-02T09:00:00,b${k % 60},${k < 60 ? 1 : 0}`,
    );
    const header = 'uid,iid,ts,session,click';
    csv('later.csv', [header, ...short, ...full]);
    csv('earlier.csv', [
      header,
      ...short.map((row) => row.replace('-01T', '-02T')),
      ...full.map((row) => row.replace('-02T', '-01T')),
    ]);
    for (const name of ['later', 'earlier']) {
      csv(`${name}-items.csv`, ['iid', ...Array.from({ length: 12 }, (_, k) => `i${k}`)]);
      config(
        name,
        `  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: {per_positive: 4, mix: {exposed_unclicked: {share: 0.5, scope: request}, global_random: 0.5}}
`,
      );
    }
  });

  test('no shortfall is reported if only train is short', async () => {
    const rules = ['data/shortfall'];
    assert.deepEqual(await findingsOf('later', 'eval', rules), []);
    const [short] = await findingsOf('later', 'train', rules);
    assert.match(short?.message ?? '', /^exposed_unclicked draws none of the 120 requested negatives/);
  });

  test('a shortfall is reported if only eval is short', async () => {
    const rules = ['data/shortfall'];
    assert.deepEqual(await findingsOf('earlier', 'train', rules), []);
    const [short] = await findingsOf('earlier', 'eval', rules);
    assert.match(short?.message ?? '', /^exposed_unclicked draws none of the 120 requested negatives/);
  });
});

suite('items that left the corpus since their exposure', () => {
  before(() => {
    const rows = Array.from(
      { length: 400 },
      (_, k) =>
        `u${k % 40},i${Math.floor(k / 40)},2026-11-0${1 + (k % 2)}T09:00:00,s${k % 40},${k % 40 === Math.floor(k / 40) ? 1 : 0}`,
    );
    csv('gone.csv', ['uid,iid,ts,session,click', ...rows]);
    csv('gone-items.csv', ['iid', ...Array.from({ length: 20 }, (_, k) => `i${k}`).filter((item) => item !== 'i3')]);
    config(
      'gone',
      `  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: {per_positive: 4, mix: {exposed_unclicked: 0.5, global_random: 0.5}}
`,
    );
  });

  test('own positives are a warning, which names the reason', async () => {
    const found = await findingsOf('gone', 'eval', ['data/unknown-item']);
    assert.deepEqual(
      found.map(({ severity }) => severity),
      ['warning'],
    );
    assert.match(found[0]?.message ?? '', /no longer/);
  });
});
