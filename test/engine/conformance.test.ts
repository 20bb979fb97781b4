import './twoThreads.ts';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { typeName } from '../../src/core/table/type.ts';
import { arrow, compress, engine, file, folder, opened, parquet, ref, texts } from './fixture.ts';

// The same table in every format and compression gives the same answers.
const table = [
  { id: '9007199254740993', name: '上海 "A"', score: '0.5', at: '2026-11-20 10:00:00.000001', label: '1' },
  { id: '-9223372036854775808', name: 'b,c', score: '0.029411764705882353', at: '2026-11-20 10:00:01', label: '0' },
  { id: '9223372036854775807', name: null, score: '-1e-05', at: '1969-12-31 23:59:59.999999', label: null },
];
const names = ['id', 'name', 'score', 'at', 'label'] as const;
const delimited = (d: string): string =>
  [names.join(d), ...table.map((r) => names.map((n) => csvField(r[n])).join(d))].join('\n') + '\n';
const csvField = (v: string | null): string =>
  v === null ? '' : /[",\t]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v;
const jsonl =
  table
    .map(
      (r) =>
        `{"id": ${r.id}, "name": ${JSON.stringify(r.name)}, "score": ${r.score}, "at": "${r.at}", "label": ${r.label ?? 'null'}}`,
    )
    .join('\n') + '\n';
const select = table
  .map(
    (r, k) =>
      `SELECT ${k} AS k, CAST('${r.id}' AS BIGINT) AS id, ${r.name === null ? 'NULL' : `'${r.name}'`} AS name, CAST('${r.score}' AS DOUBLE) AS score, CAST('${r.at}' AS TIMESTAMP) AS "at", CAST(${r.label ?? 'NULL'} AS BIGINT) AS label`,
  )
  .join(' UNION ALL ');

const files: [name: string, make: () => Promise<string>][] = [
  ...(['zstd', 'snappy', 'gzip', 'uncompressed'] as const).map((codec): [string, () => Promise<string>] => [
    `table-${codec}.parquet`,
    () =>
      parquet(
        `table-${codec}.parquet`,
        `SELECT id, name, score, "at", label FROM (${select}) ORDER BY k`,
        `COMPRESSION ${codec}`,
      ),
  ]),
  ['table.arrow', () => arrow('table.arrow', `SELECT id, name, score, "at", label FROM (${select}) ORDER BY k`, 2)],
  // Written by pyarrow.
  ...['none', 'lz4', 'zstd'].flatMap((codec) =>
    ['arrow', 'arrows', 'feather'].map((extension): [string, () => Promise<string>] => [
      `same-${codec}.${extension}`,
      async () =>
        file(
          `same-${codec}.${extension}`,
          readFileSync(join(import.meta.dirname, '../fixtures/arrow', `same-${codec}.${extension}`)),
        ),
    ]),
  ),
  ...(
    [
      ['csv', delimited(',')],
      ['tsv', delimited('\t')],
      ['jsonl', jsonl],
      ['ndjson', jsonl],
    ] as const
  ).flatMap(([extension, content]) =>
    (
      [
        ['', 'none'],
        ['.gz', 'gzip'],
        ['.zst', 'zstd'],
      ] as const
    ).map(([suffix, compression]): [string, () => Promise<string>] => [
      `table.${extension}${suffix}`,
      async () => file(`table.${extension}${suffix}`, await compress(content, compression)),
    ]),
  ),
];

for (const [name, make] of files) {
  test(`${name} gives the table exactly`, async () => {
    const path = await make();
    const dataset = await opened(path);
    assert.deepEqual(
      dataset.columns.map((c) => [c.name, typeName(c.type)]),
      [
        ['id', 'int64'],
        ['name', 'string'],
        ['score', 'double'],
        ['at', 'timestamp[µs]'],
        ['label', 'int64'],
      ],
    );
    assert.equal(dataset.rows, 3);
    assert.deepEqual(dataset.notices, []);
    const { cells, rows } = await texts(path);
    assert.deepEqual(
      cells,
      table.map((r) => names.map((n) => (n === 'score' ? String(Number(r[n])) : r[n]))),
    );
    assert.deepEqual(rows, [0, 1, 2]);
    const sorted = await texts(path, {
      filter: { conditions: [{ column: 'id', op: '!=', values: ['0'] }], expression: '' },
      sort: [{ column: 'label', descending: true }],
    });
    assert.deepEqual(sorted.rows, [0, 1, 2]);
    const { columns } = await engine.call('profile', {
      ref: ref(path),
      view: { filter: { conditions: [], expression: '' }, sort: [] },
      columns: [0, 1, 2, 3, 4],
    });
    assert.deepEqual(
      columns.map((c) => [c.nulls, c.distinct, c.min, c.max]),
      [
        [0, { value: 3, exact: true }, '-9223372036854775808', '9223372036854775807'],
        [1, { value: 2, exact: true }, 'b,c', '上海 "A"'],
        [0, { value: 3, exact: true }, -1e-5, 0.5],
        [0, { value: 3, exact: true }, '1969-12-31 23:59:59.999999', '2026-11-20 10:00:01'],
        [1, { value: 2, exact: true }, '0', '1'],
      ],
    );
  });
}

for (const extension of ['parquet', 'arrow', 'csv', 'jsonl'] as const) {
  test(`a folder of ${extension} partitions is one data set in order of its paths`, async () => {
    const root = join(folder, `parts-${extension}`);
    for (const [k, day] of ['dt=2026-11-20/hour=07', 'dt=2026-11-21/hour=__HIVE_DEFAULT_PARTITION__'].entries()) {
      mkdirSync(join(root, day), { recursive: true });
      const name = `parts-${extension}/${day}/part-0.${extension}`;
      const rows = `SELECT CAST(i AS BIGINT) AS id FROM range(${k * 2}, ${k * 2 + 2}) t(i)`;
      if (extension === 'parquet') await parquet(name, rows);
      else if (extension === 'arrow') await arrow(name, rows);
      else file(name, extension === 'csv' ? `id\n${k * 2}\n${k * 2 + 1}\n` : `{"id":${k * 2}}\n{"id":${k * 2 + 1}}\n`);
    }
    mkdirSync(join(root, '_temporary'), { recursive: true });
    file(`parts-${extension}/_temporary/x.${extension}`, 'garbage');
    file(`parts-${extension}/_SUCCESS`, '');
    file(`parts-${extension}/dt=2026-11-20/.part-0.crc`, 'x');
    const expected = [
      ['0', '2026-11-20', '07'],
      ['1', '2026-11-20', '07'],
      ['2', '2026-11-21', null],
      ['3', '2026-11-21', null],
    ];
    for (const path of [root, join(root, '**', `*.${extension}`), join(root, 'dt=*', '*', `part-?.${extension}`)]) {
      const dataset = await opened(path);
      assert.equal(dataset.files, 2);
      assert.deepEqual(
        dataset.columns.map((c) => [c.name, c.partition]),
        [
          ['id', false],
          ['dt', true],
          ['hour', true],
        ],
      );
      assert.deepEqual((await texts(path)).cells, expected);
      assert.deepEqual(
        (
          await texts(path, {
            filter: { conditions: [{ column: 'dt', op: '=', values: ['2026-11-21'] }], expression: '' },
            sort: [],
          })
        ).rows,
        [2, 3],
      );
      assert.deepEqual((await texts(path, undefined, 1, 2)).cells, expected.slice(1, 3));
    }
  });
}

for (const [extension, write] of [
  ['parquet', parquet],
  ['arrow', arrow],
] as const) {
  test(`${extension} files whose columns differ are united by name, and that is said`, async () => {
    const path = join(folder, `differ-${extension}`);
    mkdirSync(path);
    await write(
      join(path, `a.${extension}`),
      'SELECT 1::INTEGER AS n, 9007199254740993::BIGINT AS id, 1.5::DOUBLE AS x',
    );
    await write(join(path, `b.${extension}`), "SELECT 2::BIGINT AS n, 'u7' AS id, true AS extra");
    const dataset = await opened(path);
    assert.deepEqual(
      dataset.columns.map((c) => `${c.name}: ${typeName(c.type)}`),
      ['n: int64', 'id: string', 'x: double', 'extra: boolean'],
    );
    assert.deepEqual((await texts(path)).cells, [
      ['1', '9007199254740993', '1.5', null],
      ['2', 'u7', null, 'true'],
    ]);
    assert.deepEqual([...new Set(dataset.notices.map((n) => n.code))], ['types-differ']);
    assert.equal(dataset.notices.length, 4);
    assert.deepEqual(
      (await texts(path, { filter: { conditions: [], expression: "id = '9007199254740993'" }, sort: [] })).rows,
      [0],
    );
  });
}

test('CSV files with different headers are united by name, with a notice', async () => {
  mkdirSync(join(folder, 'headers'));
  file('headers/a.csv', 'a,b\n1,2\n');
  file('headers/b.csv', 'b,c\n3,4\n');
  const path = join(folder, 'headers');
  const dataset = await opened(path);
  assert.deepEqual((await texts(path)).cells, [
    ['1', '2', null],
    [null, '3', '4'],
  ]);
  assert.deepEqual(
    dataset.notices.map((n) => n.code),
    ['types-differ', 'types-differ'],
  );
});

test('the facts of a Parquet file name row groups, codecs and key-value metadata', async () => {
  const path = await parquet(
    'facts.parquet',
    'SELECT CAST(i AS BIGINT) AS id FROM range(5000) t(i)',
    'COMPRESSION zstd, ROW_GROUP_SIZE 2048, KV_METADATA {origin: \'{"city": "杭州"}\'}',
  );
  const facts = await engine.call('facts', { ref: ref(path) });
  assert.equal(facts.files.total, 1);
  assert.deepEqual(
    facts.parquet?.rowGroups.list.map((g) => g.rows),
    [2048, 2048, 904],
  );
  assert.deepEqual(
    facts.parquet.columns.list.map((c) => [c.name, c.physicalType, c.codecs, c.statistics]),
    [['id', 'INT64', ['ZSTD'], true]],
  );
  assert.deepEqual(facts.parquet.keyValues, { total: 1, list: [{ key: 'origin', value: '{"city": "杭州"}' }] });
});

test('the facts of a CSV file name its dialect and its bad rows', async () => {
  const path = file('facts.csv', '\ufeffa;b\r\n1;2\r\n3\r\n');
  const { text } = await engine.call('facts', { ref: ref(path) });
  assert.deepEqual(
    { ...text, badRows: text?.badRows.total },
    { delimiter: ';', quote: '"', header: true, encoding: 'UTF-8 (BOM)', newline: 'CRLF', badRows: 1 },
  );
});
