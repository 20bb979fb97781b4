import { message } from '../../core/message/message.ts';
import { isFiltered, viewKey, type View } from '../../core/table/filter.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { Source } from '../source/source.ts';
import { isGrouped, viewSql } from './order.ts';
import { RowTables, type RowList } from './rowTables.ts';

/** Number of cached views: a user switches between few. */
const MAX_VIEWS = 6;

/** True for all rows in the order of the file, which needs no computation. */
export function isWhole(view: View): boolean {
  return view.sort.length === 0 && !isFiltered(view.filter) && !isGrouped(view);
}

/** The rows of filtered, sorted or grouped views: one table per view, with source row numbers in order. */
export class Views {
  readonly #tables: RowTables;

  constructor(
    connections: Connections,
    private readonly source: Source,
  ) {
    this.#tables = new RowTables(connections, source, { prefix: 'view', most: MAX_VIEWS });
  }

  /** Number of rows of a view if its table exists, else null. */
  known(view: View): number | null {
    return this.#tables.known(viewKey(view));
  }

  /** Builds the table of a view. False if that failed; a later request for the rows reports the reason. */
  async start(view: View): Promise<boolean> {
    return await this.#tables.start(this.#list(view));
  }

  /** Waits for the table of a view and returns its number of rows. */
  async rows(view: View, work: Work): Promise<number> {
    return await this.#tables.rows(this.#list(view), work);
  }

  /** Source row numbers at positions first … first+count−1 of a view, in its order. */
  async positions(view: View, first: number, count: number, work: Work): Promise<number[]> {
    return await this.#tables.positions(this.#list(view), first, count, work);
  }

  #list(view: View): RowList {
    const text = isGrouped(view)
      ? message('Grouping rows')
      : view.sort.length > 0
        ? message('Sorting')
        : message('Filtering');
    return {
      key: viewKey(view),
      text,
      rest: ({ columns }) => {
        const { where, orderBy } = viewSql(view, columns, this.source.rowColumn);
        return `WHERE ${where} ${orderBy}`;
      },
    };
  }
}
