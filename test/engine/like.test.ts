import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { everything } from '../../src/core/table/filter.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { compileFilter } from '../../src/engine/sql/filter.ts';
import { quoteLiteral } from '../../src/engine/sql/quote.ts';
import { engine, failureOf, opened, parquet, ref } from './fixture.ts';
import { memoryDatabase } from './memoryDatabase.ts';

const connection = memoryDatabase();

const string: LogicalType = { kind: 'string' };
const columns = [
  { name: 'x', type: string },
  { name: 'p', type: string },
];
const text = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', '%', '_', '\\', '\n', '.', '*', 'é', 'É', 'İ', 'ß', 'K', '😀', 'ſ', 'ς'),
  maxLength: 6,
});

test('like and ilike have the answers of DuckDB, for patterns that are texts and columns', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 50 }), text, async (rows, pattern) => {
      await connection().run(
        `CREATE OR REPLACE TABLE t AS SELECT * FROM (VALUES ${rows.map(([x, p]) => `(${quoteLiteral(x)}, ${quoteLiteral(p)})`).join(', ')}, (NULL, 'a'), ('a', NULL)) v(x, p)`,
      );
      for (const operator of ['like', 'not like', 'ilike', 'not ilike']) {
        for (const [written, sql] of [
          [`'${pattern}'`, quoteLiteral(pattern)],
          ['p', 'p'],
          ['lower(p)', 'lower(p)'],
        ] as const) {
          const condition = compileFilter({ conditions: [], expression: `x ${operator} ${written}` }, columns);
          const differing = await connection().runAndReadAll(
            `SELECT x, p FROM t WHERE ${condition} IS DISTINCT FROM coalesce(x ${operator} ${sql}, FALSE)`,
          );
          assert.deepEqual(differing.getRows(), [], `${operator} ${written}`);
        }
      }
    }),
    { numRuns: 25 },
  );
});

test('a pattern with many % signs ends in time, whatever its letters', async () => {
  const path = await parquet('stars.parquet', "SELECT repeat('a', 4000) AS x, '%a_%a_%a_%a_%a_%ab' AS p");
  await opened(path);
  for (const condition of ["x like '%a_%a_%a_%a_%a_%ab'", "x ilike '%a%a%a%a%a%ab'", 'x like p', 'x ilike lower(p)']) {
    assert.equal(
      (
        await engine.call('count', {
          ref: ref(path),
          view: { ...everything, filter: { conditions: [], expression: condition } },
        })
      ).rows,
      0,
      condition,
    );
  }
});

test('a pattern that is too long for this is refused', async () => {
  const long = '_%'.repeat(600);
  const path = await parquet('long.parquet', `SELECT 'a' AS x, '${long}' AS p`);
  await opened(path);
  for (const expression of [`x like '${long}'`, 'x like p']) {
    assert.equal(
      (
        await failureOf(
          engine.call('page', {
            ref: ref(path),
            view: { ...everything, filter: { conditions: [], expression } },
            first: 0,
            count: 1,
            columns: [0],
          }),
        )
      ).code,
      'bad-filter',
    );
  }
});
