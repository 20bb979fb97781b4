import { and, col, sql } from './expression.ts';
import type { Expression, From, Join, Relation, Select, SelectColumn } from './tree.ts';

/** The rows of a step or table. */
export function named(name: string): Relation {
  return { kind: 'named', name };
}

/** A FROM item with the alias `as`; null: no alias. */
export function from(relation: Relation | string, as: string | null = null): From {
  return { relation: typeof relation === 'string' ? named(relation) : relation, as };
}

/** Columns of a SELECT: a column of a FROM item, a name and its value, or all columns of a FROM item (null: of all). */
export type Columns = readonly (
  | string
  | readonly [name: string, value: Expression]
  | { readonly all: string | null }
)[];

/** Columns with their values. */
export type NamedColumns = readonly (readonly [name: string, value: Expression])[];

/** The columns of these names. `of`: alias of their FROM item; null: without an alias. */
export function cols(names: readonly string[], of: string | null = null): Expression[] {
  return names.map((name) => col(name, of));
}

/** Columns of the FROM item `of` for a SELECT. They keep their names. */
export function columnsFrom(names: readonly string[], of: string): (readonly [name: string, value: Expression])[] {
  return names.map((name) => [name, col(name, of)]);
}

export function columns(...lists: readonly Columns[]): SelectColumn[] {
  return lists.flat().map((column) => {
    if (typeof column === 'string') return { name: column, value: col(column) };
    if ('all' in column) return column;
    const [name, value] = column;
    return { name, value };
  });
}

/** A query. `source`: null for a query of one row without FROM. `clauses`: all clauses after FROM. */
export function select(
  list: Columns,
  source: From | Relation | string | null,
  clauses: Omit<Select, 'kind' | 'columns' | 'from'> = {},
): Select {
  return {
    kind: 'select',
    columns: columns(list),
    from: source === null ? null : typeof source === 'string' || 'kind' in source ? from(source) : source,
    ...clauses,
  };
}

export function join(kind: Join['kind'], relation: Relation | string, as: string, on: Expression | null): Join {
  return { kind, ...from(relation, as), on };
}

export function unionAll(...all: readonly Relation[]): Relation {
  const [first, ...others] = all;
  return first !== undefined && others.length === 0 ? first : { kind: 'union', all, distinct: false };
}

export function unionDistinct(...all: readonly Relation[]): Relation {
  return { kind: 'union', all, distinct: true };
}

/** True if columns with the same names are equal in the FROM items `a` and `b`. */
export function equal(a: string, b: string, names: readonly string[]): Expression {
  return and(...names.map((name) => sql`${col(name, a)} = ${col(name, b)}`));
}
