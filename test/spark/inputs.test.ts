import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { sparkSqlText } from '../../src/core/spark/sparkText.ts';
import { folder } from '../engine/fixture.ts';
import { skip, submit } from './realSpark.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';
import { writeTextWorld } from './textWorld.ts';

for (const split of ['train', 'eval'] as const)
  test(`Spark reads text files as the local sampler does: --split ${split}`, { skip }, async () => {
    const directory = join(folder, `text-${split}`);
    try {
      const { job, file } = await jobAndFile(writeTextWorld(directory), 'recall', { split });
      const [output, work] = [join(directory, 'spark'), join(directory, '_work')];
      const sql = sparkSqlText(generateScript(job), [], job.plan.timezone, { output, work });
      // The plan of the statement that reads the log.
      const read = /INSERT OVERWRITE DIRECTORY '[^']*\/log_rows' USING parquet\n([^;]*);/.exec(sql)?.[1] ?? '';
      writeFileSync(join(directory, 'job.sql'), `${sql}EXPLAIN FORMATTED ${read};\n`);
      const printed = await submit('sql', directory, 'job.sql', [`spark.sql.ansi.enabled=${String(split === 'eval')}`]);
      // Evaluation knows outcomes up to the newest row, so that no folder is too late.
      if (split === 'train') assert.match(printed, /PartitionFilters: \[.*dt#\d+ <= 2026-11-06/);
      const columns = await columnsOf(file);
      const expected = await queryRows(comparable(columns, `read_parquet('${file}')`));
      const ours = await queryRows(comparable(columns, `read_parquet('${output}/*.parquet')`));
      assert.equal(difference(ours, expected), null);
      const [facts = '[]'] = await queryRows(
        `SELECT count(*) > 30, count(DISTINCT entry) > 2, count(label_buy) < count(*), sum(label_click) > 0, bool_or(note IS NULL), max(grade) = ${split === 'train' ? 2 : 1}, bool_or(note = '') = ${String(split === 'train')} FROM read_parquet('${file}')`,
      );
      assert.deepEqual(
        JSON.parse(facts),
        Array.from({ length: 7 }, () => true),
      );
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
