import { queryRows } from './sparkJob.ts';

/** A column of a file, with its DuckDB type. */
type Column = readonly [name: string, type: string];

/** Names and types of the columns of a query. */
export async function describe(from: string): Promise<Column[]> {
  const rows = await queryRows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${from})`);
  return rows.map((row) => JSON.parse(row) as Column);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const isApproximate = (name: string): boolean => /^(negative_)?log_?q/.test(name);

/** A query whose rows `difference` compares, lists too. `place`: SQL that orders the rows; null: they have no order. */
export function placedRows(columns: readonly Column[], from: string, place: string | null): string {
  const exact = columns.filter(([name]) => !isApproximate(name)).map(([name]) => `CAST(${quoted(name)} AS VARCHAR)`);
  const near = columns
    .filter(([name]) => isApproximate(name))
    .map(([name, type]) =>
      type.endsWith('[]') ? `CAST(${quoted(name)} AS DOUBLE[])` : `[CAST(${quoted(name)} AS DOUBLE)]`,
    );
  const rank = place === null ? "''" : `CAST(row_number() OVER (ORDER BY ${place}) AS VARCHAR)`;
  return `SELECT [${[rank, ...exact].join(', ')}], flatten([${['CAST([] AS DOUBLE[])', ...near].join(', ')}]) FROM ${from}`;
}
