import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { render } from '../../src/core/message/message.ts';
import { everything } from '../../src/core/table/filter.ts';
import { decodePage } from '../../src/core/table/page.ts';
import { Blocks } from '../../src/engine/text/blocks.ts';
import { engine, failureOf, file, folder, opened, parquet, ref, texts } from './fixture.ts';

const open = (path: string): Promise<unknown> => engine.call('open', { ref: ref(path) });

test('a text file with more columns than a table can have is refused before they are made', async () => {
  const names = Array.from({ length: 20_001 }, (_, k) => `c${k}`);
  for (const [name, content, said] of [
    ['wide.csv', `${names.join(',')}\n`, /The file has more than 20000 columns/],
    ['wide.jsonl', JSON.stringify(Object.fromEntries(names.map((key) => [key, 1]))), /more than 20000 different keys/],
  ] as const) {
    const path = file(name, content);
    const { code, message: text, place } = await failureOf(open(path));
    assert.deepEqual([code, place?.path], ['unsupported', path]);
    assert.match(render(text), said);
  }
});

test('a cell of a long list shows its beginning and its whole length, and the rest part by part', async () => {
  const long = 'list_transform(range(5000), lambda k: 1000 + k)';
  const path = await parquet(
    'lists.parquet',
    `SELECT ${long} AS l, {'a': ${long}, 'b': 'end'} AS s, map_from_entries(list_transform(${long}, lambda k: {'key': k, 'value': [k]})) AS m, [[1], [NULL]] AS few`,
  );
  const { columns } = await opened(path);
  const all = columns.map((_, k) => k);
  const { arrow } = await engine.call('page', { ref: ref(path), view: everything, first: 0, count: 1, columns: all });
  const page = decodePage(arrow);
  for (const column of [0, 1, 2]) {
    const cell = await engine.call('cell', { ref: ref(path), view: everything, row: 0, column, offset: 0, limit: 1e6 });
    assert.equal(page.text(0, column), cell.text?.slice(0, 2000));
    assert.deepEqual([page.clipped(0, column), cell.length], [cell.text?.length, cell.text?.length]);
  }
  assert.deepEqual([page.text(0, 3), page.clipped(0, 3)], ['[[1],[null]]', null]);
});

