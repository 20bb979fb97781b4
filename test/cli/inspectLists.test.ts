import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample } from './commandLine.ts';
import { assertGolden } from './golden.ts';
import { valid } from './previewOutput.ts';

const directory = mkdtempSync(join(tmpdir(), 'recsample-inspect-lists-'));
after(() => rmSync(directory, { recursive: true, force: true }));

test('lists with lengths, empty and full lists and the order of times; lists of a sequence are one', async () => {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const copy = async (name: string, select: string): Promise<unknown> =>
    await connection.run(`COPY (${select}) TO '${join(directory, name).replaceAll("'", "''")}' (FORMAT parquet)`);
  await copy(
    'lists.parquet',
    `SELECT 7203685477590228993 + i AS user_id, TIMESTAMP '2026-11-20 08:30:00' + i * INTERVAL 1 MINUTE AS ts,
      list_transform(range(n), k -> 4820193377516093441 + k) AS clicks__item_id,
      list_transform(range(n), k -> ts - to_seconds(60 + (n - k) * 250)) AS clicks__ts,
      list_transform(range(n), k -> CASE WHEN k % 3 = 0 THEN NULL ELSE '<b>"杭州" & \\ co</b>' END) AS clicks__category,
      range(n) AS hist_item_id, list_transform(range(n + CASE WHEN i = 7 THEN 1 ELSE 0 END), k -> 1795163436 - k) AS hist_ts,
      [[1, 2], [3, i]] AS baskets, CAST([] AS INTEGER[]) AS nothing, CASE WHEN i < 0 THEN [1] END AS absent, CAST([i, 1] AS FLOAT[]) AS item_emb
    FROM (SELECT i, CASE WHEN i = 42 THEN 10000 WHEN i % 10 = 3 THEN 0 ELSE 1 + i % 50 END AS n FROM range(200) t(i)),
      (SELECT TIMESTAMP '2026-11-20 08:30:00' AS ts)`,
  );
  connection.closeSync();
  instance.closeSync();
  const inspect = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await recsample(
      ['inspect', 'lists.parquet', ...args],
      {},
      {
        directory,
        terminal: { width: 160, colour: false },
        createEngine: () => Promise.resolve(createEngine({ temporaryDirectory: directory, threads: 1 })),
      },
    );
    assert.deepEqual([code, err], [0, '']);
    return out;
  };
  for (const [language, name] of [
    ['en', 'inspect.lists.txt'],
    ['zh-cn', 'inspect.lists.zh-cn.txt'],
  ] as const) {
    const out = await inspect('--rows', '0', '--locale', language);
    assertGolden(name, out.replace(/\d[\d.]* [kM]?B/, 'SIZE'));
  }
  const { columns } = valid('inspect', await inspect('--format', 'json', '--columns', 'clicks__ts,hist_ts,absent')) as {
    columns: { list: object; problems?: string[] }[];
  };
  assert.deepEqual(
    columns.map(({ list }) => list),
    [
      {
        shortest: 0,
        longest: 10000,
        empty: 20,
        full: 1,
        order: { lists: 176, ascending: 176, descending: 0 },
        sequence: 'clicks',
        uneven: 0,
      },
      {
        shortest: 0,
        longest: 10000,
        empty: 20,
        full: 1,
        order: { lists: 176, ascending: 0, descending: 176 },
        sequence: 'hist',
        uneven: 1,
      },
      { shortest: null, longest: null, empty: 0, full: 0, order: null, sequence: null, uneven: 0 },
    ],
  );
  assert.deepEqual(columns[1]?.problems, [
    '1 rows have another length than hist_item_id, so their elements are not of the same steps',
  ]);
});

test('--role names the lists of a sequence; a column without lists and a second list are refused', async () => {
  const rows = [1, 2, 3].map((n) => ({
    bought: Array.from({ length: n }, (_, k) => `a${k}`),
    at: Array.from({ length: n }, (_, k) => 1795163436 - k),
    user_id: n,
    mixed: n === 1 ? { a: 1 } : [n],
  }));
  writeFileSync(join(directory, 'theirs.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  const inspect = async (...named: string[]): Promise<{ code: number; out: string; err: string }> =>
    await recsample(
      ['inspect', 'theirs.jsonl', '--format', 'json', ...named.flatMap((role) => ['--role', role])],
      {},
      {
        directory,
        terminal: { width: 160, colour: false },
        createEngine: () => Promise.resolve(createEngine({ temporaryDirectory: directory, threads: 1 })),
      },
    );
  const orders = async (...named: string[]): Promise<unknown[]> =>
    (
      valid('inspect', (await inspect(...named)).out) as { columns: { list?: { sequence: unknown; order: unknown } }[] }
    ).columns.flatMap(({ list }) => (list ? [[list.sequence, list.order]] : []));
  assert.deepEqual(
    (await orders()).map((list) => (list as unknown[])[1]),
    [null, null],
  );
  assert.deepEqual(await orders('bought=past.item', 'at=past.time'), [
    ['past', null],
    ['past', { lists: 2, ascending: 0, descending: 2 }],
  ]);
  for (const [named, says] of [
    [['user_id=past.item'], /user_id has no lists: it is of type int64/],
    [['none=past.item'], /Unknown column none/],
    [['bought=past.item', 'at=past.item'], /Two columns have the role past.item: bought and at/],
    [['bought=past.item', 'bought=past.time'], /--role names bought more than once/],
    [['bought=user', 'bought=item'], /--role names bought more than once/],
    [['at=past.event'], /The sequence past needs a list of items or of times/],
    [['at=past.other'], /past.other is not a role. Roles are user, .*, NAME.item, NAME.time, NAME.event/],
    [['mixed=past.item'], /mixed has no lists: it is of type json/],
  ] as const) {
    const { code, err } = await inspect(...named);
    assert.equal(code, 2);
    assert.match(err, says);
  }
});
