import './twoThreads.ts';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFailure } from '../../src/engine/source/readFailure.ts';
import { gzipSync } from 'node:zlib';
import { render } from '../../src/core/message/message.ts';
import { everything } from '../../src/core/table/filter.ts';
import { decodePage } from '../../src/core/table/page.ts';
import { compress, engine, failureCode, failureOf, file, folder, opened, parquet, ref, texts } from './fixture.ts';

const good = await parquet(
  'good.parquet',
  "SELECT CAST(i AS BIGINT) AS id, 'user-' || i AS name FROM range(50000) t(i)",
  'COMPRESSION zstd, ROW_GROUP_SIZE 10240',
);
const bytes = readFileSync(good);

for (const name of ['empty.csv', 'empty.parquet', 'empty.jsonl', 'empty.csv.gz']) {
  test(`an empty file (${name}) is named as such`, async () => {
    assert.equal(await failureCode(opened(file(name, ''))), 'empty');
  });
}

test('a header alone is a table without rows', async () => {
  const { columns, rows } = await opened(file('header.csv', 'a,b\n'));
  assert.deepEqual([columns.map((c) => c.name), rows], [['a', 'b'], 0]);
  assert.deepEqual((await texts(join(folder, 'header.csv'))).cells, []);
});

test('a Parquet file without rows opens, pages, sorts and profiles', async () => {
  const path = await parquet('zero.parquet', 'SELECT 1 AS a WHERE false');
  assert.equal((await opened(path)).rows, 0);
  assert.deepEqual((await texts(path, { ...everything, sort: [{ column: 'a', descending: true }] })).cells, []);
  const { columns } = await engine.call('profile', { ref: ref(path), view: everything, columns: [0] });
  assert.deepEqual(
    columns.map((c) => [c.rows, c.nulls, c.distinct.value, c.min, c.histogram.kind]),
    [[0, 0, 0, null, 'none']],
  );
});

test('one column keeps its blank lines as NULL rows', async () => {
  assert.deepEqual((await texts(file('one.csv', 'a\n1\n\n3'))).cells, [['1'], [null], ['3']]);
});

for (const [format, make] of [
  [
    'csv',
    async () =>
      file(
        'wide.csv',
        `${Array.from({ length: 10_000 }, (_, k) => `c${k}`).join(',')}\n${Array.from({ length: 10_000 }, (_, k) => k).join(',')}\n`,
      ),
  ],
  [
    'parquet',
    () => parquet('wide.parquet', `SELECT ${Array.from({ length: 10_000 }, (_, k) => `${k} AS c${k}`).join(', ')}`),
  ],
] as const) {
  test(`10,000 columns of ${format} open, and any of them is read`, async () => {
    const path = await make();
    const { columns } = await opened(path);
    assert.equal(columns.length, 10_000);
    const page = await engine.call('page', {
      ref: ref(path),
      view: everything,
      first: 0,
      count: 10,
      columns: [9999, 0],
    });
    const decoded = decodePage(page.arrow);
    assert.deepEqual([decoded.text(0, 0), decoded.text(0, 1)], ['9999', '0']);
    await engine.call('close', { id: path });
  });
}

for (const [format, make] of [
  [
    'csv',
    async () =>
      file('cell.csv', Buffer.concat([Buffer.from('a,b\nc,'), Buffer.alloc(100_000_000, 'x'), Buffer.from('\nd,e\n')])),
  ],
  ['parquet', () => parquet('cell.parquet', "SELECT 'c' AS a, repeat('x', 100000000) AS b UNION ALL SELECT 'd', 'e'")],
] as const) {
  test(`a cell of 100 MB in ${format} is clipped in the page, and read on in parts`, async () => {
    const path = await make();
    const { rows } = await opened(path);
    assert.equal(rows, 2);
    const page = decodePage(
      (await engine.call('page', { ref: ref(path), view: everything, first: 0, count: 2, columns: [0, 1] })).arrow,
    );
    assert.deepEqual(
      [page.text(0, 1)?.length, page.clipped(0, 1), page.clipped(1, 1), page.text(1, 1)],
      [2000, 100_000_000, null, 'e'],
    );
    const part = await engine.call('cell', {
      ref: ref(path),
      view: everything,
      row: 0,
      column: 1,
      offset: 99_999_990,
      limit: 100,
    });
    assert.deepEqual(part, { text: 'x'.repeat(10), length: 100_000_000 });
    await engine.call('close', { id: path });
  });
}

