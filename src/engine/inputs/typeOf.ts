import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';

/** The SQL type of a column of a table. */
export async function typeOf(tables: Tables, table: string, column: string, work: Work): Promise<string> {
  const [found] = await tables.columns(`SELECT ${column} FROM ${table}`, work);
  return String(found?.type ?? 'VARCHAR');
}
