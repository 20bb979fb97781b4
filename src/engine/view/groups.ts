import { message } from '../../core/message/message.ts';
import { SharedJob } from '../../core/queue/sharedJob.ts';
import type { Column } from '../../core/table/dataset.ts';
import { isFiltered, viewKey, type View } from '../../core/table/filter.ts';
import type { GroupHead, Progress } from '../../protocol/engine.ts';
import type { Connections, Work } from '../database/connections.ts';
import { numberIn, optionalNumberIn, textIn } from '../database/numberIn.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { Source } from '../source/source.ts';
import { freeName } from '../sql/freeName.ts';
import { labelSql } from '../sql/label.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { compileFilter } from '../sql/filter.ts';
import { direction, groupKeySql, groupOrder, sortable, type GroupedView } from './order.ts';

/** Sources with a count of their own; files of other tools may have thousands. */
const mostSources = 12;
/** Tables of groups that are kept: a user switches between few. */
const mostTables = 4;

/** Columns that count for the heads of groups, by their roles. */
export type Roles = readonly Pick<Column, 'name' | 'type' | 'role'>[];

/** The counted groups of a view. */
interface Counted {
  readonly groups: number;
  /** The sources of the counts in `GroupHead.mix`. */
  readonly sources: readonly string[];
  /** The rows of every group are next to each other in the file. */
  readonly isAdjacent: boolean;
  /** Rows of all groups. */
  readonly total: number;
}

/** Where the rows of a group are. */
export interface GroupSpan {
  /** A source row number of the group. */
  readonly lead: number;
  /** Position of its first row in the view. */
  readonly start: number;
  /** Rows that the filter keeps. */
  readonly rows: number;
  /** Source row numbers of the first and last row of the group, with the rows that the filter drops. */
  readonly low: number;
  readonly high: number;
  /** All rows from `low` to `high` are of this group. */
  readonly isAdjacent: boolean;
}

interface Entry {
  readonly table: string;
  readonly counted: SharedJob<Counted, Progress>;
}

/** The groups of grouped views: one table per view, with one row per group in the order of the groups. */
export class Groups {
  readonly #entries = new Map<string, Entry>();
  readonly #adjacent = new Set<string>();
  #serial = 0;

  constructor(
    private readonly connections: Connections,
    private readonly source: Source,
  ) {}

  /** The groups number first … first+count−1 of a view, and how many there are. */
  async heads(
    view: GroupedView,
    roles: Roles,
    { first, count }: { readonly first: number; readonly count: number },
    work: Work,
  ): Promise<Counted & { readonly heads: readonly GroupHead[] }> {
    const { counted, table } = await this.#counted(view, roles, work);
    const rows = await this.connections.rows(
      `SELECT * EXCLUDE (low, high, adjacent) FROM ${table} WHERE rowid >= ${first} LIMIT ${count}`,
      work,
    );
    const heads = rows.map((row): GroupHead => ({
      row: numberIn(row, 0),
      start: numberIn(row, 1),
      rows: numberIn(row, 2),
      all: numberIn(row, 3),
      positives: optionalNumberIn(row, 4),
      mix: counted.sources.map((_, k) => numberIn(row, 5 + k)),
    }));
    return { ...counted, heads };
  }

  /** The groups, at most `most`, with the rows at positions first … first+count−1 of a view, and the rows of all. */
  async spans(
    view: GroupedView,
    roles: Roles,
    { first, count, most }: { readonly first: number; readonly count: number; readonly most: number },
    work: Work,
  ): Promise<{ readonly spans: readonly GroupSpan[]; readonly total: number }> {
    const { counted, table } = await this.#counted(view, roles, work);
    const rows = await this.connections.rows(
      `SELECT lead, start, n, low, high, adjacent FROM ${table} WHERE start < ${first + count} AND start + n > ${first} ORDER BY start LIMIT ${most}`,
      work,
    );
    const spans = rows.map((row): GroupSpan => ({
      lead: numberIn(row, 0),
      start: numberIn(row, 1),
      rows: numberIn(row, 2),
      low: numberIn(row, 3),
      high: numberIn(row, 4),
      isAdjacent: row[5] === true,
    }));
    return { spans, total: counted.total };
  }

  /**
   * A view with the same rows in the same order that is cheaper to read: files are often written group by group. The
   * view itself if that is not known.
   */
  plain(view: View): View {
    const { group, ...plain } = view;
    return group !== undefined && view.sort.length === 0 && this.#adjacent.has(viewKey(view)) ? plain : view;
  }

