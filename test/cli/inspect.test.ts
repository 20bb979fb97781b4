import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample, type Outcome } from './commandLine.ts';
import { assertGolden } from './golden.ts';
import { valid } from './previewOutput.ts';

let directory = '';
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-inspect-'));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT 7203685477590228993 + range // 3 AS user_id, CAST(range % 4 = 0 AS INTEGER) AS click, ['杭州', 'Paris', NULL][1 + range % 3] AS city,
    CAST(range AS DECIMAL(18, 4)) - 0.0001 AS price, TIMESTAMP '2026-11-20 08:30:00' + range * INTERVAL 1 MINUTE AS ts, 1 / 34 AS propensity_score
    FROM range(12)) TO '${join(directory, 'log.parquet').replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  writeFileSync(
    join(directory, 'log.csv'),
    'user_id,label,label,price\n9007199254740993,1,a,1.10\n9007199254740994,0,"b\nb",2.20\n9007199254740993,0,,-3.30\n',
  );
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** Runs with the real engine, with paths relative to the fixtures. */
function inspect(...args: string[]): Promise<Outcome> {
  return recsample(
    ['inspect', ...args],
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ temporaryDirectory: directory, threads: 1 })) },
  );
}

interface Report {
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly list?: unknown;
    readonly role: string | null;
    readonly nulls: number;
    readonly min: unknown;
    readonly max: unknown;
    readonly distinct: { readonly value: number };
    readonly problems?: readonly string[];
  }[];
  readonly labels: { readonly column: string; readonly positive: number; readonly negative: number } | null;
  readonly sample: readonly Readonly<Record<string, unknown>>[];
}

async function report(...args: string[]): Promise<Report> {
  const { code, out, err } = await inspect(...args, '--format', 'json');
  assert.equal(code, 0, err);
  return valid('inspect', out) as Report;
}

test('the text of a long list is made as often as it is shown whole, whatever its length', async () => {
  const items = 400_000;
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT list_transform(range(${items}), lambda k: 123) AS l) TO '${join(directory, 'long.parquet').replaceAll("'", "''")}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  for (const [format, expected] of [
    ['text', []],
    ['json', [items * 4 + 1]],
  ] as const) {
    const limits: number[] = [];
    const engine = createEngine({ temporaryDirectory: directory, threads: 1 });
    const counted: typeof engine = {
      call: async (method, params, context) => {
        if ('limit' in params) limits.push(params.limit);
        return await engine.call(method, params, context);
      },
      dispose: () => engine.dispose(),
    };
    const { out } = await recsample(
      ['inspect', 'long.parquet', '--format', format],
      {},
      { directory, createEngine: () => Promise.resolve(counted) },
    );
    assert.deepEqual(limits, expected, format);
    if (format === 'json')
      assert.equal((JSON.parse(out) as Report).sample[0]?.['l'], `[${Array(items).fill(123).join()}]`);
    else assert.match(out, /400,000 elements each[^]*\[123,123/);
  }
});

test('a Parquet log, every digit kept', async () => {
  const r = await report('log.parquet');
  assert.equal(r.rows, 12);
  const problems = r.columns.flatMap(({ name, problems: found = [] }) => found.map((text) => `${name}: ${text}`));
  assert.deepEqual(problems, ['propensity_score: Constant: all rows have the same value']);
  assert.deepEqual(r.labels, { column: 'click', positive: 3, negative: 9 });
  assert.deepEqual(
    r.columns.map((c) => c.role),
    ['user', 'label', 'attribute', null, 'time', 'propensity'],
  );
  assert.deepEqual(
    [r.columns[0]?.min, r.columns[0]?.max, r.columns[0]?.distinct.value],
    ['7203685477590228993', '7203685477590228996', 4],
  );
  assert.deepEqual([r.columns[3]?.min, r.columns[3]?.max, r.columns[2]?.nulls], ['-0.0001', '10.9999', 4]);
  assert.deepEqual(r.sample[0], {
    user_id: '7203685477590228993',
    click: 1,
    city: '杭州',
    price: '-0.0001',
    ts: '2026-11-20 08:30:00',
    propensity_score: 0.029411764705882353,
  });
  assert.equal(r.sample.length, 5);
});