test('a file whose name says no format is read by its content, and a notice says so', async () => {
  const log = 'uid\tvid\n9007199254740993\tv1\n2\tv2\n';
  const cases: [name: string, content: string | Uint8Array, format: string][] = [
    ['log.txt', log, 'csv'],
    ['part-00000', log.replaceAll('\t', ','), 'csv'],
    ['rows.log', '{"uid":9007199254740993,"vid":"v1"}\n{"uid":2,"vid":"v2"}\n', 'jsonl'],
  ];
  for (const [name, content, format] of cases) {
    const path = file(name, content);
    const dataset = await opened(path);
    assert.deepEqual([dataset.format, dataset.rows], [format, 2], name);
    assert.match(dataset.notices.map(({ message }) => render(message)).join(), /does not say so, but it is read as/);
    const page = { ref: ref(path), view: everything, first: 0, count: 1, columns: [0] };
    assert.equal(decodePage((await engine.call('page', page)).arrow).text(0, 0), '9007199254740993');
  }
  for (const [name, content, readAs] of [
    ['README.md', '# Notes\n', 'csv'],
    ['packed.gz', gzipSync(log), 'csv'],
    ['image.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]), undefined],
  ] as const) {
    const failure = await failureOf(open(file(name, content)));
    assert.deepEqual([failure.code, failure.readAs], ['unsupported', readAs], name);
    assert.match(render(failure.message), /name does not indicate a readable format/);
  }
});

test('a file is read in the format that is asked for, whatever its name says', async () => {
  const log = 'uid,vid\n1,v1\n2,v2\n';
  for (const [name, content] of [
    ['log.parquet', log],
    ['log.arrow', log],
    ['log.txt.gz', gzipSync(log)],
  ] as const) {
    const path = file(name, content);
    const failure = await failureOf(open(path));
    assert.equal(failure.readAs, 'csv', name);
    const as = { ...ref(path), format: 'csv' } as const;
    const { format, rows } = await engine.call('open', { ref: as });
    assert.deepEqual([format, rows], ['csv', 2], name);
    assert.equal((await engine.call('count', { ref: as, view: everything })).rows, 2);
    assert.equal((await failureOf(open(path))).readAs, 'csv', 'without the format, it is the name again');
  }
});

test('a file whose text is not what its name says is reported', async () => {
  const cases: [name: string, content: string | Uint8Array, code: string, said: RegExp][] = [
    ['lines.csv', '{"a":1,"b":2}\n{"a":3,"b":4}\n', 'wrong-format', /\.csv, but its content is JSON/],
    ['lines.tsv.gz', gzipSync('{"a":1}\n'), 'wrong-format', /\.tsv\.gz, but its content is JSON/],
    ['table.jsonl', 'a,b\n1,2\n', 'wrong-format', /No line of the file is a JSON object/],
    ['array.jsonl', '[{"a":1},{"a":2}]\n', 'wrong-format', /No line of the file is a JSON object/],
    ['zeros.csv.gz', gzipSync(Buffer.alloc(3_000_000)), 'wrong-format', /its content is binary data/],
    ['unmarked.csv', Buffer.from('user_id,label\n1,0\n', 'utf16le'), 'unsupported', /UTF-16/],
    ['unmarked.jsonl', Buffer.from('{"user_id":1}\n', 'utf16le').swap16(), 'unsupported', /UTF-16/],
    ['macintosh.csv', 'a,b\r1,"x\ry"\r3,4\r', 'unsupported', /carriage return/],
  ];
  for (const [name, content, code, said] of cases) {
    const path = file(name, content);
    const failure = await failureOf(open(path));
    assert.deepEqual([failure.code, failure.place?.path], [code, path], name);
    assert.match(render(failure.message), said, name);
  }
});

test('Parquet opens under each of its extensions; Parquet in gzip is refused with advice', async () => {
  const bytes = readFileSync(await parquet('named.parquet', 'SELECT 1 AS a'));
  for (const name of ['named.parq', 'named.pqt', 'named.pq', 'NAMED.PARQUET'])
    assert.equal((await opened(file(name, bytes))).format, 'parquet', name);
  assert.deepEqual((await texts(file('NAMED.CSV.GZ', gzipSync('a,b\n1,2\n')))).cells, [['1', '2']]);
  const failure = await failureOf(open(file('named.pq.gz', gzipSync(bytes))));
  assert.equal(failure.code, 'unsupported');
  assert.match(failure.advice ? render(failure.advice) : '', /Decompress the file first/);
});

test('a file of blanks alone is empty', async () => {
  for (const [name, content] of [
    ['blank.csv', '\n\n\n'],
    ['blank.jsonl', '\n \n'],
    ['mark.csv', '\ufeff'],
    ['nothing.csv.gz', gzipSync('')],
    ['nothing.jsonl.gz', gzipSync('')],
  ] as const) {
    assert.equal((await failureOf(open(file(name, content)))).code, 'empty', name);
  }
});

test('an empty part next to other parts is ignored', async () => {
  mkdirSync(join(folder, 'parts'));
  file('parts/part-0.csv.gz', gzipSync(''));
  file('parts/part-1.csv.gz', gzipSync('a,b\n1,2\n'));
  assert.deepEqual((await texts(join(folder, 'parts'))).cells, [['1', '2']]);
});

test('keys that are no column names become columns', async () => {
  const path = file('keys.jsonl', '{"":1,"A":2,"b":3,"__proto__":4,"x\\u0000y":5}\n');
  assert.deepEqual(
    (await opened(path)).columns.map((c) => c.name),
    ['column0', 'A', 'b', '__proto__', 'x␀y'],
  );
  assert.deepEqual((await texts(path)).cells, [['1', '2', '3', '4', '5']]);
});

test('a key that a line has twice produces a notice: one of its values is not shown', async () => {
  const path = file('twice.jsonl', '{"a":1,"b":0}\n{"a":1,"b":0,"a":2}\n{"a":3}\n');
  assert.deepEqual((await texts(path)).cells, [
    ['1', '0'],
    ['2', '0'],
    ['3', null],
  ]);
  const bad = await engine.call('badRows', { ref: ref(path), limit: 10 });
  assert.deepEqual(
    bad.list.map((r) => [r.line, r.text]),
    [[2, '{"a":1,"b":0,"a":2}']],
  );
});

test('a folder column may have a name of the prototype', async () => {
  for (const name of ['constructor', 'toString']) {
    mkdirSync(join(folder, `of-${name}`, `${name}=9`), { recursive: true });
    file(`of-${name}/${name}=9/p.csv`, 'a\n1\n');
    mkdirSync(join(folder, `of-${name}`, `${name}=x`), { recursive: true });
    file(`of-${name}/${name}=x/q.csv`, 'a\n2\n');
    const path = join(folder, `of-${name}`);
    assert.deepEqual(
      (await opened(path)).columns.map((c) => c.name),
      ['a', name],
    );
    assert.deepEqual([...(await texts(path)).cells].sort(), [
      ['1', '9'],
      ['2', 'x'],
    ]);
    assert.deepEqual((await engine.call('metadata', { ref: ref(path), columns: [name] })).unevenPartitions, [name]);
  }
});

test('a method that only the prototype has is refused as unknown', async () => {
  for (const method of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
    assert.equal((await failureOf(engine.call(method as 'open', { ref: ref(folder) }))).code, 'bad-request', method);
  }
});

test('a column of a folder and a column of a file of the same name are both shown', async () => {
  mkdirSync(join(folder, 'named', 'x=9'), { recursive: true });
  file('named/x=9/p.csv', 'x,x_1\n1,2\n');
  const path = join(folder, 'named');
  assert.deepEqual(
    (await opened(path)).columns.map((c) => c.name),
    ['x_2', 'x_1', 'x'],
  );
  assert.deepEqual((await texts(path)).cells, [['1', '2', '9']]);
});

test('broken links are reported; circular links fail only when they are opened', async () => {
  mkdirSync(join(folder, 'links'));
  file('links/a.csv', 'a\n1\n');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'links', 'b.csv'));
  symlinkSync('round.jsonl', join(folder, 'links', 'round.jsonl'));
  const { files, notices } = await opened(join(folder, 'links', '*.csv'));
  assert.deepEqual([files, notices.map((n) => [n.code, n.message.args?.[0]])], [1, [['skipped-files', 1]]]);
  assert.equal((await failureOf(open(join(folder, 'links', '*.jsonl')))).code, 'refused-path');
  assert.equal((await failureOf(open(join(folder, 'links', 'b*.csv')))).code, 'not-found');
});

