import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { everything, type View } from '../../src/core/table/filter.ts';
import type { ViewedFiles } from '../../src/core/viewSql/viewedFiles.ts';
import { viewSql } from '../../src/core/viewSql/viewSql.ts';
import { viewedFilters, viewedRows } from '../fixtures/views.ts';
import { engine, file, folder, opened, parquet, ref, texts } from './fixture.ts';
import { withConnection } from './testDatabase.ts';

/** The files of a data set, as the inspector knows them. */
async function filesOf(path: string): Promise<ViewedFiles> {
  const { format, columns } = await opened(path);
  const { files, text } = await engine.call('facts', { ref: ref(path) });
  return { path, format, columns, first: files.list[0]?.path ?? path, text };
}

/** First column of the rows of a statement. */
async function run(sql: string): Promise<string[]> {
  let rows: string[] = [];
  await withConnection(async (connection) => {
    rows = (await connection.runAndReadAll(sql)).getRows().map(([first]) => String(first));
  });
  return rows;
}

async function assertAlike(path: string, view: View): Promise<void> {
  const sql = viewSql('duckdb', await filesOf(path), view, ['row']);
  const { cells } = await texts(path, view);
  assert.deepEqual(
    await run(sql),
    cells.map(([first]) => first),
    sql,
  );
}

test('the SQL of a view has its rows in DuckDB, for every kind of condition and expression', async () => {
  const path = join(folder, "it's viewed.parquet");
  renameSync(await parquet('viewed.parquet', viewedRows), path);
  for (const one of viewedFilters) {
    const filter = typeof one === 'string' ? { conditions: [], expression: one } : { conditions: one, expression: '' };
    await assertAlike(path, { filter, sort: [] });
  }
  const both = { conditions: [{ column: 'row', op: '>', values: ['1'] }], expression: 'row = 1 or row > 2' } as const;
  await assertAlike(path, { filter: both, sort: [{ column: 'user id', descending: true }] });
  assert.equal(
    viewSql('duckdb', await filesOf(path), { filter: both, sort: [{ column: 'price', descending: true }] }, null),
    `SELECT *
FROM read_parquet('${path.replaceAll("'", "''")}')
WHERE "row" > 1
  AND ("row" = 1 OR "row" > 2)
ORDER BY "price" DESC NULLS LAST;
`,
  );
});

test('small integers do not overflow in the SQL of a view', async () => {
  const path = await parquet('small.parquet', 'SELECT range::TINYINT AS row FROM range(100)');
  for (const expression of ['row * row > 9700', '-row * row < -9700', 'abs(row) * row > 9600']) {
    const view = { filter: { conditions: [], expression }, sort: [] };
    await assertAlike(path, view);
    assert.equal((await texts(path, view)).cells.length > 0, true, expression);
  }
});

test('folders of partitions and text files are read with the types of the view', async () => {
  mkdirSync(join(folder, 'days', 'dt=2026-11-20', 'v=07'), { recursive: true });
  await parquet('days/dt=2026-11-20/v=07/part-0.parquet', 'SELECT range AS row FROM range(3)');
  const days = join(folder, 'days');
  await assertAlike(days, { ...everything, filter: { conditions: [], expression: "dt = '2026-11-20' and row > 0" } });
  const csv = file('odd.csv', 'row;id;"the note"\n1;007;"a;""b"""\n2;8;\n3;9;c\n');
  await assertAlike(csv, { ...everything, filter: { conditions: [], expression: '"the note" is not null' } });
  const jsonl = file('odd.jsonl', '{"row": 1, "tags": ["a"]}\n{"row": 2, "tags": null, "x": 1.5}\n');
  await assertAlike(jsonl, { ...everything, filter: { conditions: [], expression: "contains(tags, 'a')" } });
});

test('a view of text has the empty texts and the columns of every file', async () => {
  for (const name of ['run[1]', 'run[1]/more', 'run1', "it's;"]) mkdirSync(join(folder, name));
  file('run1/a.csv', 'row,note\n9,\n');
  file('run[1]/a.csv', 'row,note\n1,""\n2,\n');
  file('run[1]/more/b.csv', 'note,row\n,3\n"",4\n');
  const isNull = { ...everything, filter: { conditions: [], expression: 'note is null' } };
  await assertAlike(join(folder, 'run[1]'), isNull);
  await assertAlike(join(folder, 'run[1]', 'a.csv'), isNull);
  // Spark takes no expression for an option.
  const sql = viewSql('spark', await filesOf(file("it's;/t.tsv", 'row\tnote\n1\tx\n')), isNull, null);
  assert.match(
    sql,
    /\(path '.*\/it\\u0027s\\u003b\/t\.tsv', header 'true', sep '\\u0009', quote '"', escape '"', multiLine/,
  );
  assert.match(
    viewSql('spark', await filesOf(join(folder, 'run[1]')), isNull, null),
    /\(path '.*\/run\\u005c\[1\\u005c\]', pathGlobFilter '\*\.csv', recursiveFileLookup 'true', header 'true', enforceSchema 'false',/,
  );
});

test('a value that is missing is no value in Spark either', async () => {
  const files = await filesOf(await parquet('missing.parquet', viewedRows));
  const filter = { conditions: [], expression: 'not is_nan(score) and not contains(tags, 3)' };
  assert.match(
    viewSql('spark', files, { filter, sort: [] }, null),
    /NOT CASE WHEN (.*) IS NOT NULL THEN isnan\(\1\) END\n {2}AND NOT CASE WHEN tags IS NOT NULL AND 3 IS NOT NULL THEN coalesce\(array_contains\(tags, 3\), FALSE\) END/,
  );
});

test('what Spark cannot do exactly is refused, not approximated', async () => {
  const files = await filesOf(await parquet('refused.parquet', viewedRows));
  const filter = { conditions: [], expression: "text(weight) = '0.1'" };
  assert.throws(
    () => viewSql('spark', files, { filter, sort: [] }, null),
    (error) => error instanceof FailureError && error.failure.code === 'unsupported',
  );
});
