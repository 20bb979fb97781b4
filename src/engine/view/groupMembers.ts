import { message } from '../../core/message/message.ts';
import { viewKey } from '../../core/table/filter.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { Source } from '../source/source.ts';
import { compileFilter } from '../sql/filter.ts';
import { freeName } from '../sql/freeName.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { GroupSpan, Groups, Roles } from './groups.ts';
import { direction, groupKeySql, sortable, type GroupedView } from './order.ts';
import { RowTables, type RowList } from './rowTables.ts';
import type { Views } from './views.ts';

/** Groups that one scan looks for: a page of the grid has the rows of an open group and of its closed neighbours. */
const mostGroups = 200;
/** If a longer page, such as of a copy, has rows of more groups, all rows of the view are put in order once. */
const longPage = { rows: 1_000, mostGroups: 8 };
/** A group with more rows has a scan of its own, which serves all of its pages. */
const mostJoined = 100;
/** Lists of rows that are kept. */
const mostTables = 32;

/**
 * The rows of some groups. Ordering all rows by their groups takes minutes and gigabytes for tens of millions of rows;
 * one scan finds the rows of the groups of a page.
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
    const most = count > longPage.rows ? longPage.mostGroups : mostGroups;
    const { spans, total } = await this.groups.spans(view, roles, { first, count, most: most + 1 }, work);
    if (spans.length > most || this.views.known(view) !== null)
      return { wanted: await this.views.positions(view, first, count, work), total };
    const wanted: number[] = [];
    for (const run of runsOf(spans)) {
      const { start } = valueAt(run, 0);
      const last = valueAt(run, run.length - 1);
      const from = Math.max(first, start);
      const end = Math.min(first + count, last.start + last.rows);
      const rows = await this.#tables.positions(this.#list(view, run), from - start, end - from, work);
      for (const row of rows) wanted.push(row);
    }
    return { wanted, total };
  }

  #list(view: GroupedView, run: readonly GroupSpan[]): RowList {
    return {
      key: `${viewKey(view)} ${run.map(({ lead }) => lead).join(' ')}`,
      text: message('Grouping rows'),
      rest: ({ columns }) => {
        const row = quoteIdentifier(this.source.rowColumn);
        const low = Math.min(...run.map((span) => span.low));
        const high = Math.max(...run.map((span) => span.high));
        const where = `${row} BETWEEN ${low} AND ${high} AND ${compileFilter(view.filter, columns)}`;
        const order = [
          ...view.sort.map(({ column, descending }) => direction(sortable(column, columns), descending)),
          row,
        ].join(', ');
        const isAdjacent = run.every((span) => span.isAdjacent);
        if (isAdjacent && run.length === 1) return `WHERE ${where} ORDER BY ${order}`;
        const place = freeName('@place', columns);
        const { from, isMember } = isAdjacent
          ? findByNumbers(run, row, place, columns)
          : this.#findByKeys(view, run, place, columns);
        return `, (${from}) AS "@lead" WHERE ${where} AND ${isMember} ORDER BY ${place}, ${order}`;
      },
    };
  }

  /** Rows that have the keys of one of the groups. */
  #findByKeys(
    view: GroupedView,
    run: readonly GroupSpan[],
    place: string,
    columns: readonly SourceColumn[],
  ): { readonly from: string; readonly isMember: string } {
    const row = quoteIdentifier(this.source.rowColumn);
    const leads = run.map(({ lead }) => lead).join(', ');
    const keys = groupKeySql(view.group, columns).map((sql, k) => ({ sql, name: freeName(`@key${k}`, columns) }));
    const values = keys.map(({ sql, name }) => `${sql} AS ${name}`).join(', ');
    return {
      from: `SELECT list_position([${leads}], ${row}) AS ${place}, ${values} FROM ${this.source.relation()} WHERE ${row} IN (${leads})`,
      isMember: keys.map(({ sql, name }) => `${sql} IS NOT DISTINCT FROM ${name}`).join(' AND '),
    };
  }
}

/** Groups whose rows are found by their numbers, without reading their keys. */
function findByNumbers(
  run: readonly GroupSpan[],
  row: string,
  place: string,
  columns: readonly SourceColumn[],
): { readonly from: string; readonly isMember: string } {
  const member = freeName('@member', columns);
  const spans = run.map(({ low, high }, k) => `(${k}, ${low}, ${high})`).join(', ');
  return {
    from: `SELECT unnest(range(low, high + 1)) AS ${member}, place AS ${place} FROM (VALUES ${spans}) AS v(place, low, high)`,
    isMember: `${row} = ${member}`,
  };
}

/** Neighbouring groups in one list each, in order; large groups are alone. */
function runsOf(spans: readonly GroupSpan[]): GroupSpan[][] {
  const runs: GroupSpan[][] = [];
  let wasSmall = false;
  for (const span of spans) {
    const { rows, low, high, isAdjacent } = span;
    // Rows that the filter drops are among those from `low` to `high`.
    const isSmall = (isAdjacent ? high - low + 1 : rows) <= mostJoined;
    if (isSmall && wasSmall) runs.at(-1)?.push(span);
    else runs.push([span]);
    wasSmall = isSmall;
  }
  return runs;
}
