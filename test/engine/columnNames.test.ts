import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { render } from '../../src/core/message/message.ts';
import { everything, type View } from '../../src/core/table/filter.ts';
import { Tables } from '../../src/engine/tables/tables.ts';
import { quoteIdentifier, quoteLiteral } from '../../src/engine/sql/quote.ts';
import { arrow, engine, failureOf, file, folder, opened, parquet, ref, texts } from './fixture.ts';

type NamedValue = readonly [name: string, value: string];

const formats = ['parquet', 'arrow', 'csv', 'jsonl'] as const;

/** Writes a file of one row. DuckDB writes no two names that differ only in case, so names are put in afterwards. */
async function rowFile(name: string, columns: readonly NamedValue[]): Promise<string> {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  if (name.endsWith('.csv')) return file(name, [0, 1].map((k) => `${columns.map((c) => c[k]).join(',')}\n`).join(''));
  if (name.endsWith('.jsonl')) return file(name, `${JSON.stringify(Object.fromEntries(columns))}\n`);
  return await renamed(
    name,
    columns.map(([own, value]) => [own, quoteLiteral(value)]),
  );
}

/** Writes one row of SQL values as Parquet or Arrow, with any names of at least two bytes. */
async function renamed(name: string, columns: readonly (readonly [name: string, sql: string])[]): Promise<string> {
  const holders = columns.map(([own], k) => `~${k}`.padEnd(Buffer.byteLength(own), '~'));
  const select = `SELECT ${columns.map(([, sql], k) => `${sql} AS ${quoteIdentifier(holders[k] ?? '')}`).join(', ')}`;
  const path = name.endsWith('.arrow') ? await arrow(name, select) : await parquet(name, select);
  const bytes = columns.reduce(
    (text, [own], k) => text.replaceAll(holders[k] ?? '', Buffer.from(own).toString('latin1')),
    readFileSync(path, 'latin1'),
  );
  writeFileSync(path, bytes, 'latin1');
  return path;
}

const where = (expression: string): View => ({ ...everything, filter: { conditions: [], expression } });
const foldAscii = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

