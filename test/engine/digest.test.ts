import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RowsDigest } from '../../src/core/table/rowsDigest.ts';
import { everything } from '../../src/core/table/filter.ts';
import { compress, engine, failureCode, file, folder, opened, parquet, ref } from './fixture.ts';

async function digest(path: string, expression = '', columns?: readonly string[]): Promise<RowsDigest> {
  const all = (await opened(path)).columns.map((c) => c.name);
  const view = { ...everything, filter: { conditions: [], expression } };
  return await engine.call('digest', {
    ref: ref(path),
    view,
    columns: (columns ?? all).map((name) => all.indexOf(name)),
  });
}

async function value(path: string, expression = '', columns?: readonly string[]): Promise<string> {
  return (await digest(path, expression, columns)).value;
}

/** A second implementation of docs/digest.md: rows of canonical texts, columns sorted by name. */
function expected(names: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const line = (texts: readonly (string | null)[]): string =>
    texts
      .map(
        (t) => `${t === null ? '' : t === '' ? '\\e' : t.replace(/[\\\t]/g, (c) => (c === '\t' ? '\\t' : '\\\\'))}\t`,
      )
      .join('');
  const md5 = (text: string): Buffer => createHash('md5').update(text, 'utf8').digest();
  const order = names
    .map((_, k) => k)
    .sort((a, b) => Buffer.compare(Buffer.from(names[a] ?? ''), Buffer.from(names[b] ?? '')));
  const sums = [0n, 0n];
  for (const row of rows) {
    const hash = md5(line(order.map((k) => row[k] ?? null)));
    for (const half of [0, 1]) sums[half] = BigInt.asUintN(64, (sums[half] ?? 0n) + hash.readBigUInt64LE(half * 8));
  }
  return md5(
    line(['recsample-rows-1', ...order.map((k) => names[k] ?? ''), String(rows.length), ...sums.map(String)]),
  ).toString('hex');
}

const quoted = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);
const log = (
  order: string,
  where = 'true',
  columns = '*',
): string => `SELECT ${columns} FROM (SELECT 7203685477590228993 + i AS user_id, CASE WHEN i % 7 > 0 THEN 'c' || i % 5 END AS city, i / 8 AS score, TIMESTAMP '2026-11-20' + to_microseconds(i) AS ts,
  [i, NULL] AS recent, CAST('2026-11-2' || i % 3 AS VARCHAR) AS dt FROM range(20000) t(i)) WHERE ${where} ORDER BY ${order}`;
const shuffled = 'md5(CAST(user_id AS VARCHAR))';

test('the digest ignores the order of rows and columns, row groups, codecs, files and partitions', async () => {
  const plain = await digest(await parquet('plain.parquet', log('user_id')));
  assert.deepEqual(
    [plain.algorithm, plain.rows, plain.columns],
    ['recsample-rows-1', 20_000, ['city', 'dt', 'recent', 'score', 'ts', 'user_id']],
  );
  const others = [
    await parquet(
      'shuffled.parquet',
      log(shuffled, 'true', 'dt, ts, user_id, score, recent, city'),
      'COMPRESSION snappy, ROW_GROUP_SIZE 2048',
    ),
    await parquet('text.parquet', log(shuffled), 'COMPRESSION gzip, PARQUET_VERSION v2'),
  ];
  for (const name of ['parts', 'hive']) mkdirSync(join(folder, name));
  await parquet('parts/a.parquet', log(shuffled, 'user_id % 3 = 1'));
  await parquet('parts/b.parquet', log('user_id', 'user_id % 3 <> 1'), 'COMPRESSION uncompressed');
  for (const day of ['2026-11-20', '2026-11-21', '2026-11-22']) {
    mkdirSync(join(folder, 'hive', `dt=${day}`));
    await parquet(`hive/dt=${day}/p.parquet`, log(shuffled, `dt = '${day}'`, '* EXCLUDE dt'));
  }
  for (const path of [...others, join(folder, 'parts'), join(folder, 'hive')])
    assert.deepEqual(await digest(path), plain, path);
  const some = await parquet('some.parquet', log(shuffled, 'score < 100'));
  assert.deepEqual(await digest(join(folder, 'hive'), 'score < 100'), await digest(some));
});

