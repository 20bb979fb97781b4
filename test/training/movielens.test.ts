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

interface Sampled {
  readonly folder: 'own' | 'raw';
  readonly sequences: string;
  /** Columns of the log after user, item and time. Default: none. */
  readonly columns?: string;
  /** The window of training, and of evaluation. */
  readonly window: string;
  /** The event of the positives. All other rows are negatives. */
  readonly event: 'click' | 'rating';
  /** Default: training. */
  readonly split?: 'eval';
}

/** Writes each row of a log with the histories of a sequence. */
async function sample(out: string, { folder, sequences, columns = '', window, event, split }: Sampled): Promise<void> {
  writeFileSync(
    join(directory, 'case.ratio.yaml'),
    `version: 1
seed: movielens
data:
  impressions: {path: ${folder}/log.parquet, columns: {user: user_id, item: item_id, time: ts${columns}}}
events: {click: is_click, rating: {column: rating, op: ">", value: 0}}
window: ${window}
stages:
  fine_ranking: {unit: impression, positives: {events: {${event}: 1}}, negatives: {mix: {exposed_unclicked: 1}}}
output: {layout: long, sequences: {${sequences}}}
`,
  );
  const { code, err } = await recsample(
    ['sample', 'case.ratio.yaml', '--out', out, '--split', split ?? 'train'],
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );
  assert.equal(code, 0, err);
}

/** The days of MovieLens-100K. */
const allDays = '{train: {from: 1997-09-20, to: 1998-04-22}}';
const ratings = 'ratings: {events: [rating], length: 50, available_after: 0s}';

describe('histories of MovieLens-100K', () => {
  test("equal to those of RecBole's data_augmentation, but for ties and 32-bit times", { skip }, async () => {
    const ownDays = '{train: {from: 2026-11-01, to: 2026-11-02}}';
    await sample('own.parquet', { folder: 'own', sequences: ratings, window: ownDays, event: 'click' });
    await sample('raw.parquet', { folder: 'raw', sequences: ratings, window: allDays, event: 'click' });
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
      await sample('clicks.parquet', {
        folder: 'raw',
        sequences: 'clicks: {events: [click], length: 50, available_after: 1m}',
        columns: ', request: request_id, position: position',
        window: allDays,
        event: 'click',
      });
      await runPython(program('../../bench/peers/sequences.py'), directory, [
        peer,
        'raw',
        `${peer}.parquet`,
        '50',
        'long',
      ]);
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

  test('SASRec learns from them: the snippet of the guide ranks better than popularity', { skip }, async () => {
    const guide = readFileSync(new URL('../../docs/training.md', import.meta.url), 'utf8');
    const [, snippet = ''] = /^```python torch-sasrec\n([\s\S]*?)^```$/m.exec(guide) ?? [];
    const rows: Sampled = {
      folder: 'raw',
      sequences: 'clicks: {events: [rating], length: 20, available_after: 0s}',
      window: '{train: {from: 1997-09-20, to: 1998-03-25}, eval: {from: 1998-03-26, to: 1998-04-22}}',
      event: 'rating',
    };
    await sample('out/histories.parquet', rows);
    await sample('out/histories.eval.parquet', { ...rows, split: 'eval' });
    const script = join(directory, 'sasrec.py');
    writeFileSync(script, `${snippet}${readFileSync(program('checks/torch-sasrec.py'), 'utf8')}`);
    await runPython(script, directory);
  });
});
