import type { Tables } from '../../answers/tables.ts';
import type { Work } from '../../database/connections.ts';
import type { DrawnPart } from './drawnTable.ts';
import type { OutputRows, RowsPart } from './outputRows.ts';

/** Bytes that DuckDB sorts, joins or makes lists of for a row of one column, at least. */
const BYTES_OF_CELL = 24;
/** Groups that are looked at to see how wide their rows are. */
const LOOKED_AT = 500;
/** Parts of the memory limit that the rows written at a time may take: as much again is taken by joins, by lists and by what is packed for the file. */
const SHARE = 1 / 8;
const [LEAST_ROWS, MOST_ROWS] = [4096, 4_000_000];
/** Rows of a row group; DuckDB counts them in vectors. */
const [ROW_GROUP_ROWS, VECTOR_ROWS] = [122_880, 2048];
/** Row groups of a part: few enough that it is written while others are drawn, enough that the statement is little of it. */
const ROW_GROUPS = 4;

/** Rows of so many columns that are written at a time, so that memory holds them however many there are. `width`: bytes of a row as text, where they are known. */
export function rowsAtOnce(memoryBytes: number, columns: number, width = 0): number {
  return Math.max(
    LEAST_ROWS,
    Math.min(MOST_ROWS, Math.floor((memoryBytes * SHARE) / Math.max(BYTES_OF_CELL * columns, 2 * width))),
  );
}

/** Rows that are put aside together. @param joined fewer take more joins; the others are in no need of being many */
export function rowsOfPart(memoryBytes: number, columns: number, joined: boolean): number {
  const most = rowsAtOnce(memoryBytes, columns);
  if (joined || most < ROW_GROUP_ROWS) return most;
  // A rest would be a row group of its own in every part.
  return Math.min(ROW_GROUPS, Math.floor(most / ROW_GROUP_ROWS)) * ROW_GROUP_ROWS;
}

/** Rows that a row group of the file has, of `rows` that are written at a time. */
export function rowGroupRows(
  { layout }: OutputRows,
  { rows, groups }: Pick<DrawnPart, 'rows' | 'groups'>,
  atOnce: number,
): number {
  const rowsOfRow = layout === 'long' ? 1 : Math.max(1, rows / Math.max(1, groups));
  return Math.max(1, Math.floor(Math.min(ROW_GROUP_ROWS, atOnce) / rowsOfRow / VECTOR_ROWS)) * VECTOR_ROWS;
}

/**
 * What is drawn as what memory holds while it is written.
 * @param most rows at a time, where the caller knows
 */
export async function rowsParts(
  tables: Tables,
  rows: OutputRows,
  part: DrawnPart,
  most: number | undefined,
  { signal }: Work,
): Promise<RowsPart[]> {
  // Whoever draws or writes says how far it is.
  const work: Work = { signal };
  const whole: RowsPart = { table: part.table, groups: null, origins: part.origins };
  if (!rows.joined) return [whole];
  const rowsOfGroup = Math.max(1, part.rows / Math.max(1, part.groups));
  const atOnce =
    most ??
    rowsAtOnce(
      tables.memoryBytes,
      rows.columns,
      (await widthOf(tables, rows, part, work)) / (rows.layout === 'long' ? 1 : rowsOfGroup),
    );
  if (part.rows <= atOnce) return [whole];
  const groups = Math.max(1, Math.floor(atOnce / rowsOfGroup));
  // Rows of the log lie by users, as groups do, so a part names few of them.
  const found = await tables.rows(
    `SELECT min(g), max(g), coalesce(min(first), 0), max(last) FROM (
    SELECT rowid AS g, list_min(list_filter(origin, lambda row: row >= 0)) AS first, list_max(origin) AS last FROM ${part.table}) GROUP BY g // ${groups} ORDER BY min(g)`,
    work,
  );
  return found.map((row) => {
    const [firstGroup = 0, lastGroup = 0, firstOrigin = 0, lastOrigin = -1] = row.map(Number);
    return { table: part.table, groups: [firstGroup, lastGroup], origins: [firstOrigin, lastOrigin] };
  });
}

/** Bytes of a row of the file as text, from some groups in the midst of them. */
async function widthOf(
  tables: Tables,
  rows: OutputRows,
  { table, groups, origins }: DrawnPart,
  work: Work,
): Promise<number> {
  const first = Math.floor(groups / 2);
  const [[width] = []] = await tables.rows(
    `SELECT avg(strlen(CAST(t AS VARCHAR))) FROM (${rows.sql({ table, groups: [first, first + LOOKED_AT - 1], origins })}) t`,
    work,
  );
  return Number(width ?? 0);
}
