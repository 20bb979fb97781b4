import type { DuckDBConnection } from '@duckdb/node-api';
import { u32At } from '../../core/valueAt.ts';
import type { DrawnBatch } from './drawnBatch.ts';
import type { DrawnPart, DrawnTable, DrawnTables } from './drawnTable.ts';

/**
 * Collects draw batches in tables with a limited number of rows, or with one group, and passes each table on when it is
 * full. The groups alone decide where a table ends, not how they arrive. So the files are equal for any number of
 * drawing threads.
 */
export class DrawnParts {
  #table: DrawnTable | null = null;

  /** @param take receives each full part; the next part starts after it has finished */
  constructor(
    private readonly tables: DrawnTables,
    private readonly connection: DuckDBConnection,
    private readonly mostRows: number,
    private readonly take: (part: DrawnPart) => Promise<void>,
  ) {}

  async append(batch: DrawnBatch): Promise<void> {
    for (let from = 0; from < batch.groups;) {
      const table = (this.#table ??= await this.tables.next(this.connection));
      const fitting = fittingGroups(batch, from, this.mostRows - table.rows);
      // A single group may have more rows.
      const to = table.rows === 0 ? Math.max(fitting, from + 1) : fitting;
      if (to > from) table.append(batch, from, to);
      if (to < batch.groups) await this.end();
      from = to;
    }
  }

  /** Passes on the remaining rows. */
  async end(): Promise<void> {
    const table = this.#table;
    this.#table = null;
    if (table !== null) await this.take(table.close());
  }
}

/** The end of the groups, starting at `from`, that together have at most this many rows. */
function fittingGroups({ groups, offsets }: DrawnBatch, from: number, rows: number): number {
  const most = u32At(offsets, from) + rows;
  let to = from;
  while (to < groups && u32At(offsets, to + 1) <= most) to++;
  return to;
}
