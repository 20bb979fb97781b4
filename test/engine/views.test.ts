import './twoThreads.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFormula, spreadsheetField } from '../../src/core/report/spreadsheetText.ts';
import { everything, type View } from '../../src/core/table/filter.ts';
import { decodePage } from '../../src/core/table/page.ts';
import { page } from '../../src/engine/methods/page.ts';
import { OpenDatasets } from '../../src/engine/answers/openDatasets.ts';
import { engine, failureCode, file, folder, parquet, ref } from './fixture.ts';

const ROWS = 5000;
/**
 * The row that the same formula gives in SQL and in JavaScript. It has few distinct values, so that sorts have ties,
 * and it has NULLs. Row numbers of the engine once hid a column named r.
 */
const source = Array.from({ length: ROWS }, (_, i) => ({
  i,
  g: (i * 7) % 13 === 0 ? null : (i * 7) % 13,
  s: `k${(i * 31) % 101}`,
  r: (i * 41) % 97,
}));
const csv = `i,g,s,r\n${source.map((row) => `${row.i},${row.g ?? ''},${row.s},${row.r}`).join('\n')}\n`;
const paths = {
  parquet: await parquet(
    'views.parquet',
    `SELECT CAST(i AS BIGINT) AS i, nullif((i * 7) % 13, 0) AS g, 'k' || ((i * 31) % 101) AS s, (i * 41) % 97 AS r FROM range(${ROWS}) t(i)`,
    'COMPRESSION zstd, ROW_GROUP_SIZE 2048',
  ),
  csv: file('views.csv', csv),
};

/**
 * Source rows of a view, computed without the engine. Strings compare by code units, which matches SQL's order for
 * these values.
 */
function reference(minimum: number, sort: View['sort']): number[] {
  const rows = source.filter((r) => r.i >= minimum);
  return rows
    .sort((a, b) => {
      for (const { column, descending } of sort) {
        const [x, y] =
          column === 'g' ? [a.g, b.g] : column === 's' ? [a.s, b.s] : column === 'r' ? [a.r, b.r] : [a.i, b.i];
        if (x === y) continue;
        if (x === null) return 1;
        if (y === null) return -1;
        return (x < y ? -1 : 1) * (descending ? -1 : 1);
      }
      return a.i - b.i;
    })
    .map((r) => r.i);
}

async function rowsOf(path: string, view: View, first: number, count: number): Promise<number[]> {
  const page = await engine.call('page', { ref: ref(path), view, first, count, columns: [0] });
  const decoded = decodePage(page.arrow);
  const rows = Array.from({ length: decoded.length }, (_, r) => decoded.sourceRow(r));
  assert.deepEqual(
    rows.map(String),
    rows.map((_, r) => decoded.text(r, 0)),
    'row number and cells belong together',
  );
  return rows;
}

const sortKey = fc.record({ column: fc.constantFrom('g', 's', 'r', 'i'), descending: fc.boolean() });
const viewArbitrary = fc.record({
  minimum: fc.constantFrom(0, 0, 10, 4990, 6000),
  sort: fc.uniqueArray(sortKey, { selector: (k) => k.column, maxLength: 2 }),
  first: fc.nat(ROWS + 10),
  count: fc.nat(300),
});

