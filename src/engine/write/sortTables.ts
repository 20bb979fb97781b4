import { message } from '../../core/message/message.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';

/** Share of the memory limit up to which everything is sorted at once, and share that a piece may have. */
const [WHOLE, PIECE] = [0.4, 0.3];

/** Tables whose rows are put into one sorted table. */
export interface Unsorted {
  /** SQL of tables with equal columns, at least one. Each of them fits into memory several times. */
  readonly sources: readonly string[];
  /** SQL of the sorted table. Its `rowid` is the rank. */
  readonly target: string;
  /** SQL of the keys, with their directions. */
  readonly keys: readonly string[];
  /** SQL of the column of days, if they are the first key. */
  readonly day: string | null;
  /** SQL of the first key, or of the key after the day: a number whose values are spread evenly. */
  readonly spread: string;
  /** Bytes of all rows. */
  readonly bytes: number;
  /** Most bytes that are sorted at once, if the caller knows it. */
  readonly mostBytes: number | undefined;
}

/**
 * Creates the sorted table and drops the sources. What does not fit into memory is sorted twice: each source alone, and
 * then piece by piece, because the database needs several times the memory of what it sorts at once.
 */
export async function sortTables(tables: Tables, unsorted: Unsorted, work: Work): Promise<void> {
  const { sources, target, keys, bytes, mostBytes = WHOLE * tables.memoryBytes } = unsorted;
  const order = `ORDER BY ${keys.join(', ')}`;
  const text = message('Ordering the rows');
  if (bytes <= mostBytes) {
    await tables.statement(`CREATE TABLE ${target} AS SELECT * FROM (${union(sources)}) ${order}`, text, work);
  } else {
    const sorted: string[] = [];
    for (const [k, source] of sources.entries()) {
      const own = `"sorted ${k}"`;
      await tables.statement(`CREATE TABLE ${own} AS SELECT * FROM ${source} ${order}`, text, work);
      await tables.run(`DROP TABLE ${source}`, work);
      sorted.push(own);
    }
    await tables.run(`CREATE TABLE ${target} AS SELECT * FROM ${sorted[0] ?? ''} WHERE false`, work);
    for (const piece of await pieces(tables, sorted, unsorted, work))
      await tables.statement(`INSERT INTO ${target} SELECT * FROM (${union(sorted, piece)}) ${order}`, text, work);
    for (const table of sorted) await tables.run(`DROP TABLE ${table}`, work);
    return;
  }
  for (const table of sources) await tables.run(`DROP TABLE ${table}`, work);
}

/** Conditions of consecutive pieces that each fit into memory. Days come first, then ranges of the spread key. */
async function pieces(
  tables: Tables,
  sorted: readonly string[],
  { day, spread, bytes, mostBytes = PIECE * tables.memoryBytes }: Unsorted,
  work: Work,
): Promise<string[]> {
  const found = await tables.rows(
    `SELECT day, CAST(count(*) AS BIGINT), CAST(min(spread) AS BIGINT), CAST(max(spread) AS BIGINT) FROM (SELECT ${day ?? '0'} AS day, ${spread} AS spread FROM (${union(sorted)})) GROUP BY day ORDER BY day`,
    { signal: work.signal },
  );
  const total = found.reduce((sum, row) => sum + numberIn(row, 1), 0);
  return found.flatMap((row) => {
    const [own, , least, most] = row.map(String);
    const count = Math.ceil((bytes * numberIn(row, 1)) / Math.max(1, total) / mostBytes);
    const [first, last] = [BigInt(least ?? 0), BigInt(most ?? 0) + 1n];
    const end = (k: number): bigint => first + ((last - first) * BigInt(k)) / BigInt(Math.max(1, count));
    const ofDay = day === null ? '' : `${day} = ${own ?? ''} AND `;
    return Array.from(
      { length: Math.max(1, count) },
      (_, k) => `${ofDay}${spread} BETWEEN ${String(end(k))} AND ${String(end(k + 1) - 1n)}`,
    );
  });
}

function union(tables: readonly string[], condition?: string): string {
  const where = condition === undefined ? '' : ` WHERE ${condition}`;
  return tables.map((table) => `SELECT * FROM ${table}${where}`).join(' UNION ALL ');
}
