import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { everything, type View } from '../../src/core/table/filter.ts';
import {
  readCompact,
  struct,
  structs,
  structsOf,
  writeCompact,
  type CompactStruct,
  type CompactValue,
} from '../../src/engine/parquet/compactStruct.ts';
import { writeParquet } from '../fuzz/writeParquet.ts';
import { engine, failureOf, folder, opened, parquet, ref, texts } from './fixture.ts';

/** Copies of files that pyarrow wrote (test/fixtures/parquet/make.py). */
function fixture(name: string, as = name): string {
  const path = join(folder, `${as}.parquet`);
  copyFileSync(resolve(import.meta.dirname, `../fixtures/parquet/${name}.parquet`), path);
  return path;
}

const where = (expression: string): View => ({ ...everything, filter: { conditions: [], expression } });
const value = 2n ** 62n;
const wrong = (column: string): string =>
  `Column ${column} cannot be read: it has the date or time ${value}, which is out of range`;
const columns = ['plain', 'many', 'member', 'mapped'];

test('a time of day out of range makes its column unreadable at every depth', async () => {
  const path = fixture('times-out-of-range');
  const { notices, columns: found } = await opened(path);
  assert.deepEqual(
    notices.map((notice) => render(notice.message)),
    columns.map(wrong),
  );
  assert.deepEqual(
    found.map(({ type }) => type.kind),
    ['integer', ...columns.map(() => 'unreadable')],
  );
  assert.deepEqual(
    (await texts(path, where('id >= 2'))).cells,
    [2, 3].map((id) => [String(id), ...columns.map(() => '⊘')]),
  );
  const profile = await engine.call('profile', { ref: ref(path), view: everything, columns: [0, 1, 2, 3, 4] });
  assert.deepEqual(
    profile.columns.map((one) => one.max),
    ['3', null, null, null, null],
  );
});

test('what the footer says is shown without the bounds that are out of range', async () => {
  const path = fixture('times-out-of-range');
  await opened(path);
  const facts = await engine.call('facts', { ref: ref(path) });
  assert.deepEqual(
    facts.parquet?.rowGroups.list.map(({ file, rows }) => [file, rows]),
    [[0, 3]],
  );
  const group = await engine.call('rowGroup', { ref: ref(path), file: 0, index: 0 });
  assert.deepEqual(
    group.list.slice(0, 3).map(({ name, min, max, nulls }) => [name, min, max, nulls]),
    [
      ['id', '1', '3', 0],
      ['plain', null, null, 0],
      ['many, list, element', null, null, 0],
    ],
  );
  const skipped = await engine.call('skippedGroups', { ref: ref(path), view: where('id > 7') });
  assert.deepEqual([skipped.total, skipped.list], [1, [{ file: 0, index: 0 }]]);
});

test('without statistics, a time of day out of range fails what reads it, and names the file and the column', async () => {
  const set = join(folder, 'unchecked');
  mkdirSync(set);
  fixture('times-unchecked', 'unchecked/b');
  fixture('times-unchecked', 'unchecked/a');
  await opened(set);
  for (const [k, column] of columns.entries()) {
    const request = { ref: ref(set), view: everything, columns: [0, k + 1] };
    for (const call of [
      () => engine.call('page', { ...request, first: 0, count: 6 }),
      () => engine.call('profile', request),
      () => engine.call('digest', request),
      () => engine.call('copy', { ...request, first: 0, count: 6, headers: true, format: 'csv' }),
    ]) {
      const failure = await failureOf(call());
      assert.deepEqual(
        [failure.code, failure.place?.column, render(failure.message)],
        ['unsupported', column, wrong(column)],
      );
    }
    const failure = await failureOf(texts(set, { ...everything, sort: [{ column, descending: false }] }));
    assert.match(render(failure.message), /^Column \w+ cannot be read: it has the date or time 4611686018427387904,/);
  }
  const failure = await failureOf(
    engine.call('page', { ref: ref(set), view: everything, columns: [1], first: 3, count: 3 }),
  );
  assert.deepEqual(failure.place, { path: join(set, 'b.parquet'), column: 'plain' });
  const page = await engine.call('page', { ref: ref(set), view: everything, columns: [0], first: 0, count: 6 });
  assert.equal(page.count, 6);
});

