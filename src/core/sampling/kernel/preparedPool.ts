import { f64At, u32At } from '../../valueAt.ts';
import { aliasTable, allocatePrivate, type Allocate } from '../alias.ts';
import type { Items, PoolItems } from '../world/world.ts';
import { packedColumns, type PackedColumns } from './packedColumns.ts';
import { countUpTo, indexIn } from './search.ts';
import { classAt, classNumbers, weightClasses, type ClassNumbers, type WeightClasses } from './weightClasses.ts';

/** A pool prepared for drawing. Plain typed arrays, which workers can share. */
export interface PreparedPool extends PoolItems {
  /** Null for uniform draws. */
  readonly columns: PackedColumns | null;
  readonly classes: WeightClasses;
  /** Weight class at each place; null if every class is 1. */
  readonly classOfPlace: ClassNumbers | null;
  /** True if it holds every item of the world: item i is at place i. */
  readonly isWhole: boolean;
  /**
   * Class of every item of the world, 0 if the pool does not hold it. Null if the pool is searched instead: it holds
   * few items, or every item.
   */
  readonly dense: ClassNumbers | null;
  /** True if every item is eligible at all times. */
  readonly alwaysEligible: boolean;
  /** Times at which items become eligible, or stop being eligible; ascending and distinct. */
  readonly changes: Float64Array;
  /** Weight and number of eligible items before the first change, after it, and so on: exact sums of integers. */
  readonly eligibleWeight: Float64Array;
  readonly eligibleCount: Float64Array;
}

/** A pool with fewer than 1/SPARSE of all items is searched. */
const SPARSE = 4;

/** Linear in the pool, except for sorting its times. */
export function preparePool(
  { name, items, weights }: PoolItems,
  all: Items,
  allocate: Allocate = allocatePrivate,
): PreparedPool {
  const { classes, ofPlace } = weightClasses(weights, allocate);
  const columns = weights && packedColumns(aliasTable(weights), allocate);
  const isWhole = items.length === all.count;
  const dense =
    !isWhole && items.length * SPARSE >= all.count
      ? classesByItem({ items, classes, classOfPlace: ofPlace }, all, allocate)
      : null;
  const eligible = eligibility(items, weights, all, allocate);
  const alwaysEligible = eligible.changes.length === 0 && eligible.eligibleCount[0] === items.length;
  return { name, items, weights, columns, classes, classOfPlace: ofPlace, isWhole, dense, alwaysEligible, ...eligible };
}

/** Class of every item of the world in a pool; 0 if the pool does not hold it. */
export function classesByItem(
  { items, classes, classOfPlace }: Pick<PreparedPool, 'items' | 'classes' | 'classOfPlace'>,
  all: Items,
  allocate: Allocate,
): ClassNumbers {
  const numbers = classNumbers(all.count, classes.weights.length, allocate);
  for (let place = 0; place < items.length; place++)
    numbers[u32At(items, place)] = classOfPlace ? classAt(classOfPlace, place) : 1;
  return numbers;
}

function eligibility(
  items: Uint32Array,
  weights: Float64Array | null,
  { created, removed }: Items,
  allocate: Allocate,
): Pick<PreparedPool, 'changes' | 'eligibleWeight' | 'eligibleCount'> {
  const times = new Float64Array(2 * items.length);
  let count = 0;
  for (const item of items) {
    const from = f64At(created, item);
    const to = f64At(removed, item);
    if (!(from < to)) continue;
    if (from > -Infinity) times[count++] = from;
    if (to < Infinity) times[count++] = to;
  }
  const sorted = times.subarray(0, count).sort();
  let distinct = 0;
  for (let k = 0; k < count; k++) {
    if (k === 0 || sorted[k] !== sorted[k - 1]) sorted[distinct++] = f64At(sorted, k);
  }
  const changes = new Float64Array(allocate(distinct * 8));
  changes.set(sorted.subarray(0, distinct));
  const eligibleWeight = new Float64Array(allocate((distinct + 1) * 8));
  const eligibleCount = weights ? new Float64Array(allocate((distinct + 1) * 8)) : eligibleWeight;
  for (let k = 0; k < items.length; k++) {
    const item = u32At(items, k);
    const from = f64At(created, item);
    const to = f64At(removed, item);
    if (!(from < to)) continue;
    const first = from > -Infinity ? countUpTo(changes, from) : 0;
    add(eligibleCount, first, 1);
    if (weights) add(eligibleWeight, first, f64At(weights, k));
    if (!(to < Infinity)) continue;
    const last = countUpTo(changes, to);
    add(eligibleCount, last, -1);
    if (weights) add(eligibleWeight, last, -f64At(weights, k));
  }
  cumulate(eligibleCount);
  if (weights) cumulate(eligibleWeight);
  return { changes, eligibleWeight, eligibleCount };
}

function add(sums: Float64Array, at: number, value: number): void {
  sums[at] = f64At(sums, at) + value;
}
function cumulate(sums: Float64Array): void {
  for (let k = 1; k < sums.length; k++) add(sums, k, f64At(sums, k - 1));
}

/** Weight of an item; 0 if the pool does not hold it. */
export function weightIn(
  { isWhole, dense, items, classes: { weights }, classOfPlace }: PreparedPool,
  item: number,
): number {
  if (dense) return f64At(weights, classAt(dense, item));
  const place = isWhole ? item : indexIn(items, 0, items.length, item);
  return place < 0 ? 0 : classOfPlace ? f64At(weights, classAt(classOfPlace, place)) : 1;
}

const prepared = new WeakMap<PoolItems, { readonly all: Items; readonly pool: PreparedPool }>();

/** The pool, prepared only once even if several samplers draw from it: another share or seed does not change it. */
export function preparedPool(pool: PoolItems, all: Items): PreparedPool {
  const known = prepared.get(pool);
  if (known?.all === all) return known.pool;
  const made = preparePool(pool, all);
  prepared.set(pool, { all, pool: made });
  return made;
}
