// Puts the rows of several entries together: by group, positives first, then by entry and draw. Each entry was drawn by
// an instance of its own; all instances have the same memory.
// An item's mixed log q is log(Σ n_s·q_s(item) / Σ n_s) over the entries s that filled n_s rows of the group.
import { isAlive } from './items';
import { BINS, positiveOffsets, positives, TALLY, userEnds } from './poolDrawBatch';
import { binOf, MILLIONTHS } from './tally';

/** `Math.log` of the caller. */
declare function log(x: f64): f64;

/** Bytes of an entry in the table. */
const ENTRY: usize = 96;
// Byte offsets of its u32 fields. Addresses refer to the instance that drew the entry; 0 means that there is no column.
const FILLED_OF: usize = 0;
const ACCEPTABLE_OF: usize = 4;
const TOTAL_OF: usize = 8;
const ROW_ITEM: usize = 12;
const ROW_LOG_Q: usize = 16;
const CLASS_OF_ITEM: usize = 20;
const WIDE: usize = 24;
const WEIGHTS: usize = 28;
const POOL_OF_ITEM: usize = 32;
const POOL_OF_GROUP: usize = 36;
const LIVES: usize = 40;
const STATES: usize = 44;
const EXCLUDED_OFFSETS: usize = 48;
const EXCLUDED: usize = 52;
/** Number of the entry's set of excluded items; entries with the same number exclude the same items. */
const SET: usize = 56;
// What follows belongs to the current group: its first draw, its number of draws and of acceptable items, its pool, and
// as f64 the weight of the acceptable items.
const FIRST: usize = 60;
const FILLED: usize = 64;
const ACCEPTABLE: usize = 68;
const POOL: usize = 72;
const TOTAL: usize = 80;

export const ENTRY_BYTES: u32 = <u32>ENTRY;

export let entryTable: usize = 0;
export let entryCount: u32 = 0;
// Rows of the last call. `mixedExpected`, `mixedEven`: Σ n_s·q_s(item), and the same sum if all pools were uniform. The
// latter is only for corrections: if its address is 0, it is not computed.
export let mixedGroup: usize = 0;
export let mixedItem: usize = 0;
/** i16; -1 for positives. */
export let mixedEntry: usize = 0;
export let mixedDraw: usize = 0;
export let mixedLogQ: usize = 0;
export let mixedLogQMix: usize = 0;
export let mixedExpected: usize = 0;
export let mixedEven: usize = 0;
/** Tallies of the mixed log q: first positives, then draws. */
export let mixedTallies: usize = 0;
export let mixedBins: usize = 0;

let user: i32 = -1;
let userEnd: u32 = 0;

/** Starts another batch. */
export function startMix(): void {
  user = -1;
  userEnd = 0;
}

function weightOf(entry: usize, item: u32): f64 {
  const poolOfItem = <usize>load<u32>(entry, POOL_OF_ITEM);
  if (poolOfItem !== 0 && load<u32>(poolOfItem + ((<usize>item) << 2)) !== load<u32>(entry, POOL)) return 0;
  const classes = <usize>load<u32>(entry, CLASS_OF_ITEM);
  if (classes === 0) return 1;
  const classIndex: u32 =
    load<u32>(entry, WIDE) !== 0
      ? load<u32>(classes + ((<usize>item) << 2))
      : <u32>load<u16>(classes + ((<usize>item) << 1));
  return load<f64>(<usize>load<u32>(entry, WEIGHTS) + ((<usize>classIndex) << 3));
}

function isExcluded(entry: usize, item: u32): bool {
  const offsets = <usize>load<u32>(entry, EXCLUDED_OFFSETS) + ((<usize>user) << 2);
  const excluded = <usize>load<u32>(entry, EXCLUDED);
  let low = load<u32>(offsets);
  const end = load<u32>(offsets, 4);
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<u32>(excluded + ((<usize>middle) << 2)) < item) low = middle + 1;
    else high = middle;
  }
  return low < end && load<u32>(excluded + ((<usize>low) << 2)) === item;
}

