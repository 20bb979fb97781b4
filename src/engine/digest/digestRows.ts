import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { digestAlgorithm, type RowsDigest } from '../../core/table/rowsDigest.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { Rows } from '../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { lineOf, lineSql } from './canonicalText.ts';

/** Lowest 64 bits of a number of 128. */
const LOW = '18446744073709551615';

/** Columns above which a look for a first row pays: DuckDB takes seconds to plan the hashes of many thousands, and no interrupt ends that. */
const WIDE = 500;

/** A column of what is digested. */
interface DigestedColumn {
  readonly name: string;
  readonly type: LogicalType;
}

/**
 * Digests all rows of `from` (a FROM item, with WHERE where only some are meant). `run` runs a statement. The order of the rows is of no account, and
 * equal rows count as often as they occur: the MD5 of each row is two 64-bit integers, of which each is added up modulo 2^64. It finds accidents;
 * whoever forges rows on purpose may find others of the same sums.
 */
export async function digestRows(
  from: string,
  columns: readonly DigestedColumn[],
  run: (sql: string) => Promise<Rows>,
): Promise<RowsDigest> {
  const ordered = [...columns].sort((a, b) => compareTexts(a.name, b.name));
  const names = ordered.map(({ name }) => name);
  const line = lineSql(ordered.map(({ name, type }) => ({ sql: quoteIdentifier(name), type })));
  const isEmpty = columns.length > WIDE && (await run(`SELECT 1 FROM ${from} LIMIT 1`)).length === 0;
  const hashes = isEmpty ? 'SELECT 0::UHUGEINT AS h WHERE false' : `SELECT md5_number(${line}) AS h FROM ${from}`;
  // Sums of 64-bit integers are of 128 bits, so that none overflows.
  const sums = `SELECT count(*) AS n, ${[`h & ${LOW}::UHUGEINT`, 'h >> 64'].map((half, k) => `coalesce(sum(CAST(${half} AS UBIGINT)), 0) & ${LOW}::HUGEINT AS s${k}`).join(', ')} FROM (${hashes})`;
  const [[rows, value] = []] = await run(
    `SELECT n, md5(concat(${quoteLiteral(lineOf([digestAlgorithm, ...names]))}, n, chr(9), s0, chr(9), s1, chr(9))) FROM (${sums})`,
  );
  return { algorithm: digestAlgorithm, rows: Number(rows ?? 0), value: String(value ?? ''), columns: names };
}
