import type { Histogram, Quantiles } from '../../core/table/profile.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { Base } from './base.ts';
import { BINS, QUANTILES, quantilesOf, type Run } from './groups.ts';
import { doubleSql } from './scalar.ts';
import type { ColumnTraits } from './trait.ts';

/** Cells per bin. With a power of two, bins made of cells equal the bins from a division by the bin width. */
const CELLS_PER_BIN = 256;
const CELLS = BINS * CELLS_PER_BIN;
/** Largest share of all values in a cell for which a quantile is interpolated within it. */
const MAX_SHARE = 1 / 500;
/** How often cells with a larger share are divided again. */
const MAX_ZOOMS = 2;

/** Quantiles and bins of a column with too many distinct values for grouping. */
export interface Spread {
  readonly quantiles: Quantiles | null;
  readonly histogram: Histogram;
}

/**
 * Counts values in a fine grid of equal cells. This needs one pass and no sort, and unlike a t-digest it gives the same
 * result in every run.
 * 256 cells make one exact bin. A quantile is estimated within its cell; a cell with too many values gets a separate
 * grid.
 */
export async function readGrid(run: Run, from: string, t: ColumnTraits, base: Base): Promise<Spread> {
  const { low, high, min, max } = base;
  const { number } = t;
  if (number === null || low === null || high === null || !Number.isFinite(high - low))
    return { quantiles: null, histogram: { kind: 'none' } };
  const length = high > low ? CELLS : CELLS_PER_BIN;
  const values = `(SELECT ${number} AS x FROM ${from})`;
  const grid = await count(run, values, { low, width: (high - low) / length, length, where: 'true', before: 0 }, false);
  const counts = Array.from({ length: length / CELLS_PER_BIN }, (_, k) =>
    grid.cells.slice(k * CELLS_PER_BIN, (k + 1) * CELLS_PER_BIN).reduce((sum, cell) => sum + cell.count, 0),
  );
  const total = counts.reduce((a, b) => a + b, 0);
  const found = await locate(
    run,
    values,
    grid,
    total,
    QUANTILES.map((q) => q * total),
    0,
  );
  return {
    quantiles:
      total === 0
        ? null
        : quantilesOf(
            found.map((x) => t.scalar(Math.min(high, x))),
            false,
          ),
    histogram: { kind: 'range', from: min, to: max, counts },
  };
}

/** Equal cells that start at `low`, over the rows of `where`. `before` is the number of values below `low`. */
interface Range {
  readonly low: number;
  readonly width: number;
  readonly length: number;
  readonly where: string;
  readonly before: number;
}

