import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import type { DrawnPart } from './drawnTable.ts';
import type { OutputRows, RowsPart } from './outputRows.ts';

/** Minimum bytes per cell that DuckDB needs to sort, join or build lists. */
const BYTES_OF_CELL = 24;
/** Groups that are read to estimate the row width. */
const LOOKED_AT = 500;
/**
 * Share of the memory limit for the rows that are written at a time. Joins, lists and compressed data for the file take
 * as much again.
 */
const SHARE = 1 / 8;
const [MIN_ROWS, MAX_ROWS] = [4096, 4_000_000];
/** Rows of a row group. DuckDB processes rows in vectors. */
const [ROW_GROUP_ROWS, VECTOR_ROWS] = [122_880, 2048];
/**
 * Row groups of a part: few enough to write it while other parts are drawn, and enough to make the cost of a statement
 * small.
 */
const ROW_GROUPS = 4;

/**
 * Rows with this many columns that can be written at a time within the memory limit. `width`: bytes of a row as text,
 * if known.
 */
export function rowsAtOnce(memoryBytes: number, columns: number, width = 0): number {
  return Math.max(
    MIN_ROWS,
    Math.min(MAX_ROWS, Math.floor((memoryBytes * SHARE) / Math.max(BYTES_OF_CELL * columns, 2 * width))),
  );
}

/**
 * Rows that are stored together.
 * @param joined with joins, larger parts mean fewer joins; without joins, parts need not be large
 */
export function rowsOfPart(memoryBytes: number, columns: number, joined: boolean): number {
  const most = rowsAtOnce(memoryBytes, columns);
  if (joined || most < ROW_GROUP_ROWS) return most;
  // The remainder would become a separate row group in every part.
  return Math.min(ROW_GROUPS, Math.floor(most / ROW_GROUP_ROWS)) * ROW_GROUP_ROWS;
}

/** Rows per row group of the file, if `rows` are written at a time. */
export function rowGroupRows(
  { layout }: OutputRows,
  { rows, groups }: Pick<DrawnPart, 'rows' | 'groups'>,
  atOnce: number,
): number {
  const rowsOfRow = layout === 'long' ? 1 : Math.max(1, rows / Math.max(1, groups));
  return Math.max(1, Math.floor(Math.min(ROW_GROUP_ROWS, atOnce) / rowsOfRow / VECTOR_ROWS)) * VECTOR_ROWS;
}

/**
 * Splits a drawn part into parts that fit into memory while they are written.
 * @param most rows at a time, if the caller knows it
 */
export async function rowsParts(
  tables: Tables,
  rows: OutputRows,
  part: DrawnPart,
  most: number | undefined,
  { signal }: Work,
): Promise<RowsPart[]> {
  // The caller that draws or writes reports the progress.
  const work: Work = { signal };
  const whole: RowsPart = { table: part.table, groups: part.ranks ?? null, origins: part.origins };
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
  // Log rows are ordered by user, like groups, so a part refers to few of them.
  const logRows = `list_concat(${['[]', ...rows.logLists].join(', ')})`;
  const found = await tables.rows(
    `SELECT min(g), max(g), coalesce(min(first), 0), max(last) FROM (
    SELECT rowid AS g, list_min(list_filter(${logRows}, lambda row: row >= 0)) AS first, list_max(${logRows}) AS last FROM ${part.table}${part.ranks ? ` WHERE rowid BETWEEN ${part.ranks[0]} AND ${part.ranks[1]}` : ''}) GROUP BY g // ${groups} ORDER BY min(g)`,
    work,
  );
  return found.map((row) => {
    const [firstGroup = 0, lastGroup = 0, firstOrigin = 0, lastOrigin = -1] = row.map(Number);
    return { table: part.table, groups: [firstGroup, lastGroup], origins: [firstOrigin, lastOrigin] };
  });
}

/** Bytes of a file row as text, estimated from some groups in the middle. */
async function widthOf(
  tables: Tables,
  rows: OutputRows,
  { table, groups, origins, ranks: [start] = [0, 0] }: DrawnPart,
  work: Work,
): Promise<number> {
  const first = start + Math.floor(groups / 2);
  const [[width] = []] = await tables.rows(
    `SELECT avg(strlen(CAST(t AS VARCHAR))) FROM (${rows.sql({ table, groups: [first, first + LOOKED_AT - 1], origins })}) t`,
    work,
  );
  return Number(width ?? 0);
}
