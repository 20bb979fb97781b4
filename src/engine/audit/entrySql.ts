import { quoteLiteral } from '../sql/quote.ts';
import type { AuditWorld } from './auditWorld.ts';
import type { Overview } from './overview.ts';

/** SQL that counts the negatives of some entries, each in a column of its own. */
export interface EntrySql {
  /** A further column of the rows. */
  readonly column: string;
  /** The negatives of entry number k. */
  count(k: number): string;
  /** Those of them that have a value of `x`, a column of doubles; and its sum, which may be NULL without them. */
  countOf(k: number, x: string): string;
  sumOf(k: number, x: string): string;
}

/** @param entries some of the entries of the overview */
export function entrySql(
  world: AuditWorld,
  { isOfNegatives }: Pick<Overview, 'isOfNegatives'>,
  entries: readonly (string | null)[],
): EntrySql {
  const column = world.sample.entryColumn();
  if (column !== null && isOfNegatives && !entries.includes(null) && world.readsParquet()) {
    // DuckDB calls a function of a column once for each name that Parquet has stored, but compares each row.
    const is = (k: number): string => `map {${quoteLiteral(entries[k] ?? '')}: 1::DOUBLE}[${column}]`;
    return {
      column: 'NULL AS "@entry"',
      count: (k) => `count(${is(k)})`,
      countOf: (k, x) => `count(${x} * ${is(k)})`,
      sumOf: (k, x) => `sum(${x} * ${is(k)})`,
    };
  }
  const is = (k: number): string => `FILTER (WHERE "@entry" = ${k})`;
  return {
    column: `${numberSql(column, entries)} AS "@entry"`,
    count: (k) => `count(*) ${is(k)}`,
    countOf: (k, x) => `count(${x}) ${is(k)}`,
    sumOf: (k, x) => `sum(${x}) ${is(k)}`,
  };
}

/** SQL of the number of the entry of a negative; NULL for other rows. */
function numberSql(column: string | null, entries: readonly (string | null)[]): string {
  if (column === null || entries.length === 0) return 'NULL';
  const cases = entries.map(
    (entry, k) => `WHEN ${column} ${entry === null ? 'IS NULL' : `= ${quoteLiteral(entry)}`} THEN ${k}`,
  );
  return `CASE WHEN label = false THEN CASE ${cases.join(' ')} END END`;
}