for (const [format, path] of Object.entries(paths)) {
  test(`any page of any view of a ${format} file is what a plain sort and filter give`, async () => {
    await fc.assert(
      fc.asyncProperty(viewArbitrary, async ({ minimum, sort, first, count }) => {
        const view: View = {
          filter: {
            conditions: minimum === 0 ? [] : [{ column: 'i', op: '>=', values: [String(minimum)] }],
            expression: '',
          },
          sort,
        };
        assert.deepEqual(await rowsOf(path, view, first, count), reference(minimum, sort).slice(first, first + count));
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test(`the first page of a sorted ${format} file is the same before and after the whole order is known`, async () => {
    const view: View = { filter: everything.filter, sort: [{ column: 's', descending: true }] };
    const early = await rowsOf(path, view, 0, 50);
    const late = await engine.call('page', { ref: ref(path), view, first: ROWS - 1, count: 1, columns: [0] });
    assert.equal(late.rows, ROWS);
    assert.deepEqual(await rowsOf(path, view, 0, 50), early);
    assert.deepEqual(early, reference(0, view.sort).slice(0, 50));
  });

  test(`counts of a ${format} file say which condition alone matches nothing`, async () => {
    const view: View = {
      filter: {
        conditions: [
          { column: 'i', op: '<', values: ['10'] },
          { column: 's', op: '=', values: ['nobody'] },
        ],
        expression: 'g is null',
      },
      sort: [],
    };
    const nulls = source.filter((r) => r.g === null).length;
    assert.deepEqual(await engine.call('count', { ref: ref(path), view }), { rows: 0, alone: [10, 0, nulls] });
  });
}

test('a sorted view of rows that lie far apart reads them from a copy with an index, in the right order', async () => {
  const rows = 1_200_000;
  const path = await parquet(
    'large.parquet',
    `SELECT CAST(i AS BIGINT) AS i, (i * 48271) % ${rows} AS key FROM range(${rows}) t(i)`,
  );
  const view: View = { filter: everything.filter, sort: [{ column: 'key', descending: false }] };
  const position = new Map<number, number>();
  for (let i = 0; i < rows; i++) position.set((i * 48271) % rows, i);
  for (let turn = 0; turn < 3; turn++) {
    const first = 300_000 + turn * 400_000;
    assert.deepEqual(
      await rowsOf(path, view, first, 100),
      Array.from({ length: 100 }, (_, k) => position.get(first + k)),
    );
  }
});

test('a filter keeps the order of the rows, over many row groups and files', async () => {
  const each = 150_000;
  for (let k = 0; k < 4; k++) {
    await parquet(
      `many-${k}.parquet`,
      `SELECT CAST(i AS BIGINT) AS i${k === 2 ? ', 1 AS extra' : ''} FROM range(${k * each}, ${(k + 1) * each}) t(i)`,
      'COMPRESSION zstd, ROW_GROUP_SIZE 10240',
    );
  }
  const path = join(folder, 'many-*.parquet');
  for (const [modulus, remainder] of [
    [3, 1],
    [7_001, 7_000],
    [1, 0],
  ] as const) {
    const view: View = { filter: { conditions: [], expression: `i % ${modulus} = ${remainder}` }, sort: [] };
    const all = Math.ceil((4 * each - remainder) / modulus);
    const expected = (first: number, count: number): number[] =>
      Array.from({ length: Math.max(0, Math.min(count, all - first)) }, (_, k) => (first + k) * modulus + remainder);
    assert.deepEqual(await rowsOf(path, view, 0, 200), expected(0, 200));
    assert.deepEqual(await rowsOf(path, view, 30, 60), expected(30, 60));
    for (const first of [1500, all >> 1, Math.max(0, all - 100)])
      assert.deepEqual(await rowsOf(path, view, first, 200), expected(first, 200));
  }
});

test('a parameter out of range or of a wrong kind is refused and named', async () => {
  const path = paths.csv;
  const page = (more: object): Promise<unknown> =>
    engine.call('page', { ref: ref(path), view: everything, first: 0, count: 10, columns: [0], ...more });
  assert.equal(await failureCode(page({ first: -1 })), 'bad-request');
  assert.equal(await failureCode(page({ count: 1e9 })), 'bad-request');
  assert.equal(await failureCode(page({ columns: [99] })), 'bad-request');
  assert.equal(
    await failureCode(page({ view: { ...everything, sort: [{ column: 'nope', descending: true }] } })),
    'bad-request',
  );
  assert.equal(
    await failureCode(page({ view: { ...everything, filter: { conditions: [], expression: 'nope = 1' } } })),
    'bad-filter',
  );
  assert.equal(
    await failureCode(
      page({ view: { ...everything, filter: { conditions: [], expression: "read_text('/etc/passwd') = ''" } } }),
    ),
    'bad-filter',
  );
});

test('a copy is whole and exact; CSV and TSV guard what a spreadsheet would run as a formula, in headers too', async () => {
  const path = file('copy.csv', 'id,text,=1+1\n9007199254740993,"=1+1",-2\n-2,"a\tb",@x\n3,,+49\n4,"",-1+cmd\n');
  const copy = (format: 'tsv' | 'csv' | 'json'): ReturnType<typeof engine.call<'copy'>> =>
    engine.call('copy', {
      ref: ref(path),
      view: everything,
      first: 0,
      count: 10,
      columns: [0, 1, 2],
      headers: true,
      format,
    });
  assert.deepEqual(await copy('tsv'), {
    text: `id\ttext\t'=1+1\n9007199254740993\t'=1+1\t-2\n-2\t"a\tb"\t'@x\n3\t\t+49\n4\t\t'-1+cmd`,
    rows: 4,
    guarded: 4,
  });
  assert.deepEqual(await copy('csv'), {
    text: `id,text,'=1+1\n9007199254740993,'=1+1,-2\n-2,a\tb,'@x\n3,,+49\n4,"",'-1+cmd`,
    rows: 4,
    guarded: 4,
  });
  assert.deepEqual(await copy('json'), {
    text: '[{"id": 9007199254740993, "text": "=1+1", "=1+1": "-2"},\n{"id": -2, "text": "a\\tb", "=1+1": "@x"},\n{"id": 3, "text": null, "=1+1": "+49"},\n{"id": 4, "text": "", "=1+1": "-1+cmd"}]',
    rows: 4,
    guarded: 0,
  });
});

test('no text copied as CSV or TSV starts a formula; other texts are unchanged', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', '1', 'a', '＝') }),
      fc.constantFrom(',' as const, '\t' as const),
      (text, delimiter) => {
        const field = spreadsheetField(text, delimiter);
        const read = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
        if (!field.startsWith('"')) assert.ok(!field.includes(delimiter) && !/["\r\n]/.test(field));
        assert.ok(!/^[=+\-@\t\r\n＝]/.test(read) || /^[+-]?\d+$/.test(read), JSON.stringify(read));
        assert.ok(read === text || (read === `'${text}` && isFormula(text)));
      },
    ),
  );
});

test('a page and a copy of more columns than one query reads are those of few columns, in any view', async () => {
  const names = Array.from({ length: 1_203 }, (_, k) => `c${k}`);
  const cell = (row: number, k: number): string => (k % 3 === 0 ? `t${row} ${k}` : String(((row * 37) % 101) + k));
  const wide = {
    csv: file(
      'many.csv',
      [names, ...Array.from({ length: 40 }, (_, row) => names.map((_name, k) => cell(row, k)))]
        .map((line) => `${line.join(',')}\n`)
        .join(''),
    ),
    parquet: await parquet(
      'many.parquet',
      `SELECT ${names.map((name, k) => (k % 3 === 0 ? `'t' || i || ' ${k}' AS ${name}` : `(i * 37) % 101 + ${k} AS ${name}`)).join(', ')} FROM range(40) t(i)`,
    ),
  };
  const all = names.map((_, k) => k);
  const expression = 'c1 >= 20';
  const views: View[] = [
    everything,
    { ...everything, filter: { conditions: [], expression } },
    { ...everything, sort: [{ column: 'c1202', descending: true }] },
    { filter: { conditions: [], expression }, sort: [{ column: 'c1', descending: false }] },
  ];
  for (const path of Object.values(wide)) {
    for (const view of views) {
      const page = decodePage(
        (await engine.call('page', { ref: ref(path), view, first: 3, count: 25, columns: all })).arrow,
      );
      assert.equal(page.length, 25);
      const read = Array.from({ length: 25 }, (_, r) => [page.sourceRow(r), ...all.map((k) => page.text(r, k))]);
      assert.deepEqual(
        read,
        read.map(([row]) => [row, ...all.map((k) => cell(Number(row), k))]),
      );
      const few = decodePage(
        (await engine.call('page', { ref: ref(path), view, first: 3, count: 25, columns: [0] })).arrow,
      );
      assert.deepEqual(
        read.map(([row]) => row),
        read.map((_, r) => few.sourceRow(r)),
      );
      const { text } = await engine.call('copy', {
        ref: ref(path),
        view,
        first: 3,
        count: 25,
        columns: all,
        format: 'tsv',
        headers: false,
      });
      assert.deepEqual(
        text.trimEnd().split('\n'),
        read.map(([, ...cells]) => cells.join('\t')),
      );
    }
  }
});

test('the first page of a view is there before all its rows are looked for', async () => {
  const datasets = new OpenDatasets({ temporaryDirectory: folder, threads: 1, memoryBytes: 1e8 });
  try {
    const asked = ref(paths.parquet);
    const { views } = await datasets.get(asked, {});
    const started = new Promise<View>((resolve) => {
      views.start = async (view) => {
        resolve(view);
        return false;
      };
    });
    const view: View = { filter: { conditions: [], expression: 'i >= 100' }, sort: [] };
    const first = await Promise.race([
      page(datasets, { ref: asked, view, first: 0, count: 10, columns: [0] }, {}).then(({ count }) => `${count} rows`),
      started.then(() => 'all rows'),
    ]);
    assert.equal(first, '10 rows');
    assert.deepEqual(await started, view);
  } finally {
    await datasets.closeAll();
  }
});
