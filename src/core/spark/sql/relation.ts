import { and, col, sql, type Expression } from './expression.ts';

/** Rows in SQL, independent of a dialect. */
export type Relation =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'union'; readonly all: readonly Relation[]; readonly distinct: boolean }
  | Select;

export interface Select {
  readonly kind: 'select';
  readonly columns: readonly SelectColumn[];
  readonly from: From;
  readonly distinct?: boolean;
  readonly joins?: readonly Join[];
  readonly where?: readonly Expression[];
  readonly groupBy?: readonly Expression[];
  readonly having?: readonly Expression[];
  /**
   * Names of columns that are computed once: no condition of a later step is pushed into this query. Without it, Spark
   * writes each step of a hash out again wherever its result is compared.
   */
  readonly computed?: readonly string[];
  /** The rows are sorted into ranges, so that `rangeBucket` ascends with them. */
  readonly ranges?: { readonly by: readonly string[] };
  /** Rows with equal values are processed together. */
  readonly together?: readonly Expression[];
}

/** `all`: every column of a FROM item. */
export type SelectColumn = { readonly name: string; readonly value: Expression } | { readonly all: string | null };

export interface From {
  readonly relation: Relation;
  /** Its name in expressions; null if no expression names it. */
  readonly as: string | null;
}

/** `semi` and `anti` keep rows that have a partner, or none. */
export interface Join extends From {
  readonly kind: 'inner' | 'left' | 'semi' | 'anti' | 'one';
  readonly on: Expression | null;
}

export function named(name: string): Relation {
  return { kind: 'named', name };
}

export function from(relation: Relation | string, as: string | null = null): From {
  return { relation: typeof relation === 'string' ? named(relation) : relation, as };
}

/** Columns by name, or names of columns of the FROM items. */
export type Columns = readonly (
  string | readonly [name: string, value: Expression] | { readonly all: string | null }
)[];

export function columns(...lists: readonly Columns[]): SelectColumn[] {
  return lists.flat().map((one) => {
    if (typeof one === 'string') return { name: one, value: col(one) };
    if ('all' in one) return one;
    const [name, value] = one;
    return { name, value };
  });
}

/** Columns of one FROM item under their own names. */
export function of(item: string, names: readonly string[]): Columns {
  return names.map((name) => [name, col(name, item)] as const);
}

export function select(
  list: Columns,
  source: From | Relation | string,
  more: Omit<Select, 'kind' | 'columns' | 'from'> = {},
): Select {
  return {
    kind: 'select',
    columns: columns(list),
    from: typeof source === 'string' || 'kind' in source ? from(source) : source,
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