/** Writes the rows of the groups [from, to); arguments as in `draw`. @returns the number of rows */
export function mix(from: u32, to: u32, first: u32): u32 {
  const end = entryTable + <usize>entryCount * ENTRY;
  for (let entry = entryTable; entry < end; entry += ENTRY) {
    store<u32>(entry, 0, FIRST);
    store<u32>(entry, 0, FILLED);
  }
  let row: u32 = 0;
  for (let g = from; g < to; g++) {
    while (g >= userEnd) userEnd = load<u32>(userEnds + ((<usize>++user) << 2));
    const four = (<usize>g) << 2;
    const firstPositive = load<u32>(positiveOffsets + four);
    const lastPositive = load<u32>(positiveOffsets + four, 4);
    let fillers = 0;
    let drawCount: u32 = 0;
    for (let entry = entryTable; entry < end; entry += ENTRY) {
      // The draws of a group follow its positives.
      store<u32>(entry, load<u32>(entry, FIRST) + load<u32>(entry, FILLED) + lastPositive - firstPositive, FIRST);
      const filled = load<u32>(<usize>load<u32>(entry, FILLED_OF) + four);
      store<u32>(entry, filled, FILLED);
      drawCount += filled;
      if (filled === 0) continue;
      fillers++;
      store<u32>(entry, load<u32>(<usize>load<u32>(entry, ACCEPTABLE_OF) + four), ACCEPTABLE);
      store<f64>(entry, load<f64>(<usize>load<u32>(entry, TOTAL_OF) + ((<usize>g) << 3)), TOTAL);
      const poolOfGroup = <usize>load<u32>(entry, POOL_OF_GROUP);
      store<u32>(entry, poolOfGroup === 0 ? 0 : load<u32>(poolOfGroup + four), POOL);
    }
    for (let p = firstPositive; p < lastPositive; p++, row++)
      addPositive(g, first, row, load<u32>(positives + ((<usize>p) << 2)), <f64>drawCount);
    for (let entry = entryTable, number: i16 = 0; entry < end; entry += ENTRY, number++) {
      const filled = load<u32>(entry, FILLED);
      if (filled === 0) continue;
      copyDraws(entry, first + g, number, row);
      if (fillers > 1) mixDraws(entry, row, <f64>drawCount);
      tallyRows(1, row, row + filled);
      row += filled;
    }
  }
  return row;
}

function addPositive(g: u32, first: u32, row: u32, item: u32, drawCount: f64): void {
  const end = entryTable + <usize>entryCount * ENTRY;
  let expected: f64 = 0;
  let even: f64 = 0;
  for (let entry = entryTable; entry < end; entry += ENTRY) {
    const filled = <f64>load<u32>(entry, FILLED);
    if (filled === 0) continue;
    const weight = weightOf(entry, item);
    if (weight === 0) continue;
    const lives = <usize>load<u32>(entry, LIVES);
    const states = <usize>load<u32>(entry, STATES);
    const state = states === 0 ? 0 : load<u32>(states + ((<usize>g) << 2));
    if (lives !== 0 && !isAlive(lives + ((<usize>item) << 3), state)) continue;
    expected += filled * (weight / (load<f64>(entry, TOTAL) + weight));
    even += filled / <f64>(load<i32>(entry, ACCEPTABLE) + 1);
  }
  let q: f64 = NaN;
  if (expected > 0) q = log(expected / drawCount);
  const four = (<usize>row) << 2;
  const eight = (<usize>row) << 3;
  store<u32>(mixedGroup + four, first + g);
  store<u32>(mixedItem + four, item);
  store<i16>(mixedEntry + ((<usize>row) << 1), -1);
  store<i32>(mixedDraw + four, -1);
  store<f64>(mixedLogQ + eight, NaN);
  store<f64>(mixedLogQMix + eight, q);
  store<f64>(mixedExpected + eight, expected);
  if (mixedEven !== 0) store<f64>(mixedEven + eight, even);
  if (expected > 0) tallyRows(0, row, row + 1);
}

/** Copies the draws of an entry to the rows from `row` on. If no other entry filled rows, the mix equals the entry. */
function copyDraws(entry: usize, group: u32, entryIndex: i16, row: u32): void {
  const filled = load<u32>(entry, FILLED);
  const from = load<u32>(entry, FIRST);
  const items = <usize>load<u32>(entry, ROW_ITEM) + ((<usize>from) << 2);
  const logs = <usize>load<u32>(entry, ROW_LOG_Q) + ((<usize>from) << 3);
  const toGroup = mixedGroup;
  const toItem = mixedItem;
  const toEntry = mixedEntry;
  const toDraw = mixedDraw;
  const toLogQ = mixedLogQ;
  const toLogQMix = mixedLogQMix;
  for (let k: u32 = 0; k < filled; k++) {
    const four = (<usize>(row + k)) << 2;
    const eight = (<usize>(row + k)) << 3;
    const q = load<f64>(logs + ((<usize>k) << 3));
    store<u32>(toGroup + four, group);
    store<u32>(toItem + four, load<u32>(items + ((<usize>k) << 2)));
    store<i16>(toEntry + ((<usize>(row + k)) << 1), entryIndex);
    store<u32>(toDraw + four, k);
    store<f64>(toLogQ + eight, q);
    store<f64>(toLogQMix + eight, q);
  }
}