/** Number of values in a cell, and their bounds. */
interface Cell {
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

interface Grid extends Range {
  readonly cells: readonly Cell[];
}

/**
 * SQL of the cell number of `x`. Rounding may give −1 or `length`, which mean the first and the last cell. NULL for
 * NULL.
 */
function cellSql({ low, width }: Range): string {
  return width > 0 ? `floor((x - ${doubleSql(low)}) / ${doubleSql(width)})` : `x - ${doubleSql(low)}`;
}

/** `isTight`: also computes the smallest and largest value of each cell, which costs more. */
async function count(run: Run, from: string, range: Range, isTight: boolean): Promise<Grid> {
  const { low, width, length } = range;
  const cells = Array.from({ length }, (_, k): Cell => ({
    count: 0,
    low: low + width * k,
    high: low + width * (k + 1),
  }));
  const bounds = isTight ? ', min(x), max(x)' : '';
  for (const [key, n, least, most] of await run(
    `SELECT CAST(${cellSql(range)} AS INTEGER) AS cell, count(*)${bounds} FROM ${from} WHERE ${range.where} GROUP BY cell`,
  )) {
    const k = Math.min(length - 1, Math.max(0, Number(key)));
    const cell = cells[k];
    if (key === null || cell === undefined) continue;
    const old = cell.count === 0 ? null : cell;
    cells[k] = {
      count: cell.count + Number(n),
      low: Math.min(Number(least ?? cell.low), old?.low ?? Infinity),
      high: Math.max(Number(most ?? cell.high), old?.high ?? -Infinity),
    };
  }
  return { ...range, cells };
}

/** Values at ascending ranks. Rank 1 is the smallest of `total` values. */
async function locate(
  run: Run,
  from: string,
  grid: Grid,
  total: number,
  ranks: readonly number[],
  zooms: number,
): Promise<number[]> {
  let { before } = grid;
  let k = 0;
  const places = ranks.map((rank) => {
    let cell = grid.cells[k];
    while (cell !== undefined && k < grid.cells.length - 1 && before + cell.count < rank) {
      before += cell.count;
      cell = grid.cells[++k];
    }
    return { rank, k, before, cell: cell ?? { count: 0, low: grid.low, high: grid.low } };
  });
  const full = places.filter(({ cell }) => cell.count > total * MAX_SHARE && cell.high > cell.low);
  const [first, last] = [full[0], full.at(-1)];
  const closer = new Map<number, number>();
  if (first !== undefined && last !== undefined && zooms < MAX_ZOOMS) {
    const where = [
      grid.where,
      ...(first.k > 0 ? [`${cellSql(grid)} >= ${first.k}`] : []),
      ...(last.k < grid.length - 1 ? [`${cellSql(grid)} <= ${last.k}`] : []),
    ].join(' AND ');
    const range: Range = {
      low: first.cell.low,
      width: (last.cell.high - first.cell.low) / CELLS,
      length: CELLS,
      where,
      before: first.before,
    };
    const found = await locate(
      run,
      from,
      await count(run, from, range, true),
      total,
      full.map((p) => p.rank),
      zooms + 1,
    );
    full.forEach((p, i) => closer.set(p.rank, found[i] ?? p.cell.low));
  }
  return places.map(
    (p) =>
      closer.get(p.rank) ??
      (p.cell.count === 0
        ? p.cell.low
        : p.cell.low + ((p.cell.high - p.cell.low) * (p.rank - p.before)) / p.cell.count),
  );
}

/**
 * Exact quantiles and bins of lengths. There are few distinct lengths, however many values there are. `full`: number of
 * values of the largest length.
 */
export async function readLengths(
  run: Run,
  from: string,
  t: ColumnTraits,
): Promise<Spread & { readonly full: number }> {
  if (t.number === null) return { quantiles: null, histogram: { kind: 'none' }, full: 0 };
  const rows = (await run(`SELECT ${t.number} AS length, count(*) FROM ${from} GROUP BY length`)).flatMap(
    ([length, n]) => (length === null ? [] : [[Number(length), Number(n)] as const]),
  );
  rows.sort(([a], [b]) => a - b);
  const total = rows.reduce((sum, [, n]) => sum + n, 0);
  const [, full = 0] = rows.at(-1) ?? [];
  const values: number[] = [];
  let upto = 0;
  for (const [length, n] of rows) {
    upto += n;
    while (values.length < QUANTILES.length && upto >= valueAt(QUANTILES, values.length) * total) values.push(length);
  }
  return {
    quantiles: total === 0 ? null : quantilesOf(values, true),
    histogram: lengthBins(rows),
    full,
  };
}

/** Bins of a whole width, so that each length is in one of them. `rows`: lengths in ascending order, with their counts. */
function lengthBins(rows: readonly (readonly [number, number])[]): Histogram {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return { kind: 'none' };
  const [from, to] = [first[0], last[0]];
  const span = to - from + 1;
  const width = Math.ceil(span / BINS);
  const counts = Array.from({ length: Math.ceil(span / width) }, () => 0);
  for (const [length, n] of rows) {
    const bin = Math.floor((length - from) / width);
    counts[bin] = valueAt(counts, bin) + n;
  }
  return { kind: 'range', of: 'length', from, to, counts };
}