test('an invalid pattern is refused', async () => {
  assert.equal((await failureOf(open(join(folder, '[z-a].csv')))).code, 'bad-request');
});

/** Copies a Parquet file and replaces bytes in its footer by as many others. */
function patched(name: string, from: string, before: string, after: string): string {
  const hex = readFileSync(from).toString('hex');
  const at = hex.lastIndexOf(before);
  assert.ok(at > 0, `${name}: the footer is written otherwise`);
  return file(
    name,
    Buffer.from(hex.slice(0, at).replaceAll(before, after) + after + hex.slice(at + before.length), 'hex'),
  );
}

test('a column that is read with fewer digits than the file has produces a notice', async () => {
  const fine = await parquet('fine.parquet', "SELECT TIMESTAMP_NS '2026-11-20 08:30:00.123456789' AS t");
  assert.deepEqual(
    [(await opened(fine)).notices, (await texts(fine)).cells],
    [[], [['2026-11-20 08:30:00.123456789']]],
  );
  // DuckDB cannot write this: a time zone for nanoseconds (isAdjustedToUTC).
  const zoned = patched('zoned.parquet', fine, '121c3c000000', '111c3c000000');
  assert.deepEqual(
    (await opened(zoned)).notices.map((n) => [n.code, render(n.message)]),
    [['limit', 'Column t is stored in nanoseconds but read in microseconds. Finer digits are cut off']],
  );
});

