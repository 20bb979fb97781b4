import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { withConnection } from './testDatabase.ts';
import { DataType, tableFromIPC, type Field, type Table } from 'apache-arrow';
import { type SampleFormat, type SampleOutput, type SampleRequest } from '../../src/protocol/sampling.ts';
import { everything } from '../../src/core/table/filter.ts';
import { engine, folder, ref } from './fixture.ts';
import { requestOf, writeWorld } from './samplingCase.ts';
import { ownNames } from '../../src/core/data/outputName.ts';

const config = `version: 1
seed: demo
data:
  impressions: {path: data/log.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id}}
  items: {path: data/items.parquet, columns: {item: item_id}}
  users: {path: data/users.parquet, columns: {user: user_id}}
events: {click: is_click}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: {per_positive: 3, mix: {global_random: 0.5, exposed_unclicked: 0.5}}
`;
/** Attribute values of all types; NULL for every seventh item. */
const attributes: Readonly<Record<string, string>> = {
  flag: 'i % 3 = 0',
  tiny: 'CAST(i % 100 AS TINYINT)',
  small: 'CAST(-i AS SMALLINT)',
  unsigned: 'CAST(4000000000 + i AS UINTEGER)',
  large: 'CAST(18446744073709551000 + i AS UBIGINT)',
  price: 'CAST(i / 100 AS DECIMAL(4, 2))',
  nine: 'CAST(-i AS DECIMAL(9, 0))',
  exact: "CAST('-1234567890123.' || (100 + i) AS DECIMAL(18, 3))",
  vast: "CAST('99999999999999999999999999999999' || (100 + i) AS DECIMAL(38, 2))",
  single: 'CAST(0.1 AS FLOAT)',
  score: "CASE i % 4 WHEN 0 THEN 'nan' WHEN 1 THEN 'inf' WHEN 2 THEN '-inf' ELSE '0.1' END :: DOUBLE",
  title: "repeat('标题', i % 9)",
  raw: "encode('b' || i)",
  id: "CAST('00000000-0000-0000-0000-000000000' || (100 + i) AS UUID)",
  born: "DATE '1969-12-30' + CAST(i AS INTEGER)",
  clock: "TIME '10:00:00.000001' + INTERVAL (i) SECOND",
  local: "TIMESTAMP '2026-11-01 00:00:00.000001' + INTERVAL (i) SECOND",
  instant: "TIMESTAMPTZ '1960-11-01 00:00:00.5+00' + INTERVAL (i) SECOND",
  nano: "CAST(TIMESTAMP '2026-11-01' AS TIMESTAMP_NS)",
  tags: "CASE WHEN i % 5 = 0 THEN [] ELSE ['a', NULL, 'a longer tag than fits ' || i] END",
  vector: "[CAST(i AS FLOAT), CAST('nan' AS FLOAT)]",
  nested: '[[i, i + 1], [], NULL]',
  pair: "{'a': i, 'b': CASE WHEN i % 2 = 0 THEN 'text ' || i END, 'c': [0.5, i]}",
  counts: "map(['x', 'y ' || i], [i, NULL])",
};
/** A value whose timestamps DuckDB would write as infinite or with another millisecond. */
const times =
  "{'ends': [TIMESTAMP 'infinity', NULL], 'at': map([TIMESTAMPTZ '-infinity'], [make_timestamptz(9223372036854775806)])}";
const passThrough = [...Object.keys(attributes), 'device', 'age'];
let request: Omit<SampleRequest, 'users' | 'output'>;
let files = 0;

before(async () => {
  const root = await writeWorld('formats', {
    log: "SELECT 1 + i // 40 AS user_id, 9007199254740993 + (i * 7) % 60 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i) MINUTE AS ts, 'r' || (i // 4) AS request_id, i % 5 = 0 AS is_click, 'device ' || (i // 4) AS device FROM range(4000) t(i)",
    items: `SELECT 9007199254740993 + i AS item_id, ${Object.entries(attributes)
      .map(([name, sql]) => `CASE WHEN i % 7 < 6 THEN ${sql} END AS ${name}`)
      .join(', ')}, ${times} AS times FROM range(100) t(i)`,
    users: 'SELECT 1 + i AS user_id, 20 + i AS age FROM range(45) t(i)',
  });
  request = await requestOf(root, 'recall', config);
});

/** Writes a file and returns its path. */
async function written(
  format: SampleFormat,
  more: Partial<SampleOutput> = {},
  users: readonly string[] | null = null,
): Promise<string> {
  const path = join(folder, 'formats-written', `${++files}.${format}`);
  await engine.call('sample', {
    ...request,
    users,
    allowEmpty: true,
    output: {
      path,
      format,
      layout: 'long',
      names: ownNames,
      passThrough,
      within: null,
      facts: { stage: 'recall' },
      ...more,
    },
  });
  return path;
}

