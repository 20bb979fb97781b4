import type { Tables } from '../../answers/tables.ts';
import type { Work } from '../../database/connections.ts';
import { drawnTable } from './drawnTable.ts';
import type { OutputRows, RowsPart } from './outputRows.ts';

/** Bytes that DuckDB sorts, joins or makes lists of for a row of one column, at least. */
const BYTES_OF_CELL = 24;
/** Groups that are looked at to see how wide their rows are. */
const LOOKED_AT = 500;
/** Parts of the memory limit that the rows written at a time may take: as much again is taken by joins, by lists and by what is packed for the file. */
const SHARE = 1 / 8;
const [LEAST_ROWS, MOST_ROWS] = [4096, 4_000_000];

/** Rows of so many columns that are written at a time, so that memory holds them however many there are. `width`: bytes of a row as text, where they are known. */
export function rowsAtOnce(memoryBytes: number, columns: number, width = 0): number {
  return Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.floor(memoryBytes * SHARE / Math.max(BYTES_OF_CELL * columns, 2 * width))));
}

/** Bytes of a row of the file as text, from some groups in the midst of them. */
export async function widthOf(tables: Tables, rows: OutputRows, groups: number, work: Work): Promise<number> {
  const first = Math.floor(groups / 2);
  const part: RowsPart = { groups: [first, first + LOOKED_AT - 1], origins: [0, LAST_ORIGIN] };
  const [[width] = []] = await tables.rows(`SELECT avg(strlen(CAST(t AS VARCHAR))) FROM (${rows.sql(part)}) t`, work);
  return Number(width ?? 0);
}
/** Rows of the stored log are counted in 32 bits. */
const LAST_ORIGIN = 2 ** 31 - 1;

/** How many rows and groups were drawn. */
export async function drawnCounts(tables: Tables, work: Work): Promise<{ readonly rows: number; readonly groups: number }> {
  const [row = []] = await tables.rows(`SELECT coalesce(sum(len(label)), 0), count(*) FROM ${drawnTable}`, work);
  return { rows: Number(row[0] ?? 0), groups: Number(row[1] ?? 0) };
}

/**
 * Cuts what was drawn into parts of `groups` groups, in their order.
 * @param joined whether rows of the log are joined: they lie by users, as groups do, so a part names few of them
 */
export async function rowsParts(tables: Tables, all: { readonly groups: number }, groups: number, joined: boolean, work: Work): Promise<RowsPart[]> {
  if (!joined) return Array.from({ length: Math.ceil(all.groups / groups) }, (_, k) => ({ groups: [k * groups, Math.min(all.groups, (k + 1) * groups) - 1], origins: [0, -1] }));
  const found = await tables.rows(`SELECT min(g), max(g), coalesce(min(first), 0), max(last) FROM (
    SELECT rowid AS g, list_min(list_filter(origin, lambda row: row >= 0)) AS first, list_max(origin) AS last FROM ${drawnTable}) GROUP BY g // ${groups} ORDER BY min(g)`, work);
  return found.map((row) => {
    const [firstGroup = 0, lastGroup = 0, firstOrigin = 0, lastOrigin = -1] = row.map(Number);
    return { groups: [firstGroup, lastGroup], origins: [firstOrigin, lastOrigin] };
  });
}
