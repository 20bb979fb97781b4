import type { Connections, Work } from '../database/connections.ts';
import { misfits, type Candidate } from './infer.ts';

/**
 * Columns per query. DuckDB takes long to plan thousands of aggregates, and each query processes the names of all
 * columns of the table.
 */
export const COLUMNS_AT_ONCE = 300;
/** Columns per query of counts, which take a tenth of the time. */
const COUNTS_AT_ONCE = 1_000;

/** Result for a column: no values, all values fit the type, or some do not. */
const [NONE, ALL_FIT, MISFITS] = [0, 1, 2];

interface Types {
  /** For each column, the first candidate that all of its values fit exactly. Null: the column stays text. */
  readonly types: readonly (Candidate | null)[];
  /** Columns without values, which stay text. */
  readonly empty: ReadonlySet<number>;
}

/** The types of columns, tested on the whole table. A column without candidates has values. */
export async function decideTypes(
  connections: Connections,
  table: string,
  candidates: readonly (readonly Candidate[])[],
  work: Work,
): Promise<Types> {
  const chosen: (Candidate | null)[] = candidates.map(() => null);
  const asked = candidates.map((list, column) => ({ column, list })).filter((c) => c.list.length > 0);
  // Wide files have many columns without values.
  const all = asked.length > COLUMNS_AT_ONCE ? await filled(connections, table, asked, work) : asked;
  const empty = new Set(asked.map(({ column }) => column));
  for (const { column } of all) empty.delete(column);
  for (let from = 0; from < all.length; from += COLUMNS_AT_ONCE) {
    let open = all.slice(from, from + COLUMNS_AT_ONCE);
    while (open.length > 0) {
      const tests = open.map(({ column, list: [first] }) => `max(${fitSql(`c${column}`, first)})`);
      const [fits = []] = await connections.rows(`SELECT ${tests.join(', ')} FROM ${table}`, work);
      const rest: typeof open = [];
      open.forEach(({ column, list }, k) => {
        const fit = Number(fits[k] ?? NONE);
        if (fit === NONE) empty.add(column);
        else if (fit === ALL_FIT) chosen[column] = list[0] ?? null;
        else if (list.length > 1) rest.push({ column, list: list.slice(1) });
      });
      open = rest;
    }
  }
  return { types: chosen, empty };
}

/** The columns that have a value. */
async function filled<C extends { readonly column: number }>(
  connections: Connections,
  table: string,
  columns: readonly C[],
  work: Work,
): Promise<C[]> {
  const found: C[] = [];
  for (let from = 0; from < columns.length; from += COUNTS_AT_ONCE) {
    const block = columns.slice(from, from + COUNTS_AT_ONCE);
    const [counts = []] = await connections.rows(
      `SELECT ${block.map(({ column }) => `count(c${column})`).join(', ')} FROM ${table}`,
      work,
    );
    found.push(...block.filter((_, k) => Number(counts[k]) > 0));
  }
  return found;
}

/** One aggregate per column, not two, because wide tables spend most time in planning. */
function fitSql(column: string, candidate: Candidate | undefined): string {
  const other = candidate === undefined ? '' : `WHEN ${misfits(candidate, column)} THEN ${MISFITS} `;
  return `CASE WHEN ${column} IS NULL THEN ${NONE} ${other}ELSE ${ALL_FIT} END`;
}
