import { asc, call, col, fn, int, over, sql, sum, sumOver } from '../relation/expression.ts';
import { cols, type Columns, columnsFrom, equal, from, join, select } from '../relation/relation.ts';
import type { Script } from './script.ts';
import type { Expression, Relation } from '../relation/tree.ts';

/**
 * Running sums over all rows of a value, without a window over all rows: sums inside buckets, plus the sums of the
 * buckets before. Any buckets that ascend with the order give the same sums.
 */
export interface Ordered {
  /** Names of the columns that separate independent sums; may be empty. */
  readonly partitionBy: readonly string[];
  /** The order of the rows; unique for equal `by`. */
  readonly order: readonly string[];
  /** Further columns to keep. */
  readonly extraColumns: readonly string[];
}

/** A step with the rows of a relation, and their bucket in the order of all rows. */
export function addRanges(
  script: Script,
  name: string,
  rows: Relation,
  { partitionBy, order, extraColumns }: Ordered,
  ...about: string[]
): string {
  const names = [...new Set([...partitionBy, ...order, ...extraColumns])];
  const sorted = [...partitionBy, ...order];
  return script.table(
    name,
    select([...names, ['bucket', call('rangeBucket', ...cols(sorted))]], {
      kind: 'select',
      columns: names.map((one) => ({ name: one, value: col(one) })),
      from: { relation: rows, as: null },
      ranges: { by: sorted },
    }),
    ...about,
  );
}

/** Values of the buckets before each bucket, in ascending order or, with `later`, of those after it. */
export function bucketsBefore(
  ranges: string,
  by: readonly string[],
  values: readonly (readonly [name: string, inBucket: Expression, combined: (name: string) => Expression])[],
  bucket: Expression = col('bucket'),
): Relation {
  const sums = select(
    [...by, ['bucket', bucket], ...values.map(([name, inBucket]) => [name, inBucket] as const)],
    ranges,
    { groupBy: [...cols(by), bucket] },
  );
  return select([...by, 'bucket', ...values.map(([name, , combined]) => [name, combined(name)] as const)], sums);
}

/** Sum over the buckets before. */
export function sumBefore(by: readonly string[]): (name: string) => Expression {
  return (name) =>
    fn('coalesce', sumOver(col(name), { partition: cols(by), order: [asc(col('bucket'))], rows: 'before' }), int(0));
}

/** Smallest value over the buckets after. */
export function leastAfter(by: readonly string[]): (name: string) => Expression {
  return (name) =>
    over(fn('min', col(name)), {
      partition: cols(by),
      order: [{ value: col('bucket'), descending: true, nulls: 'last' }],
      rows: 'before',
    });
}

/**
 * The running sums of some columns, including the own row, by name; and `place`, the number of the row from 0.
 * @param ranges a step of `addRanges`
 */
export function runningSums(
  ranges: string,
  { partitionBy, order, extraColumns }: Ordered,
  sums: readonly (readonly [name: string, value: Expression])[],
  withPlace: boolean,
): Relation {
  const partition = [...cols(partitionBy), col('bucket')];
  const inOrder = order.map((one) => asc(col(one)));
  const names = [...new Set([...partitionBy, ...order, ...extraColumns])];
  const inner = select(
    [
      ...names,
      'bucket',
      ...sums.map(([name, value]) => [name, sumOver(value, { partition, order: inOrder, rows: 'upToHere' })] as const),
      ...(withPlace ? [['place', over(fn('row_number'), { partition, order: inOrder })] as const] : []),
    ],
    ranges,
  );
  const before = bucketsBefore(ranges, partitionBy, [
    ...sums.map(([name, value]) => [name, sum(value), sumBefore(partitionBy)] as const),
    ...(withPlace ? [['place', fn('count', col('bucket')), sumBefore(partitionBy)] as const] : []),
  ]);
  const columns: Columns = [
    ...columnsFrom(names, 'r'),
    ...sums.map(([name]) => [name, sql`${col(name, 'r')} + ${col(name, 'b')}`] as const),
    ...(withPlace ? [['place', sql`${sql`${col('place', 'r')} + ${col('place', 'b')}`} - ${int(1)}`] as const] : []),
  ];
  return select(columns, from(inner, 'r'), {
    joins: [join('inner', before, 'b', equal('b', 'r', [...partitionBy, 'bucket']))],
  });
}