test('every value is read by its exact name, or its column says which other name differs only in case', async () => {
  // The last four are equal to another name only in Unicode's lower case, which DuckDB does not use.
  const names = ['item', 'Item', 'ITEM', 'item_1', 'Item_1', 'user', 'User', 'clé', 'clÉ', '\u0130x', 'i\u0307x'];
  const files = fc.array(fc.shuffledSubarray(names, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(files, fc.constantFrom(...formats), async (columnsOfFiles, format) => {
      const path = join(folder, `names-${run++}`);
      const valueOf = (k: number, name: string): string => `v${k} ${name}`;
      for (const [k, own] of columnsOfFiles.entries())
        await rowFile(
          `${path}/${k}.${format}`.slice(folder.length + 1),
          own.map((name) => [name, valueOf(k, name)]),
        );
      const all = [...new Set(columnsOfFiles.flat())];
      const twin = (name: string): boolean => all.some((o) => o !== name && foldAscii(o) === foldAscii(name));
      const { columns, notices } = await opened(path);
      assert.deepEqual(
        columns.map(({ name }) => name),
        all,
      );
      const { cells } = await texts(path);
      assert.deepEqual(
        cells,
        columnsOfFiles.map((own, k) =>
          all.map((name) => (twin(name) ? '⊘' : own.includes(name) ? valueOf(k, name) : null)),
        ),
      );
      for (const name of all) {
        const filtered = texts(path, where(`${quoteIdentifier(name)} = ${quoteLiteral(valueOf(0, name))}`));
        if (twin(name)) {
          const text = render((await failureOf(filtered)).message);
          assert.match(text, /^Column .+ cannot be read: its name differs from that of column .+ only in letter case/);
          assert.ok(notices.some((notice) => render(notice.message) === text));
        } else assert.equal((await filtered).total, columnsOfFiles[0]?.includes(name) ? 1 : 0);
      }
      await engine.call('close', { id: path });
    }),
    { numRuns: 20 },
  );
});

test('a name in other case is an unknown column in filters and sorts', async () => {
  for (const format of formats) {
    const path = await rowFile(`one.${format}`, [['Item', 'x']]);
    const failure = await failureOf(texts(path, where("item = 'x'")));
    assert.deepEqual(
      [render(failure.message), failure.advice && render(failure.advice)],
      ['Unknown column item', 'Did you mean Item?'],
    );
    const conditions = [{ column: 'item', op: 'is not null' as const, values: [] }];
    assert.equal(
      (await failureOf(texts(path, { ...everything, filter: { conditions, expression: '' } }))).code,
      'bad-filter',
    );
    await failureOf(texts(path, { ...everything, sort: [{ column: 'item', descending: false }] }));
  }
});

test('a struct whose fields differ only in case is not read, and the reason names both', async () => {
  for (const format of ['parquet', 'arrow']) {
    const path = await renamed(`fields.${format}`, [
      ['column', "{'inner': [{'~1~': 1, '~2~': 2}]}"],
      ['other', '7'],
    ]);
    const bytes = readFileSync(path, 'latin1');
    const rewritten = (one: string, two: string): void => {
      writeFileSync(path, bytes.replaceAll('~1~', one).replaceAll('~2~', two), 'latin1');
    };
    rewritten('key', 'Key');
    const { notices } = await opened(path);
    assert.deepEqual(
      notices.map((notice) => render(notice.message)),
      [
        'Column column cannot be read: the names of its fields key and Key are equal except for letter case. Rename one',
      ],
    );
    assert.deepEqual((await texts(path)).cells, [['⊘', '7']]);
    // “É” and “é” in UTF-8.
    rewritten('x\u00c3\u0089', 'x\u00c3\u00a9');
    await engine.call('close', { id: path });
    assert.deepEqual((await texts(path)).cells, [['{"inner":[{"xÉ":1,"xé":2}]}', '7']]);
    assert.equal((await texts(path, where('other = 7'))).total, 1);
    assert.match(render((await failureOf(texts(path, where('column.Inner is null')))).message), /^Unknown field Inner/);
  }
});

test('a folder column that differs only in case from a column of the files hides neither', async () => {
  for (const format of formats) {
    await rowFile(`folders-${format}/Day=9/rows.${format}`, [['day', 'mine']]);
    const path = join(folder, `folders-${format}`);
    const { columns, notices } = await opened(path);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['day_1', 'Day'],
    );
    assert.deepEqual((await texts(path)).cells, [['mine', '9']]);
    assert.deepEqual(
      notices.map((notice) => render(notice.message)),
      ['Folders and files both have a column day. The column of the files is shown as day_1'],
    );
    assert.equal(render((await failureOf(texts(path, where("day = 'mine'")))).message), 'Unknown column day');
    await rowFile(`nested-${format}/Day=9/DAY=8/rows.${format}`, [['kept', 'yes']]);
    assert.deepEqual((await texts(join(folder, `nested-${format}`))).cells, [['yes', '⊘', '⊘']]);
  }
});

test('columns of one name in a Parquet file are told apart, also from a column with the name that one gets', async () => {
  const columns = ['dup', 'dup', 'dup_1', 'other'].map((name, k) => [name, `${k + 1}::BIGINT`] as const);
  const path = await renamed('repeated.parquet', columns);
  const { columns: shown, notices } = await opened(path);
  const names = ['dup', 'dup_2', 'dup_1', 'other'];
  assert.deepEqual(
    shown.map(({ name }) => name),
    names,
  );
  assert.match(notices.map((notice) => render(notice.message)).join('\n'), /more than once.*shown as dup_2$/);
  assert.deepEqual((await texts(path, where('dup_1 = 3 and dup_2 = 2'))).cells, [['1', '2', '3', '4']]);
  const { ranges } = await engine.call('metadata', { ref: ref(path), columns: names });
  // Statistics have only the name, so those of the equal names are not used.
  assert.deepEqual(ranges, { dup_1: { min: '3', max: '3' }, other: { min: '4', max: '4' } });
});

test('a config reads no column whose name differs only in case', async () => {
  for (const format of formats) {
    const path = await rowFile(`table.${format}`, [
      ['Item', 'wrong'],
      ['item', 'right'],
      ['item_1', 'own'],
    ]);
    const tables = await Tables.open(
      [ref(path)],
      join(folder, `tables-${format}`),
      { threads: 1, memoryBytes: 1e9 },
      {},
    );
    try {
      const relation = tables.table(ref(path)).relation();
      assert.deepEqual(await tables.rows(`SELECT "item_1" FROM ${relation}`, {}), [['own']]);
      const failure = await failureOf(tables.rows(`SELECT "item" FROM ${relation}`, {}));
      assert.match(render(failure.message), /^Column [iI]tem cannot be read/);
    } finally {
      await tables.close();
    }
  }
});
