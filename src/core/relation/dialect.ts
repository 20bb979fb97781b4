import type { DecimalType, DialectFunction, SqlType } from './tree.ts';

/** How an engine writes what differs between engines. */
export interface Dialect {
  readonly identifier: (name: string) => string;
  readonly text: (value: string) => string;
  readonly integer: (value: bigint) => string;
  readonly double: (value: number) => string;
  readonly type: (type: SqlType | DecimalType) => string;
  readonly functions: Readonly<Record<DialectFunction, (args: readonly string[]) => string>>;
  /** A query whose columns are computed before later steps see them; see `Select.computed`. `carried`: the others. */
  readonly computed: (
    query: readonly string[],
    names: { readonly carried: readonly string[]; readonly computed: readonly string[] },
  ) => readonly string[];
  /** What follows SELECT to sort the rows into ranges. */
  readonly rangePartitionHint: (columns: readonly string[]) => string;
  /** What follows SELECT to copy FROM items with few rows to all tasks. */
  readonly broadcastHint: (names: readonly string[]) => string;
  /** A list of structs, sorted by their fields; see `Expression`. */
  readonly sortedStructList: (
    fields: readonly (readonly [name: string, value: string])[],
    where: string | null,
  ) => string;
  /** What follows SELECT to send the rows to numbered tasks. */
  readonly repartitionHint: (count: number, column: string) => string;
  /** The keywords that order rows. */
  readonly orderKeywords: { readonly all: string; readonly task: string };
  /** What ends a query whose rows with equal values are processed together. */
  readonly distributeBy: (values: readonly string[]) => string;
}
