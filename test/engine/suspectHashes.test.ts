import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { fail, failureOf } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import type { Columnar } from '../../src/engine/database/columnar.ts';
import { distinctHashes, suspectHashes, suspectSql } from '../../src/engine/database/suspectHashes.ts';
import { Connections } from '../../src/engine/database/connections.ts';
import { HashPartitions } from '../../src/engine/database/hashPartitions.ts';

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
    // 0 marks an empty place, and the others share a word with it or with each other.
    const words =
      'SELECT CAST(h AS UBIGINT) FROM (VALUES (0), (1), (0), (4294967296), (4294967297), (4294967296)) t(h)';
    assert.deepEqual(await suspects(words), [0n, 4294967296n]);
    assert.equal(await suspects(`${hashes} UNION ALL ${hashes}`, 299_999), null);
    const stopped = suspectHashes(await connections.columnar(hashes, message('Looking for duplicates')), {
      signal: AbortSignal.abort(),
    });
    await assert.rejects(stopped, (error: unknown) => failureOf(error).code === 'cancelled');
  } finally {
    await connections.close();
  }
});

test('without memory for the hashes, DuckDB finds the same ones', async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connections = new Connections(instance, [await instance.connect()]);
  const text = message('Looking for duplicates');
  let reads = 0;
  const read = async (sql: string): Promise<Columnar> => {
    reads++;
    return await connections.columnar(sql, text);
  };
  const failing = (error: Error) => async (): Promise<Columnar> => {
    reads++;
    return await Promise.reject(error);
  };
  const found = async (rows: number, memoryBytes: number, from: string, how = read): Promise<readonly unknown[]> => {
    const sql = await suspectSql({ hash: 'hash(x)', from, rows, memoryBytes }, how, {});
    return (await connections.rows(`SELECT h FROM (${sql}) ORDER BY h`)).map(([h]) => h);
  };
  const repeated = '(SELECT x FROM (SELECT range % 40 AS x FROM range(50))) t WHERE x <> 7';
  try {
    const expected = (await connections.rows('SELECT hash(range) AS h FROM range(10) WHERE range <> 7 ORDER BY h')).map(
      ([h]) => h,
    );
    assert.deepEqual([await found(50, 1e9, repeated), reads], [expected, 1]);
    assert.deepEqual([await found(50, 1000, repeated), reads], [expected, 1]);
    for (const error of [fail('out-of-memory', text), new RangeError('Array buffer allocation failed')])
      assert.deepEqual(await found(50, 1e9, repeated, failing(error)), expected);
    assert.equal(reads, 3);
    assert.deepEqual(await found(3, 1e9, 'range(3) t(x)'), []);
    await assert.rejects(found(50, 1e9, repeated, failing(fail('changed', text))), (error: unknown) => {
      return failureOf(error).code === 'changed';
    });
  } finally {
    await connections.close();
  }
});

/** Hashes that are like each other: few words, many in one partition, or in the places of one word. */
const crowded = {
  'few words': 'CAST(hash(range % 7) % 3 AS UBIGINT) * 4294967296 + hash(range) % 50',
  'one partition': 'CAST(range % 30000 AS UBIGINT)',
  'one low word': 'CAST(range % 2000 AS UBIGINT) * 4294967296',
  'the largest': '18446744073709551615::UBIGINT - CAST(range % 1000 AS UBIGINT)',
  'all of a kind': 'CAST(0 AS UBIGINT)',
  'well mixed': 'hash(range % 30011)',
};

test('different hashes are counted as DuckDB counts them, however alike they are', async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connections = new Connections(instance, [await instance.connect()]);
  const read = async (sql: string): Promise<Columnar> => await connections.columnar(sql, message('Counting rows'));
  try {
    for (const [name, hash] of Object.entries(crowded))
      for (const rows of [0, 1, 2, 5000, 40_000]) {
        const from = `range(${rows})`;
        const [expected] = await connections.rows(
          `SELECT count(*), count(DISTINCT h), count(DISTINCT h) FILTER (WHERE n > 1) FROM (SELECT ${hash} AS h, count(*) OVER (PARTITION BY h) AS n FROM ${from})`,
        );
        const found = await distinctHashes({ hash, from, rows, memoryBytes: 1e9 }, read, {});
        const again = await suspectHashes(await read(`SELECT ${hash} FROM ${from}`), {});
        assert.deepEqual([found?.rows, found?.distinct, again?.length], expected?.map(Number), `${name}, ${rows}`);
      }
    const tooMany = { hash: 'hash(range)', from: 'range(100)', rows: 100, memoryBytes: 6000 };
    assert.equal(await distinctHashes(tooMany, read, {}), null);
  } finally {
    await connections.close();
  }
});

test('a hash that recurs all the time is left to DuckDB, and cancelling ends the comparison', async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connections = new Connections(instance, [await instance.connect()]);
  const read = async (sql: string): Promise<Columnar> => await connections.columnar(sql, message('Counting rows'));
  const stop = new AbortController();
  try {
    const recurring = { hash: 'hash(range // 1100000)', from: 'range(1200000)', rows: 1_200_000, memoryBytes: 1e9 };
    assert.equal(await distinctHashes(recurring, read, {}), null);
    const mixed = await HashPartitions.of(await read('SELECT hash(range) FROM range(600000)'), {});
    const stopped = mixed.distinct({ signal: stop.signal }, undefined, () => {
      stop.abort();
      return true;
    });
    await assert.rejects(stopped, (error: unknown) => failureOf(error).code === 'cancelled');
    const narrow = await read('SELECT CAST(range AS INTEGER) FROM range(3)');
    await assert.rejects(HashPartitions.of(narrow, {}), /0 of 3 rows have a hash of 64 bits/);
  } finally {
    await connections.close();
  }
});