test('a change of a row, its number of copies, a name or the columns changes the digest', async () => {
  const base = "SELECT * FROM (VALUES (1, 'a', 'b'), (1, 'a', 'b'), (2, NULL, ''), (3, 'x', 'y')) t(id, p, q)";
  const changes: Readonly<Record<string, string>> = {
    base,
    'a row less': `${base} WHERE id < 3`,
    'both copies gone': `${base} WHERE id > 1`,
    'one copy gone': `SELECT DISTINCT * FROM (${base})`,
    'a third copy': `${base} UNION ALL SELECT 1, 'a', 'b'`,
    'another row twice': `SELECT DISTINCT * FROM (${base}) UNION ALL SELECT 3, 'x', 'y'`,
    'no row': `${base} WHERE false`,
    'NULL for the empty text': `SELECT id, p, nullif(q, '') AS q FROM (${base})`,
    'the empty text for NULL': `SELECT id, coalesce(p, '') AS p, q FROM (${base})`,
    'NULL and empty exchanged': `SELECT id, coalesce(p, '') AS p, nullif(q, '') AS q FROM (${base})`,
    'values of two columns exchanged': `SELECT id, q AS p, p AS q FROM (${base})`,
    'values of two rows exchanged': `SELECT id, CASE id WHEN 1 THEN 'x' WHEN 3 THEN 'a' END AS p, q FROM (${base})`,
    'a column of another name': `SELECT id, p, q AS r FROM (${base})`,
    'a column more': `SELECT *, NULL::VARCHAR AS z FROM (${base})`,
    'a column less': `SELECT id, p FROM (${base})`,
    'the end of one text before the next': `SELECT id, p || 'b' AS p, nullif(substr(q, 2), '') AS q FROM (${base})`,
  };
  const found = new Map<string, string>();
  for (const [what, sql] of Object.entries(changes)) {
    const one = await value(await parquet(`${what}.parquet`, sql));
    assert.equal(found.get(one), undefined, `${what} is as ${found.get(one) ?? ''}`);
    found.set(one, what);
  }
});

