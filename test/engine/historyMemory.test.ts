import './twoThreads.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { sequencesOf } from '../../src/core/data/sequences.ts';
import { longParquet } from '../sampling/parquetSample.ts';
import { engine, folder } from './fixture.ts';
import { requestOf, writeWorld } from './samplingCase.ts';
import { withConnection } from './testDatabase.ts';

const exposures = 20_000;
const sequences = sequencesOf({
  output: { sequences: { clicks: { events: ['click'], length: 5000, available_after: '1m' } } },
});
const config = `version: 1
seed: memory
data:
  impressions: {path: data/log.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id}}
  items: {path: data/items.parquet, columns: {item: item_id}}
events: {click: is_click}
window: {train: {from: 2026-11-01, to: 2026-11-30}}
stages:
  fine_ranking: {unit: impression, positives: {events: {click: 1}}, negatives: {mix: {exposed_unclicked: 1}}}
`;

test('the layout user stores a history of 5,000 clicks once for 20,000 exposures, also next to joined columns', async () => {
  const root = await writeWorld('history-memory', {
    log: `SELECT 1 AS user_id, i % 60 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i) MINUTE AS ts, i // 10 AS request_id, i % 4 = 0 AS is_click FROM range(${exposures}) t(i)`,
    items: "SELECT i AS item_id, 'category ' || i % 7 AS category FROM range(100) t(i)",
  });
  const request = await requestOf(root, 'fine_ranking', config);
  for (const passThrough of [[], [{ column: 'category' }]]) {
    const path = join(folder, `history-memory-${passThrough.length}.parquet`);
    await engine.call('sample', {
      ...request,
      users: null,
      memoryBytes: 200e6,
      output: { ...longParquet(path), layout: 'user', sequences, passThrough },
    });
    const [row] = await withConnection(async (connection) =>
      (
        await connection.run(
          `SELECT len(item), len(clicks__item), list_max(clicks__to), ${passThrough.length === 0 ? 'NULL' : 'len(category)'} FROM '${path}'`,
        )
      ).getRowsJson(),
    );
    const steps = exposures / 4 - 2;
    assert.deepEqual(
      row?.map(String),
      [exposures, steps, steps, passThrough.length === 0 ? null : exposures].map(String),
    );
  }
});
