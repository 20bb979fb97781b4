import { isShared, negativeName, type ColumnOwner } from '../../core/data/columnOwner.ts';
import type { SampleLayout } from '../../core/schema/sampleLayout.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { drawnLists, isCopiedList, valuesOfPositive, type GroupList } from './drawnLists.ts';
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
  readonly joins?: GroupList;
  /** The table of the join by the row numbers of `joins`. */
  readonly asOf?: string;
  /** True if its SQL needs a join of samples. */
  readonly isJoined?: true;
  /** The column of the stored log that it copies. */
  readonly ofLog?: LogColumn;
  /** Columns of `FileOrder` from which it is computed. */
  readonly values?: readonly string[];
  /**
   * SQL of its value, given the SQL of the list element. It applies to the group, or to a row of the group, named r.
   * `valueOf`: SQL of a column of `DrawnTables` without a list of its own.
   */
  readonly sql: (element: string, ids: DrawnIds, valueOf: ValueOf) => string;
}
/** A column of the stored log: of the row's exposure, or of the row that the group comes from. */
export interface LogColumn {
  readonly column: string;
  readonly side: 'exposure' | 'context';
}
type ValueOf = (name: string) => string;
/** An output column whose SQL already has the ids bound. */
interface PlainColumn extends Omit<OutputColumn, 'sql'> {
  readonly sql: (element: string, valueOf: ValueOf) => string;
}

/** Which groups share a row of `DrawnTables`: those of a request, or of a user. Null if each has its own. */
export type Bundle = 'request' | 'user' | null;

/** SQL of the first element of a list of the table r. */
const firstOf = (list: GroupList | null): string => (list === null ? '' : `r.${list}[1]`);
const ofRow = (name: string): string => `r.${name}`;
/** True if a row of `DrawnTables` has one value of a column, not a list with one for each sample. */
const hasOneValue = (bundle: Bundle, owner: ColumnOwner): boolean => isShared(bundle ?? 'grouped', owner);

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
  return [...drawnLists.filter((list) => asked.has(list)), ...[...asked].filter(isCopiedList)];
}

/** True if the rows of the table have the value of a row of the file, so that it needs no join of samples. */
function isStored(layout: SampleLayout, { of, isJoined }: Pick<OutputColumn, 'of' | 'isJoined'>): boolean {
  if (isJoined || layout === 'long') return false;
  return layout !== 'wide' || isShared(layout, of);
}

/**
 * SQL of some `groups` of `DrawnTables` with one row per sample, unordered. It adds the row of the table, `g`, and the
 * number of the sample within it, `k`. It leaves out the columns of `isStored`.
 */
export function rowsSql(
  columns: readonly OutputColumn[],
  joins: readonly string[],
  ids: DrawnIds,
  groups: string,
  bundle: Bundle,
  layout: SampleLayout,
): string {
  const joinedColumns = columns.map((column, at) => ({ ...column, at })).filter((column) => !isStored(layout, column));
  const lists = listsOf(joinedColumns, joins.length > 0);
  const unnested = (name: string): string => `unnest(${name}) AS ${name}`;
  const valueOf = (owner: ColumnOwner, name: string): string =>
    hasOneValue(bundle, owner) || bundle === null ? name : unnested(name);
  const placed = [...new Set(joinedColumns.flatMap(({ of, values = [] }) => values.map((name) => valueOf(of, name))))];
  const ofGroup = ['positive', 'time', ...valuesOfPositive(lists)];
  const values = [
    ...['request', ...(ids.requests === 'int64' ? ['known'] : [])].map((name) => valueOf('request', name)),
    ...ofGroup.map((name) => valueOf('group', name)),
    ...placed,
    ...lists.map(unnested),
  ];
  const rows = `SELECT rowid AS g, generate_subscripts(item, 1) AS k, "user", ${values.join(', ')} FROM ${groups}`;
  return `SELECT ${[...joinedColumns.map(({ list, sql, at }) => `${sql(list === null ? '' : `r.${list}`, ids, ofRow)} AS c${at}`), 'r.g AS g', 'r.k AS k', ...(lists.includes('label') ? ['r.label AS label'] : [])].join(', ')} FROM (${rows}) r ${joins.join(' ')}`;
}

/** SQL of a layout over some `groups` of `DrawnTables`, in the order of the file. */
type PlainLayout = (columns: readonly PlainColumn[], groups: string, bundle: Bundle) => string;

/** What the samples of a row of the table share is one value, all other values are lists of equal length. */
function listSql({ of, list, sql }: PlainColumn, bundle: Bundle): string {
  if (hasOneValue(bundle, of)) return sql(firstOf(list), ofRow);
  return each(ofRow(list ?? 'time'), (element) => sql(element, bundle === null ? ofRow : atElement));
}

/** One row for each row of the table. */
const lists: PlainLayout = (columns, groups, bundle) =>
  `SELECT ${columns.map((column) => named(listSql(column, bundle), column.name)).join(', ')} FROM ${groups} r`;

