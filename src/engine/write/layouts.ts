import { isShared, negativeName, type ColumnOwner } from '../../core/data/columnOwner.ts';
import { isBundled, type SampleLayout } from '../../core/schema/sampleLayout.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { drawnLists, hasReadTime, isAsOfList, valuesOfPositive, type DrawnList, type GroupList } from './drawnLists.ts';
import type { DrawnIds } from '../inputs/ids.ts';

/** A column of a sample file. */
export interface OutputColumn {
  readonly name: string;
  readonly of: ColumnOwner;
  /**
   * The list of `DrawnTables` from which it is computed. Null if the value is the same for all rows of a group, or
   * comes from a join.
   */
  readonly list: GroupList | null;
  /** The list that the join needs from which the value comes, in addition to those of every join. */
  readonly joins?: DrawnList;
  /** Columns of `FileOrder` from which it is computed. */
  readonly values?: readonly string[];
  /**
   * SQL of its value, given the SQL of the list element. It applies to the group, or to a row of the group, named r.
   */
  readonly sql: (element: string, ids: DrawnIds) => string;
}
/** An output column whose SQL already has the ids bound. */
interface PlainColumn extends Omit<OutputColumn, 'sql'> {
  readonly sql: (element: string) => string;
}

/** Column names of each layout. */
export const namesIn: { readonly [L in SampleLayout]: (columns: readonly OutputColumn[]) => readonly string[] } = {
  long: (columns) => columns.map(({ name }) => name),
  grouped: (columns) => columns.map(({ name }) => name),
  request: (columns) => columns.map(({ name }) => name),
  user: (columns) => columns.map(({ name }) => name),
  wide: (columns) =>
    columns.flatMap(({ name, of }) => [
      ...(of === 'label' || of === 'negatives' ? [] : [name]),
      ...(of === 'rows' || of === 'negatives' ? [negativeName(name)] : []),
    ]),
};

const named = (sql: string, name: string): string => `${sql} AS ${quoteIdentifier(name)}`;

/**
 * Lists that the columns of a file need.
 * @param joined whether further columns come from the rows of the log, the items or the users
 */
export function listsOf(
  columns: readonly Pick<OutputColumn, 'list' | 'joins'>[],
  joined: boolean,
): readonly GroupList[] {
  const asked = new Set<GroupList | null>([
    ...columns.flatMap(({ list, joins }) => [list, joins ?? null]),
    ...(joined ? (['label', 'item', 'origin'] as const) : []),
  ]);
  return [...drawnLists.filter((list) => asked.has(list)), ...[...asked].filter(isAsOfList)];
}

/**
 * SQL of some `groups` of `DrawnTables` with one row per sample, unordered. It adds the row of the table, `g`, and the
 * number of the sample within it, `k`.
 */
export function rowsSql(
  columns: readonly OutputColumn[],
  joins: readonly string[],
  ids: DrawnIds,
  groups: string,
  layout: SampleLayout,
): string {
  const lists = listsOf(columns, joins.length > 0);
  const unnested = (name: string): string => `unnest(${name}) AS ${name}`;
  const valueOf = (owner: ColumnOwner, name: string): string =>
    isBundled(layout) && !isShared(layout, owner) ? unnested(name) : name;
  const placed = [...new Set(columns.flatMap(({ of, values = [] }) => values.map((name) => valueOf(of, name))))];
  const ofGroup = ['positive', 'time', ...(hasReadTime(lists) ? ['read_time'] : []), ...valuesOfPositive(lists)];
  const values = [
    ...['request', ...(ids.requests === 'int64' ? ['known'] : [])].map((name) => valueOf('request', name)),
    ...ofGroup.map((name) => valueOf('group', name)),
    ...placed,
    ...lists.map(unnested),
  ];
  const rows = `SELECT rowid AS g, generate_subscripts(item, 1) AS k, "user", ${values.join(', ')} FROM ${groups}`;
  return `SELECT ${[...columns.map(({ list, sql }, at) => `${sql(list === null ? '' : `r.${list}`, ids)} AS c${at}`), 'r.g AS g', 'r.k AS k', ...(lists.includes('label') ? ['r.label AS label'] : [])].join(', ')} FROM (${rows}) r ${joins.join(' ')}`;
}

