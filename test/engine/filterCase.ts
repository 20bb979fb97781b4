import type { Condition } from '../../src/core/table/filter.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { compileFilter } from '../../src/engine/sql/filter.ts';
import { quoteIdentifier } from '../../src/engine/sql/quote.ts';
import { memoryDatabase } from './memoryDatabase.ts';

export const connection = memoryDatabase();

interface TestTable {
  readonly name: string;
  readonly columns: { name: string; type: LogicalType }[];
}

export async function table(
  name: string,
  columns: [name: string, sql: string, type: LogicalType][],
  rows: readonly string[],
): Promise<TestTable> {
  await connection().run(
    `CREATE OR REPLACE TABLE ${name} (row INTEGER, ${columns.map(([c, sql]) => `${quoteIdentifier(c)} ${sql}`).join(', ')})`,
  );
  if (rows.length > 0)
    await connection().run(`INSERT INTO ${name} VALUES ${rows.map((r, i) => `(${i}, ${r})`).join(', ')}`);
  return { name, columns: columns.map(([c, , type]) => ({ name: c, type })) };
}

/** Numbers of the rows that match the filter. */
export async function matches(t: TestTable, expression: string, ...conditions: Condition[]): Promise<number[]> {
  const sql = compileFilter({ conditions, expression }, t.columns);
  const result = await connection().runAndReadAll(`SELECT row FROM ${t.name} WHERE ${sql} ORDER BY row`);
  return result.getRows().map(([row]) => Number(row));
}

export const int = (bits: 32 | 64 | 128, signed = true): LogicalType => ({ kind: 'integer', bits, signed });