test('a column that cannot be read exactly is named, and what uses it is exit code 2', async () => {
  copyFileSync(new URL('../fixtures/parquet/decimal256.parquet', import.meta.url), join(directory, 'wide.parquet'));
  const { code, out, err } = await inspect('wide.parquet', '--format', 'json');
  const { columns, sample } = JSON.parse(out) as {
    columns: Record<string, unknown>[];
    sample: Record<string, unknown>[];
  };
  assert.deepEqual(
    [code, sample[1], columns[1]],
    [
      0,
      { id: '2', exact: '2.50' },
      {
        name: 'amount',
        type: 'decimal(45, 2)',
        role: null,
        unreadable: 'decimals of more than 38 digits would not be exact',
        nulls: null,
        distinct: null,
        min: null,
        max: null,
        mean: null,
        quantiles: null,
        top: [],
      },
    ],
  );
  assert.match(err, /^recsample: Column amount cannot be read: decimals of more than 38 digits would not be exact$/m);
  assert.match((await inspect('wide.parquet')).out, /^amount +decimal\(45, 2\) +not readable$/m);
  for (const args of [['--where', 'amount > 1'], ['--digest']]) {
    const failed = await inspect('wide.parquet', ...args);
    assert.deepEqual([failed.code, failed.out], [2, '']);
    assert.match(failed.err, /Column amount cannot be read: decimals of more than 38 digits would not be exact/);
  }
  assert.equal((await inspect('wide.parquet', '--digest', '--columns', 'id,exact')).code, 0);
});

test('an export without a column that cannot be read names it', async () => {
  copyFileSync(new URL('../fixtures/parquet/decimal256.parquet', import.meta.url), join(directory, 'wide.parquet'));
  const { code, err } = await inspect('wide.parquet', '--export', 'wide.jsonl', '--force');
  assert.equal(code, 0);
  assert.match(err, /^recsample: Column amount cannot be read: decimals of more than 38 digits would not be exact$/m);
});

test('an export without a readable column names the file, a column and the reason', async () => {
  writeFileSync(join(directory, 'cases.jsonl'), '{"A":"x","a":"y"}\n');
  const { code, err } = await inspect('cases.jsonl', '--export', 'copy.jsonl');
  assert.equal(code, 2);
  assert.match(
    err,
    /cases\.jsonl: Column A cannot be read: its name differs from that of column a only in letter case/,
  );
});

test('--where applies to rows, labels, profiles and sample', async () => {
  const r = await report(
    'log.parquet',
    '--where',
    "user_id = '7203685477590228993' and city is not null",
    '--columns',
    'city',
    '--rows',
    '9',
  );
  assert.equal(r.rows, 2);
  assert.deepEqual(r.labels, { column: 'click', positive: 1, negative: 1 });
  assert.deepEqual(r.sample, [{ city: '杭州' }, { city: 'Paris' }]);
  assert.deepEqual([r.columns.length, r.columns[0]?.nulls, r.columns[0]?.distinct.value], [1, 0, 2]);
  const none = await report('log.parquet', '--where', 'click > 1');
  assert.deepEqual([none.rows, none.labels, none.sample], [0, { column: 'click', positive: 0, negative: 0 }, []]);
});

test('the text report', async () => {
  const { code, out, err } = await inspect('log.parquet');
  assert.deepEqual([code, err], [0, '']);
  // The file size depends on the version of the writer.
  assertGolden('inspect.parquet.txt', out.replace(/\d[\d.]* k?B/, 'SIZE'));
});