/** The result of a query, every value as text. */
async function rowsOf(select: string): Promise<(readonly unknown[])[]> {
  return await withConnection(async (connection) => {
    return await (await connection.run(select)).getRowsJson();
  });
}

const layouts = ['long', 'grouped', 'wide'] as const;

describe('written in parts', () => {
  for (const layout of layouts) {
    test(`${layout}: the rows do not depend on how many are written at once`, async () => {
      const formats: readonly SampleFormat[] = layout === 'long' ? ['csv', 'jsonl'] : ['jsonl'];
      for (const format of formats) {
        const [whole, parts] = [await written(format, { layout }), await written(format, { layout, rowsAtOnce: 400 })];
        assert.ok(readFileSync(whole).length > 10_000);
        assert.equal(readFileSync(parts, 'utf8'), readFileSync(whole, 'utf8'));
      }
      const [whole, parts] = [
        await written('parquet', { layout }),
        await written('parquet', { layout, rowsAtOnce: 400 }),
      ];
      assert.deepEqual(
        await rowsOf(`SELECT * FROM read_parquet('${parts}')`),
        await rowsOf(`SELECT * FROM read_parquet('${whole}')`),
      );
      assert.deepEqual(
        await rowsOf(`DESCRIBE FROM read_parquet('${parts}')`),
        await rowsOf(`DESCRIBE FROM read_parquet('${whole}')`),
      );
    });
  }
});

describe('Arrow', () => {
  const read = (path: string): Table => tableFromIPC(readFileSync(path));

  test('Arrow columns have the types of the data, and the metadata describe the run', async () => {
    const table = read(await written('arrow'));
    const types = Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)]));
    assert.deepEqual(types, {
      user: 'Int64',
      item: 'Int64',
      label: 'Int8',
      source: 'Utf8',
      entry: 'Utf8',
      positive_item: 'Int64',
      request: 'Utf8',
      time: 'Timestamp<MICROSECOND>',
      draw: 'Int32',
      log_q: 'Float64',
      log_q_mix: 'Float64',
      weight: 'Float64',
      flag: 'Bool',
      tiny: 'Int8',
      small: 'Int16',
      unsigned: 'Uint32',
      large: 'Uint64',
      price: 'Decimal[4e+2]',
      nine: 'Decimal[9e0]',
      exact: 'Decimal[18e+3]',
      vast: 'Decimal[38e+2]',
      single: 'Float32',
      score: 'Float64',
      title: 'Utf8',
      raw: 'Binary',
      id: 'Utf8',
      born: 'Date32<DAY>',
      clock: 'Time64<MICROSECOND>',
      local: 'Timestamp<MICROSECOND>',
      instant: 'Timestamp<MICROSECOND, UTC>',
      nano: 'Timestamp<NANOSECOND>',
      tags: 'List<Utf8>',
      vector: 'List<Float32>',
      nested: 'List<List<Int64>>',
      pair: 'Struct<{a:Int64, b:Utf8, c:List<Decimal[20e+1]>}>',
      counts: 'Map<{key:Utf8, value:Int64}>',
      device: 'Utf8',
      age: 'Int64',
    });
    assert.deepEqual(
      [table.schema.metadata.get('recsample.stage'), Number(table.schema.metadata.get('recsample.groups')) > 300],
      ['recall', true],
    );
  });

  for (const layout of layouts) {
    test(`${layout}: every value is that of the Parquet file`, async () => {
      for (const carried of [passThrough, []]) {
        const [arrow, parquet] = [
          await written('arrow', { layout, passThrough: carried, rowsAtOnce: 300 }),
          await written('parquet', { layout, passThrough: carried }),
        ];
        const table = read(arrow);
        const { fields } = table.schema;
        assert.deepEqual(
          (await rowsOf(`DESCRIBE FROM read_parquet('${parquet}')`)).map(([name]) => name),
          fields.map(({ name }) => name),
        );
        const expected = await rowsOf(`SELECT * FROM read_parquet('${parquet}')`);
        assert.equal(table.numRows, expected.length);
        const columns = fields.map((_, k) => table.getChildAt(k));
        expected.forEach((row, k) =>
          assert.deepEqual(
            columns.map((column, c) => shown(column?.get(k), (fields[c] as Field).type as DataType)),
            row,
            `row ${k}`,
          ),
        );
      }
    });
  }

  test('it opens with the rows of the Parquet file: the digest is the same', async () => {
    // Parquet holds the types that Arrow has as text.
    const carried = passThrough.filter((name) => name !== 'id');
    for (const layout of layouts) {
      const [own, other] = [
        await written('arrow', { layout, passThrough: carried, rowsAtOnce: 300 }),
        await written('parquet', { layout, passThrough: carried }),
      ];
      const { columns } = await engine.call('open', { ref: ref(own) });
      const digest = async (path: string): Promise<unknown> =>
        await engine.call('digest', { ref: ref(path), view: everything, columns: [...columns.keys()] });
      assert.deepEqual(await digest(own), await digest(other), layout);
      const { arrow: facts } = await engine.call('facts', { ref: ref(own) });
      assert.ok(facts?.keyValues.list.some(({ key, value }) => key === 'recsample.stage' && value === 'recall'));
    }
  });

  test('an Arrow file without rows has all columns; a batch has at most the rows that fit in memory', async () => {
    const none = read(await written('arrow', {}, ['nobody']));
    assert.deepEqual([none.numRows, none.numCols], [0, read(await written('arrow')).numCols]);
    assert.equal(read(await written('arrow', { rowsAtOnce: 300 })).batches.length, 2);
  });
});

