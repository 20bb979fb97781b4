import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { AskedPass } from '../../src/core/data/passThrough.ts';
import type { SampleLayout } from '../../src/core/schema/sampleLayout.ts';
import type { SampleSummary } from '../../src/protocol/sampling.ts';
import { engine, folder } from './fixture.ts';
import { queryObjects } from './queryObjects.ts';
import { plainOutput, recallConfig, requestOf, writeWorld } from './samplingCase.ts';

/** SQL of a value of each type, given the SQL of an integer from 0 to 999. Some types are kept in memory, others joined. */
const types: Readonly<Record<string, (k: string) => string>> = {
  boolean: (k) => `${k} % 2 = 0`,
  int8: (k) => `CAST(${k} % 200 - 100 AS TINYINT)`,
  uint8: (k) => `CAST(${k} % 256 AS UTINYINT)`,
  int16: (k) => `CAST(${k} * 32 - 16000 AS SMALLINT)`,
  uint32: (k) => `CAST(4294967295 - ${k} AS UINTEGER)`,
  int64: (k) => `CAST(9007199254740993 + ${k} AS BIGINT)`,
  uint64: (k) => `CAST(18446744073709551615 - ${k} AS UBIGINT)`,
  float: (k) => `CASE WHEN ${k} % 7 = 0 THEN CAST('nan' AS FLOAT) ELSE CAST(${k} AS FLOAT) / 3 END`,
  double: (k) => `CASE WHEN ${k} % 7 = 0 THEN CAST('-inf' AS DOUBLE) ELSE ${k} / 3.0 END`,
  decimal4: (k) => `CAST(${k} / 10.0 AS DECIMAL(4, 1))`,
  decimal9: (k) => `CAST(${k} / 10.0 AS DECIMAL(9, 3))`,
  decimal18: (k) => `CAST(${k} AS DECIMAL(18, 2)) + CAST(900719925474099.31 AS DECIMAL(17, 2))`,
  decimal38: (k) =>
    `CAST(CAST('99999999999999999999999999999.' || lpad(CAST(${k} AS VARCHAR), 3, '0') AS DECIMAL(38, 3)) AS DECIMAL(38, 3))`,
  date: (k) => `DATE '1969-12-01' + CAST(${k} AS INTEGER)`,
  clock: (k) => `TIME '00:00:00' + INTERVAL (${k}) SECOND`,
  instant: (k) => `make_timestamptz(1793491200000000 + ${k})`,
  micros: (k) => `make_timestamp(1793491200000000 + ${k})`,
  nanos: (k) => `CAST('2026-11-01 00:00:00.123456' || lpad(CAST(${k} AS VARCHAR), 3, '0') AS TIMESTAMP_NS)`,
  uuid: (k) => `CAST('ffffffff-0000-4000-8000-' || lpad(CAST(${k} AS VARCHAR), 12, '0') AS UUID)`,
  short: (k) => `CASE WHEN ${k} % 5 = 0 THEN '' ELSE '物' || ${k} END`,
  long: (k) => `repeat('🙂 long text ', 3 + ${k} % 4) || ${k}`,
  withNul: (k) => `'a' || chr(0) || ${k}`,
  bytes: (k) => `encode('b' || ${k})`,
  list: (k) => `[${k}, NULL, ${k} + 1]`,
  struct: (k) => `{'a': ${k}, 'b': 't' || ${k}}`,
};
const names = Object.keys(types);

/** Exposures of 30 users; each item has several rows, some of them at equal times. A fifth of the values is NULL. */
const log = `SELECT u AS user_id, (i * 7 + 13 * u) % 25 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i // 3 * 20) MINUTE AS ts, 100 * u + i AS request_id, hash(i * 41 + u) % 3 = 0 AS is_click,
  ${names.map((name, at) => `CASE WHEN hash(i * 5 + u + ${at * 7}) % 5 > 0 THEN ${types[name]?.('(hash(i * 31 + u) % 1000)::INTEGER') ?? ''} END AS ${name}`).join(', ')} FROM range(40) t(i), range(30) s(u)`;
const items = 'SELECT i AS item_id FROM range(29) t(i)';
const windows =
  'window: {train: {from: 2026-11-01, to: 2026-11-01T02:00:00}, eval: {from: 2026-11-01T02:00:01, to: 2026-11-02}}\n';

let root: string;
before(async () => {
  root = await writeWorld('as-of-values', { log, items });
});

const plain: readonly AskedPass[] = names.map((name) => ({ column: name, side: 'item' }));
const young: readonly AskedPass[] = names.map((name) => ({
  column: name,
  side: 'item',
  as: `young_${name}`,
  max_age: '45m',
}));

let files = 0;
async function sampled(
  passThrough: readonly AskedPass[],
  {
    split = 'train',
    layout = 'long',
    ...more
  }: { split?: 'train' | 'eval'; layout?: SampleLayout } & Record<string, unknown> = {},
  world = root,
): Promise<SampleSummary & { readonly path: string }> {
  const request = await requestOf(world, 'recall', `${recallConfig('{per_positive: {global_random: 6}}')}${windows}`, {
    split,
  });
  const path = join(folder, 'as-of-values', `${++files}.parquet`);
  const output = { ...plainOutput, path, format: 'parquet' as const, layout, passThrough };
  return { ...(await engine.call('sample', { ...request, users: null, output, ...more })), path };
}

