import type { DecimalType, DialectFunction, SqlType } from './tree.ts';

/** SQL syntax of one engine, where engines differ. */
export interface Dialect {
  readonly identifier: (name: string) => string;
  readonly text: (value: string) => string;
  readonly integer: (value: bigint) => string;
  readonly double: (value: number) => string;
  readonly type: (type: SqlType | DecimalType) => string;
  /** An engine has those that its queries use. */
  readonly functions: Readonly<Partial<Record<DialectFunction, (args: readonly string[]) => string>>>;
  /**
   * Lines of a query that computes the columns `computed` once; see `Select.computed`. `carried`: columns that it only
   * copies.
   */
  readonly computed: (
    query: readonly string[],
    names: { readonly carried: readonly string[]; readonly computed: readonly string[] },
  ) => readonly string[];
  /** Hint after SELECT that partitions the rows into ranges of the columns. */
  readonly rangePartitionHint: (columns: readonly string[]) => string;
  /** Hint after SELECT that copies these FROM items, which have few rows, to all tasks. */
  readonly broadcastHint: (names: readonly string[]) => string;
  /** Aggregate: a list with a struct for each row, sorted by its fields. `where`: condition of the rows; null: all. */
  readonly sortedStructList: (
    fields: readonly (readonly [name: string, value: string])[],
    where: string | null,
  ) => string;
  /** The elements of a list that fulfil a condition, and values of elements; `as`: the name of an element in both. */
  readonly elementsWhere: (list: string, as: string, condition: string) => string;
  readonly elementValues: (list: string, as: string, value: string) => string;
  /** Hint after SELECT that distributes the rows over `count` tasks by the value of `column`. */
  readonly repartitionHint: (count: number, column: string) => string;
  /** Keywords that sort all rows, or the rows of each task. */
  readonly orderKeywords: { readonly all: string; readonly task: string };
  /** Last clause of a query: rows with equal values are processed by the same task. */
  readonly distributeBy: (values: readonly string[]) => string;
}
