import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withConnection } from '../engine/testDatabase.ts';
import { ownFolder } from './ownFolder.ts';

// Item ids are integers in a Parquet log, and texts in a CSV log. A sample in the other format compares without a word
// in the config, in the rules and in the metrics alike.
const { directory, run } = ownFolder('ids-of-samples');

const log = Array.from({ length: 600 }, (_, k) => {
  const time = new Date(Date.UTC(2026, 10, 1) + k * 280_000).toISOString().slice(0, 19);
  return `u${k % 20},${(k * k + 5 * k) % 53},${time},${k % 4 === 0 ? 1 : 0}`;
});
writeFileSync(join(directory, 'log.csv'), ['uid,iid,ts,click', ...log].join('\n'));

function config(kind: string, sample: string): string {
  const file = `${kind}-${sample}.ratio.yaml`;
  writeFileSync(
    join(directory, file),
    `version: 1
seed: 1
data:
  impressions: {path: log.${kind}, columns: {user: uid, item: iid, time: ts}}
  samples: {recall: {path: ${sample}, columns: {user: uid, item: iid, label: label, entry: entry, positive_item: positive_item, time: ts}}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-01}, eval: {from: 2026-11-02, to: 2026-11-02}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: {per_positive: 4, mix: {exposed_unclicked: {share: 0.25, scope: user}, popularity: 0.75}}
`,
  );
  return file;
}

/** The statuses of rules and metrics that say something about ids, and two figures. */
async function measured(kind: string, sample: string): Promise<unknown> {
  const by = config(kind, sample);
  const linted = await run('lint', by, '--facts', 'data', '--format', 'json');
  assert.doesNotMatch(linted.out, /schema\/id-type","(?!status":"passed)|ids in column/);
  const { out } = await run('audit', sample, '--config', by, '--split', 'train', '--format', 'json');
  const { rules, metrics, findings } = JSON.parse(out) as {
    readonly rules: readonly { readonly rule: string; readonly because: string | null }[];
    readonly metrics: readonly {
      readonly metric: string;
      readonly because: string | null;
      readonly figures: Readonly<Record<string, { readonly value: unknown }>>;
    }[];
    readonly findings: readonly { readonly rule: string }[];
  };
  const isAboutIds = ({ because }: { readonly because: string | null }): boolean =>
    /\bids\b|counted/.test(because ?? '');
  const figure = (name: string, id: string): unknown =>
    metrics.find(({ metric }) => metric === name)?.figures[id]?.value;
  return {
    unread: [...rules, ...metrics].filter(isAboutIds),
    findings: findings.map(({ rule }) => rule),
    covered: figure('coverage', 'covered'),
    later: figure('false_negatives', 'later'),
  };
}

test('ids that are integers in one file and text in the other need no preparation', async () => {
  await withConnection(async (connection) => {
    await connection.run(
      `COPY (SELECT * FROM read_csv('${join(directory, 'log.csv')}')) TO '${join(directory, 'log.parquet')}'`,
    );
  });
  await run('sample', config('csv', 'train.csv'), '--out', 'train.csv');
  rmSync(join(directory, 'train.csv.recsample.json'));
  await withConnection(async (connection) => {
    await connection.run(
      `COPY (SELECT * FROM read_csv('${join(directory, 'train.csv')}')) TO '${join(directory, 'train.parquet')}'`,
    );
  });
  const [head = '', ...rows] = readFileSync(join(directory, 'train.csv'), 'utf8').trim().split('\n');
  const place = (name: string): number => head.split(',').indexOf(name);
  const negatives = rows.map((row) => row.split(',')).filter((cells) => cells[place('label')] === '0');
  const chosen = log.map((row) => row.split(',')).filter((cells) => cells[3] === '1');
  const isLater = (cells: readonly string[]): boolean =>
    chosen.some(
      ([user, item, time = '']) =>
        user === cells[place('uid')] &&
        item === cells[place('iid')] &&
        time > (cells[place('ts')] ?? '').replace(' ', 'T').slice(0, 19),
    );
  const expected = {
    unread: [],
    // The log is small, and its users choose their items again.
    findings: ['data/false-negative', 'data/shortfall'],
    covered: new Set(negatives.map((cells) => cells[place('iid')])).size,
    later: negatives.filter(isLater).length / negatives.length,
  };
  for (const kind of ['csv', 'parquet'])
    for (const sample of ['train.csv', 'train.parquet'])
      assert.deepEqual(await measured(kind, sample), expected, `${kind} ${sample}`);
});