  /** Waits for the table of a view. */
  async #counted(view: GroupedView, roles: Roles, work: Work): Promise<{ counted: Counted; table: string }> {
    const entry = this.#entry(view, roles);
    try {
      return { counted: await entry.counted.wait(work), table: entry.table };
    } finally {
      if (entry.counted.waiting === 0 && entry.counted.value === null && work.signal?.aborted) this.#drop(entry);
    }
  }

  #entry(view: GroupedView, roles: Roles): Entry {
    const used = roles
      .map(({ name, role }) => [name, role?.role])
      .filter(([, role]) => role === 'label' || role === 'source');
    const key = `${viewKey(view)} ${JSON.stringify(used)}`;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const table = `"@groups${++this.#serial}"`;
    const entry: Entry = { table, counted: new SharedJob((work) => this.#build(view, roles, table, work)) };
    this.#entries.set(key, entry);
    void entry.counted.ended().then(() => {
      const { value } = entry.counted;
      if (value === null) this.#forget(entry);
      else if (value.isAdjacent) this.#adjacent.add(viewKey(view));
    });
    for (const old of this.#entries.values()) {
      if (this.#entries.size <= mostTables) break;
      if (old.counted.waiting === 0 && old !== entry) this.#drop(old);
    }
    return entry;
  }

  #forget(entry: Entry): void {
    for (const [key, one] of this.#entries) if (one === entry) this.#entries.delete(key);
  }

  #drop(entry: Entry): void {
    this.#forget(entry);
    entry.counted.abort();
    void entry.counted
      .ended()
      .then(() => this.connections.rows(`DROP TABLE IF EXISTS ${entry.table}`))
      .catch(() => undefined);
  }

  async #build(view: GroupedView, roles: Roles, table: string, work: Work): Promise<Counted> {
    const { columns } = await this.source.settle(work);
    const kept = compileFilter(view.filter, columns);
    const isPositive = await this.#positive(roles, columns, kept, work);
    const source = roles.find(
      ({ role, type }) => role?.role === 'source' && (type.kind === 'string' || type.kind === 'enum'),
    );
    const sources = source === undefined ? [] : await this.#sources(source.name, kept, isPositive, work);
    const row = quoteIdentifier(this.source.rowColumn);
    const sorted = view.sort.map(({ column, descending }) => ({ name: sortable(column, columns), descending }));
    const keys = groupKeySql(view.group, columns);
    const order = groupOrder(sorted, row);
    // Names that no column of the file has.
    const [isKept, entry] = [freeName('@kept', columns), freeName('@source', columns)];
    const where = isFiltered(view.filter) ? ` FILTER (WHERE ${isKept})` : '';
    const counted = (condition: string): string =>
      `count(*) FILTER (WHERE ${where === '' ? '' : `${isKept} AND `}${condition})`;
    const lead =
      isPositive === null
        ? `min(${row})${where}`
        : `coalesce(min(${row}) FILTER (WHERE ${where === '' ? '' : `${isKept} AND `}${isPositive}), min(${row})${where})`;
    const items = [
      `${lead} AS lead`,
      `count(*)${where} AS n`,
      `count(*) AS "all"`,
      `${isPositive === null ? 'NULL' : counted(isPositive)} AS p`,
      ...sources.map((_, k) => `${counted(`${entry} = ${k}`)} AS m${k}`),
      `min(${row}) AS low`,
      `max(${row}) AS high`,
      ...order.map(({ sql }, k) => `${sql}${where} AS o${k}`),
    ];
    const orderBy = order.map(({ descending }, k) => direction(`o${k}`, descending)).join(', ');
    const cases = sources.map((name, k) => `WHEN ${quoteLiteral(name)} THEN ${k}`).join(' ');
    const more = [
      ...(where === '' ? [] : [`${kept} AS ${isKept}`]),
      ...(source === undefined || sources.length === 0
        ? []
        : [
            `CASE WHEN ${isPositive === null ? 'TRUE' : `NOT ${isPositive}`} THEN CAST(CASE ${quoteIdentifier(source.name)} ${cases} END AS UTINYINT) END AS ${entry}`,
          ]),
    ];
    const relation = `(SELECT ${['*', ...more].join(', ')} FROM ${this.source.relation()})`;
    const [made] = await this.connections.long(
      `CREATE TABLE ${table} AS
        SELECT lead, CAST(sum(n) OVER (ORDER BY ${orderBy} ROWS UNBOUNDED PRECEDING) - n AS BIGINT) AS start, n, "all", p, low, high, high - low + 1 = "all" AS adjacent
          ${sources.map((_, k) => `, m${k}`).join('')}
        FROM (SELECT ${items.join(', ')} FROM ${relation} GROUP BY ${keys.join(', ')}${where === '' ? '' : ` HAVING count(*)${where} > 0`})
        ORDER BY start`,
      message('Grouping rows'),
      work,
    );
    const [sums] = await this.connections.rows(
      `SELECT count(*) FILTER (WHERE NOT adjacent), CAST(coalesce(sum(n), 0) AS BIGINT) FROM ${table}`,
      work,
    );
    return { groups: numberIn(made), sources, isAdjacent: numberIn(sums, 0) === 0, total: numberIn(sums, 1) };
  }

  /** Condition of a positive row; null if labels are missing, or if a kept row has another value than 0 and 1. */
  async #positive(roles: Roles, columns: readonly SourceColumn[], kept: string, work: Work): Promise<string | null> {
    const name = roles.find(({ role }) => role?.role === 'label')?.name;
    const column = columns.find((one) => one.name === name);
    const label = column === undefined ? null : labelSql(column.name, column.type);
    if (label === null || label.isOther === 'FALSE') return label?.isPositive ?? null;
    const found = await this.connections.rows(
      `SELECT 1 FROM ${this.source.relation()} WHERE ${label.isOther} AND ${kept} LIMIT 1`,
      work,
    );
    return found.length > 0 ? null : label.isPositive;
  }

  /** The most frequent sources of kept rows that are not positive, the most frequent first. */
  async #sources(name: string, kept: string, isPositive: string | null, work: Work): Promise<string[]> {
    const source = quoteIdentifier(name);
    const negative = isPositive === null ? '' : ` AND NOT ${isPositive}`;
    const rows = await this.connections.rows(
      `SELECT s FROM (SELECT CAST(${source} AS VARCHAR) AS s FROM ${this.source.relation()} WHERE ${source} IS NOT NULL AND ${kept}${negative})
        GROUP BY s ORDER BY count(*) DESC, s LIMIT ${mostSources}`,
      work,
    );
    return rows.map((row) => textIn(row) ?? '');
  }
}
