import type { DuckDBValue } from '@duckdb/node-api';
import type { Scalar } from '../../core/table/profile.ts';
import { scalarOf, scalarSql } from './scalar.ts';
import { columnTraits, type ColumnTraits } from './trait.ts';

/** Facts that one pass over all rows computes. */
export interface Base {
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: { readonly value: number; readonly exact: boolean };
  readonly min: Scalar;
  readonly max: Scalar;
  readonly mean: number | null;
  readonly sd: number | null;
  /** Lower and upper bound of `Trait.number`. */
  readonly low: number | null;
  readonly high: number | null;
  /** Rows with NaN, and rows with an infinite value; 0 for types without. */
  readonly nan: number;
  readonly infinite: number;
}

/** SQL of the aggregates of a column, as many as `readBase` reads. The first aggregate of a query is `count(*)`. */
export function baseSql(t: ColumnTraits): string[] {
  return [
    `count(${t.sql})`,
    `approx_count_distinct(${t.sql})`,
    ...boundsSql(t),
    hasMoments(t) ? `favg(${t.number})` : 'NULL',
    hasMoments(t) ? `stddev_samp(${t.number})` : 'NULL',
    ...notFiniteSql(t, 'count(*)'),
  ];
}
export const BASE_WIDTH = 10;

/** The number of NaN, then of infinite values. `count`: SQL of a number of rows. */
function notFiniteSql({ type, sql }: ColumnTraits, count: string): string[] {
  return ['isnan', 'isinf'].map((test) => (type.kind === 'float' ? `${count} FILTER (WHERE ${test}(${sql}))` : 'NULL'));
}

/**
 * A statement that computes the same facts from a table of the distinct values `v` and their counts `n`. They follow
 * the number of rows, in the order that `readBase` expects.
 */
export function groupedBaseSql(of: ColumnTraits, table: string): string {
  const t = columnTraits(of, 'v');
  const numbers = `(SELECT ${t.number} AS x, n FROM ${table} WHERE ${t.number} IS NOT NULL)`;
  const mean = `(SELECT fsum(x * n) / sum(n) FROM ${numbers})`;
  const sd = `(SELECT CASE WHEN sum(n) > 1 THEN sqrt(fsum((x - m) * (x - m) * n) / (sum(n) - 1)) END FROM ${numbers}, (SELECT ${mean} AS m))`;
  const facts = [
    'sum(n)',
    'sum(n) FILTER (WHERE v IS NOT NULL)',
    'count(v)',
    ...boundsSql(t),
    hasMoments(t) ? mean : 'NULL',
    hasMoments(t) ? sd : 'NULL',
    ...notFiniteSql(t, 'sum(n)'),
  ];
  return `SELECT ${facts.join(', ')} FROM ${table}`;
}

function hasMoments(t: ColumnTraits): boolean {
  return t.isNumber && !t.isId && t.number !== null;
}

/** Smallest and largest value, then the bounds of the bins. */
function boundsSql(t: ColumnTraits): string[] {
  const ends = ['min', 'max'];
  return [
    ...ends.map((end) => (t.isScalar ? scalarSql(`${end}(${t.ordered})`, t.type) : 'NULL')),
    ...ends.map((end) => boundSql(t, end)),
  ];
}

/** For ordered types, the number of the bound is the bound of the numbers. This avoids converting every row. */
function boundSql(t: ColumnTraits, end: string): string {
  if (t.isId || t.ofLength || t.number === null) return 'NULL';
  if (t.type.kind === 'float') return `${end}(${t.number})`;
  const bound = `${end}(${t.sql})`;
  const number = columnTraits(t, bound).number ?? 'NULL';
  return t.isTemporal ? `CASE WHEN isfinite(${bound}) THEN ${number} END` : number;
}

export function readBase(rows: number, values: readonly (DuckDBValue | undefined)[], exact: boolean): Base {
  const [count, distinct, min, max, low, high, mean, sd, nan, infinite] = values;
  const filled = Number(count ?? 0);
  return {
    rows,
    nulls: rows - filled,
    distinct: { value: Math.min(filled, Number(distinct ?? 0)), exact },
    min: scalarOf(min),
    max: scalarOf(max),
    mean: steady(finite(mean)),
    sd: steady(finite(sd)),
    low: finite(low),
    high: finite(high),
    nan: Number(nan ?? 0),
    infinite: Number(infinite ?? 0),
  };
}

/**
 * Threads add in any order, so the last digits of a mean differ between runs, by about 1e-13 of it. Ten digits hide
 * this, except in about one run of a thousand, when the value is next to a rounding boundary.
 */
export function steady(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(10));
}

export function finite(value: DuckDBValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
