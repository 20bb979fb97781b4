import { DuckDBConnection } from '@duckdb/node-api';

type Run = DuckDBConnection['run'];

interface Operator {
  readonly name: string;
  readonly children: readonly Operator[];
}

/** Operators of DuckDB that compare each row of one side with all rows of the other. */
const loops = new Set(['NESTED_LOOP_JOIN', 'BLOCKWISE_NL_JOIN', 'CROSS_PRODUCT']);

/**
 * Explains each statement before it runs.
 * @returns the statements with a join that compares all pairs of rows of two tables. A side of one row, such as the
 *   result of a scalar subquery, is no table.
 */
export function watchJoins(): readonly string[] {
  const statements: string[] = [];
  const run: Run = Reflect.get(DuckDBConnection.prototype, 'run');
  DuckDBConnection.prototype.run = async function explained(sql, ...rest) {
    if (/^\s*(SELECT|WITH|CREATE|COPY|INSERT)\b/.test(sql) && sql.includes(' JOIN ')) {
      const rows = await (await run.call(this, `EXPLAIN (FORMAT json) ${sql}`)).getRows();
      const plan = JSON.parse(String(rows[0]?.[1])) as readonly Operator[];
      if (plan.some(comparesAllPairs)) statements.push(sql);
    }
    return await run.call(this, sql, ...rest);
  };
  return statements;
}

function comparesAllPairs({ name, children }: Operator): boolean {
  return (loops.has(name.trim()) && !children.some(hasOneRow)) || children.some(comparesAllPairs);
}

function hasOneRow({ name, children }: Operator): boolean {
  const [child, ...others] = children;
  if (name.trim() === 'UNGROUPED_AGGREGATE' || name.trim() === 'DUMMY_SCAN') return true;
  return child !== undefined && others.length === 0 && hasOneRow(child);
}
