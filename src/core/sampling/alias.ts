import { refuse } from '../message/failure.ts';
import { message } from '../message/message.ts';
import { f64At, u32At } from '../valueAt.ts';

/**
 * An alias table of integers (Walker 1977, built by an order-preserving two-pointer sweep).
 * A draw takes column j from the upper `bits` bits of one word. It takes item j if the other word is below the
 * threshold, else the alias.
 * Every machine builds the same table, because the construction uses exact 64-bit integers.
 */
export interface AliasTable {
  /** Number of columns is 2^bits. Columns beyond the items lead only to their alias. */
  readonly bits: number;
  /**
   * Threshold and alias of each column, alternating. A threshold of 2^32, which no word reaches, is stored as 2^32 − 1
   * with the column as its own alias.
   */
  readonly columns: Uint32Array;
}

const UNIT = 4294967296;
const MAX_BITS = 30;

/** Allocates memory for typed arrays. A pool that workers share is allocated in a SharedArrayBuffer. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;
export const allocatePrivate: Allocate = (bytes) => new ArrayBuffer(bytes);

/**
 * Builds the table of integer weights ≥ 1 whose sum W is below 2^53, in linear time.
 * With C = 2^L columns, item i has e_i − e_{i−1} of the C·2^32 units, e_i = floor(cum_i/W·2^(L+32)).
 * @throws FailureError for weights that doubles cannot add exactly, and for more than 2^30 items
 */
export function aliasTable(weights: Float64Array): AliasTable {
  const items = weights.length;
  const bits = items <= 1 ? 0 : 32 - Math.clz32(items - 1);
  if (bits > MAX_BITS) throw refuse('weight-sum', message('A pool has more than 2^30 items'), { code: 'unsupported' });
  let total = 0;
  for (const weight of weights) total += weight;
  if (total > Number.MAX_SAFE_INTEGER)
    throw refuse('weight-sum', message('The weights of a pool sum to more than 2^53'), { code: 'unsupported' });
  const size = 2 ** bits;
  // Units of a column as two halves, because their sums exceed 2^53.
  const high = new Uint32Array(size);
  const low = new Uint32Array(size);
  let cumulated = 0;
  let highBefore = 0;
  let lowBefore = 0;
  for (let i = 0; i < items; i++) {
    cumulated += f64At(weights, i);
    const end = Math.floor((cumulated / total) * size * UNIT);
    const highEnd = Math.floor(end / UNIT);
    const lowEnd = end - highEnd * UNIT;
    const borrow = lowEnd < lowBefore ? 1 : 0;
    high[i] = highEnd - highBefore - borrow;
    low[i] = lowEnd - lowBefore + borrow * UNIT;
    highBefore = highEnd;
    lowBefore = lowEnd;
  }
  const columns = new Uint32Array(2 * size);
  fillLight(high, low, columns);
  fillHeavy(high, low, columns);
  return { bits, columns };
}

/**
 * A light column keeps its units. Its alias is the first heavy column whose surplus, added to the earlier ones, covers
 * the deficits of the earlier light columns.
 */
function fillLight(high: Uint32Array, low: Uint32Array, columns: Uint32Array): void {
  const deficits = new Sum();
  const surpluses = new Sum();
  let heavy = nextHeavy(high, -1);
  if (heavy < high.length) surpluses.add(u32At(high, heavy) - 1, u32At(low, heavy));
  for (let j = 0; j < high.length; j++) {
    if (high[j] !== 0) continue;
    while (surpluses.isBelow(deficits)) {
      heavy = nextHeavy(high, heavy);
      surpluses.add(u32At(high, heavy) - 1, u32At(low, heavy));
    }
    columns[2 * j] = u32At(low, j);
    columns[2 * j + 1] = heavy;
    deficits.addDeficit(u32At(low, j));
  }
}

/**
 * A heavy column gives its units to the light columns that point to it. If the last of them takes more than its
 * surplus, the rest comes from the next heavy column.
 */
function fillHeavy(high: Uint32Array, low: Uint32Array, columns: Uint32Array): void {
  const deficits = new Sum();
  const surpluses = new Sum();
  let light = -1;
  for (let heavy = nextHeavy(high, -1); heavy < high.length;) {
    surpluses.add(u32At(high, heavy) - 1, u32At(low, heavy));
    const next = nextHeavy(high, heavy);
    while (light < high.length && !surpluses.isBelow(deficits)) {
      light = nextLight(high, light);
      if (light < high.length) deficits.addDeficit(u32At(low, light));
    }
    if (surpluses.isBelow(deficits)) {
      columns[2 * heavy] = UNIT - deficits.minus(surpluses);
      columns[2 * heavy + 1] = next;
    } else {
      columns[2 * heavy] = UNIT - 1;
      columns[2 * heavy + 1] = heavy;
    }
    heavy = next;
  }
}

function nextHeavy(high: Uint32Array, after: number): number {
  let j = after + 1;
  while (j < high.length && high[j] === 0) j++;
  return j;
}
function nextLight(high: Uint32Array, after: number): number {
  let j = after + 1;
  while (j < high.length && high[j] !== 0) j++;
  return j;
}

/** An exact sum up to 2^62. */
class Sum {
  #high = 0;
  #low = 0;

  add(high: number, low: number): void {
    const sum = this.#low + low;
    const carry = sum >= UNIT ? 1 : 0;
    this.#low = sum - carry * UNIT;
    this.#high += high + carry;
  }
  /** Adds the deficit of a light column: 2^32 minus its units. */
  addDeficit(units: number): void {
    if (units === 0) this.#high += 1;
    else this.add(0, UNIT - units);
  }
  isBelow(other: Sum): boolean {
    return this.#high < other.#high || (this.#high === other.#high && this.#low < other.#low);
  }
  /** Difference to a sum that is at most 2^32 smaller. */
  minus(other: Sum): number {
    return (this.#high - other.#high) * UNIT + (this.#low - other.#low);
  }
}