test('a CSV with a duplicate column name loses no column', async () => {
  const r = await report('log.csv');
  assert.equal(r.rows, 3);
  assert.equal(new Set(r.columns.map((c) => c.name)).size, 4);
  assert.deepEqual(Object.values(r.sample[1] ?? {}).map(String), ['9007199254740994', '0', 'b\nb', '2.2']);
  assert.deepEqual(r.labels, { column: 'label', positive: 1, negative: 2 });
});

test('NaN is no label: such rows are neither positive nor negative', async () => {
  writeFileSync(join(directory, 'nan.csv'), 'user_id,label\n1,1.0\n2,NaN\n3,0.0\n4,1\n6,\n');
  const r = await report('nan.csv');
  assert.deepEqual([r.rows, r.labels], [5, { column: 'label', positive: 2, negative: 1 }]);
});

test('a column with values other than 0 and 1 has no positives, even if the filter keeps one value', async () => {
  writeFileSync(join(directory, 'ratings.csv'), 'user_id,movie_id,rating\n1,7,5\n1,8,1\n2,7,3\n');
  for (const where of [[], ['--where', 'rating = 1']]) {
    const r = await report('ratings.csv', ...where);
    assert.deepEqual([r.columns.map(({ role }) => role), r.labels], [['user', 'item', 'label'], null]);
  }
  writeFileSync(join(directory, 'infinite.csv'), 'user_id,label\n1,1.0\n2,inf\n');
  assert.equal((await report('infinite.csv')).labels, null);
  // The mean rating of an item is an attribute of the item, not a label.
  writeFileSync(join(directory, 'movies.csv'), 'movie_id,title,rating\n7,A,4.5\n8,B,3.9\n');
  const movies = await report('movies.csv');
  assert.deepEqual([movies.columns.map(({ role }) => role), movies.labels], [['item', null, null], null]);
});

test('text that looks like a number is printed unchanged', async () => {
  writeFileSync(join(directory, 'codes.csv'), 'id,code\n1,007\n2,1.25\n3,9\n');
  const { out } = await inspect('codes.csv', '--rows', '3');
  assert.deepEqual(
    out
      .split('\n')
      .filter((line) => /^ *[123] {2}/.test(line))
      .map((line) => line.trim()),
    ['1  007', '2  1.25', '3  9'],
  );
});

test('a URL is refused as a URL, not reported as a missing file', async () => {
  const { code, err } = await inspect('s3://bucket/log.parquet');
  assert.equal(code, 2);
  assert.match(
    err,
    /^recsample: s3:\/\/bucket\/log\.parquet: Only local files can be opened, not addresses with a scheme/,
  );
});

test(
  'the Open Bandit log: rows, clicks, exact propensities',
  { skip: process.env['RECSAMPLE_OBD'] ? false : 'RECSAMPLE_OBD is not set' },
  async () => {
    const r = await report(join(process.env['RECSAMPLE_OBD'] ?? '', 'random', 'men.csv'));
    assert.equal(r.rows, 10_000);
    assert.deepEqual(r.labels, { column: 'click', positive: 46, negative: 9954 });
    const roles = Object.fromEntries(
      r.columns.flatMap((c) => (c.role === null || c.role === 'attribute' ? [] : [[c.name, c.role]])),
    );
    assert.deepEqual(roles, {
      timestamp: 'time',
      item_id: 'item',
      position: 'position',
      click: 'label',
      propensity_score: 'propensity',
    });
    const propensity = r.columns.find((c) => c.name === 'propensity_score');
    assert.deepEqual([propensity?.min, propensity?.max], [0.029411764705882353, 0.029411764705882353]);
    assert.equal(r.sample[0]?.['propensity_score'], 0.029411764705882353);
  },
);

