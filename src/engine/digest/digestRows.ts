import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { digestAlgorithm, type RowsDigest } from '../../core/table/rowsDigest.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { Rows } from '../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { lineOf, lineSql } from './canonicalText.ts';

/** The low 64 bits of a 128-bit number. */
const LOW = '18446744073709551615';

/**
 * With more columns than this, first check whether there is a row. DuckDB takes seconds to plan the hashes of many
 * thousands of columns, and no interrupt ends that.
 */
const WIDE = 500;

/** A column to digest. */
interface DigestedColumn {
  readonly name: string;
  readonly type: LogicalType;
}

/**
 * Digests all rows of `from` (a FROM item, with WHERE to select rows). `run` runs a statement. The row order does not
 * matter, and equal rows count as often as they occur.
 * The MD5 of each row is split into two 64-bit integers. Each half is summed modulo 2^64. This detects accidental
 * changes. An attacker may construct other rows with the same sums.
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
  // Sums of 64-bit integers have 128 bits, so they do not overflow.
  const sums = `SELECT count(*) AS n, ${[`h & ${LOW}::UHUGEINT`, 'h >> 64'].map((half, k) => `coalesce(sum(CAST(${half} AS UBIGINT)), 0) & ${LOW}::HUGEINT AS s${k}`).join(', ')} FROM (${hashes})`;
  const [[rows, value] = []] = await run(
    `SELECT n, md5(concat(${quoteLiteral(lineOf([digestAlgorithm, ...names]))}, n, chr(9), s0, chr(9), s1, chr(9))) FROM (${sums})`,
  );
  return { algorithm: digestAlgorithm, rows: Number(rows ?? 0), value: String(value ?? ''), columns: names };
}
