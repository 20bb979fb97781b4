import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { folder } from '../engine/fixture.ts';
import { resultRows } from './duckdbDialect.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';

const directory = join(folder, 'history-lists');
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A log whose users have seen half of twelve items before. */
const log = (history: string): string =>
  `SELECT k % 5 AS user_id, CAST(k % 12 AS BIGINT) AS item_id, TIMESTAMP '2026-11-01 10:00:00' + k * INTERVAL 1 HOUR AS ts, k % 3 = 0 AS is_click, ${history} AS hist FROM range(60) r(k)`;
const seen = 'list_filter(range(12), lambda i: (i + k % 5) % 2 = 0)';

for (const [name, history] of [
  ['integers', seen],
  ['texts, some of no item', `list_transform(${seen}, lambda i: CAST(i AS VARCHAR)) || ['', 'gone', '1.5', NULL]`],
  ['one integer', 'k % 4'],
] as const)
  test(`a history of ${name} is excluded by a Spark job`, async () => {
    for (const [table, rows] of [
      ['log', log(history)],
      ['items', 'SELECT CAST(k AS BIGINT) AS item_id FROM range(12) r(k)'],
    ] as const) {
      mkdirSync(join(directory, table), { recursive: true });
      await queryRows(`COPY (${rows}) TO '${directory}/${table}/0.parquet'`);
    }
    const config = {
      version: 1,
      seed: 1,
      data: {
        impressions: { path: '../log', columns: { user: 'user_id', item: 'item_id', time: 'ts' } },
        items: { path: '../items', columns: { item: 'item_id' } },
      },
      events: { click: 'is_click' },
      stages: {
        recall: {
          unit: 'positive',
          positives: { events: { click: 1 } },
          negatives: {
            per_positive: { global_random: 3 },
            exclude: { history: { column: 'hist', ...(name === 'one integer' ? { separator: ' ' } : {}) } },
          },
        },
      },
    };
    mkdirSync(join(directory, 'configs'), { recursive: true });
    const path = join(directory, 'configs', 'lists.ratio.json');
    writeFileSync(path, JSON.stringify(config));
    const { job, file } = await jobAndFile(path, 'recall');
    const columns = await columnsOf(file);
    const expected = await queryRows(comparable(columns, `read_parquet('${file}')`));
    const ours = await resultRows(generateScript(job), 'UTC', comparable(columns, 'result'));
    assert.equal(difference(ours, expected), null);
    assert.ok(expected.length > 40, `${expected.length} rows`);
  });
