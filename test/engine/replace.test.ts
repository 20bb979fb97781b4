import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { render } from '../../src/core/message/message.ts';
import { everything } from '../../src/core/table/filter.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { compileFilter } from '../../src/engine/sql/filter.ts';
import { quoteLiteral } from '../../src/engine/sql/quote.ts';
import { engine, failureOf, opened, parquet, ref } from './fixture.ts';
import { memoryDatabase } from './memoryDatabase.ts';

const connection = memoryDatabase();
const string: LogicalType = { kind: 'string' };
const columns = ['x', 'w', 'b'].map((name) => ({ name, type: string }));
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '杭', '😀', '\n', "'", '%'), maxLength: 5 });

test('replace has the answers of DuckDB, for texts and for columns', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 30 }),
      text,
      text,
      async (rows, what, by) => {
        const values = rows.map((row) => `(${row.map(quoteLiteral).join(', ')})`);
        await connection().run(
          `CREATE OR REPLACE TABLE t AS SELECT * FROM (VALUES ${values.join(', ')}, (NULL, 'a', 'b'), ('a', NULL, 'b'), ('a', 'a', NULL)) v(x, w, b)`,
        );
        for (const [w, b] of [
          [quoteLiteral(what), quoteLiteral(by)],
          ['w', 'b'],
          ['w', quoteLiteral(by)],
          [quoteLiteral(what), 'replace(b, w, x)'],
        ]) {
          const condition = compileFilter({ conditions: [], expression: `replace(x, ${w}, ${b}) = b` }, columns);
          const differing = await connection().runAndReadAll(
            `SELECT x FROM t WHERE ${condition} IS DISTINCT FROM coalesce(replace(x, ${w}, ${b}) = b, FALSE)`,
          );
          assert.deepEqual(differing.getRows(), [], `${w} ${b}`);
        }
      },
    ),
    { numRuns: 25 },
  );
});

/** Counts the rows of a condition. */
async function count(path: string, expression: string): Promise<number> {
  const view = { ...everything, filter: { conditions: [], expression } };
  return (await engine.call('count', { ref: ref(path), view })).rows;
}

/** Nested so that every level makes the text 100 times as long. */
function nested(levels: number, inner: string): string {
  return levels === 0 ? inner : `replace(${nested(levels - 1, inner)}, 'a', '${'a'.repeat(100)}')`;
}

test('a text that replace would make too long is refused with its length, never made and never silently NULL', async () => {
  const path = await parquet('grow.parquet', "SELECT 'a' AS x FROM range(10)");
  await opened(path);
  assert.equal(await count(path, `length(${nested(2, 'x')}) = 10000`), 10);
  for (const condition of [
    `length(${nested(3, 'x')}) > 0`,
    // DuckDB's TRY around numbers turns errors into NULL, and NULL would leave the rows out.
    `length(${nested(3, 'x')}) + 1 > 0`,
    `-length(${nested(3, 'x')}) < 0`,
    `sqrt(length(${nested(3, 'x')})) * 2 > 0`,
    `${nested(6, 'x')} is null or x = 'a'`,
    `contains(${nested(3, "'a'")}, x)`,
    `length(replace(${nested(2, 'x')}, x, ${nested(2, 'x')})) > 0`,
  ]) {
    const { code, message, advice } = await failureOf(count(path, condition));
    assert.equal(code, 'bad-filter', condition);
    assert.match(
      render(message),
      /^replace would make a text of 1(00)?,000,000 bytes; longer texts than 100,000 bytes/,
    );
    assert.match(advice ? render(advice) : '', /shorter text/);
  }
});

test('a long text of the data may be replaced by one that is not longer, and nesting costs no more SQL', async () => {
  const path = await parquet('long.parquet', "SELECT repeat('a', 300_000) AS x, 'b' AS w");
  await opened(path);
  assert.equal(await count(path, "length(replace(x, 'a', 'b')) = 300000 and replace(x, 'a', '') = ''"), 1);
  assert.equal(await count(path, 'replace(x, w, x) = x'), 1);
  assert.match(render((await failureOf(count(path, "replace(x, 'a', 'bb') = ''"))).message), /of 600,000 bytes/);
  const length = (levels: number): number =>
    compileFilter({ conditions: [], expression: `${nested(levels, 'x')} = ''` }, columns).length;
  assert.ok(length(20) < 30 * length(1));
});