test('a text report shows the first 200 of many columns and says so; JSON has all', async () => {
  const names = Array.from({ length: 230 }, (_, k) => `f${k}`);
  writeFileSync(join(directory, 'wide.csv'), `${names.join(',')}\n${names.map((_, k) => k).join(',')}\n`);
  const { out } = await inspect('wide.csv');
  assert.match(out, /^f199 /m);
  assert.doesNotMatch(out, /^f200 /m);
  assert.match(out, /^30 more columns; choose with --columns$/m);
  assert.match((await inspect('wide.csv', '--columns', 'f229')).out, /^f229 /m);
  assert.equal((await report('wide.csv')).columns.length, 230);
});

test('--export writes the rows as filtered and sorted, and says so', async () => {
  const options = ['--where', 'click = 0', '--sort', 'city,ts:desc', '--columns', 'city,ts,user_id'];
  const { code, out, err } = await inspect('log.parquet', ...options, '--export', 'rows.csv');
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^rows\.csv: 9 rows, \d+ B\n$/);
  assert.equal(
    readFileSync(join(directory, 'rows.csv'), 'utf8').split('\n', 3).join('\n'),
    'city,ts,user_id\nParis,2026-11-20 08:40:00,7203685477590228996\nParis,2026-11-20 08:37:00,7203685477590228995',
  );
  const json = await inspect('log.parquet', '--export', 'rows.parquet', '--format', 'json');
  const summary = JSON.parse(json.out) as { rows: number; path: string; guarded: number };
  assert.deepEqual([summary.path, summary.rows, summary.guarded], ['rows.parquet', 12, 0]);
  assert.equal((await report('rows.parquet')).rows, 12);
  const again = await inspect('log.parquet', '--where', 'click = 1', '--export', 'rows.parquet', '--force');
  assert.equal(again.code, 0, again.err);
  assert.equal((await report('rows.parquet')).rows, 3);
});

test('--export says how many formulas it guarded, and --exact keeps them', async () => {
  writeFileSync(join(directory, 'formulas.jsonl'), '{"t":"=1","n":-1}\n{"t":"@x","n":2}\n');
  const { out } = await inspect('formulas.jsonl', '--export', 'formulas.csv');
  assert.match(out, /\n2 texts got an apostrophe, .* --exact writes them unchanged\.\n$/);
  assert.equal(readFileSync(join(directory, 'formulas.csv'), 'utf8'), "t,n\n'=1,-1\n'@x,2\n");
  await inspect('formulas.jsonl', '--export', 'exact.csv', '--exact');
  assert.equal(readFileSync(join(directory, 'exact.csv'), 'utf8'), 't,n\n=1,-1\n@x,2\n');
});

test('--export refuses what it cannot write, and --sort what it cannot order', async () => {
  writeFileSync(join(directory, 'there.csv'), 'kept');
  for (const [args, says] of [
    [['--export', 'there.csv'], /there\.csv already exists/],
    [['--export', 'rows.xlsx'], /No writable format matches the file name rows\.xlsx/],
    [['--export', ''], /--export is empty/],
    [['--export', 'new.csv', '--rows', '3'], /--rows is for a report/],
    [['--export', 'new.csv', '--digest'], /--digest is for a report/],
    [['--export', 'new.csv', '--group-by', 'user'], /--group-by is for a report/],
    [['--exact'], /--exact needs --export/],
    [['--force'], /--force needs --export/],
    [['--sort', 'cities', '--export', 'new.csv'], /Unknown column cities/],
    [['--sort', 'city,ts,city:desc'], /--sort names the column city twice/],
    [['--where', 'click >', '--export', 'new.csv'], /expression/],
  ] as const) {
    const { code, err } = await inspect('log.parquet', ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, says);
  }
  assert.equal(readFileSync(join(directory, 'there.csv'), 'utf8'), 'kept');
  assert.ok(!existsSync(join(directory, 'new.csv')));
});

