import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { message } from '../../src/core/message/message.ts';
import { Connections } from '../../src/engine/database/connections.ts';

test('a result of many chunks is complete, with NULLs and texts, and other tasks run meanwhile', async () => {
  const rows = 1_100_000;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connections = new Connections(instance, [await instance.connect()]);
  try {
    await connections.rows(
      `CREATE TABLE t AS SELECT CAST(i AS DOUBLE) AS x, CASE WHEN i % 1000 <> 7 THEN i END AS n, CASE WHEN i % 100000 = 5 THEN 'row ' || i END AS s FROM range(${rows}) t(i)`,
    );
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns++;
      if (!isDone) setImmediate(turn);
    };
    const reading = connections.columnar('SELECT x, n, s FROM t ORDER BY x', message('Reading the log'));
    reading.then(
      () => {
        isDone = true;
      },
      () => {
        isDone = true;
      },
    );
    setImmediate(turn);
    const found = await reading;
    assert.equal(found.rows, rows);
    const [x, n] = [found.numbers(0), new BigInt64Array(found.words(1).buffer)];
    for (let row = 0; row < rows; row++)
      if (x[row] !== row || n[row] !== (row % 1000 === 7 ? 0n : BigInt(row)))
        assert.fail(`row ${row}: ${x[row]}, ${n[row]}`);
    assert.deepEqual(
      [4, 5, 100_005, 1_000_005, 1_000_006].map((row) => found.text(2, row)),
      [null, 'row 5', 'row 100005', 'row 1000005', null],
    );
    assert.ok(turns > 2, `${turns}`);
  } finally {
    await connections.close();
    instance.closeSync();
  }
});

test('no statement leaves a listener on the signal of its caller', async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connections = new Connections(instance, [await instance.connect()]);
  const controller = new AbortController();
  const { signal } = controller;
  const warnings: string[] = [];
  const warn = (warning: Error): void => {
    warnings.push(warning.message);
  };
  process.on('warning', warn);
  const text = message('Reading the log');
  await Promise.all(Array.from({ length: 20 }, () => connections.rows('SELECT 1', { signal })));
  await connections.long('SELECT 1', text, { signal });
  await assert.rejects(connections.rows('SELECT no_such_column', { signal }));
  // They wait for a connection or are running when the end comes.
  const ended = [connections.rows('SELECT 1', { signal }), connections.long('SELECT 1', text, { signal })];
  await Promise.all([connections.close(), Promise.allSettled(ended)]);
  await assert.rejects(connections.rows('SELECT 1', { signal }), /Cancelled/);
  process.off('warning', warn);
  assert.deepEqual([getEventListeners(signal, 'abort').length, warnings], [0, []]);
});