/** Writes the sums and the mixed log q of the draws of an entry, whose rows begin at `row`. */
function mixDraws(drawnEntry: usize, row: u32, drawCount: f64): void {
  const end = entryTable + <usize>entryCount * ENTRY;
  const set = load<u32>(drawnEntry, SET);
  const first = (<usize>row) << 3;
  const last = (<usize>(row + load<u32>(drawnEntry, FILLED))) << 3;
  const sums = mixedExpected;
  const evenSums = mixedEven;
  const items = mixedItem;
  memory.fill(sums + first, 0, last - first);
  const hasEven = evenSums !== 0;
  if (hasEven) memory.fill(evenSums + first, 0, last - first);
  for (let entry = entryTable; entry < end; entry += ENTRY) {
    const filled = <f64>load<u32>(entry, FILLED);
    if (filled === 0) continue;
    const total = load<f64>(entry, TOTAL);
    const even = filled / <f64>load<i32>(entry, ACCEPTABLE);
    const classes = <usize>load<u32>(entry, CLASS_OF_ITEM);
    if (
      (load<u32>(entry, EXCLUDED_OFFSETS) !== 0 && load<u32>(entry, SET) !== set) ||
      load<u32>(entry, POOL_OF_ITEM) !== 0
    ) {
      const excludes = load<u32>(entry, EXCLUDED_OFFSETS) !== 0 && load<u32>(entry, SET) !== set;
      for (let offset = first; offset < last; offset += 8) {
        const item = load<u32>(items + (offset >> 1));
        const weight = weightOf(entry, item);
        if (weight === 0 || (excludes && isExcluded(entry, item))) continue;
        store<f64>(sums + offset, load<f64>(sums + offset) + filled * (weight / total));
        if (hasEven) store<f64>(evenSums + offset, load<f64>(evenSums + offset) + even);
      }
    } else if (classes === 0) {
      const share = filled * (1 / total);
      for (let offset = first; offset < last; offset += 8) {
        store<f64>(sums + offset, load<f64>(sums + offset) + share);
        if (hasEven) store<f64>(evenSums + offset, load<f64>(evenSums + offset) + even);
      }
    } else {
      const wide = load<u32>(entry, WIDE) !== 0;
      const weights = <usize>load<u32>(entry, WEIGHTS);
      for (let offset = first; offset < last; offset += 8) {
        const item = <usize>load<u32>(items + (offset >> 1));
        const classIndex: u32 = wide ? load<u32>(classes + (item << 2)) : <u32>load<u16>(classes + (item << 1));
        const weight = load<f64>(weights + ((<usize>classIndex) << 3));
        store<f64>(sums + offset, load<f64>(sums + offset) + filled * (weight / total));
        if (hasEven) store<f64>(evenSums + offset, load<f64>(evenSums + offset) + (weight > 0 ? even : 0));
      }
    }
  }
  const mixes = mixedLogQMix;
  for (let offset = first; offset < last; offset += 8)
    store<f64>(mixes + offset, log(load<f64>(sums + offset) / drawCount));
}

/** Counts the mixed log q of the rows [from, to) in tally 0 (positives) or 1 (draws). */
function tallyRows(tally: u32, from: u32, to: u32): void {
  const tallyAddress = mixedTallies + 8 * <usize>(tally * TALLY);
  const binAt = mixedBins + 4 * <usize>(tally * BINS);
  let sum: f64 = 0;
  let least = load<f64>(tallyAddress, 16);
  let greatest = load<f64>(tallyAddress, 24);
  const last = mixedLogQMix + ((<usize>to) << 3);
  for (let q = mixedLogQMix + ((<usize>from) << 3); q < last; q += 8) {
    const value = load<f64>(q);
    sum += Math.floor(value * MILLIONTHS + 0.5);
    least = min(least, value);
    greatest = max(greatest, value);
    const bin = binAt + ((<usize>binOf(value)) << 2);
    store<u32>(bin, load<u32>(bin) + 1);
  }
  store<f64>(tallyAddress, load<f64>(tallyAddress) + <f64>(to - from));
  store<f64>(tallyAddress, load<f64>(tallyAddress, 8) + sum, 8);
  store<f64>(tallyAddress, least, 16);
  store<f64>(tallyAddress, greatest, 24);
}