test('the times of a whole day are read, in every unit', async () => {
  assert.deepEqual((await texts(fixture('times-in-range'))).cells, [
    ['00:00:00', '00:00:00', '00:00:00'],
    ['24:00:00', '24:00:00', '24:00:00'],
    ['00:00:00.000001', '00:00:00.000001001', '00:00:00.001'],
  ]);
});

test('times of day with a zone need statistics, because DuckDB keeps only 40 bits of them', async () => {
  assert.deepEqual((await texts(fixture('times-with-zone'))).cells, [
    ['1', '00:00:00.000005+00'],
    ['2', '24:00:00+00'],
  ]);
  const path = fixture('times-with-zone-unchecked');
  const { notices } = await opened(path);
  assert.deepEqual(
    notices.map((notice) => render(notice.message)),
    ['Column us cannot be read: times of day with a zone cannot be checked without statistics'],
  );
  assert.deepEqual((await texts(path)).cells, [
    ['1', '⊘'],
    ['2', '⊘'],
  ]);
});

test('the first and the last 64-bit timestamp are shown exactly, not as infinite', async () => {
  const [first, last] = ['290309-12-21 (BC) 19:59:05.224193', '294247-01-10 04:00:54.775807'];
  assert.deepEqual((await texts(fixture('timestamp-ends'))).cells, [
    [last, `${last}+00`, '2262-04-11 23:47:16.854775807', JSON.stringify([last])],
    [first, `${first}+00`, '1677-09-21 00:12:43.145224193', JSON.stringify([first])],
  ]);
});

test('zoned timestamps have exact milliseconds also where a double has not, at every depth', async () => {
  // DuckDB's own text has even milliseconds only, from 2^53 ms on.
  const known = {
    '9223372036854775806': '294247-01-10 04:00:54.775806+00',
    '9223372036853999999': '294247-01-10 04:00:53.999999+00',
    '9007199254740993001': '287396-10-12 08:59:00.993001+00',
    '9007199254740991999': '287396-10-12 08:59:00.991999+00',
    '500000': '1970-01-01 00:00:00.5+00',
    '-9007199254740993000': '283458-03-21 (BC) 15:00:59.007+00',
    '-9223372022399999999': '290309-12-22 (BC) 00:00:00.000001+00',
  };
  const at = 'make_timestamptz(unnest([' + Object.keys(known).join(', ') + ']))';
  const path = await parquet(
    'odd-milliseconds.parquet',
    `SELECT t, [t] AS many, {'a': t} AS one FROM (SELECT ${at} AS t)`,
  );
  assert.deepEqual(
    (await texts(path)).cells,
    Object.values(known).map((text) => [text, JSON.stringify([text]), JSON.stringify({ a: text })]),
  );
});

test('dates and timestamps that DuckDB cannot hold make their columns unreadable, the others are read', async () => {
  const path = fixture('times-beyond');
  const { notices } = await opened(path);
  const least = String(-(2n ** 63n));
  assert.deepEqual(
    notices.filter(({ message }) => message.text.includes('cannot be read')).map(({ message }) => render(message)),
    [
      ['ms', least],
      ['us', least],
      ['ns', least],
      ['zoned_ns', '-1'],
      ['day', '2147483646'],
    ].map(([column, at]) => `Column ${column} cannot be read: it has the date or time ${at}, which is out of range`),
  );
  assert.deepEqual((await texts(path)).cells, [
    ['1', '⊘', '⊘', '⊘', '⊘', '⊘'],
    ['2', '⊘', '⊘', '⊘', '⊘', '⊘'],
  ]);
  await engine.call('facts', { ref: ref(path) });
});

test('a field without a name is shown', async () => {
  assert.deepEqual((await texts(fixture('empty-field'))).cells, [['1', '{"":1,"b":3}']]);
});

test('integers in the encoding BYTE_STREAM_SPLIT are not supported, but not damaged', async () => {
  assert.equal((await failureOf(texts(fixture('split-integers')))).code, 'unsupported');
});

test('nanoseconds that are cut off are reported with the column, unless it is not read', async () => {
  const { notices } = await opened(fixture('zoned-nanoseconds'));
  assert.deepEqual(
    notices.map(({ message }) => render(message)),
    [
      ...['many', 'own'].map(
        (name) => `Column ${name} is stored in nanoseconds but read in microseconds. Finer digits are cut off`,
      ),
      'Column refused cannot be read: it has the date or time -1, which is out of range',
    ],
  );
});

