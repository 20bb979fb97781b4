import type { Connections, Work } from '../database/connections.ts';
import { misfits, type Candidate } from './infer.ts';

/** Columns of one query: thousands of aggregates at once take DuckDB minutes to plan. */
const COLUMNS_AT_ONCE = 100;

/**
 * The first candidate of each column that all of its values fit exactly, by asking the whole table; null: the column stays text.
 * A column without any value has none.
 */
export async function decideTypes(connections: Connections, table: string, candidates: readonly (readonly Candidate[])[], work: Work): Promise<(Candidate | null)[]> {
  const chosen: (Candidate | null)[] = candidates.map(() => null);
  const all = candidates.map((list, column) => ({ column, list })).filter((c) => c.list.length > 0);
  for (let from = 0; from < all.length; from += COLUMNS_AT_ONCE) {
    let open = all.slice(from, from + COLUMNS_AT_ONCE);
    while (open.length > 0) {
      const tests = open.flatMap(({ column, list: [first] }) => [`count(c${column})`, first === undefined ? '0' : `count(*) FILTER (WHERE ${misfits(first, `c${column}`)})`]);
      const [counts = []] = await connections.rows(`SELECT ${tests.join(', ')} FROM ${table}`, work);
      const rest: typeof open = [];
      open.forEach(({ column, list }, k) => {
        if (Number(counts[2 * k] ?? 0) === 0) return;
        if (Number(counts[2 * k + 1] ?? 0) === 0) chosen[column] = list[0] ?? null;
        else if (list.length > 1) rest.push({ column, list: list.slice(1) });
      });
      open = rest;
    }
  }
  return chosen;
}
