import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample } from '../cli/commandLine.ts';
import { runPython, skip } from './python.ts';

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const recBole = program('peers/movielens.py');

let directory = '';
before(async () => {
  if (skip !== false) return;
  directory = mkdtempSync(join(tmpdir(), 'recsample-movielens-'));
  await runPython(recBole, directory, ['write', directory]);
});
after(() => {
  if (directory !== '') rmSync(directory, { recursive: true, force: true });
});

/**
 * Writes each row of a log with the histories of a sequence.
 * @param columns of the log, without user, item and time
 * @param window first and last day
 */
async function sample(
  name: string,
  folder: string,
  columns: string,
  window: readonly [string, string],
  sequences: string,
): Promise<void> {
  writeFileSync(
    join(directory, `${name}.ratio.yaml`),
    `version: 1
seed: movielens
data:
  impressions: {path: ${folder}/log.parquet, columns: {user: user_id, item: item_id, time: ts${columns}}}
events: {click: is_click, rating: {column: rating, op: ">", value: 0}}
window: {train: {from: ${window[0]}, to: ${window[1]}}}
stages:
  fine_ranking: {unit: impression, positives: {events: {click: 1}}, negatives: {mix: {exposed_unclicked: 1}}}
output: {layout: long, sequences: {${sequences}}}
`,
  );
  const { code, err } = await recsample(
    ['sample', `${name}.ratio.yaml`, '--out', `${name}.parquet`],
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );
  assert.equal(code, 0, err);
}

/** The days of MovieLens-100K. */
const allDays = ['1997-09-20', '1998-04-22'] as const;
const ratings = 'ratings: {events: [rating], length: 50, available_after: 0s}';

describe('histories of MovieLens-100K', () => {
  test("equal to those of RecBole's data_augmentation, but for ties and 32-bit times", { skip }, async () => {
    await sample('own', 'own', '', ['2026-11-01', '2026-11-02'], ratings);
    await sample('raw', 'raw', '', allDays, ratings);
    await runPython(recBole, directory, ['compare', directory]);
    assert.deepEqual(JSON.parse(readFileSync(join(directory, 'figures.json'), 'utf8')), {
      own: { recbole: 99_057, recsample: 100_000, equal: 99_057, without_row_empty: 943 },
      raw: {
        recsample: { rows: 100_000, as_specified: 100_000, empty: 100_000 - 97_865, own_second: 0, later: 0 },
        // RecBole's order with exact times. Where it differs from ours, steps of one second are near.
        exact: { rows: 99_057, own_second: 50_561, differ_without_tie: 0 },
        normalized: { rows: 99_057, own_second: 50_561, later: 197, changed: 4177 },
        plain: { rows: 99_057, own_second: 50_561, later: 26_011, changed: 92_419 },
      },
    });
  });

  for (const peer of ['polars', 'pandas'])
    test(`equal to those that ${peer} writes`, { skip }, async () => {
      const clicks = 'clicks: {events: [click], length: 50, available_after: 1m}';
      await sample('clicks', 'raw', ', request: request_id, position: position', allDays, clicks);
      await runPython(program('../../bench/peers/sequences.py'), directory, [peer, 'raw', `${peer}.parquet`, '50']);
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      try {
        const rows = (file: string): string =>
          `SELECT user_id, item_id, request_id, label, clicks__item_id, list_transform(clicks__ts, lambda x: epoch_us(x)) FROM '${join(directory, file)}.parquet'`;
        const [ours, theirs] = [rows('clicks'), rows(peer)];
        const reader = await connection.runAndReadAll(
          `SELECT (SELECT count(*) FROM (${ours})), (SELECT count(*) FROM (${ours} EXCEPT ALL ${theirs})), (SELECT count(*) FROM (${theirs} EXCEPT ALL ${ours})), (SELECT sum(len(clicks__item_id)) > 2000000 FROM (${ours}))`,
        );
        assert.deepEqual(
          reader.getRows().map((row) => row.map(String)),
          [['100000', '0', '0', 'true']],
        );
      } finally {
        connection.closeSync();
      }
    });
});