test('JSON writes NaN and infinity as texts', async () => {
  for (const rowsAtOnce of [100, 100_000]) {
    const lines = readFileSync(await written('jsonl', { rowsAtOnce }), 'utf8')
      .trim()
      .split('\n');
    const found = lines.map(
      (line) => JSON.parse(line) as { readonly score: unknown; readonly single: unknown; readonly vector: unknown },
    );
    assert.deepEqual(new Set(found.map(({ score }) => score)), new Set([0.1, 'nan', 'inf', '-inf', null]));
    assert.deepEqual(new Set(found.map(({ single }) => single)), new Set([0.1, null]));
    assert.ok(found.some(({ vector }) => JSON.stringify(vector) === '[1.0,"nan"]'.replace('1.0', '1')));
  }
});

test('CSV and JSON have exact timestamps at every depth', async () => {
  const all = [
    '294247-01-10 04:00:54.775807',
    '290309-12-21 (BC) 19:59:05.224193+00',
    '294247-01-10 04:00:54.775806+00',
  ] as const;
  const csv = readFileSync(await written('csv', { passThrough: ['times'] }), 'utf8');
  assert.ok(csv.includes(`"{'ends': ['${all[0]}', NULL], 'at': {'${all[1]}'='${all[2]}'}}"`), csv.slice(0, 500));
  const jsonl = readFileSync(await written('jsonl', { passThrough: ['times'] }), 'utf8');
  assert.ok(jsonl.includes(`{"ends":["${all[0]}",null],"at":{"${all[1]}":"${all[2]}"}}`), jsonl.slice(0, 500));
});

/** An Arrow value in the form that DuckDB uses in JSON. */
function shown(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null;
  const inner = (k: number): DataType => (type.children as readonly Field[])[k]?.type as DataType;
  if (DataType.isList(type)) return Array.from(value as Iterable<unknown>, (one) => shown(one, inner(0)));
  if (DataType.isMap(type))
    return Array.from(value as Iterable<[unknown, unknown]>, ([key, one]) => ({
      key,
      value: shown(one, (inner(0).children as readonly Field[])[1]?.type as DataType),
    }));
  if (DataType.isStruct(type))
    return Object.fromEntries(
      type.children.map((field, k) => [
        field.name,
        shown((value as Readonly<Record<string, unknown>>)[field.name], inner(k)),
      ]),
    );
  if (DataType.isDecimal(type)) return pointed((value as { toString(): string }).toString(), type.scale);
  if (DataType.isBinary(type)) return Buffer.from(value as Uint8Array).toString('latin1');
  if (DataType.isDate(type)) return new Date(Number(value)).toISOString().slice(0, 10);
  if (DataType.isTime(type))
    return `${new Date(Number((value as bigint) / 1000n)).toISOString().slice(11, 19)}${fraction(value as bigint)}`;
  if (DataType.isTimestamp(type)) {
    const micros = BigInt(Math.round(Number(value) * 1000));
    return `${new Date(Math.floor(Number(value))).toISOString().slice(0, 19).replace('T', ' ')}${fraction(micros)}${type.timezone ? '+00' : ''}`;
  }
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? String(value) : value;
}

/** The fraction of a second in microseconds, without trailing zeros. */
function fraction(micros: bigint): string {
  const rest = String(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return rest === '' ? '' : `.${rest}`;
}

function pointed(digits: string, scale: number): string {
  if (scale === 0) return digits;
  const [sign, rest] = digits.startsWith('-') ? ['-', digits.slice(1)] : ['', digits];
  const padded = rest.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}