test('ragged rows are kept, counted and shown with their line numbers', async () => {
  const path = file('ragged.csv', 'a,b,c\n1,2,3\n"x\ny",5\n6,7,8,9\n\n1,2,3\n');
  const { rows, notices } = await opened(path);
  assert.equal(rows, 4);
  assert.deepEqual((await texts(path)).cells, [
    ['1', '2', '3'],
    ['x\ny', '5', null],
    ['6', '7', '8'],
    ['1', '2', '3'],
  ]);
  const bad = await engine.call('badRows', { ref: ref(path), limit: 10 });
  assert.deepEqual(
    [bad.total, bad.list.map((r) => [r.line, r.text, render(r.reason)])],
    [
      2,
      [
        [3, '"x\ny",5', '2 fields instead of 3'],
        [5, '6,7,8,9', '4 fields instead of 3'],
      ],
    ],
  );
  assert.deepEqual(
    notices.map((n) => n.code),
    ['bad-rows', 'skipped-files'],
  );
});

test('a quote that is never closed costs its own row only', async () => {
  const path = file('quote.csv', 'a,b\n1,"open\n2,x\n3,y\n');
  assert.deepEqual((await texts(path)).cells, [
    ['1', '"open'],
    ['2', 'x'],
    ['3', 'y'],
  ]);
  assert.deepEqual(
    (await engine.call('badRows', { ref: ref(path), limit: 10 })).list.map((r) => r.line),
    [2],
  );
});

test('lines that are no JSON objects are kept as rows and listed', async () => {
  const path = file('bad.jsonl', '{"a":1}\nnope\n[1]\n{"a":2}\n');
  assert.deepEqual((await texts(path)).cells, [['1'], [null], [null], ['2']]);
  assert.deepEqual(
    (await engine.call('badRows', { ref: ref(path), limit: 10 })).list.map((r) => [r.line, r.text]),
    [
      [2, 'nope'],
      [3, '[1]'],
    ],
  );
});

test('a late value that changes the column type is shown whole, on earlier pages too', async () => {
  const path = file(
    'late.csv',
    `id,x\n${Array.from({ length: 200_000 }, (_, k) => `${k},${k}\n`).join('')}200000,late\n`,
  );
  const { columns } = await engine.call('open', { ref: ref(path) });
  assert.deepEqual(
    columns.map((c) => c.type.kind),
    ['integer', 'integer'],
  );
  const page = decodePage(
    (await engine.call('page', { ref: ref(path), view: everything, first: 199_999, count: 5, columns: [0, 1] })).arrow,
  );
  assert.deepEqual([page.length, page.text(0, 1), page.text(1, 0), page.text(1, 1)], [2, '199999', '200000', 'late']);
});

test('NUL bytes are kept and reported', async () => {
  const path = file('nul.csv', 'a,b\n1,x\0y\n2,z\n');
  assert.deepEqual((await texts(path)).cells, [
    ['1', 'x\0y'],
    ['2', 'z'],
  ]);
  assert.deepEqual(
    (await opened(path)).notices.map((n) => [n.code, n.message.args]),
    [['nul-bytes', [1, '2']]],
  );
});

for (const [name, content] of [
  ['latin.csv', 'a,b\n1,caf\xe9\n2,z\n'],
  ['latin.jsonl', '{"a":"1","b":"caf\xe9"}\n{"a":"2","b":"z"}\n'],
] as const) {
  test(`invalid UTF-8 is shown as replacement characters and reported (${name})`, async () => {
    const path = file(name, Buffer.from(content, 'latin1'));
    assert.deepEqual((await texts(path)).cells, [
      ['1', 'caf\ufffd'],
      ['2', 'z'],
    ]);
    assert.deepEqual(
      (await opened(path)).notices.map((n) => n.code),
      ['invalid-utf8'],
    );
  });
}

test('UTF-16 is named, not guessed', async () => {
  assert.equal(await failureCode(opened(file('utf16.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le')))), 'unsupported');
});

for (const cut of [6, 100, Math.floor(bytes.length / 2), bytes.length - 4, bytes.length - 1]) {
  test(`a Parquet file cut after ${cut} bytes is named as cut off, with the place`, async () => {
    const path = file(`cut-${cut}.parquet`, bytes.subarray(0, cut));
    const failure = await failureOf(opened(path));
    assert.deepEqual([failure.code, failure.place?.path], ['truncated', path]);
  });
}

