import type { Histogram, Quantiles, Scalar } from '../../core/table/profile.ts';
import type { Rows } from '../database/connections.ts';
import type { Base } from './base.ts';
import { doubleSql, scalarOf, scalarSql } from './scalar.ts';
import { columnTraits, type ColumnTraits } from './trait.ts';

export const BINS = 32;
const TOP = 10;
/** Most parts of a stacked bar. */
const PARTS = 12;
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Runs one statement. */
export type Run = (sql: string) => Promise<Rows>;

interface Counted {
  readonly value: Scalar;
  readonly count: number;
}

/** Additional facts from the table of all distinct values of a column (`v`) and their counts (`n`). All are exact. */
export interface Grouped {
  readonly top: readonly Counted[];
  readonly quantiles: Quantiles | null;
  readonly histogram: Histogram;
}

export async function readGroups(run: Run, table: string, of: ColumnTraits, base: Base): Promise<Grouped> {
  const t = columnTraits(of, 'v');
  const most = (
    await run(`SELECT ${scalarSql('v', t.type)}, n FROM ${table} WHERE v IS NOT NULL ORDER BY n DESC, v LIMIT ${PARTS}`)
  ).map(([v, n]) => ({ value: scalarOf(v), count: Number(n) }));
  return {
    top: most.slice(0, TOP),
    quantiles: base.distinct.value === 0 || t.isId ? null : await quantiles(run, table, t),
    histogram: await histogram(run, table, t, most, base),
  };
}

async function quantiles(run: Run, table: string, t: ColumnTraits): Promise<Quantiles | null> {
  if (t.type.kind === 'boolean') return null;
  const x = t.ofLength ? lengthOf(t) : t.ordered;
  const picks = QUANTILES.map((q) =>
    t.ofLength
      ? `min(x) FILTER (WHERE upto >= ${q} * total)`
      : scalarSql(`min(x) FILTER (WHERE upto >= ${q} * total)`, t.type),
  );
  // DuckDB makes a window's order column from its sort keys, where -0 is 0.
  const order = t.type.kind === 'float' ? 'x + 0' : 'x';
  const [row] = await run(
    `SELECT ${picks.join(', ')} FROM (SELECT x, sum(n) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS upto, sum(n) OVER () AS total FROM (SELECT ${x} AS x, sum(n) AS n FROM ${table} WHERE v IS NOT NULL GROUP BY ALL) WHERE x IS NOT NULL)`,
  );
  return row === undefined || row[0] === null
    ? null
    : quantilesOf(
        row.map((v) => (t.ofLength ? Number(v) : scalarOf(v))),
        true,
      );
}

export function quantilesOf(values: readonly Scalar[], exact: boolean): Quantiles {
  const [p5 = null, p25 = null, p50 = null, p75 = null, p95 = null] = values;
  return { p5, p25, p50, p75, p95, exact };
}

function lengthOf(t: ColumnTraits): string {
  return t.type.kind === 'enum' || t.type.kind === 'uuid' ? 'length(CAST(v AS VARCHAR))' : 'length(v)';
}

async function histogram(
  run: Run,
  table: string,
  t: ColumnTraits,
  most: readonly Counted[],
  { distinct, low, high, min, max }: Base,
): Promise<Histogram> {
  if (distinct.value === 0) return { kind: 'none' };
  if (distinct.value <= PARTS && !t.isId) return { kind: 'parts', parts: most };
  if (t.isId || t.ofLength) {
    const rows = await run(
      `SELECT sum(n) FROM (SELECT n, ntile(${BINS}) OVER (ORDER BY n DESC) AS bin FROM ${table} WHERE v IS NOT NULL) GROUP BY bin ORDER BY bin`,
    );
    return { kind: 'rank', counts: rows.map((r) => Number(r[0])) };
  }
  if (t.number === null || low === null || high === null || !Number.isFinite(high - low)) return { kind: 'none' };
  const counts = Array.from({ length: high > low ? BINS : 1 }, () => 0);
  const width = (high - low) / counts.length;
  const bin =
    width > 0
      ? `CAST(least(${counts.length - 1}, floor((x - ${doubleSql(low)}) / ${doubleSql(width)})) AS INTEGER)`
      : '0';
  const rows = await run(
    `SELECT ${bin} AS bin, sum(n) FROM (SELECT ${t.number} AS x, n FROM ${table}) WHERE x IS NOT NULL GROUP BY bin`,
  );
  for (const [k, n] of rows) counts[Number(k)] = Number(n);
  return { kind: 'range', from: min, to: max, counts };
}
