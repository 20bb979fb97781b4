import type { Dimensions, Histogram, ListFacts } from '../../core/table/profile.ts';
import { finite, steady } from './base.ts';
import { BINS, type Run } from './groups.ts';
import { doubleSql } from './scalar.ts';
import type { Trait } from './trait.ts';

/** Most elements from which the dimensions are computed: those of the first rows, and the panel says how many. */
const MOST_ELEMENTS = 4_000_000;
/** Most dimensions that are computed. */
const MOST_DIMENSIONS = 4096;
/** Norms that differ by less than this share are equal: floats of normalized vectors differ in their last digits. */
const EQUAL_NORMS = 1e-5;

/**
 * Facts of lists, from two passes. `hasGaps`: rows may be left out or NULL. Parquet stores an element for them and for
 * empty lists, and DuckDB's inner product checks it for NULL too. Then the elements are copied first, which takes twice
 * as long.
 */
export async function readList(run: Run, from: string, t: Trait, hasGaps: boolean): Promise<ListFacts> {
  const lists = `(SELECT ${t.sql} AS x FROM ${from})`;
  const [[shortest, longest, empty, withNull] = []] = await run(
    `SELECT min(len(x)), max(len(x)), count(*) FILTER (WHERE len(x) = 0), count(*) FILTER (WHERE list_count(x) < len(x)) FROM ${lists}`,
  );
  const nulls = Number(withNull ?? 0);
  const facts = {
    shortest: shortest === null || shortest === undefined ? null : Number(shortest),
    longest: longest === null || longest === undefined ? null : Number(longest),
    empty: Number(empty ?? 0),
    withNull: nulls,
  };
  if (t.type.kind !== 'list' || t.type.item.kind !== 'float' || facts.shortest === null)
    return { ...facts, vectors: null };
  const [[min, max, mean, zero, notFinite] = []] = await run(
    `SELECT min(norm) FILTER (WHERE isfinite(norm)), max(norm) FILTER (WHERE isfinite(norm)), favg(norm) FILTER (WHERE isfinite(norm)), count(*) FILTER (WHERE norm = 0 AND length > 0), count(*) FILTER (WHERE NOT isfinite(norm)) FROM ${norms(lists, hasGaps || facts.empty > 0 || nulls > 0)}`,
  );
  return {
    ...facts,
    vectors: {
      min: finite(min),
      max: finite(max),
      mean: steady(finite(mean)),
      zero: Number(zero ?? 0),
      notFinite: Number(notFinite ?? 0),
    },
  };
}

/** SQL of a relation with the norm and the length of each list; an empty list, or one with a NULL element, has none. */
function norms(lists: string, hasGaps: boolean): string {
  const elements = hasGaps ? 'list_filter(x, e -> e IS NOT NULL)' : 'x';
  return `(SELECT CASE WHEN length > 0${hasGaps ? ' AND len(e) = length' : ''} THEN sqrt(list_inner_product(e, e)) END AS norm, length FROM (SELECT CAST(${elements} AS DOUBLE[]) AS e, len(x) AS length FROM ${lists}))`;
}

/** True for lists of floats that are vectors: by their role, or because all have the same number of elements. */
export function areVectors({ role }: Trait, { vectors, shortest, longest }: ListFacts): boolean {
  if (vectors === null || vectors.min === null) return false;
  return role?.role === 'embedding' || (shortest === longest && shortest !== null && shortest > 1);
}

/** Bins of the norms. */
export async function readNorms(
  run: Run,
  from: string,
  t: Trait,
  { vectors, empty, withNull }: ListFacts,
  hasGaps: boolean,
): Promise<Histogram> {
  if (vectors === null || vectors.min === null || vectors.max === null) return { kind: 'none' };
  const { min, max } = vectors;
  const bins = max - min > EQUAL_NORMS * max ? BINS : 1;
  const counts = Array.from({ length: bins }, () => 0);
  const width = (max - min) / bins;
  const bin =
    bins === 1 ? '0' : `CAST(least(${bins - 1}, floor((norm - ${doubleSql(min)}) / ${doubleSql(width)})) AS INTEGER)`;
  for (const [k, n] of await run(
    `SELECT ${bin} AS bin, count(*) FROM ${norms(`(SELECT ${t.sql} AS x FROM ${from})`, hasGaps || empty > 0 || withNull > 0)} WHERE isfinite(norm) GROUP BY bin`,
  ))
    counts[Number(k)] = Number(n);
  return { kind: 'range', of: 'norm', from: min, to: max, counts };
}

/** Means and deviations by dimension, from the first of `filled` lists. */
export async function readDimensions(
  run: Run,
  from: string,
  t: Trait,
  { longest }: ListFacts,
  filled: number,
): Promise<Dimensions> {
  const length = Math.min(MOST_DIMENSIONS, longest ?? 0);
  const rows = Math.min(filled, Math.max(1, Math.floor(MOST_ELEMENTS / Math.max(1, longest ?? 1))));
  const means = Array.from({ length }, (): number | null => null);
  const sds = [...means];
  for (const [place, mean, sd] of await run(
    `SELECT place, favg(e), stddev_samp(e) FROM (SELECT CAST(unnest(x) AS DOUBLE) AS e, generate_subscripts(x, 1) AS place FROM (SELECT x FROM (SELECT ${t.sql} AS x FROM ${from}) WHERE x IS NOT NULL LIMIT ${rows})) WHERE isfinite(e) AND place <= ${length} GROUP BY place`,
  )) {
    const k = Number(place) - 1;
    means[k] = steady(finite(mean));
    sds[k] = steady(finite(sd));
  }
  return { rows, complete: rows === filled, means, sds };
}
