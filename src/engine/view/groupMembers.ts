import { message } from '../../core/message/message.ts';
import { viewKey } from '../../core/table/filter.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { Source } from '../source/source.ts';
import { compileFilter } from '../sql/filter.ts';
import { freeName } from '../sql/freeName.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { GroupSpan, Groups, Roles } from './groups.ts';
import { groupKeySql, viewSql, type GroupedView } from './order.ts';
import { RowTables, type RowList } from './rowTables.ts';
import type { Views } from './views.ts';

/** If a page has rows of more groups, ordering all rows of the view once is cheaper than a scan for each group. */
const mostGroups = 8;
/** Open groups whose rows are kept. */
const mostTables = 32;

/**
 * The rows of single groups. Ordering all rows by their groups takes minutes and gigabytes for tens of millions of rows;
 * one scan finds the rows of one group.
 */
export class GroupMembers {
  readonly #tables: RowTables;

  constructor(
    connections: Connections,
    private readonly source: Source,
    private readonly groups: Groups,
    private readonly views: Views,
  ) {
    this.#tables = new RowTables(connections, source, { prefix: 'group', most: mostTables });
  }

  /** Source row numbers at positions first … first+count−1 of a view, in its order, and the number of its rows. */
  async positions(
    view: GroupedView,
    roles: Roles,
    { first, count }: { readonly first: number; readonly count: number },
    work: Work,
  ): Promise<{ readonly wanted: readonly number[]; readonly total: number }> {
    const { spans, total } = await this.groups.spans(view, roles, { first, count, most: mostGroups + 1 }, work);
    if (spans.length > mostGroups || this.views.known(view) !== null)
      return { wanted: await this.views.positions(view, first, count, work), total };
    const wanted: number[] = [];
    for (const span of spans) {
      const from = Math.max(first, span.start);
      const end = Math.min(first + count, span.start + span.rows);
      const rows = await this.#tables.positions(this.#list(view, span), from - span.start, end - from, work);
      for (const row of rows) wanted.push(row);
    }
    return { wanted, total };
  }

  #list(view: GroupedView, { lead, low, high, isAdjacent }: GroupSpan): RowList {
    const row = quoteIdentifier(this.source.rowColumn);
    return {
      key: `${viewKey(view)} ${lead}`,
      text: message('Grouping rows'),
      rest: ({ columns }) => {
        const where = `${row} BETWEEN ${low} AND ${high} AND ${compileFilter(view.filter, columns)}`;
        const { orderBy } = viewSql({ filter: view.filter, sort: view.sort }, columns, this.source.rowColumn);
        const order = orderBy === '' ? `ORDER BY ${row}` : orderBy;
        if (isAdjacent) return `WHERE ${where} ${order}`;
        const keys = groupKeySql(view.group, columns).map((sql, k) => ({ sql, name: freeName(`@key${k}`, columns) }));
        const values = keys.map(({ sql, name }) => `${sql} AS ${name}`).join(', ');
        const same = keys.map(({ sql, name }) => `${sql} IS NOT DISTINCT FROM ${name}`).join(' AND ');
        return `, (SELECT ${values} FROM ${this.source.relation()} WHERE ${row} = ${lead}) AS "@lead" WHERE ${where} AND ${same} ${order}`;
      },
    };
  }
}
