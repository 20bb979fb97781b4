import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBConnection } from '@duckdb/node-api';
import { engine, folder } from './fixture.ts';
import { queryObjects } from './queryObjects.ts';
import { plainOutput, recallConfig, requestOf, writeWorld } from './samplingCase.ts';

test('the statements that write a mix grow with its entries, and not with their square', async (t) => {
  const root = await writeWorld('many', {
    log: `SELECT 1 AS user_id, 7 AS item_id, TIMESTAMP '2026-11-02' AS ts, 1 AS request_id, true AS is_click`,
    items: 'SELECT range AS item_id FROM range(1000)',
  });
  const methods = (['run', 'prepare'] as const).map((name) => t.mock.method(DuckDBConnection.prototype, name));
  /** Characters of all statements. */
  const written = async (entries: number): Promise<number> => {
    const names = Array.from({ length: entries }, (_, k) => `e${k}: {source: global_random, count: 1}`);
    const request = await requestOf(root, 'recall', recallConfig(`{per_positive: {${names.join(', ')}}}`));
    for (const { mock } of methods) mock.resetCalls();
    const path = join(folder, `many-${entries}.parquet`);
    const output = { ...plainOutput, format: 'parquet', path } as const;
    await engine.call('sample', { ...request, users: null, output });
    const characters = methods
      .flatMap(({ mock }) => mock.calls)
      .reduce((sum, call) => sum + call.arguments[0].length, 0);
    assert.deepEqual(
      await queryObjects(
        `SELECT count(DISTINCT entry) AS entries, count(*) FILTER (entry IS NULL AND label = 1) AS positives FROM read_parquet('${path}')`,
      ),
      [{ entries: String(entries), positives: '1' }],
    );
    return characters;
  };
  const [few, some, many] = [await written(20), await written(40), await written(80)];
  const [first, second] = [some - few, many - some];
  assert.ok(first > 0 && second < 2.5 * first, `40 more entries need ${second} characters, after ${first} for 20`);
});