for (const name of ['cut.csv.gz', 'cut.jsonl.gz']) {
  test(`a compressed file that ends early is named as cut off (${name})`, async () => {
    const whole = gzipSync('{"a":1}\n'.repeat(50_000));
    assert.equal(await failureCode(opened(file(name, whole.subarray(0, whole.length / 2)))), 'truncated');
  });
}

test('a .zst file that ends early or is damaged is named as such', async () => {
  const whole = await compress(
    `a,b\n${Array.from({ length: 50_000 }, (_, k) => `${k},${(k * 7919) % 100_003}\n`).join('')}`,
    'zstd',
  );
  assert.equal(await failureCode(opened(file('cut.csv.zst', whole.subarray(0, whole.length / 2)))), 'truncated');
  const damaged = Buffer.from(whole);
  for (let k = 5000; k < 5100; k++) damaged[k] = (damaged[k] ?? 0) ^ 0xff;
  assert.equal(await failureCode(opened(file('damaged.csv.zst', damaged))), 'corrupt');
});

test('flipped bits in a Parquet page fail that page as damaged; other pages stay readable', async () => {
  const damaged = Buffer.from(bytes);
  // The first pages belong to the first row group.
  for (let k = 60; k < 1060; k++) damaged[k] = (damaged[k] ?? 0) ^ 0xff;
  const path = file('flipped.parquet', damaged);
  await opened(path);
  const page = (first: number): Promise<unknown> =>
    engine.call('page', { ref: ref(path), view: everything, first, count: 10, columns: [0, 1] });
  const failure = await failureOf(page(0));
  assert.deepEqual([failure.code, failure.place?.path], ['corrupt', path]);
  assert.equal(
    (await engine.call('page', { ref: ref(path), view: everything, first: 45_000, count: 10, columns: [0, 1] })).count,
    10,
  );
  assert.equal(
    await failureCode(engine.call('profile', { ref: ref(path), view: everything, columns: [0] })),
    'corrupt',
  );
  assert.equal(
    await failureCode(
      engine.call('page', {
        ref: ref(path),
        view: { ...everything, sort: [{ column: 'id', descending: true }] },
        first: 2000,
        count: 10,
        columns: [0],
      }),
    ),
    'corrupt',
  );
});

test('any flipped byte of a Parquet footer gives an answer or a clear failure', async () => {
  const small = readFileSync(await parquet('small.parquet', 'SELECT 1 AS a, 2 AS b'));
  const footer = small.length - 8 - small.readUInt32LE(small.length - 8);
  for (let at = footer; at < small.length - 8; at += 3) {
    const damaged = Buffer.from(small);
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    const path = file('footer.parquet', damaged);
    utimesSync(path, at, at);
    try {
      await texts(path);
    } catch (error) {
      const failure = await failureOf(Promise.reject(error instanceof Error ? error : new Error(String(error))));
      assert.ok(
        ['corrupt', 'truncated', 'unsupported'].includes(failure.code),
        `byte ${at}: ${failure.code} ${failure.cause ?? ''}`,
      );
    }
    await engine.call('close', { id: path });
  }
});

test('encrypted Parquet is named as encrypted', async () => {
  const encrypted = Buffer.from(bytes);
  encrypted.write('PARE', encrypted.length - 4, 'latin1');
  assert.equal(await failureCode(opened(file('tail.parquet', encrypted))), 'encrypted');
  encrypted.write('PARE', 0, 'latin1');
  assert.equal(await failureCode(opened(file('both.parquet', encrypted))), 'encrypted');
});

test('a wrong extension is named with the real content', async () => {
  const cases: [name: string, content: string | Uint8Array, found: string][] = [
    ['csv.parquet', 'a,b\n1,2\n3,4\n', 'CSV'],
    ['json.parquet', '{"a":1}\n{"a":2}\n', 'JSON'],
    ['gzip.parquet', gzipSync('a,b\n1,2\n'), 'gzip'],
    ['arrow.parquet', Buffer.concat([Buffer.from('ARROW1\0\0'), Buffer.alloc(40)]), 'Arrow/Feather'],
    ['parquet.csv', bytes, 'Parquet'],
    ['parquet.csv.gz', bytes, 'Parquet'],
    ['gzip.jsonl', gzipSync('{"a":1}\n'), 'gzip'],
  ];
  for (const [name, content, found] of cases) {
    const failure = await failureOf(opened(file(name, content)));
    assert.deepEqual([failure.code, failure.message.args?.[1]], ['wrong-format', found], name);
  }
});

