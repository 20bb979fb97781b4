import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { render } from '../../src/core/message/message.ts';
import { generateScript } from '../../src/core/spark/generate.ts';
import { sparkSqlText } from '../../src/core/spark/sparkText.ts';
import { folder } from '../engine/fixture.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { jobAndFile, queryRows } from './sparkJob.ts';

const directory = join(folder, 'refused-inputs');
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const log = `SELECT 'u' || k AS user_id, k % 7 AS item_id, TIMESTAMP '2026-11-01 10:00:00' + k * INTERVAL 1 HOUR AS ts, k % 2 = 0 AS is_click FROM range(40) r(k)`;

async function copied(rows: string, file: string, options: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await queryRows(`COPY (${rows}) TO '${join(directory, file)}' (${options})`);
}

/** The failure of the job over a log; null if it is written. */
async function failureOf(file: string): Promise<FailureError['failure'] | null> {
  const path = join(directory, 'configs', 'job.ratio.json');
  mkdirSync(join(directory, 'configs'), { recursive: true });
  const config = {
    version: 1,
    seed: 1,
    data: { impressions: { path: `../${file}`, columns: { user: 'user_id', item: 'item_id', time: 'ts' } } },
    events: { click: 'is_click' },
    stages: {
      recall: {
        unit: 'positive',
        positives: { events: { click: 1 } },
        negatives: { per_positive: { exposed_random: 1 } },
      },
    },
  };
  writeFileSync(path, JSON.stringify(config));
  const { job } = await jobAndFile(path, 'recall');
  try {
    sparkSqlText(generateScript(job), [], 'UTC', { output: 'out', work: 'work' });
    return null;
  } catch (error) {
    assert.ok(error instanceof FailureError, String(error));
    return error.failure;
  }
}

test('Arrow files are refused by name, with what to do', async () => {
  const files = await WorldFiles.open();
  const types = { user_id: 'VARCHAR', item_id: 'BIGINT', ts: 'TIMESTAMP', is_click: 'BOOLEAN' };
  const rows = [{ user_id: 'u', item_id: 1n, ts: '2026-11-01 10:00:00', is_click: true }];
  await files.writeFile({ types, rows }, join(directory, 'log.arrow'), 'arrow');
  files.close();
  const failure = await failureOf('log.arrow');
  assert.equal(failure && render(failure.message), 'A Spark job cannot read Arrow files: data.impressions');
  assert.match(failure?.advice ? render(failure.advice) : '', /^Convert them to Parquet/);
});

test('text that zstd compressed is refused with the reason; gzip is not', async () => {
  await copied(log, 'log.csv.zst', 'FORMAT csv, COMPRESSION zstd');
  const failure = await failureOf('log.csv.zst');
  assert.match(failure ? render(failure.message) : '', /Spark 3\.5 cannot read .*zstd.*: data\.impressions/);
  await copied(log, 'log.csv.gz', 'FORMAT csv, COMPRESSION gzip');
  assert.equal(await failureOf('log.csv.gz'), null);
});

test('a name in the header of a text file cannot end a statement', async () => {
  await copied(log.replace('AS is_click', 'AS is_click, 1 AS "x`; DROP TABLE t; --"'), 'log.csv', 'FORMAT csv');
  const failure = await failureOf('log.csv');
  assert.match(failure ? render(failure.message) : '', /spark-sql would read its characters as syntax/);
  assert.match(failure?.place?.path ?? '', /log\.csv$/);
});
