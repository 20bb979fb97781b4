import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { everything } from '../../src/core/table/filter.ts';
import { createEngine } from '../../src/engine/engine.ts';
import type { EngineClient } from '../../src/protocol/engine.ts';
import { arrow, failureCode, folder, parquet, ref } from './fixture.ts';

// Data sets of a config share a DuckDB while their metadata are read.

interface Case {
  readonly root: string;
  readonly engine: EngineClient;
  readonly temporary: string;
  /** Number of DuckDBs that were created since the last call. */
  created(): number;
}

/** An engine of its own, and files of every kind of format, each in its folder. */
async function withCase(context: TestContext, use: (one: Case) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(folder, 'together-'));
  for (const name of ['parquet', 'csv', 'jsonl', 'arrow']) mkdirSync(join(root, name));
  await parquet(join(root, 'parquet/a.parquet'), 'SELECT i::INTEGER AS a FROM range(3) t(i)');
  await arrow(join(root, 'arrow/a.arrow'), 'SELECT i AS b FROM range(4) t(i)');
  writeFileSync(join(root, 'csv/a.csv'), 'c\n1\n2\n');
  writeFileSync(join(root, 'jsonl/a.jsonl'), '{"d": 1}\n');
  const temporary = mkdtempSync(join(folder, 'together-temporary-'));
  const engine = createEngine({ temporaryDirectory: temporary, threads: 1, memoryBytes: 1e9 });
  const { mock } = context.mock.method(DuckDBInstance, 'create');
  const created = (): number => {
    const count = mock.callCount();
    mock.resetCalls();
    return count;
  };
  try {
    await use({ root, engine, temporary, created });
  } finally {
    await engine.dispose();
  }
}

const names = ['arrow/a.arrow', 'csv/a.csv', 'jsonl/a.jsonl', 'parquet/a.parquet'] as const;
const rowsOf = async (
  { root, engine }: Case,
  paths: readonly string[],
  together: readonly string[],
): Promise<unknown> =>
  await Promise.all(
    paths.map(async (path) => {
      const one = {
        ref: { ...ref(join(root, path)), within: root },
        together: together.map((other) => join(root, other)),
      };
      const { rows, columns } = await engine.call('open', one);
      const { ranges } = await engine.call('metadata', { ...one, columns: columns.map(({ name }) => name) });
      return [columns.map(({ name }) => name).join(), rows, ranges];
    }),
  );
const expected = [
  ['b', 4, {}],
  ['c', 2, {}],
  ['d', 1, {}],
  ['a', 3, { a: { min: '0', max: '2' } }],
];

test('data sets that are opened together share a DuckDB; the last one that is closed frees it', async (context) => {
  await withCase(context, async (one) => {
    assert.deepEqual(await rowsOf(one, names, names), expected);
    assert.equal(one.created(), 1);
    // They stay open.
    assert.deepEqual(await rowsOf(one, names, names), expected);
    assert.equal(one.created(), 0);
    const [own = ''] = readdirSync(one.temporary);
    assert.equal(readdirSync(join(one.temporary, own)).length, 1);
    for (const path of names) await one.engine.call('close', { id: join(one.root, path) });
    assert.deepEqual(readdirSync(join(one.temporary, own)), []);
    assert.deepEqual(await rowsOf(one, names, names), expected);
    assert.equal(one.created(), 1);
  });
});

test('rows are read by a DuckDB that sees no other data set', async (context) => {
  await withCase(context, async (one) => {
    await rowsOf(one, names, names);
    one.created();
    const own = { ref: { ...ref(join(one.root, 'csv/a.csv')), within: one.root } };
    const { count } = await one.engine.call('page', { ...own, view: everything, first: 0, count: 9, columns: [0] });
    assert.deepEqual([count, one.created()], [2, 1]);
    assert.deepEqual(await rowsOf(one, ['csv/a.csv'], names), [expected[1]]);
  });
});

test('files that are missing, damaged or outside of the root fail alone', async (context) => {
  await withCase(context, async (one) => {
    const { root, engine } = one;
    writeFileSync(join(root, 'parquet/damaged.parquet'), 'PAR1 no footer PAR1');
    const outside = await parquet('outside.parquet', 'SELECT 1 AS a');
    const wrong = [join(root, 'missing.parquet'), join(root, 'parquet/damaged.parquet'), outside];
    const together = [...names.map((name) => join(root, name)), ...wrong];
    const codes = wrong.map((path) =>
      failureCode(engine.call('open', { ref: { ...ref(path), within: root }, together })),
    );
    assert.deepEqual(await rowsOf(one, names, [...names, 'missing.parquet', 'parquet/damaged.parquet']), expected);
    assert.deepEqual(await Promise.all(codes), ['not-found', 'corrupt', 'refused-path']);
  });
});

test('a file that changed is opened again, also in a folder that the others do not see', async (context) => {
  await withCase(context, async (one) => {
    await rowsOf(one, names, names);
    writeFileSync(join(one.root, 'csv/a.csv'), 'c\n1\n2\n3\n');
    assert.deepEqual(await rowsOf(one, ['csv/a.csv'], names), [['c', 3, {}]]);
    mkdirSync(join(one.root, 'parquet/more'));
    await parquet(join(one.root, 'parquet/more/b.parquet'), 'SELECT 7::INTEGER AS a');
    const all = { ref: { ...ref(join(one.root, 'parquet')), within: one.root }, together: [join(one.root, 'parquet')] };
    assert.equal((await one.engine.call('open', all)).rows, 4);
  });
});

test('after a fatal error of one data set the others are opened again', async (context) => {
  await withCase(context, async (one) => {
    const { root, engine } = one;
    assert.deepEqual(await rowsOf(one, ['arrow/a.arrow'], names), [expected[0]]);
    const damaged = join(root, 'parquet/a.parquet');
    const together = names.map((name) => join(root, name));
    const run = Reflect.get(DuckDBConnection.prototype, 'run') as (sql: string) => Promise<unknown>;
    // DuckDB refuses all statements after it.
    const mocked = context.mock.method(
      DuckDBConnection.prototype,
      'run',
      function (this: DuckDBConnection, sql: string) {
        if (sql === 'SELECT 1' || sql.includes(damaged)) return Promise.reject(new Error('FATAL Error: invalidated'));
        return Reflect.apply(run, this, [sql]);
      },
    );
    await assert.rejects(engine.call('open', { ref: { ...ref(damaged), within: root }, together }));
    mocked.mock.restore();
    one.created();
    assert.deepEqual(await rowsOf(one, names, names), expected);
    assert.ok(one.created() > 0);
  });
});