test('a column whose name ends like a direction can be sorted by', async () => {
  writeFileSync(join(directory, 'names.csv'), 'n:desc,"a,b"\n1,2\n3,1\n2,3\n');
  const rows = async (...sort: string[]): Promise<unknown[]> =>
    (await report('names.csv', ...sort.flatMap((key) => ['--sort', key]))).sample.map((row) => row['n:desc']);
  assert.deepEqual(await rows('n:desc'), ['1', '2', '3']);
  assert.deepEqual(await rows('n:desc:desc'), ['3', '2', '1']);
  assert.deepEqual(await rows('a,b:desc'), ['2', '1', '3']);
});

test('--group-by shows groups with their positives instead of the first rows', async () => {
  const { code, out, err } = await inspect('log.parquet', '--group-by', 'user', '--rows', '2', '--where', 'price > 1');
  assert.equal(code, 0, err);
  assert.match(out, /First 2 of 4 groups/);
  assert.match(out, /^7203685477590228993 +1 +3 +0 +0 %/m);
  assert.match(out, /^7203685477590228994 +3 +3 +1 +33\.3 %/m);
  assert.doesNotMatch(out, /First 2 rows/);
  const json = await inspect('log.parquet', '--group-by', 'day', '--format', 'json');
  assert.deepEqual((JSON.parse(json.out) as { groups: unknown }).groups, {
    by: ['ts'],
    total: 1,
    list: [{ key: ['2026-11-20'], rows: 12, all: 12, positives: 3, mix: [] }],
  });
  const refused = await inspect('log.parquet', '--group-by', 'request');
  assert.equal(refused.code, 2);
  assert.match(refused.err, /--group-by request: No column has the role “request”/);
});

test('--role replaces the guess of a role, and the counts and groups follow it', async () => {
  const roles = ['--role', 'city=user', '--role', 'user_id=positive_item', '--role', 'click='];
  const r = await report('log.parquet', ...roles, '--group-by', 'user');
  assert.deepEqual(
    r.columns.map((c) => c.role),
    ['positive-item', null, 'user', null, 'time', 'propensity'],
  );
  assert.equal(r.labels, null);
  assert.deepEqual((r as unknown as { groups: { by: unknown } }).groups.by, ['city']);
  for (const [role, says] of [
    ['citi=user', /Unknown column citi/],
    ['city=town', /town is not a role. Roles are user, item/],
  ] as const) {
    const refused = await inspect('log.parquet', '--role', role);
    assert.equal(refused.code, 2);
    assert.match(refused.err, says);
  }
});

test('a negative zero stays negative in JSON', async () => {
  writeFileSync(join(directory, 'zeros.jsonl'), '{"x": -0.0}\n{"x": 0.0}\n{"x": 1.5}\n');
  const { out } = await inspect('zeros.jsonl', '--format', 'json');
  assert.deepEqual(out.match(/"x": [-\d.]+/g), ['"x": -0.0', '"x": 0', '"x": 1.5']);
  writeFileSync(join(directory, 'zeros.jsonl'), '{"x": -0.0}\n{"x": -0.0}\n{"x": -0.0}\n');
  const facts = (await inspect('zeros.jsonl', '--format', 'json')).out;
  assert.match(
    facts,
    /"min":-0\.0,"max":-0\.0,.*"p5":-0\.0,"p25":-0\.0,"p50":-0\.0,"p75":-0\.0,"p95":-0\.0,.*"top":\[\{"value":-0\.0,"count":3\}\]/,
  );
});

test('arrays of JSON Lines are lists and sequences', async () => {
  const lines = ['[9007199254740993, 9007199254740995]', '[]'].map((ids) => `{"hist_item_id": ${ids}}`);
  writeFileSync(join(directory, 'lists.jsonl'), lines.join('\n'));
  const { columns, sample } = await report('lists.jsonl');
  const list = { sequence: 'hist', uneven: 0, shortest: 0, longest: 2, empty: 1, full: 1, order: null };
  assert.deepEqual([columns[0]?.type, columns[0]?.list], ['list<int64>', list]);
  assert.equal(sample[0]?.['hist_item_id'], '[9007199254740993,9007199254740995]');
});
