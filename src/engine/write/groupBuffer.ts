import { isBundled } from '../../core/schema/sampleLayout.ts';
import type { Placement } from '../../core/sampling/placement.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { isSorted } from './fileOrder.ts';
import type { DrawnPart } from './drawnTable.ts';
import type { OutputRows } from './outputRows.ts';
import type { Ordered, SampleBuffer } from './sampleBuffer.ts';
import { groupDay } from './placedColumns.ts';
import { sortTables } from './sortTables.ts';

const placedGroups = '"placed groups"';
/** Bytes of a drawn row, and of its group, with what sorting adds. */
const [ROW_BYTES, GROUP_BYTES] = [51, 220];

/** Groups that stay together: with `order: user` and `order: shuffled`. */
export class GroupBuffer implements SampleBuffer {
  readonly #parts: DrawnPart[] = [];

  constructor(
    private readonly tables: Tables,
    private readonly rows: OutputRows,
    private readonly placement: Placement,
    private readonly timezone: string,
    private readonly most: number | undefined,
    private readonly work: Work,
  ) {}

  add(part: DrawnPart): Promise<void> {
    this.#parts.push(part);
    return Promise.resolve();
  }

  async ordered(): Promise<Ordered> {
    const { tables, rows, work } = this;
    const rest = {
      rows,
      rowsIn: async (table: string, [first, last]: readonly [number, number]): Promise<number> => {
        const [found] = await tables.rows(
          `SELECT CAST(coalesce(sum(len(item)), 0) AS BIGINT) FROM ${table} WHERE rowid BETWEEN ${first} AND ${last}`,
          { signal: work.signal },
        );
        return numberIn(found);
      },
    };
    const groups = this.#parts.reduce((sum, one) => sum + one.groups, 0);
    if (!isSorted(this.placement)) return { ...rest, parts: this.#parts, days: [{ day: null, count: groups }] };
    if (groups === 0) return { ...rest, parts: [], days: this.#day() === null ? [{ day: null, count: 0 }] : [] };
    await this.#sort();
    const whole: DrawnPart = {
      table: placedGroups,
      groups,
      rows: this.#parts.reduce((sum, one) => sum + one.rows, 0),
      origins: originsOf(this.#parts),
    };
    return { ...rest, parts: [whole], days: await this.#days(groups) };
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  async #sort(): Promise<void> {
    const day = this.#day();
    const rows = this.#parts.reduce((sum, one) => sum + one.rows, 0);
    const bytes = this.#parts.reduce((sum, one) => sum + ROW_BYTES * one.rows + GROUP_BYTES * one.groups, 0);
    const spread = this.placement.order === 'shuffled' ? 'sort' : 'place';
    await sortTables(
      this.tables,
      {
        sources: this.#parts.map(({ table }) => table),
        target: placedGroups,
        keys: [...(day === null ? [] : [day]), ...new Set([spread, 'place'])],
        day,
        spread,
        bytes,
        mostBytes: this.most === undefined ? undefined : (this.most * bytes) / Math.max(1, rows),
      },
      this.work,
    );
  }

  /** SQL of the day of a group; null without partitions. */
  #day(): string | null {
    return this.placement.folder?.partitionBy
      ? groupDay(isBundled(this.rows.layout) ? 'time[1]' : 'time', this.timezone)
      : null;
  }

  async #days(groups: number): Promise<Ordered['days']> {
    const day = this.#day();
    return day === null ? [{ day: null, count: groups }] : await daysOf(this.tables, placedGroups, day, this.work);
  }
}

/**
 * The days of a table, in order, with their numbers of rows.
 * @param day SQL of days since 1970
 */
export async function daysOf(tables: Tables, table: string, day: string, work: Work): Promise<Ordered['days']> {
  const found = await tables.rows(
    `SELECT CAST(DATE '1970-01-01' + day AS VARCHAR), CAST(count(*) AS BIGINT) FROM (SELECT ${day} AS day FROM ${table}) GROUP BY day ORDER BY day`,
    { signal: work.signal },
  );
  return found.map(([text, count]) => ({ day: String(text), count: Number(count) }));
}

/** The smallest and the largest row of the log that the parts refer to. */
function originsOf(parts: readonly DrawnPart[]): DrawnPart['origins'] {
  const used = parts.filter(({ origins: [, last] }) => last >= 0);
  return used.reduce<DrawnPart['origins']>(
    ([first, last], { origins }) => [Math.min(first, origins[0]), Math.max(last, origins[1])],
    used[0]?.origins ?? [0, -1],
  );
}
