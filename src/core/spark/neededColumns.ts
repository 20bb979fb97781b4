import { Mentions, addClauses } from '../relation/mentions.ts';
import type { Expression, From, Relation, Select, SelectColumn } from '../relation/tree.ts';
import type { Step } from './script.ts';

/** Names of the columns that are read; `all`: possibly every column, or the order of columns matters. */
type Needs = ReadonlySet<string> | 'all';

/**
 * Removes the columns of views and tables that no later step reads, because each column of a written table costs time
 * and space. Rows and the other columns do not change.
 */
export function withNeededColumns(steps: readonly Step[]): Step[] {
  const needs = new Map<string, Needs>();
  const read = (name: string, columns: Needs): void => {
    needs.set(name, unionOf(needs.get(name) ?? new Set(), columns));
  };
  return steps
    .toReversed()
    .map((step): Step => {
      if (step.kind === 'counts')
        return { ...step, tables: step.tables.map((table) => ({ ...table, rows: narrowed(table.rows, 'all', read) })) };
      if (!('rows' in step)) return step;
      const isRoot = step.kind !== 'view' && step.kind !== 'table';
      const rows = narrowed(step.rows, isRoot ? 'all' : (needs.get(step.name) ?? 'all'), read);
      return { ...step, rows };
    })
    .toReversed();
}

const unionOf = (a: Needs, b: Needs): Needs => (a === 'all' || b === 'all' ? 'all' : new Set([...a, ...b]));

type Read = (name: string, needs: Needs) => void;

/** @param isFixed true for a query inside an expression: all of its columns stay */
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

/** The columns of a union are matched by position, so the same positions stay in all branches. */
function narrowedUnion(
  union: Extract<Relation, { readonly kind: 'union' }>,
  needs: Needs,
  read: Read,
  isFixed: boolean,
): Relation {
  const branches = union.all.filter((branch): branch is Select => branch.kind === 'select' && isPlain(branch));
  const [first] = branches;
  const isAligned =
    first !== undefined &&
    branches.length === union.all.length &&
    branches.every(({ columns }) => columns.length === first.columns.length);
  if (isFixed || needs === 'all' || union.distinct || !isAligned)
    return { ...union, all: union.all.map((branch) => narrowed(branch, 'all', read, isFixed)) };
  let places = new Set(placesOf(first, needs));
  for (let before = -1; before !== places.size;) {
    before = places.size;
    for (const branch of branches) {
      const names = new Set(
        branch.columns.flatMap((column, k) => ('name' in column && places.has(k) ? [column.name] : [])),
      );
      places = new Set([...places, ...placesOf(branch, names)]);
    }
  }
  return { ...union, all: branches.map((branch) => withColumns(branch, places, 'all', read, false)) };
}

/** True if every column has a name. */
const isPlain = ({ columns }: Select): boolean => columns.every((column) => 'name' in column);

const every = ({ columns }: Select): ReadonlySet<number> => new Set(columns.keys());

/** Positions of the columns of a query that stay. */
function placesOf(query: Select, needs: Needs): ReadonlySet<number> {
  const { columns, groupBy = [], distinct = false } = query;
  // An aggregate without GROUP BY returns one row: without it, there would be another number of rows.
  const isTotal = groupBy.length === 0 && columns.some((column) => 'name' in column && isAggregate(column.value));
  if (needs === 'all' || distinct || isTotal) return every(query);
  const clauseNames = new Mentions();
  addClauses(clauseNames, query);
  const places = new Set<number>();
  columns.forEach((column, k) => {
    const isNeeded = !('name' in column) || needs.has(column.name) || clauseNames.unqualified.has(column.name);
    if (isNeeded || hasEffect(column.value)) places.add(k);
  });
  // A value may refer to columns of the same SELECT.
  for (let before = -1; before !== places.size;) {
    before = places.size;
    const mentions = new Mentions();
    mentions.add(columns.filter((_, k) => places.has(k)));
    columns.forEach((column, k) => {
      if ('name' in column && !isCopied(column) && mentions.unqualified.has(column.name)) places.add(k);
    });
  }
  if (places.size === 0) places.add(0);
  return places;
}

/** Keeps the columns at these positions, and narrows the FROM items to what they need. */
function withColumns(query: Select, places: ReadonlySet<number>, needs: Needs, read: Read, isFixed: boolean): Relation {
  const columns = query.columns.filter((_, k) => places.has(k));
  const mentions = new Mentions();
  mentions.add([columns, query.where, query.joins?.map(({ on }) => on)]);
  addClauses(mentions, query);
  for (const subquery of mentions.queries) narrowed(subquery, 'all', read, true);
  const needsOf = (item: From): Needs => {
    const isPassed = columns.some((column) => 'all' in column && (column.all === null || column.all === item.as));
    // Without one of its columns, DISTINCT would return other rows.
    const passed = query.distinct === true ? 'all' : needs;
    return isPassed ? unionOf(passed, mentions.of(item)) : mentions.of(item);
  };
  const source = <F extends From>(item: F): F => ({
    ...item,
    relation: narrowed(item.relation, needsOf(item), read, isFixed),
  });
  const names = new Set(columns.flatMap((column) => ('name' in column ? [column.name] : [])));
  const computed = query.computed?.filter((name) => names.has(name));
  const { computed: _, ...clauses } = query;
  return {
    ...clauses,
    columns,
    from: query.from === null ? null : source(query.from),
    ...(query.joins === undefined ? {} : { joins: query.joins.map(source) }),
    ...(computed === undefined || columns.every((column) => 'all' in column || isCopied(column)) ? {} : { computed }),
  };
}

const isCopied = (column: SelectColumn): boolean =>
  'name' in column && column.value.kind === 'name' && column.value.name === column.name;

/** Functions that produce rows or end the job. Columns that call them stay even if nothing reads them. */
const effects: ReadonlySet<string> = new Set([
  'eachInteger',
  'eachElement',
  'raise',
  'integerOfText',
  'textMicroseconds',
  'textDayEnd',
]);
const hasEffect = (value: Expression): boolean =>
  hasPart(value, (part) => part.kind === 'call' && effects.has(part.name));

const aggregates: ReadonlySet<string> = new Set(['count', 'sum', 'min', 'max', 'bool_or', 'first']);
const isAggregate = (value: Expression): boolean =>
  hasPart(value, (part) => part.kind === 'structs' || (part.kind === 'function' && aggregates.has(part.name)));

/** True if an expression or one of its parts matches. Windows and subqueries are skipped: they read other rows. */
function hasPart(part: unknown, isMatch: (value: Expression) => boolean): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if ('kind' in part) {
    if (part.kind === 'window' || part.kind === 'query') return false;
    if (isMatch(part as Expression)) return true;
  }
  return Object.values(part).some((inner) => hasPart(inner, isMatch));
}