test('data encrypted under a readable footer are named as encrypted', async () => {
  const path = await parquet('readable.parquet', 'SELECT range AS a FROM range(1000)');
  const bytes = readFileSync(path);
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  // Field 8, a union with an empty AES_GCM_V1, before the stop byte of FileMetaData; the pages are noise.
  const meta = Buffer.concat([bytes.subarray(footer, -9), Buffer.from('0c101c0000', 'hex'), Buffer.alloc(1)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const sealed = file(
    'sealed.parquet',
    Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(footer - 4, 0xa5), meta, length, Buffer.from('PAR1')]),
  );
  const page = opened(sealed).then(() => texts(sealed));
  assert.deepEqual(await failureOf(page).then((f) => [f.code, f.place?.path]), ['encrypted', sealed]);
});

test('a footer that counts more elements than it has bytes is damaged, and answered at once', async () => {
  // Lists of booleans, bytes, doubles and structs with 2^60 elements.
  for (const type of [1, 3, 7, 12]) {
    const footer = Buffer.from([
      0x19,
      0xf0 | type,
      ...new Array<number>(8).fill(0x80),
      0x10,
      ...new Array<number>(60).fill(0),
    ]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    const path = file(
      `count${type}.parquet`,
      Buffer.concat([Buffer.from('PAR1'), footer, length, Buffer.from('PAR1')]),
    );
    assert.deepEqual(await failureOf(open(path)).then((f) => [f.code, f.place?.path]), ['corrupt', path]);
  }
});

test('a damaged footer is not reported as encrypted', async () => {
  const bytes = readFileSync(await parquet('signed.parquet', 'SELECT 1 AS a'));
  // The name of the writer, field 6, gets the field number that names a cipher.
  const at = bytes.lastIndexOf(Buffer.from('DuckDB')) - 2;
  bytes[at] = (bytes[at] ?? 0) + 0x20;
  const path = file('signed.parquet', bytes.fill(0xff, 4, 40));
  const failure = await failureOf(opened(path).then(() => texts(path)));
  assert.deepEqual([failure.code, failure.place?.path], ['corrupt', path]);
  assert.doesNotMatch(render(failure.message), /Error:|Failed to read/);
});

test('a record that is too long is refused before the memory is full', async () => {
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for (;;) yield Buffer.alloc(100, 'x');
  };
  const blocks = new Blocks(chunks(), '/log.csv', 100, 1000);
  let most = 0;
  const failure = await failureOf(
    (async () => {
      for (;;) {
        most = Math.max(most, (await blocks.next()).bytes.length);
        blocks.consumed(0);
      }
    })(),
  );
  assert.deepEqual([failure.code, failure.place?.path, most], ['unsupported', '/log.csv', 1100]);
});

test('a column that some Parquet files do not have is united by name, with a notice', async () => {
  for (const day of [8, 9]) mkdirSync(join(folder, 'hive', `x=${day}`), { recursive: true });
  await parquet('hive/x=8/p.parquet', 'SELECT 1 AS X, 2 AS y');
  await parquet('hive/x=9/p.parquet', 'SELECT 3 AS y');
  const path = join(folder, 'hive');
  const dataset = await opened(path);
  assert.deepEqual(
    dataset.columns.map((c) => c.name),
    ['X_1', 'y', 'x'],
  );
  assert.deepEqual((await texts(path)).cells, [
    ['1', '2', '8'],
    [null, '3', '9'],
  ]);
  assert.ok(
    dataset.notices.some((n) =>
      render(n.message).includes('both have a column X. The column of the files is shown as X_1'),
    ),
  );
});

test('a file whose path has wildcards is read, not the file that matches them', async () => {
  mkdirSync(join(folder, 'run1'));
  mkdirSync(join(folder, 'run[1]'));
  await parquet('run1/part1.parquet', 'SELECT 100 AS row');
  const path = join(folder, 'run[1]', 'part[1].parquet');
  renameSync(await parquet('run1/other.parquet', 'SELECT 5 AS row'), path);
  const filtered = { ...everything, filter: { conditions: [], expression: 'row > 4' } };
  assert.deepEqual((await texts(path, filtered)).cells, [['5']]);
  const { parquet: facts } = await engine.call('facts', { ref: ref(path) });
  assert.equal(facts?.rowGroups.list[0]?.rows, 1);
  file('run1/rows1.csv', 'row\n100\n');
  assert.deepEqual((await texts(file('run[1]/rows[1].csv', 'row\n5\n'))).cells, [['5']]);
});
