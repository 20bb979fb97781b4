import { Mentions, addClauses } from '../relation/mentions.ts';
import type { Expression, From, Relation, Select, SelectColumn } from '../relation/tree.ts';
import type { Step } from './script.ts';

/** Names of the columns that are read; `all`: perhaps every one, or their order counts. */
type Needs = ReadonlySet<string> | 'all';

/**
 * The steps without the columns of views and tables that no later step reads: a table that is written costs time and
 * space for each. Rows, their number and the other columns stay the same.
 */
export function withNeededColumns(steps: readonly Step[]): Step[] {
  const needs = new Map<string, Needs>();
  const read = (name: string, more: Needs): void => {
    needs.set(name, both(needs.get(name) ?? new Set(), more));
  };
  return steps
    .toReversed()
    .map((step): Step => {
      if (step.kind === 'counts')
        return { ...step, tables: step.tables.map((one) => ({ ...one, rows: narrowed(one.rows, 'all', read) })) };
      if (!('rows' in step)) return step;
      const isRoot = step.kind !== 'view' && step.kind !== 'table';
      const rows = narrowed(step.rows, isRoot ? 'all' : (needs.get(step.name) ?? 'all'), read);
      return { ...step, rows };
    })
    .toReversed();
}

const both = (a: Needs, b: Needs): Needs => (a === 'all' || b === 'all' ? 'all' : new Set([...a, ...b]));

type Read = (name: string, needs: Needs) => void;

/** @param isFixed keeps the text of a query: it is a part of an expression */
function narrowed(relation: Relation, needs: Needs, read: Read, isFixed = false): Relation {
  switch (relation.kind) {
    case 'named':
      read(relation.name, needs);
      return relation;
    case 'values':
      return relation;
    case 'union':
      return narrowedUnion(relation, needs, read, isFixed);
    case 'select':
      return withColumns(relation, isFixed ? every(relation) : placesOf(relation, needs), needs, read, isFixed);
  }
}

/** The columns of a union belong together by their places. */
function narrowedUnion(
  union: Extract<Relation, { readonly kind: 'union' }>,
  needs: Needs,
  read: Read,
  isFixed: boolean,
): Relation {
  const branches = union.all.filter((one): one is Select => one.kind === 'select' && isPlain(one));
  const [first] = branches;
  const isAligned =
    first !== undefined &&
    branches.length === union.all.length &&
    branches.every(({ columns }) => columns.length === first.columns.length);
  if (isFixed || needs === 'all' || union.distinct || !isAligned)
    return { ...union, all: union.all.map((one) => narrowed(one, 'all', read, isFixed)) };
  let places = new Set(placesOf(first, needs));
  for (let before = -1; before !== places.size;) {
    before = places.size;
    for (const branch of branches) {
      const names = new Set(branch.columns.flatMap((one, k) => ('name' in one && places.has(k) ? [one.name] : [])));
      places = new Set([...places, ...placesOf(branch, names)]);
    }
  }
  return { ...union, all: branches.map((one) => withColumns(one, places, 'all', read, false)) };
}

/** True if every column has a name. */
const isPlain = ({ columns }: Select): boolean => columns.every((one) => 'name' in one);

const every = ({ columns }: Select): ReadonlySet<number> => new Set(columns.keys());

/** Places of the columns of a query that stay. */
function placesOf(query: Select, needs: Needs): ReadonlySet<number> {
  const { columns, groupBy = [], distinct = false } = query;
  // Without a grouping, aggregates decide how many rows there are.
  const isTotal = groupBy.length === 0 && columns.some((one) => 'name' in one && isAggregate(one.value));
  if (needs === 'all' || distinct || isTotal) return every(query);
  const own = new Mentions();
  addClauses(own, query);
  const places = new Set<number>();
  columns.forEach((one, k) => {
    if (!('name' in one) || needs.has(one.name) || own.unqualified.has(one.name) || isKept(one.value)) places.add(k);
  });
  // A value may name columns that are computed before it.
  for (let before = -1; before !== places.size;) {
    before = places.size;
    const mentions = new Mentions();
    mentions.add(columns.filter((_, k) => places.has(k)));
    columns.forEach((one, k) => {
      if ('name' in one && !isCopied(one) && mentions.unqualified.has(one.name)) places.add(k);
    });
  }
  if (places.size === 0) places.add(0);
  return places;
}

/** The query with the columns at these places. What its FROM items need follows. */
function withColumns(query: Select, places: ReadonlySet<number>, needs: Needs, read: Read, isFixed: boolean): Relation {
  const columns = query.columns.filter((_, k) => places.has(k));
  const mentions = new Mentions();
  mentions.add([columns, query.where, query.joins?.map(({ on }) => on)]);
  addClauses(mentions, query);
  for (const one of mentions.queries) narrowed(one, 'all', read, true);
  const needsOf = (item: From): Needs => {
    const isPassed = columns.some((one) => 'all' in one && (one.all === null || one.all === item.as));
    // Without a column, other rows would be distinct.
    const passed = query.distinct === true ? 'all' : needs;
    return isPassed ? both(passed, mentions.of(item)) : mentions.of(item);
  };
  const source = <F extends From>(item: F): F => ({
    ...item,
    relation: narrowed(item.relation, needsOf(item), read, isFixed),
  });
  const names = new Set(columns.flatMap((one) => ('name' in one ? [one.name] : [])));
  const computed = query.computed?.filter((name) => names.has(name));
  const { computed: _, ...rest } = query;
  return {
    ...rest,
    columns,
    from: query.from === null ? null : source(query.from),
    ...(query.joins === undefined ? {} : { joins: query.joins.map(source) }),
    ...(computed === undefined || columns.every((one) => 'all' in one || isCopied(one)) ? {} : { computed }),
  };
}

const isCopied = (column: SelectColumn): boolean =>
  'name' in column && column.value.kind === 'name' && column.value.name === column.name;

/** Columns with them make rows, or end the job if a value is wrong. */
const kept: ReadonlySet<string> = new Set([
  'eachInteger',
  'eachElement',
  'raise',
  'integerOfText',
  'textMicroseconds',
  'textDayEnd',
]);
const isKept = (value: Expression): boolean => some(value, (one) => one.kind === 'call' && kept.has(one.name));

const aggregates: ReadonlySet<string> = new Set(['count', 'sum', 'min', 'max', 'bool_or', 'first']);
const isAggregate = (value: Expression): boolean =>
  some(value, (one) => one.kind === 'structs' || (one.kind === 'function' && aggregates.has(one.name)));

/** True if a value or a value in it is such. Windows and queries have rows of their own. */
function some(part: unknown, isSuch: (value: Expression) => boolean): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if ('kind' in part) {
    if (part.kind === 'window' || part.kind === 'query') return false;
    if (isSuch(part as Expression)) return true;
  }
  return Object.values(part).some((inner) => some(inner, isSuch));
}
