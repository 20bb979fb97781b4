import type { DuckDBConnection } from '@duckdb/node-api';
import type { DrawnStretch } from './drawnStretch.ts';
import type { DrawnPart, DrawnTable, DrawnTables } from './drawnTable.ts';

/**
 * Puts stretches aside in tables of so many rows at most, or of one group, and hands each on when it is full. Where one ends depends on the groups alone, not on how
 * they come: files are equal however many threads draw.
 */
export class DrawnParts {
  #table: DrawnTable | null = null;

  /** @param take told of a part when it is full; the next is begun when it has done */
  constructor(
    private readonly tables: DrawnTables,
    private readonly connection: DuckDBConnection,
    private readonly mostRows: number,
    private readonly take: (part: DrawnPart) => Promise<void>,
  ) {}

  async append(stretch: DrawnStretch): Promise<void> {
    for (let from = 0; from < stretch.groups;) {
      const table = (this.#table ??= await this.tables.next(this.connection));
      const fitting = fittingGroups(stretch, from, this.mostRows - table.rows);
      // One alone may have more rows.
      const to = table.rows === 0 ? Math.max(fitting, from + 1) : fitting;
      if (to > from) table.append(stretch, from, to);
      if (to < stretch.groups) await this.end();
      from = to;
    }
  }

  /** Hands on what is left. */
  async end(): Promise<void> {
    const table = this.#table;
    this.#table = null;
    if (table !== null) await this.take(table.close());
  }
}

/** The end of the groups from `from` on that have at most so many rows together. */
function fittingGroups({ groups, offsets }: DrawnStretch, from: number, rows: number): number {
  const most = (offsets[from] ?? 0) + rows;
  let to = from;
  while (to < groups && (offsets[to + 1] ?? Infinity) <= most) to++;
  return to;
}
