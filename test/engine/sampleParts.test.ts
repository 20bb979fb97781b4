import './twoThreads.ts';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadata, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { SampleOutput } from '../../src/protocol/sampling.ts';
import { engine, folder } from './fixture.ts';
import { longParquet } from '../sampling/parquetSample.ts';
import { recallConfig, requestOf, writeWorld } from './samplingCase.ts';

const config = recallConfig(
  '{per_positive: 3, mix: {global_random: 0.4, popularity: {share: 0.6, count: click}}}',
).replace('click: 1', 'click: 2');

/** A file in memory, for hyparquet. */
interface Read {
  readonly metadata: FileMetaData;
  readonly rows: readonly Record<string, unknown>[];
}

async function read(path: string): Promise<Read> {
  const file = Uint8Array.from(readFileSync(path)).buffer;
  const metadata = parquetMetadata(file);
  return { metadata, rows: await parquetReadObjects({ file, metadata, compressors }) };
}

/** Writes the sample of a world of 100 users to a new file. */
async function written(name: string, more: Partial<SampleOutput>): Promise<string> {
  const root = await writeWorld('parts', {
    log: "SELECT 1 + i // 40 AS user_id, i * 7 % 60 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i) MINUTE AS ts, i // 4 AS request_id, i % 5 = 0 AS is_click FROM range(4000) t(i)",
    items: 'SELECT i AS item_id FROM range(100) t(i)',
  });
  const path = join(folder, 'sample-parts', `${name}.parquet`);
  await engine.call('sample', {
    ...(await requestOf(root, 'recall', config)),
    users: null,
    output: { ...longParquet(path), facts: { stage: 'recall', note: 'é "' }, ...more },
  });
  return path;
}

test('a Parquet file written in parts reads as one file: rows, row groups and metadata', async () => {
  for (const layout of ['long', 'grouped', 'wide'] as const) {
    const [whole, parts] = [
      await read(await written(`whole-${layout}`, { layout })),
      await read(await written(`parts-${layout}`, { layout, rowsAtOnce: 101 })),
    ];
    assert.deepEqual(parts.rows, whole.rows);
    assert.deepEqual([whole.metadata.row_groups.length, parts.metadata.row_groups.length > 10], [1, true]);
    assert.deepEqual(parts.metadata.schema, whole.metadata.schema);
    assert.equal(Number(parts.metadata.num_rows), parts.rows.length);
    const said = ({ metadata: { key_value_metadata: facts = [] } }: Read): Record<string, string | undefined> =>
      Object.fromEntries(facts.map(({ key, value }) => [key, value]));
    assert.deepEqual(said(parts), said(whole));
    assert.deepEqual([said(parts)['recsample.note'], said(parts)['recsample.groups']], ['é "', '800']);
    // Each part starts where the previous one ends.
    const starts = parts.metadata.row_groups.map(({ columns }) =>
      Number(columns[0]?.meta_data?.dictionary_page_offset ?? columns[0]?.meta_data?.data_page_offset ?? NaN),
    );
    assert.deepEqual(
      starts,
      [...starts].sort((a, b) => a - b),
    );
    assert.deepEqual([new Set(starts).size, starts[0]], [starts.length, 4]);
  }
});

test('filters find values in every part, by the statistics of each row group', async () => {
  const path = await written('filtered', { rowsAtOnce: 101 });
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const rows = async (sql: string): Promise<unknown[][]> => await (await connection.run(sql)).getRowsJson();
    const [counted] = await rows(`SELECT count(DISTINCT "user"), count(*) FROM read_parquet('${path}')`);
    const found = await rows(
      `SELECT u, (SELECT count(*) FROM read_parquet('${path}') WHERE "user" = u) FROM range(1, 101) t(u)`,
    );
    assert.deepEqual(
      [String(found.filter(([, n]) => Number(n) > 0).length), String(found.reduce((sum, [, n]) => sum + Number(n), 0))],
      counted,
    );
    for (const user of [1, 50, 100]) {
      const [[probed] = []] = await rows(
        `SELECT count(*) FILTER (WHERE NOT bloom_filter_excludes) FROM parquet_bloom_probe('${path}', 'user', ${user})`,
      );
      const [[own] = []] = await rows(`SELECT count(*) FROM read_parquet('${path}') WHERE "user" = ${user}`);
      assert.ok(Number(probed) > 0 && Number(own) > 0, String(user));
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