test('the digest follows the definition in the guide, for any text in any column', async () => {
  const text = fc.oneof(
    fc.constantFrom(null, '', '\t', '\\', '\\t', '\\e', '-', 'NULL', '杭州', '\u{1F600}'),
    fc.string({ unit: fc.constantFrom('a', '\t', '\\', 'e', 't', '\n', '"', '西') }),
  );
  const table = fc.tuple(
    fc.uniqueArray(fc.constantFrom('a', 'B', 'ä', '\uFF5E', '\u{1F600}', 'x\ty', 'q"'), { minLength: 1, maxLength: 4 }),
    fc.array(fc.array(text, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
  );
  let serial = 0;
  await fc.assert(
    fc.asyncProperty(table, async ([names, rows]) => {
      const select = rows
        .map(
          (row) =>
            `SELECT ${names.map((name, k) => `CAST(${quoted(row[k] ?? null)} AS VARCHAR) AS "${name.replaceAll('"', '""')}"`).join(', ')}`,
        )
        .join(' UNION ALL ');
      assert.equal(await value(await parquet(`any${++serial}.parquet`, select)), expected(names, rows));
    }),
    { numRuns: 25, seed: 5 },
  );
});

test('the canonical text of every type', async () => {
  const cases: readonly (readonly [sql: string, text: string | null])[] = [
    ['true', 'true'],
    ['CAST(-7 AS TINYINT)', '-7'],
    ['9007199254740993', '9007199254740993'],
    ['18446744073709551615::UBIGINT', '18446744073709551615'],
    ['CAST(1.5 AS DOUBLE)', '4609434218613702656'],
    ['CAST(1.5 AS FLOAT)', '4609434218613702656'],
    ["CAST('-0.0' AS DOUBLE)", '9223372036854775808'],
    ["CAST('nan' AS DOUBLE)", 'NaN'],
    ["-CAST('nan' AS DOUBLE)", 'NaN'],
    ["CAST('-inf' AS FLOAT)", '18442240474082181120'],
    ['CAST(NULL AS DOUBLE)', null],
    ['CAST(1.10 AS DECIMAL(18, 4))', '1.1'],
    ['CAST(1.10 AS DECIMAL(5, 2))', '1.1'],
    ['CAST(-100 AS DECIMAL(18, 4))', '-100'],
    ['CAST(100 AS DECIMAL(18, 0))', '100'],
    ['CAST(-0.5 AS DECIMAL(4, 4))', '-0.5'],
    ['CAST(0 AS DECIMAL(4, 4))', '0'],
    ["DATE '2026-11-20'", '2026-11-20'],
    ["TIME '01:00:00.5'", '3600500000'],
    ["TIMESTAMP '2026-11-20 08:30:00.000001'", '1795163400000001'],
    ["TIMESTAMPTZ '2026-11-20 08:30:00.000001+00'", '1795163400000001'],
    ["TIMESTAMP_MS '1969-12-31 23:59:59.999'", '-1000'],
    ["TIMESTAMP_NS '2026-11-20 08:30:00.000001'", '1795163400000001'],
    ["TIMESTAMP_NS '2026-11-20 08:30:00.000001002'", '1795163400000001.002'],
    ["TIMESTAMP_NS '1969-12-31 23:59:59.999999999'", '-1.999'],
    ["CAST('infinity' AS TIMESTAMP)", '9223372036854775807'],
    ["CAST('-infinity' AS TIMESTAMP)", '-9223372036854775807'],
    ["CAST('-infinity' AS TIMESTAMPTZ)", '-9223372036854775807'],
    ["CAST('infinity' AS TIMESTAMP_NS)", '9223372036854775.807'],
    ["TIME '08:30:00.000001'", '30600000001'],
    ["CAST('08:30:00.000001' AS TIME_NS)", '30600000001'],
    ["CAST('08:30:00.000001002' AS TIME_NS)", '30600000001.002'],
    ["'\\x00\\xFF'::BLOB", '00ff'],
    ["''::BLOB", ''],
    ["CAST('6F9619FF-8B86-D011-B42D-00CF4FC964FF' AS UUID)", '6f9619ff-8b86-d011-b42d-00cf4fc964ff'],
    ['CAST([] AS INTEGER[])', '['],
    ['CAST(NULL AS INTEGER[])', null],
    ['CAST([NULL] AS INTEGER[])', '[\t'],
    ["['', 'a\tb', NULL]", '[\\e\ta\\tb\t\t'],
    ["[['x'], []]", '[[x\\t\t[\t'],
    ["{'b': 1, 'a': NULL::VARCHAR}", '{a\t\tb\t1\t'],
    ['CAST(NULL AS STRUCT(a INTEGER))', null],
    ["MAP {'b': 1, 'a': 2}", '{a\t2\tb\t1\t'],
    ["[{'k': [1.5::DOUBLE]}]", '[{k\\t[4609434218613702656\\\\t\\t\t'],
  ];
  const path = await parquet('types.parquet', `SELECT ${cases.map(([sql], k) => `${sql} AS c${k}`).join(', ')}`);
  for (const [k, [sql, text]] of cases.entries())
    assert.equal(await value(path, '', [`c${k}`]), expected([`c${k}`], [[text]]), sql);
});

test('equal values in CSV, JSON Lines and Parquet are equal; floats, integers and texts of the same number are not', async () => {
  const csv =
    'id,city,score,day,ts\n9007199254740993,杭州,0.1,2026-11-20,2026-11-20 08:30:00\n2,"",-2.5,2026-11-21,2026-11-20 08:30:00.5\n3,,1e+300,,\n';
  const jsonl =
    '{"day":"2026-11-20","ts":"2026-11-20 08:30:00","id":9007199254740993,"city":"杭州","score":0.1}\n{"id":2,"city":"","score":-2.5,"day":"2026-11-21","ts":"2026-11-20 08:30:00.5"}\n{"id":3,"score":1e+300}\n';
  const typed = `SELECT CAST(id AS BIGINT) AS id, city, CAST(score AS DOUBLE) AS score, CAST(day AS DATE) AS day, CAST(ts AS TIMESTAMP) AS ts
    FROM (VALUES (9007199254740993, '杭州', '0.1', '2026-11-20', '2026-11-20 08:30:00'), (2, '', '-2.5', '2026-11-21', '2026-11-20 08:30:00.5'), (3, NULL, '1e300', NULL, NULL)) t(id, city, score, day, ts)`;
  const whole = await value(await parquet('typed.parquet', typed));
  for (const path of [
    file('typed.csv', csv),
    file('typed.csv.gz', await compress(csv, 'gzip')),
    file('typed.tsv', csv.replaceAll(',', '\t')),
    file('typed.jsonl', jsonl),
  ])
    assert.equal(await value(path), whole, path);
  const narrow = await parquet(
    'narrow.parquet',
    typed
      .replace('AS BIGINT', 'AS DECIMAL(20, 2)')
      .replace('CAST(day AS DATE)', 'day')
      .replace('AS TIMESTAMP)', 'AS TIMESTAMPTZ)'),
  );
  assert.equal(await value(narrow), whole, 'wider or narrower types of the same values');
  const [integers, doubles] = [
    await parquet('integers.parquet', 'SELECT 1 AS x'),
    await parquet('doubles.parquet', 'SELECT 1::DOUBLE AS x'),
  ];
  assert.notEqual(await value(integers), await value(doubles));
});

test('the example of the guide has the digest that the guide shows', async () => {
  const guide = readFileSync(new URL('../../docs/digest.md', import.meta.url), 'utf8');
  const [, csv = ''] = /```csv\n([\s\S]*?)```/.exec(guide) ?? [];
  const [, written = ''] = /the\s+digest\s+of\s+these\s+rows\s+is\s+`([0-9a-f]{32})`/.exec(guide) ?? [];
  assert.equal(await value(file('guide.csv', csv)), written);
});

test('a digest covers a filter, chosen columns, no column, no row or a thousand columns', async () => {
  const path = await parquet('few.parquet', "SELECT i AS id, 'c' || i AS city FROM range(10) t(i)");
  const rows = Array.from({ length: 10 }, (_, i) => [String(i), `c${i}`]);
  assert.deepEqual(await digest(path, 'id >= 7'), {
    algorithm: 'recsample-rows-1',
    rows: 3,
    value: expected(['id', 'city'], rows.slice(7)),
    columns: ['city', 'id'],
  });
  assert.equal(
    await value(path, '', ['city']),
    expected(
      ['city'],
      rows.map((r) => r.slice(1)),
    ),
  );
  assert.equal(
    await value(path, '', []),
    expected(
      [],
      rows.map(() => []),
    ),
  );
  assert.deepEqual(
    [await value(path, 'id > 99'), (await digest(path, 'id > 99')).rows],
    [expected(['id', 'city'], []), 0],
  );
  const names = Array.from({ length: 1000 }, (_, k) => `c${k}`);
  const wide = await parquet(
    'wide.parquet',
    `SELECT ${names.map((name, k) => `i + ${k} AS ${name}`).join(', ')} FROM range(3) t(i)`,
  );
  assert.equal(
    await value(wide),
    expected(
      names,
      [0, 1, 2].map((i) => names.map((_, k) => String(i + k))),
    ),
  );
});

test('3,000 columns of texts are digested in time that grows with their number', async () => {
  const names = Array.from({ length: 3_000 }, (_, k) => `c${k}`);
  const path = file('texts.csv', `${names.join(',')}\n${names.map((name) => `${name}x`).join(',')}\n`);
  assert.equal(await value(path), expected([...names].sort(), [[...names].sort().map((name) => `${name}x`)]));
  const none = file('none.csv', `${names.join(',')}\n`);
  assert.deepEqual([await value(none), (await digest(none)).rows], [expected([...names].sort(), []), 0]);
  assert.equal(await value(path, "c0 = 'y'"), expected([...names].sort(), []));
});

test('the digest reports progress, can be cancelled at once and refuses a changed file', async () => {
  const path = await parquet('long.parquet', 'SELECT i AS id, md5(CAST(i AS VARCHAR)) AS t FROM range(300000) t(i)');
  await opened(path);
  const stop = new AbortController();
  const told: string[] = [];
  const running = engine.call(
    'digest',
    { ref: ref(path), view: everything, columns: [0, 1] },
    {
      signal: stop.signal,
      progress: ({ message: { text } }) => {
        told.push(text);
        stop.abort();
      },
    },
  );
  assert.equal(await failureCode(running), 'cancelled');
  assert.deepEqual(told.slice(0, 1), ['Computing the digest']);
  await parquet('long.parquet', 'SELECT 1 AS id, NULL AS t');
  assert.equal(
    await failureCode(engine.call('digest', { ref: { id: path, path }, view: everything, columns: [0, 1] })),
    'changed',
  );
});