/** SQL of each layout without joins. So groups need no sorting, and lists no aggregation. */
export const plainLayouts: { readonly [L in SampleLayout]: PlainLayout } = {
  /** One row per sample. */
  long: (columns, groups, bundle) => {
    const used = new Set<string>();
    const valueOf: ValueOf = (name) => {
      used.add(name);
      return ofRow(name);
    };
    const isShared = ({ list, of }: PlainColumn): boolean => list === null && hasOneValue(bundle, of);
    const values = columns.map((column, k) =>
      isShared(column) ? `g${k}` : column.sql(column.list === null ? '' : ofRow(column.list), valueOf),
    );
    const unnested = (name: string): string => `unnest(r.${name}) AS ${name}`;
    const inner = [
      // Values that all rows share are computed once.
      ...columns.flatMap((column, k) => (isShared(column) ? [`${column.sql('', ofRow)} AS g${k}`] : [])),
      ...[...used].map(bundle === null ? ofRow : unnested),
      ...listsOf(columns, false).map(unnested),
    ];
    return `SELECT ${columns.map(({ name }, k) => named(values[k] ?? '', name)).join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${groups} r) r`;
  },
  grouped: lists,
  request: lists,
  user: lists,
  /**
   * One row per group. The positive is in scalar columns. The negatives are lists of equal length, with names that
   * begin with `negative_`.
   */
  wide: (columns, groups) =>
    `SELECT ${columns
      .flatMap(({ name, of, list, sql }) => {
        if (of === 'label') return [];
        if (list === null || of === 'positives' || isShared('wide', of))
          return [named(sql(firstOf(list), ofRow), name)];
        const negatives = named(
          each(`r.${list}[2:]`, (element) => sql(element, ofRow)),
          negativeName(name),
        );
        return of === 'negatives' ? [negatives] : [named(sql(`r.${list}[1]`, ofRow), name), negatives];
      })
      .join(', ')} FROM ${groups} r`,
};

/** SQL of an element of a list that is as long as the list of `each`. */
const atElement = (name: string): string => `r.${name}[i]`;

/** Applies SQL to every element of a list. */
function each(list: string, sql: (element: string) => string): string {
  const value = sql('x');
  return value === 'x' ? list : `list_transform(${list}, lambda x, i: ${value})`;
}

/** A column of the joined layouts. `value`: SQL of its value in a row of `rowsSql`. */
interface JoinedColumn extends PlainColumn {
  readonly value: string;
}
/** @param rows SQL of `rowsSql`; `groups`: that of its groups */
type JoinedLayout = (columns: readonly JoinedColumn[], rows: string, groups: string, bundle: Bundle) => string;

/** All samples of a row of the table as lists, and what they share as single values. */
const listed =
  (layout: SampleLayout): JoinedLayout =>
  (columns, rows, groups, bundle) =>
    byGroup(
      columns.map((column) => ({
        name: column.name,
        stored: isStored(layout, column) ? listSql(column, bundle) : null,
        value: isShared(layout, column.of) ? `first(${column.value})` : `list(${column.value} ORDER BY k)`,
      })),
      rows,
      groups,
    );

/** SQL of each layout in the order of the file, over rows of `rowsSql`. */
export const joinedLayouts: { readonly [L in SampleLayout]: JoinedLayout } = {
  long: (columns, rows) =>
    `SELECT ${columns.map(({ name, value }) => named(value, name)).join(', ')} FROM (${rows}) ORDER BY g, k`,
  grouped: listed('grouped'),
  request: listed('request'),
  user: listed('user'),
  wide: (columns, rows, groups) =>
    byGroup(
      columns.flatMap((column) => {
        const { name, value, of } = column;
        const stored = isStored('wide', column) ? column.sql(firstOf(column.list), ofRow) : null;
        if (of === 'label') return [];
        const first = isShared('wide', of) ? `first(${value})` : `first(${value}) FILTER (WHERE label = 1)`;
        const own = of === 'negatives' ? [] : [{ name, stored, value: first }];
        if (isShared('wide', of) || of === 'positives') return own;
        const negatives = `coalesce(list(${value} ORDER BY k) FILTER (WHERE label = 0), [])`;
        return [...own, { name: negativeName(name), stored: null, value: negatives }];
      }),
      rows,
      groups,
    ),
};

/** `stored`: SQL of the value in a row of the table r; null if it is aggregated from samples. */
interface GroupColumn {
  readonly name: string;
  readonly value: string;
  readonly stored: string | null;
}

function byGroup(columns: readonly GroupColumn[], rows: string, groups: string): string {
  const aggregated = columns.flatMap(({ name, value, stored }) => (stored === null ? [named(value, name)] : []));
  const copied = columns.flatMap(({ name, stored }) => (stored === null ? [] : [named(stored, name)]));
  const table =
    copied.length === 0 ? '' : ` JOIN (SELECT r.rowid AS g, ${copied.join(', ')} FROM ${groups} r) USING (g)`;
  return `SELECT ${columns.map(({ name }) => quoteIdentifier(name)).join(', ')} FROM (SELECT ${['g', ...aggregated].join(', ')} FROM (${rows}) GROUP BY g)${table} ORDER BY g`;
}
