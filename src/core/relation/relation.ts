import { and, col, sql } from './expression.ts';
import type { Expression, From, Join, Relation, Select, SelectColumn } from './tree.ts';

export function named(name: string): Relation {
  return { kind: 'named', name };
}

export function from(relation: Relation | string, as: string | null = null): From {
  return { relation: typeof relation === 'string' ? named(relation) : relation, as };
}

/** Columns by name, or names of columns of the FROM items. */
export type Columns = readonly (
  | string
  | readonly [name: string, value: Expression]
  | { readonly all: string | null }
)[];

/** The columns of these names; `of`: the alias of their FROM item. */
export function cols(names: readonly string[], of: string | null = null): Expression[] {
  return names.map((name) => col(name, of));
}

/** Columns of the FROM item `of` for a SELECT, under the same names. */
export function columnsFrom(names: readonly string[], of: string): (readonly [name: string, value: Expression])[] {
  return names.map((name) => [name, col(name, of)]);
}

export function columns(...lists: readonly Columns[]): SelectColumn[] {
  return lists.flat().map((one) => {
    if (typeof one === 'string') return { name: one, value: col(one) };
    if ('all' in one) return one;
    const [name, value] = one;
    return { name, value };
  });
}

export function select(
  list: Columns,
  source: From | Relation | string | null,
  more: Omit<Select, 'kind' | 'columns' | 'from'> = {},
): Select {
  return {
    kind: 'select',
    columns: columns(list),
    from: source === null ? null : typeof source === 'string' || 'kind' in source ? from(source) : source,
    ...more,
  };
}

export function join(kind: Join['kind'], relation: Relation | string, as: string, on: Expression | null): Join {
  return { kind, ...from(relation, as), on };
}

export function unionAll(...all: readonly Relation[]): Relation {
  const [only, ...more] = all;
  return only !== undefined && more.length === 0 ? only : { kind: 'union', all, distinct: false };
}

export function unionDistinct(...all: readonly Relation[]): Relation {
  return { kind: 'union', all, distinct: true };
}

/** Equality of columns of two FROM items. */
export function equal(a: string, b: string, names: readonly string[]): Expression {
  return and(...names.map((name) => sql`${col(name, a)} = ${col(name, b)}`));
}