/**
 * SQL of each layout over some `groups` of `DrawnTables`, in the order of the file, without joins. So groups need no
 * sorting, and lists no aggregation.
 */
export const plainLayouts: {
  readonly [L in Exclude<SampleLayout, 'request' | 'user'>]: (
    columns: readonly PlainColumn[],
    groups: string,
  ) => string;
} = {
  /** One row per sample. */
  long: (columns, groups) => {
    // Values that all rows of a group share are computed once per group.
    const shared = columns.flatMap(({ list, sql }, k) => (list === null ? [`${sql('')} AS g${k}`] : []));
    const lists = listsOf(columns, false);
    const inner = [
      ...shared,
      ...valuesOfPositive(lists).map((name) => `r.${name}`),
      ...lists.map((list) => `unnest(r.${list}) AS ${list}`),
    ];
    return `SELECT ${columns.map(({ name, list, sql }, k) => named(list === null ? `g${k}` : sql(`r.${list}`), name)).join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${groups} r) r`;
  },
  /** One row per group. Shared values are scalars, all other values are lists of equal length. */
  grouped: (columns, groups) =>
    `SELECT ${columns.map(({ name, list, sql }) => named(list === null ? sql('') : each(`r.${list}`, sql), name)).join(', ')} FROM ${groups} r`,
  /**
   * One row per group. The positive is in scalar columns. The negatives are lists of equal length, with names that
   * begin with `negative_`.
   */
  wide: (columns, groups) =>
    `SELECT ${columns
      .flatMap(({ name, of, list, sql }) => {
        if (of === 'label') return [];
        if (list === null) return [named(sql(''), name)];
        if (of === 'positives') return [named(sql(`r.${list}[1]`), name)];
        const negatives = named(each(`r.${list}[2:]`, sql), negativeName(name));
        return of === 'negatives' ? [negatives] : [named(sql(`r.${list}[1]`), name), negatives];
      })
      .join(', ')} FROM ${groups} r`,
};

/** Applies SQL to every element of a list. */
function each(list: string, sql: PlainColumn['sql']): string {
  const value = sql('x');
  return value === 'x' ? list : `list_transform(${list}, lambda x: ${value})`;
}

/** A column of rows of `rowsSql`. `value`: its SQL. */
type JoinedColumn = Pick<OutputColumn, 'name' | 'of'> & { readonly value: string };

/** All samples of a row of the table as lists, and what they share as single values. */
const listed =
  (layout: SampleLayout) =>
  (columns: readonly JoinedColumn[], rows: string): string =>
    byGroup(
      columns.map(({ name, value, of }) =>
        isShared(layout, of) ? named(`first(${value})`, name) : named(`list(${value} ORDER BY k)`, name),
      ),
      rows,
    );

/** SQL of each layout in the order of the file, over rows of `rowsSql`. */
export const joinedLayouts: {
  readonly [L in SampleLayout]: (columns: readonly JoinedColumn[], rows: string) => string;
} = {
  long: (columns, rows) =>
    `SELECT ${columns.map(({ name, value }) => named(value, name)).join(', ')} FROM (${rows}) ORDER BY g, k`,
  grouped: listed('grouped'),
  request: listed('request'),
  user: listed('user'),
  wide: (columns, rows) =>
    byGroup(
      columns.flatMap(({ name, value, of }) => {
        if (of === 'label') return [];
        const own =
          of === 'negatives'
            ? []
            : [named(isShared('wide', of) ? `first(${value})` : `first(${value}) FILTER (WHERE label = 1)`, name)];
        return isShared('wide', of) || of === 'positives'
          ? own
          : [...own, named(`coalesce(list(${value} ORDER BY k) FILTER (WHERE label = 0), [])`, negativeName(name))];
      }),
      rows,
    ),
};

function byGroup(columns: readonly string[], rows: string): string {
  return `SELECT ${columns.join(', ')} FROM (${rows}) GROUP BY g ORDER BY g`;
}
