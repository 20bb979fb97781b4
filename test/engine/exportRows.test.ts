import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { everything, type View } from '../../src/core/table/filter.ts';
import { sampleFormats, type SampleFormat } from '../../src/core/table/sampleName.ts';
import type { ExportSummary } from '../../src/protocol/engine.ts';
import { engine, failureCode, file, folder, opened, parquet, ref, texts } from './fixture.ts';

const out = join(folder, 'out');
mkdirSync(out);
let made = 0;

/** Exports all columns of a view to a new file. */
async function exported(
  path: string,
  format: SampleFormat,
  { view = everything, guard = true, columns }: { view?: View; guard?: boolean; columns?: number[] } = {},
): Promise<ExportSummary & { readonly file: string }> {
  const { columns: all } = await opened(path);
  const target = join(out, `${String(++made)}.${format}`);
  const request = { ref: ref(path), view, columns: columns ?? all.map((_, k) => k), path: target, format, guard };
  return { ...(await engine.call('exportRows', request)), file: target };
}

const exact = await parquet(
  'exact.parquet',
  `SELECT * FROM (VALUES
    (1, 9223372036854775807::BIGINT, 1.10::DECIMAL(38, 10), TIMESTAMP_NS '2026-11-20 10:00:00.123456789', '杭州', [1.5, NULL], {'a': 1, 'b': 'x'}, '\\x00\\xFF'::BLOB, 0.1::DOUBLE, NULL),
    (2, -9223372036854775808, -12345678901234567890.0000000001, NULL, 'a,"b"' || chr(10), [], NULL, NULL, 'nan', ''),
    (3, NULL, NULL, TIMESTAMP_NS '1969-12-31 23:59:59.999999999', '=1+1', NULL, {'a': NULL, 'b': '=2'}, ''::BLOB, '-inf', '-5')
  ) t(k, big, amount, "at", name, list, nested, bytes, score, text)`,
);

test('each format keeps every digit of every value', async () => {
  const { cells } = await texts(exact);
  for (const format of sampleFormats) {
    const { file: path, rows, bytes } = await exported(exact, format, { guard: false });
    assert.deepEqual([rows, bytes], [3, readFileSync(path).length]);
    const read = await texts(path);
    const columns = (await opened(path)).columns.map(({ name }) => name);
    assert.deepEqual(
      columns,
      (await opened(exact)).columns.map(({ name }) => name),
    );
    // JSON has no bytes and no NaN: they are texts there.
    const skipped = format === 'jsonl' ? [7, 8] : [];
    const shown = (rowsOf: (string | null)[][]): unknown[] =>
      rowsOf.map((row) => row.filter((_, k) => !skipped.includes(k)));
    assert.deepEqual(shown(read.cells), shown(cells), format);
  }
});

test('rows are those of the filter, in the order of the sort, and ties keep the order of the files', async () => {
  const parts = join(folder, 'parts');
  mkdirSync(parts);
  for (const part of [0, 1, 2])
    await parquet(
      join(parts, `p${String(part)}.parquet`),
      `SELECT range + ${part * 3000} AS i, nullif((range * 7) % 13, 0)::DOUBLE AS g FROM range(3000)`,
      'ROW_GROUP_SIZE 2048',
    );
  const expected = Array.from({ length: 9000 }, (_, i) => ({ i, g: ((i % 3000) * 7) % 13 })).filter(({ i }) => i > 9);
  const filter = { conditions: [], expression: 'i > 9' };
  for (const format of sampleFormats) {
    const inFileOrder = await texts(
      (await exported(parts, format, { view: { filter, sort: [] } })).file,
      everything,
      0,
      9000,
    );
    assert.deepEqual(
      inFileOrder.cells.map(([i]) => Number(i)),
      expected.map(({ i }) => i),
      format,
    );
    const sort = [{ column: 'g', descending: true }];
    const sorted = await texts((await exported(parts, format, { view: { filter, sort } })).file, everything, 0, 9000);
    // NULL, which 0 became, comes last. The order is that of the numbers, not of their texts in CSV and JSONL.
    const order = [...expected].sort((a, b) => b.g - a.g || a.i - b.i);
    assert.deepEqual(
      sorted.cells.map(([i]) => Number(i)),
      order.map(({ i }) => i),
      format,
    );
  }
});

test('a guarded CSV shows formulas as text, and counts them with their names', async () => {
  const path = await parquet(
    'formulas.parquet',
    `SELECT * FROM (VALUES ('=1', 'a', -1), ('-5', '+x', 2), (NULL, '', 3)) t("=name", text, number)`,
  );
  const { file: guarded, guarded: count } = await exported(path, 'csv');
  assert.equal(readFileSync(guarded, 'utf8'), `'=name,text,number\n'=1,a,-1\n-5,'+x,2\n,"",3\n`);
  assert.equal(count, 3);
  const { file: plain, guarded: none } = await exported(path, 'csv', { guard: false });
  assert.equal(readFileSync(plain, 'utf8'), `=name,text,number\n=1,a,-1\n-5,+x,2\n,"",3\n`);
  assert.equal(none, 0);
});

test('chosen columns only, in their order; no rows make a file with columns', async () => {
  const { file: path } = await exported(exact, 'parquet', {
    columns: [4, 0],
    view: { filter: { conditions: [], expression: 'k > 5' }, sort: [] },
  });
  assert.deepEqual(
    (await opened(path)).columns.map(({ name }) => name),
    ['name', 'k'],
  );
  assert.equal((await opened(path)).rows, 0);
});

test('nothing remains of an export that fails or is cancelled', async () => {
  const csv = file('damaged.csv', 'i,v\n1,2\n2,3\n');
  await opened(csv);
  const before = readdirSync(out).length;
  const request = {
    ref: ref(csv),
    view: everything,
    columns: [0],
    path: join(out, 'none.csv'),
    format: 'csv',
    guard: true,
  } as const;
  const aborted = new AbortController();
  aborted.abort();
  assert.equal(await failureCode(engine.call('exportRows', request, { signal: aborted.signal })), 'cancelled');
  const during = new AbortController();
  const running = engine.call('exportRows', request, {
    signal: during.signal,
    progress: () => {
      during.abort();
    },
  });
  assert.equal(await failureCode(running), 'cancelled');
  const { fingerprint } = await opened(csv);
  writeFileSync(csv, 'i,v\n1,2\n2,3\n4,5\n');
  assert.equal(
    await failureCode(engine.call('exportRows', { ...request, ref: { ...ref(csv), fingerprint } })),
    'changed',
  );
  assert.equal(await failureCode(engine.call('exportRows', { ...request, columns: [] })), 'bad-request');
  assert.equal(readdirSync(out).length, before);
});

test('a file that the data set reads, or would read next time, is refused and kept', async () => {
  const parts = join(folder, 'kept');
  mkdirSync(parts);
  const part = await parquet(join(parts, 'p0.parquet'), 'SELECT range AS i FROM range(3)');
  const bytes = readFileSync(part);
  const linked = join(folder, 'link-to-kept');
  symlinkSync(parts, linked);
  const deep = join(parts, 'dt=1', 'p1.parquet');
  for (const path of [part, join(parts, 'p1.parquet'), deep, join(linked, 'dt=1', 'p1.csv')])
    assert.equal(
      await failureCode(
        engine.call('exportRows', {
          ref: ref(parts),
          view: everything,
          columns: [0],
          path,
          format: 'parquet',
          guard: true,
        }),
      ),
      'bad-request',
    );
  assert.deepEqual(readdirSync(parts), ['p0.parquet']);
  assert.deepEqual(readFileSync(part), bytes);
});