/**
 * For each column, the number of rows with another value than the newest log row of the item before the time of the
 * group, and of rows with a value. Each request has one exposure.
 */
async function compared(path: string, columns: readonly AskedPass[], rows: number): Promise<Record<string, unknown>> {
  // Rows of equal times are ordered by user and request, which are unique.
  const checks = columns.flatMap(({ column, as = column, max_age: age }) => {
    const expected =
      age === undefined ? `x.${column}` : `CASE WHEN s.time - x.ts <= INTERVAL 45 MINUTE THEN x.${column} END`;
    return [
      `CAST(count(*) FILTER (WHERE s.${as} IS DISTINCT FROM ${expected}) AS INTEGER) AS wrong_${as}`,
      `count(s.${as}) BETWEEN 20 AND ${rows - 20} AS found_${as}`,
    ];
  });
  const [row] =
    await queryObjects(`WITH l AS (${log}), s AS (SELECT *, row_number() OVER () AS k FROM read_parquet('${path}')),
    x AS (SELECT s.k, l.*, row_number() OVER (PARTITION BY s.k ORDER BY l.ts DESC, l.user_id, l.request_id) AS place FROM s LEFT JOIN l ON l.item_id = s.item AND l.ts < s.time)
    SELECT ${checks.join(', ')} FROM s JOIN x ON x.k = s.k AND x.place = 1`);
  if (row === undefined) throw new Error(`${path} has no rows`);
  return row;
}

function expected(columns: readonly AskedPass[]): Record<string, unknown> {
  const entries = columns.flatMap(({ column, as = column }): [string, unknown][] => [
    [`wrong_${as}`, 0],
    [`found_${as}`, true],
  ]);
  return Object.fromEntries(entries);
}

describe('values of as-of columns', () => {
  for (const split of ['train', 'eval'] as const) {
    test(`${split}: every type is exact, with NULL and with max_age`, async () => {
      const columns = [...plain, ...young];
      const { path, rows } = await sampled(columns, { split, blockRows: 100 });
      assert.deepEqual(await compared(path, columns, rows), expected(columns));
    });
  }

  const inMemory = plain.filter(({ column }) => !['withNul', 'bytes', 'list', 'struct'].includes(column));

  test('columns without any join are exact too, and keep their types', async () => {
    const { path, rows } = await sampled(inMemory);
    assert.deepEqual(await compared(path, inMemory, rows), expected(inMemory));
    const typesOf = async (table: string): Promise<Record<string, unknown>> =>
      Object.fromEntries(
        (
          await queryObjects(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('${table}'))`)
        ).map(({ column_name: name, column_type: type }) => [String(name), type]),
      );
    const [written, given] = [await typesOf(path), await typesOf(join(root, 'data', 'log.parquet'))];
    for (const { column } of inMemory) assert.equal(written[column], given[column], column);
  });

  test('texts that do not fit into half of the memory limit are joined, and the rows are equal', async () => {
    const large = await writeWorld('as-of-large', {
      log: `SELECT i % 30 AS user_id, i % 29 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i) SECOND AS ts, i AS request_id, i % 50 = 0 AS is_click, i AS int64, repeat(CAST(i AS VARCHAR), 100) AS long FROM range(60_000) t(i)`,
      items,
    });
    const columns = plain.filter(({ column }) => ['int64', 'long'].includes(column));
    const values = async (more: Record<string, unknown>): Promise<unknown> =>
      await queryObjects(
        `SELECT item, time, int64, md5(long) FROM read_parquet('${(await sampled(columns, more, large)).path}') ORDER BY ALL`,
      );
    assert.deepEqual(await values({ memoryBytes: 100e6, threads: 1 }), await values({}));
  });

  test('every layout and order has the same values', async () => {
    const columns = plain.filter(({ column }) => ['int64', 'short', 'uuid'].includes(column));
    const { path } = await sampled(columns);
    const of = async (select: string): Promise<unknown> => await queryObjects(`${select} ORDER BY ALL`);
    const fields = 'item, positive_item, time, int64, short, uuid';
    const negatives = 'item, time, int64, short, uuid';
    const long = await of(`SELECT ${fields} FROM read_parquet('${path}')`);
    const grouped = await sampled(columns, { layout: 'grouped' });
    assert.deepEqual(
      await of(
        `SELECT unnest(item) AS item, positive_item, time, unnest(int64) AS int64, unnest(short) AS short, unnest(uuid) AS uuid FROM read_parquet('${grouped.path}')`,
      ),
      long,
    );
    const wide = await sampled(columns, { layout: 'wide' });
    assert.deepEqual(
      await of(
        `SELECT unnest(negative_item) AS item, time, unnest(negative_int64) AS int64, unnest(negative_short) AS short, unnest(negative_uuid) AS uuid FROM read_parquet('${wide.path}')`,
      ),
      await of(`SELECT ${negatives} FROM read_parquet('${path}') WHERE label = 0`),
    );
  });
});