test('without statistics, zoned nanoseconds that may be before 1970 fail what reads them, later ones are read', async () => {
  const path = (name: string): string => join(folder, `${name}.parquet`);
  const column = (values: readonly bigint[]): Uint8Array =>
    writeParquet(values.length, [{ name: 'at', kind: 'timestamptz-ns', values }]);
  writeFileSync(path('from-1970'), column([1000n, 1999n]));
  const second = '1970-01-01 00:00:00.000001+00';
  assert.deepEqual((await texts(path('from-1970'))).cells, [[second], [second]]);
  for (const value of [-128n, -999n, 0n]) {
    writeFileSync(path(`at${value}`), column([1000n, value]));
    const { code, message } = await failureOf(texts(path(`at${value}`)));
    const reason = 'it has the date or time 1970-01-01 00:00:00+00, which may be inexact without statistics';
    assert.deepEqual([code, render(message)], ['unsupported', `Column at cannot be read: ${reason}`]);
  }
});

test('without statistics, milliseconds out of range fail what reads them, and name the column', async () => {
  const path = fixture('milliseconds-unchecked');
  const request = { ref: ref(path), view: everything, columns: [0, 1] };
  for (const call of [
    () => engine.call('page', { ...request, first: 0, count: 2 }),
    () => engine.call('profile', request),
    () => engine.call('digest', request),
  ]) {
    const { code, message } = await failureOf(call());
    assert.deepEqual(
      [code, render(message)],
      ['unsupported', 'A timestamp in milliseconds is out of range, in column ms'],
    );
  }
  await engine.call('digest', { ...request, columns: [0] });
});

/** A fixture whose first column has another type: ConvertedType or LogicalType of parquet.thrift, by their field ids. */
function retyped(name: string, id: 6 | 10, type: CompactValue): string {
  const path = fixture(name);
  const data = readFileSync(path);
  const end = data.length - 8;
  const start = end - data.readUInt32LE(end);
  const footer = readCompact(new Uint8Array(data.subarray(start, end)));
  const schema = structsOf(footer, 2).map((element, k): CompactStruct => {
    if (k !== 1) return element;
    const kept = [...element].filter(([id]) => id !== 6 && id !== 10);
    return new Map([...kept, [id, type]]);
  });
  const written = writeCompact(new Map([...footer, [2, structs(schema)]]));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(written.length);
  writeFileSync(path, Buffer.concat([data.subarray(0, start), written, length, data.subarray(-4)]));
  return path;
}

test('a map without values is not supported, but not damaged', async () => {
  assert.equal((await failureOf(opened(retyped('keys', 6, { type: 5, value: 1n })))).code, 'unsupported');
});

test('a variant is not read, because a time of day in it may end the process', async () => {
  const path = retyped('variant', 10, struct(new Map([[16, struct(new Map())]])));
  const { notices } = await opened(path);
  assert.deepEqual(
    notices.map(({ message }) => render(message)),
    ['Column v cannot be read: the times in variants would not be exact'],
  );
  assert.deepEqual((await texts(path)).cells, [['⊘', '1']]);
});

test('timestamps at the ends of 64 bits are exact in CSV and JSONL files and in statistics', async () => {
  const path = fixture('timestamp-ends', 'ends-in-files');
  const request = { ref: ref(path), view: everything, columns: [0, 1, 2, 3] };
  for (const format of ['csv', 'jsonl'] as const) {
    const to = join(folder, `ends.${format}`);
    await engine.call('exportRows', { ...request, path: to, format, guard: false });
    assert.doesNotMatch(readFileSync(to, 'utf8'), /inf/);
    assert.match(readFileSync(to, 'utf8'), /2262-04-11 23:47:16\.854775807/);
  }
  const { ranges } = await engine.call('metadata', { ref: ref(path), columns: ['zoned', 'ns'] });
  assert.deepEqual(ranges, {
    zoned: { min: '290309-12-21 (BC) 19:59:05.224193', max: '294247-01-10 04:00:54.775807' },
    ns: { min: '1677-09-21 00:12:43.145224193', max: '2262-04-11 23:47:16.854775807' },
  });
  const { list } = await engine.call('rowGroup', { ref: ref(path), file: 0, index: 0 });
  for (const { min, max } of list) assert.deepEqual([min, max], ['-9223372036854775807', '9223372036854775807']);
});
