import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { resultRows } from './duckdbDialect.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';

let directory = '';
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-spark-coarse-'));
  await tinyDemo(directory, { bad: false });
});
after(() => rmSync(directory, { recursive: true, force: true }));

for (const split of ['train', 'eval'] as const)
  test(`the statements of the coarse ranking stage of the demo give the rows of the local file, ${split}`, async () => {
    const config = join(directory, 'configs', 'coarse_ranking.ratio.yaml');
    const { job, file } = await jobAndFile(config, 'coarse_ranking', { split });
    const columns = await columnsOf(file);
    const expected = await queryRows(comparable(columns, `read_parquet('${file}')`));
    const ours = await resultRows(generateScript(job), job.plan.timezone, comparable(columns, 'result'));
    assert.equal(difference(ours, expected), null);
    assert.ok(expected.length > 300, `${expected.length} rows`);
    for (const name of ['teacher', 'channel', 'log_q_mix']) assert.ok(columns.includes(name), name);
  });
