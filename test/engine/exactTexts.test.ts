import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { everything, type View } from '../../src/core/table/filter.ts';
import { arrow, engine, failureOf, file, opened, parquet, ref, texts } from './fixture.ts';

const where = (expression: string): View => ({ ...everything, filter: { conditions: [], expression } });
/** The byte order mark, which is an ordinary character anywhere but at the beginning of a file. */
const B = '\ufeff';

test('only the mark at byte 0 of a text file is removed, and once', async () => {
  const long = 'a text of more than twelve bytes';
  const files: [name: string, content: string, names: string[], cells: string[][]][] = [
    [
      'twice.csv',
      `${B}${B}a,b\n${B}x,"${B}y"\n${B}${B}z,w\n`,
      [`${B}a`, 'b'],
      [
        [`${B}x`, `${B}y`],
        [`${B}${B}z`, 'w'],
      ],
    ],
    ['quoted.csv', `${B}"${B}a",b\n"${B}1",${B}2\n`, [`${B}a`, 'b'], [[`${B}1`, `${B}2`]]],
    [
      'header.csv',
      `${B}1,2\n${B}3,4\n`,
      ['column0', 'column1'],
      [
        ['1', '2'],
        [`${B}3`, '4'],
      ],
    ],
    ['plain.csv', `a,b\n${B}${long},2\n`, ['a', 'b'], [[`${B}${long}`, '2']]],
    ['ragged.csv', `a,b\n${B}x\n`, ['a', 'b'], [[`${B}x`, '∅']]],
    ['tabs.tsv', `a\tb\r\n${B}x\t${B}\r\n`, ['a', 'b'], [[`${B}x`, B]]],
    ['one.jsonl', `${B}{"${B}a":"${B}x","b":"${B}${B}y"}\n`, [`${B}a`, 'b'], [[`${B}x`, `${B}${B}y`]]],
    ['first.jsonl', `{"a":"${B}${B}${long}"}\n{"a":"${B}"}\n`, ['a'], [[`${B}${B}${long}`], [B]]],
  ];
  for (const [name, content, names, cells] of files) {
    const path = file(name, content);
    const { columns } = await opened(path);
    assert.deepEqual(
      [columns.map((column) => column.name), (await texts(path)).cells.map((row) => row.map((cell) => cell ?? '∅'))],
      [names, cells],
      name,
    );
  }
});

test('a mark at the beginning of a value is kept in pages, cells, profiles, copies and filters', async () => {
  const select = `SELECT * FROM (VALUES ('${B}x', ['${B}${B}'], {'${B}f': '${B}'}), ('x', [], NULL)) t(a, l, s)`;
  for (const path of [await parquet('marks.parquet', select), await arrow('marks.arrow', select)]) {
    assert.deepEqual((await texts(path, where(`a = '${B}x'`))).cells, [[`${B}x`, `["${B}${B}"]`, `{"${B}f":"${B}"}`]]);
    const { columns } = await engine.call('profile', { ref: ref(path), view: everything, columns: [0] });
    assert.deepEqual(columns[0]?.top.map(({ value }) => value).sort(), ['x', `${B}x`]);
    const request = { ref: ref(path), view: everything, first: 0, count: 1 };
    const copied = await engine.call('copy', { ...request, columns: [0], headers: false, format: 'csv' });
    assert.equal(JSON.stringify(copied).includes(`${B}x`), true);
    const cell = { ref: ref(path), view: everything, row: 0, column: 0, offset: 0, limit: 10 };
    assert.equal((await engine.call('cell', cell)).text, `${B}x`);
  }
});

test('half of a surrogate pair is reported with its lines, and refused in keys and filters', async () => {
  const path = file('halves.jsonl', '{"a":"😀","n":{"x":"\\ud800"}}\n{"a":"\\ud83d"}\n\n{"a":"\\ud83d\\ude00"}\n');
  const { notices } = await opened(path);
  assert.deepEqual(
    notices.filter(({ code }) => code === 'invalid-utf8').map((notice) => render(notice.message)),
    ['1 rows contain half a character, such as \\ud83d (lines 2); each is shown as �'],
  );
  assert.deepEqual((await texts(path)).cells, [
    ['😀', '{"x":"\\ud800"}'],
    ['\ufffd', null],
    ['😀', null],
  ]);
  const filter = await failureOf(texts(path, where("a = '\ud83d'")));
  assert.match(render(filter.message), /contains half a character/);
  const conditions = [{ column: 'a', op: '=' as const, values: ['\ud83d'] }];
  const structured = await failureOf(texts(path, { ...everything, filter: { conditions, expression: '' } }));
  assert.match(render(structured.message), /contains half a character/);
  const key = await failureOf(opened(file('key.jsonl', '{"a":1}\n{"\\udc00b":2}\n')));
  assert.deepEqual(
    [key.code, render(key.message), key.place?.line],
    ['unsupported', 'The text "\\udc00b" contains half a character (an unpaired surrogate)', 2],
  );
});

test('a value of more than a million items shows their number; the other values are whole', async () => {
  // The items of all depths count.
  const lists = (inner: number): string => `list_transform(range(1000), lambda x: repeat([NULL::INT], ${inner}))`;
  const select = `SELECT 1 AS k, {'l': ${lists(1000)}} AS s UNION ALL SELECT 2, {'l': ${lists(9)}} UNION ALL SELECT 3, NULL`;
  const path = await parquet('items.parquet', select);
  const { cells } = await texts(path);
  assert.deepEqual(
    cells.map(([k, s]) => [k, s?.slice(0, 13) ?? null]),
    [
      ['1', '⊘ 1001000 ite'],
      ['2', '{"l":[[null,n'],
      ['3', null],
    ],
  );
  const cell = (row: number) =>
    engine.call('cell', { ref: ref(path), view: everything, row, column: 1, offset: 0, limit: 5 });
  assert.deepEqual(await cell(1), { text: '{"l":', length: 1000 * (2 + 9 * 5 - 1) + 999 + 2 + 6 });
  const { code, message, place } = await failureOf(cell(0));
  assert.deepEqual([code, place?.path], ['unsupported', path]);
  assert.equal(
    render(message),
    'A value has 1,001,000 items; values of more than 1,000,000 items are not made into text',
  );
});
