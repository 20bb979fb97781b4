import type { AskedSamples } from '../../protocol/answers.ts';
import type { Columnar } from '../database/columnar.ts';
import type { Work } from '../database/connections.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { Tables } from './tables.ts';

/** The role that names the entry of a row: `entry`, else `source`; null if the file has neither. */
export function entryRole({ columns }: AskedSamples): 'entry' | 'source' | null {
  return columns.entry ? 'entry' : columns.source ? 'source' : null;
}

/** Files of other tools may have more names; then they are read as texts. */
const MAX_CODES = 32;

/** The names of rows as a column of a large result: as numbers, because texts of all rows take much longer to read. */
export interface NameColumn {
  readonly sql: string;
  read(found: Columnar, column: number): (string | null)[];
}

/** @param from a query with the column of the role */
export async function nameColumn(
  tables: Tables,
  from: string,
  role: 'entry' | 'source' | null,
  work: Work,
): Promise<NameColumn> {
  if (role === null) return { sql: 'CAST(NULL AS VARCHAR)', read: (found, column) => found.texts(column) };
  const rows = await tables.rows(
    `SELECT name FROM (SELECT DISTINCT ${role} AS name FROM ${from} WHERE ${role} IS NOT NULL) ORDER BY name LIMIT ${MAX_CODES + 1}`,
    work,
  );
  const names = rows.map(([name]) => String(name));
  if (names.length === 0 || names.length > MAX_CODES)
    return { sql: `CAST(${role} AS VARCHAR)`, read: (found, column) => found.texts(column) };
  return {
    sql: `CASE ${names.map((name, k) => `WHEN ${role} = ${quoteLiteral(name)} THEN CAST(${k} AS INTEGER)`).join(' ')} END`,
    read: (found, column) => Array.from(found.numbers(column), (code) => names[code] ?? null),
  };
}
