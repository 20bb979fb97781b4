import { valueAt } from '../../core/valueAt.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Dimensions, Histogram, ListFacts, ListSequence, TimeOrder } from '../../core/table/profile.ts';
import { finite, steady } from './base.ts';
import { BINS, type Run } from './groups.ts';
import { doubleSql } from './scalar.ts';
import type { ColumnTraits } from './trait.ts';

/**
 * Maximum number of elements that the dimensions are computed from. The first rows are read, and the panel shows how
 * many.
 */
const MAX_ELEMENTS = 4_000_000;
const MAX_DIMENSIONS = 4096;
/** Norms that differ by less than this share are equal: floats of normalized vectors differ in their last digits. */
const EQUAL_NORMS = 1e-5;

/**
 * Profiles a list column in two passes. `hasGaps`: rows may be filtered or NULL. Parquet stores a NULL element for such
 * rows, and DuckDB's inner product checks it too, so the elements are copied first. That takes twice as long.
 * `rows`: SQL of the rows with all columns.
 */
export async function readList(
  query: Run,
  table: string,
  column: ColumnTraits,
  hasGaps: boolean,
  rows: string,
): Promise<ListFacts> {
  const lists = listRows(column, table);
  const [[shortest, longest, empty, withNulls] = []] = await query(`
    SELECT min(len(list)), max(len(list)), count(*) FILTER (WHERE len(list) = 0),
      count(*) FILTER (WHERE list_count(list) < len(list))
    FROM ${lists}`);
  const facts = {
    shortest: shortest === null || shortest === undefined ? null : Number(shortest),
    longest: longest === null || longest === undefined ? null : Number(longest),
    emptyLists: Number(empty ?? 0),
    listsWithNulls: Number(withNulls ?? 0),
    sequence: await readSequence(query, rows, column),
  };
  const { type } = column;
  if (type.kind !== 'list' || type.item.kind !== 'float' || facts.shortest === null) return { ...facts, vectors: null };
  const isFinite = 'FILTER (WHERE isfinite(norm))';
  const [[min, max, mean, zero, notFinite] = []] = await query(`
    SELECT min(norm) ${isFinite}, max(norm) ${isFinite}, favg(norm) ${isFinite},
      count(*) FILTER (WHERE norm = 0 AND length > 0), count(*) FILTER (WHERE NOT isfinite(norm))
    FROM ${normRows(lists, needsNullFilter(facts, hasGaps))}`);
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

async function readSequence(
  query: Run,
  rows: string,
  { column, sequence }: ColumnTraits,
): Promise<ListSequence | null> {
  if (!sequence) return null;
  const { name, lists } = sequence;
  const [first, list] = [valueAt(lists, 0), column.name].map(
    (listName) => `coalesce(len(${quoteIdentifier(listName)}), 0)`,
  );
  const isFirst = column.name === lists[0];
  const [[uneven] = []] = isFirst ? [] : await query(`SELECT count(*) FILTER (WHERE ${list} <> ${first}) FROM ${rows}`);
  return { name, lists, uneven: Number(uneven ?? 0) };
}

/** The order of the times in the lists. Null for other elements: integers are times in the list of times of a sequence. */
export async function readTimeOrder(query: Run, table: string, column: ColumnTraits): Promise<TimeOrder | null> {
  const { type, sequence } = column;
  const kind = type.kind === 'list' ? type.item.kind : null;
  const isTime =
    kind === 'timestamp' || kind === 'date' || (kind === 'integer' && sequence?.time?.name === column.column.name);
  if (!isTime) return null;
  const [[lists, ascending, descending] = []] = await query(`
    SELECT count(*), count(*) FILTER (WHERE list = list_sort(list)), count(*) FILTER (WHERE list = list_reverse_sort(list))
    FROM ${listRows(column, table)} WHERE len(list) > 1 AND list_count(list) = len(list)`);
  return { lists: Number(lists ?? 0), ascending: Number(ascending ?? 0), descending: Number(descending ?? 0) };
}

/** SQL of the lists of a column. */
function listRows({ sql }: ColumnTraits, table: string): string {
  return `(SELECT ${sql} AS list FROM ${table})`;
}

function needsNullFilter(
  { emptyLists, listsWithNulls }: Pick<ListFacts, 'emptyLists' | 'listsWithNulls'>,
  hasGaps: boolean,
): boolean {
  return hasGaps || emptyLists > 0 || listsWithNulls > 0;
}

/** SQL of the norm and the length of each list. The norm is NULL for empty lists and lists with a NULL element. */
function normRows(lists: string, filtersNulls: boolean): string {
  const elements = filtersNulls ? 'list_filter(list, e -> e IS NOT NULL)' : 'list';
  const isComplete = filtersNulls ? 'length > 0 AND len(elements) = length' : 'length > 0';
  return `(
    SELECT CASE WHEN ${isComplete} THEN sqrt(list_inner_product(elements, elements)) END AS norm, length
    FROM (SELECT CAST(${elements} AS DOUBLE[]) AS elements, len(list) AS length FROM ${lists}))`;
}

/** True for lists of floats that are vectors: by their role, or because all have the same number of elements. */
export function isVectorColumn({ role }: ColumnTraits, { vectors, shortest, longest }: ListFacts): boolean {
  if (vectors === null || vectors.min === null) return false;
  return role?.role === 'embedding' || (shortest === longest && shortest !== null && shortest > 1);
}

/** Bins of the norms. */
export async function readNorms(
  query: Run,
  table: string,
  column: ColumnTraits,
  facts: ListFacts,
  hasGaps: boolean,
): Promise<Histogram> {
  const { vectors } = facts;
  if (vectors === null || vectors.min === null || vectors.max === null) return { kind: 'none' };
  const { min, max } = vectors;
  const bins = max - min > EQUAL_NORMS * max ? BINS : 1;
  const counts = Array.from({ length: bins }, () => 0);
  const width = (max - min) / bins;
  const binSql =
    bins === 1 ? '0' : `CAST(least(${bins - 1}, floor((norm - ${doubleSql(min)}) / ${doubleSql(width)})) AS INTEGER)`;
  const norms = normRows(listRows(column, table), needsNullFilter(facts, hasGaps));
  const rows = await query(`SELECT ${binSql} AS bin, count(*) FROM ${norms} WHERE isfinite(norm) GROUP BY bin`);
  for (const [bin, count] of rows) counts[Number(bin)] = Number(count);
  return { kind: 'range', of: 'norm', from: min, to: max, counts };
}

/** Mean and standard deviation of each dimension. `filled`: number of non-NULL lists; only the first ones are read. */
export async function readDimensions(
  query: Run,
  table: string,
  column: ColumnTraits,
  { longest }: ListFacts,
  filled: number,
): Promise<Dimensions> {
  const length = Math.min(MAX_DIMENSIONS, longest ?? 0);
  const rows = Math.min(filled, Math.max(1, Math.floor(MAX_ELEMENTS / Math.max(1, longest ?? 1))));
  const means = Array.from({ length }, (): number | null => null);
  const sds = [...means];
  const firstLists = `(SELECT list FROM ${listRows(column, table)} WHERE list IS NOT NULL LIMIT ${rows})`;
  const elements = `(
    SELECT CAST(unnest(list) AS DOUBLE) AS element, generate_subscripts(list, 1) AS dimension FROM ${firstLists})`;
  for (const [dimension, mean, sd] of await query(`
    SELECT dimension, favg(element), stddev_samp(element) FROM ${elements}
    WHERE isfinite(element) AND dimension <= ${length} GROUP BY dimension`)) {
    const index = Number(dimension) - 1;
    means[index] = steady(finite(mean));
    sds[index] = steady(finite(sd));
  }
  return { rows, complete: rows === filled, means, sds };
}
