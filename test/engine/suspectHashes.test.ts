import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { failureOf } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import { suspectHashes } from '../../src/engine/database/suspectHashes.ts';
import { Connections } from '../../src/engine/database/connections.ts';

test('every hash that occurs again is a suspect, and too many are not listed', async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connections = new Connections(instance, [await instance.connect()]);
  const suspects = async (rows: string, most?: number): Promise<readonly bigint[] | null> =>
    await suspectHashes(await connections.columnar(rows, message('Looking for duplicates')), {}, most);
  try {
    const hashes = 'SELECT hash(range) AS h FROM range(300000)';
    assert.deepEqual(await suspects(hashes), []);
    assert.deepEqual(await suspects(`${hashes} WHERE false`), []);
    const again = 'SELECT hash(7) AS h UNION ALL SELECT hash(299999) UNION ALL SELECT hash(299999)';
    const found = await connections.rows(`SELECT DISTINCT h FROM (${again})`);
    assert.deepEqual(new Set(await suspects(`${hashes} UNION ALL ${again}`)), new Set(found.map(([hash]) => hash)));
    // 0 marks an empty place, and these share one.
    assert.deepEqual(
      await suspects('SELECT CAST(h AS UBIGINT) FROM (VALUES (0), (1), (0), (4294967296), (4294967297)) t(h)'),
      [0n, 4294967296n, 4294967297n],
    );
    assert.equal(await suspects(`${hashes} UNION ALL ${hashes}`, 299_999), null);
    const stopped = suspectHashes(await connections.columnar(hashes, message('Looking for duplicates')), {
      signal: AbortSignal.abort(),
    });
    await assert.rejects(stopped, (error: unknown) => failureOf(error).code === 'cancelled');
  } finally {
    await connections.close();
  }
});