test('text that starts like a signature is still text', async () => {
  assert.deepEqual((await texts(file('par1.csv', 'PAR1,b\n1,2\n'))).cells, [['1', '2']]);
});

test('devices, pipes, addresses and relative paths are refused before they are opened', async () => {
  const pipe = join(folder, 'pipe.csv');
  execFileSync('mkfifo', [pipe]);
  for (const path of [
    '/dev/zero',
    pipe,
    'https://example.com/a.csv',
    's3://bucket/a.parquet',
    'file:///etc/passwd',
    '//server/share/a.csv',
    '\\\\server\\a.csv',
    'a.csv',
    '/proc/self/environ',
  ]) {
    assert.equal(await failureCode(opened(path)), 'refused-path', path);
  }
  symlinkSync('/dev/zero', join(folder, 'link.csv'));
  assert.equal(await failureCode(opened(join(folder, 'link.csv'))), 'refused-path');
});

test('a link to a file elsewhere is followed to that file only', async () => {
  mkdirSync(join(folder, 'elsewhere'));
  file('elsewhere/real.csv', 'a\n1\n');
  mkdirSync(join(folder, 'here'));
  symlinkSync(join(folder, 'elsewhere', 'real.csv'), join(folder, 'here', 'link.csv'));
  assert.deepEqual((await texts(join(folder, 'here', 'link.csv'))).cells, [['1']]);
});

test('opening a folder with circular links ends', async () => {
  mkdirSync(join(folder, 'circle', 'inner'), { recursive: true });
  symlinkSync(join(folder, 'circle'), join(folder, 'circle', 'inner', 'up'));
  file('circle/a.csv', 'a\n1\n');
  assert.equal((await opened(join(folder, 'circle'))).files, 1);
});

test('a missing file and an unknown format are reported', async () => {
  assert.equal(await failureCode(opened(join(folder, 'nothing.csv'))), 'not-found');
  assert.equal(await failureCode(opened(join(folder, '*.nothing'))), 'not-found');
  assert.equal(await failureCode(opened(file('notes.txt', 'hello'))), 'unsupported');
  mkdirSync(join(folder, 'mixed'));
  file('mixed/a.csv', 'a\n1\n');
  file('mixed/b.jsonl', '{"a":1}\n');
  assert.equal(await failureCode(opened(join(folder, 'mixed'))), 'unsupported');
});

for (const [name, before, after] of [
  ['now.csv', 'a\n1\n', 'a\n1\n2\n'],
  ['now.jsonl', '{"a":1}\n', '{"a":1}\n{"a":2}\n'],
] as const) {
  test(`a file changed while open fails as changed, then opens with its new content (${name})`, async () => {
    const path = file(name, before);
    const { fingerprint } = await opened(path);
    writeFileSync(path, after);
    const page = (): Promise<unknown> =>
      engine.call('page', { ref: { ...ref(path), fingerprint }, view: everything, first: 0, count: 10, columns: [0] });
    assert.equal(await failureCode(page()), 'changed');
    assert.equal((await opened(path)).rows, 2);
    assert.equal(await failureCode(page()), 'changed');
    rmSync(path);
    assert.equal(await failureCode(page()), 'not-found');
  });
}

test('a Parquet file that is replaced or deleted while open is noticed', async () => {
  const path = await parquet('replaced.parquet', 'SELECT 1 AS a');
  await opened(path);
  await parquet('replaced.parquet', 'SELECT 1 AS a, 2 AS b FROM range(3)');
  const page = (): Promise<unknown> =>
    engine.call('page', { ref: ref(path), view: everything, first: 0, count: 10, columns: [0] });
  assert.equal(await failureCode(page()), 'changed');
  rmSync(path);
  assert.equal(await failureCode(page()), 'not-found');
});

test('words in a path say nothing about the file', async () => {
  const path = file('encrypted parquet footer.csv', 'a\n1\n');
  const { size, mtimeMs } = statSync(path);
  const failure = await readFailure(new Error(`Could not do "${path}" for once`), [
    { path, realPath: path, bytes: size, modified: mtimeMs, partition: {} },
  ]);
  assert.deepEqual([failure.failure.code, failure.failure.place?.path], ['internal', path]);
});
