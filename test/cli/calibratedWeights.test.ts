import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { ownFolder } from './ownFolder.ts';

const { directory, run } = ownFolder('calibrated');

/** What the audit says with data/calibration about a sample of a stage with this weight of a click and this calibration. */
async function calibrationOf(name: string, weight: number, calibration: string): Promise<readonly string[]> {
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
window: {train: {from: 2026-11-01, to: 2026-11-02}}
stages:
  fine_ranking:
    unit: impression
    positives: {events: {click: ${weight}}}
    negatives: {downsample: 0.5, ${calibration}mix: {exposed_unclicked: 1}}
`,
  );
  const sample = await run('sample', config);
  assert.equal(sample.code, 0, sample.err);
  const { out } = await run('audit', config, '--format', 'json');
  const { findings } = JSON.parse(out) as { findings: readonly { rule: string; message: string }[] };
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
});
