import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { ownFolder } from './ownFolder.ts';

const { directory, run } = ownFolder('calibrated');

interface Report {
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
  readonly metrics: readonly {
    readonly metric: string;
    readonly figures?: Readonly<Record<string, { readonly value: number }>>;
  }[];
}

/** The audit of a sample of a stage with this weight of a click and this calibration. */
async function auditOf(
  name: string,
  weight: number,
  calibration: string,
  [cut, list]: readonly [string, string] = ['2026-11-02', '1'],
): Promise<Report> {
  const config = `${name}.ratio.yaml`;
  writeFileSync(
    join(directory, config),
    `version: 1
seed: 1
data:
  impressions: {path: log.csv, columns: {user: uid, item: iid, time: ts}}
  samples:
    fine_ranking:
      path: ${name}.parquet
      columns: {user: uid, item: iid, label: label, time: ts, weight: weight}
events: {click: click}
window: {train: {from: 2026-11-01, to: ${cut}}}
stages:
  fine_ranking:
    unit: impression
    positives: {events: {click: ${weight}}}
    negatives: {downsample: 0.5, ${calibration}mix: {exposed_unclicked: ${list}}}
`,
  );
  const sample = await run('sample', config);
  assert.equal(sample.code, 0, sample.err);
  const { out } = await run('audit', config, '--format', 'json');
  return JSON.parse(out) as Report;
}

/** What data/calibration says about such a sample. */
async function calibrationOf(...sample: Parameters<typeof auditOf>): Promise<readonly string[]> {
  const { findings } = await auditOf(...sample);
  return findings.filter(({ rule }) => rule === 'data/calibration').map(({ message }) => message);
}

suite('a calibrated file is judged by the declared method, with the weights of its positives', () => {
  before(() => {
    // 60 users with 40 exposures each, of which 11 are clicked: 27.5 %.
    const rows = Array.from({ length: 2400 }, (_, row) => {
      const time = new Date(Date.UTC(2026, 10, 1, 8) + row * 1000).toISOString().slice(0, 19);
      return `u${row % 60},i${row % 97},${time},${Math.floor(row / 60) % 40 < 11 ? 1 : 0}`;
    });
    writeFileSync(join(directory, 'log.csv'), ['uid,iid,ts,click', ...rows, ''].join('\n'));
  });

  test('by weight: a click of weight 5 breaks the rate', async () => {
    const [text = '', ...more] = await calibrationOf('five', 5, 'calibration: weight, ');
    assert.match(
      text,
      /^By weight, 6\d(\.\d+)? % of the rows are positives, but the config leads to 27\.5 %\n[^]*Positives weigh 5 on average/,
    );
    assert.deepEqual(more, []);
  });

  test('by the formula: so does it', async () => {
    const [text = ''] = await calibrationOf('formula', 5, 'calibration: formula, ');
    assert.match(text, /^By weight, 7\d(\.\d+)? % of the rows are positives, but the config leads to 43\.1\d? %\n/);
  });

  test('a weight of 1 does not, nor do weights without calibration: they only make clicks more important', async () => {
    assert.deepEqual(await calibrationOf('one', 1, 'calibration: weight, '), []);
    assert.deepEqual(await calibrationOf('important', 5, ''), []);
  });

  test('the metric shows the rate of the log that the rule compares with, without exposures that are too young', async () => {
    const young = ['2026-11-01T08:40:00', '{share: 1, mature_after: 15m}'] as const;
    const { findings, metrics } = await auditOf('young', 5, 'calibration: weight, ', young);
    const rate = metrics.find(({ metric }) => metric === 'weights')?.figures?.log_rate?.value ?? 0;
    const [, shown] =
      /The log of train has ([\d.]+) % positives/.exec(findings.map(({ message }) => message).join()) ?? [];
    assert.equal(Number(shown), Number((100 * rate).toPrecision(4)));
    assert.notEqual(rate, 0.275);
  });
});
