import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample } from './commandLine.ts';
import { valid } from './previewOutput.ts';

const directory = mkdtempSync(join(tmpdir(), 'recsample-nulls-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** A bare log: user, item, time, click, and the click rate of the item until then. Every third exposure lacks it. */
const rows = Array.from({ length: 400 }, (_, k) => {
  const at = new Date(Date.UTC(2026, 10, 1) + k * 300_000).toISOString().slice(0, 19);
  return `u${k % 10},i${(k * k + k) % 37},${at},${k % 4 === 0 ? 1 : 0},${k % 3 === 0 ? '' : 0.25}`;
});
writeFileSync(join(directory, 'log.csv'), ['uid,iid,ts,click,ctr', ...rows, ''].join('\n'));
writeFileSync(
  join(directory, 'recall.ratio.yaml'),
  `version: 1
seed: 1
data:
  impressions: {path: log.csv, columns: {user: uid, item: iid, time: ts}}
  samples: {recall: {path: out.csv, columns: {user: user, item: item, label: label, entry: entry, positive_item: positive_item, time: time}}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-02}}
stages:
  recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: 3, mix: {popularity: 0.6, exposed_unclicked: {share: 0.4, scope: user}}}}
output: {pass_through: [{column: ctr, from: impressions, side: item, as: item_ctr}]}
`,
);

const users = Array.from({ length: 10 }, (_, k) => `u${k}`).join(',');

async function run(args: readonly string[]): Promise<string> {
  const { code, out, err } = await recsample(
    args,
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );
  assert.equal(code, 0, out + err);
  return out;
}

test('preview and audit of a bare log show how often an as-of column is NULL in positives and in negatives', async () => {
  const text = await run(['preview', 'recall.ratio.yaml', '--users', users]);
  const [, ...told] =
    /item_ctr is NULL in (\d+) of (\d+) positives shown \(.*?\) and in (\d+) of (\d+) negatives shown/.exec(text) ??
    assert.fail(text);
  const preview = valid(
    'preview',
    await run(['preview', 'recall.ratio.yaml', '--users', users, '--format', 'json']),
  ) as {
    readonly passed: readonly { readonly null_positives: number; readonly null_negatives: number }[];
    readonly users: readonly {
      readonly groups: readonly { readonly rows: readonly { readonly label: number; readonly passed: object }[] }[];
    }[];
  };
  const shown = preview.users.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
  const nulls = (label: number): number =>
    shown.filter((row) => row.label === label && Object.values(row.passed)[0] === null).length;
  const count = (label: number): number => shown.filter((row) => row.label === label).length;
  assert.deepEqual(told.map(Number), [nulls(1), count(1), nulls(0), count(0)]);
  assert.ok(nulls(1) > 0 && nulls(0) > 0);
  assert.deepEqual(
    preview.passed.map((column) => [column.null_positives, column.null_negatives]),
    [[nulls(1), nulls(0)]],
  );
  // All users have one page of groups, so the file has these rows.
  await run(['sample', 'recall.ratio.yaml', '--out', 'out.csv']);
  const audit = JSON.parse(await run(['audit', 'out.csv', '--format', 'json'])) as {
    readonly rules: readonly { readonly rule: string; readonly status: string }[];
    readonly metrics: readonly {
      readonly metric: string;
      readonly tables: Readonly<Record<string, { readonly rows: unknown }>>;
    }[];
  };
  // Values strictly before the read time: nothing to report.
  for (const rule of ['data/label-leak', 'data/pass-through'])
    assert.equal(audit.rules.find((one) => one.rule === rule)?.status, 'passed', rule);
  assert.deepEqual(audit.metrics.find(({ metric }) => metric === 'nulls')?.tables['columns']?.rows, [
    ['item_ctr', nulls(1), nulls(1) / count(1), nulls(0), nulls(0) / count(0)],
  ]);
});
