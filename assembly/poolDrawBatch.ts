// Draws consecutive groups from one pool, or each group from one of several pools that share no item: the rows of one
// entry of a plan, whose users' exclusions do not change over time.
// `src/core/sampling/kernel` does the same for every plan. WebAssembly is faster here: its compiler keeps these loops
// in registers and hashes four attempts at once.
// Both draw the same rows, bit for bit; a property test compares them.
// Columns are addresses in memory. The caller in `src/engine/draw/wasm/` allocates them.

import { enterPool, hash, resolveItems, resolvePlaces } from './attempts';
import { isAlive, isPositive, slotOf, weightIn, weightOf } from './items';
import { binOf, MILLIONTHS, refuse, tallyPositive } from './tally';

export * from './mix';

/** `Math.log` of the caller. A logarithm compiled here could differ in the last bit. */
declare function log(x: f64): f64;

/** Number of attempts that are made at once. */
export const BLOCK: u32 = 512;
/** Same value as in `qTally.ts`. */
export const BINS: u32 = 200;
/** Values of a tally: rows, millionths, minimum, maximum. */
export const TALLY: u32 = 4;
const NO_STATE: u32 = 0xffffffff;

// The pool. Address 0 means that the column does not exist.
export let poolSize: u32 = 0;
export let salt0: u32 = 0;
export let salt1: u32 = 0;
/** Packed columns of the alias table, 2^bits of them. If 0, draws are uniform. */
export let columns: usize = 0;
export let bits: u32 = 0;
/** u32: item at each place. If 0, item i is at place i. */
export let itemOfPlace: usize = 0;
/** Class at each place: u32 if `wide`, else u16. If 0, every class is 1. */
export let classOfPlace: usize = 0;
/** Class of each item; class 0 if the pool does not hold the item. If the address is 0, every class is 1. */
export let classOfItem: usize = 0;
export let wide: bool = false;
/** f64 by class. */
export let weights: usize = 0;
export let logs: usize = 0;
/**
 * Two u32 per item: the first pool state in which it is eligible, and the first in which it no longer is. If 0, all
 * items are always eligible.
 */
export let lives: usize = 0;
/** f64 by state: weight and number of the eligible items. */
export let eligibleWeights: usize = 0;
export let eligibleCounts: usize = 0;
// Several pools. Their places, columns, states and classes are numbered one after the other.
/**
 * Five u32 by pool: its first place, its size, the address of its columns, their bits, the number of its first column.
 * The last pool belongs to groups without a pool. If 0, there is one pool.
 */
export let pools: usize = 0;
/** u32: the pool of each item. */
export let poolOfItem: usize = 0;
/** u32: the pool of each group of the batch. */
export let poolOfGroup: usize = 0;
/** u32 and f64 by excluded item of the batch: its pool and its weight there. */
export let excludedPools: usize = 0;
export let excludedWeights: usize = 0;

/** u32: `attemptWord(k)` for each k up to the greatest limit, plus three more. */
export let attemptWords: usize = 0;

// The batch of groups, numbered from 0.
export let words: usize = 0;
export let quotas: usize = 0;
/** u32: state of the pool at the group's time. */
export let states: usize = 0;
export let positiveOffsets: usize = 0;
export let positives: usize = 0;
/** u32 by user: one past the last group of the user. */
export let userEnds: usize = 0;
export let excludedOffsets: usize = 0;
export let excluded: usize = 0;
/** Number of attempts that are precomputed for every group. */
export let ahead: u32 = 0;
/** Slots of stamp and item. 2^slotBits of them are used: more than twice what a user and a group can need. */
export let slots: usize = 0;
export let slotBytes: usize = 0;
export let slotBits: u32 = 0;

// Scratch memory.
/** u32 by attempt: first the column, then the place in the pool, then the item. */
export let places: usize = 0;
export let hashes: usize = 0;
export let classes: usize = 0;
export let ties: usize = 0;
/** `lives` of each item. */
export let livesAt: usize = 0;

// Rows of the last call.
export let rowGroup: usize = 0;
export let rowItem: usize = 0;
export let rowDraw: usize = 0;
/**
 * f64. For draws: their log q. For positives: the mixed log q if no other entry fills rows, because they have no other.
 */
export let rowLogQ: usize = 0;
/** By group of the batch: number of drawn rows; number of acceptable items. */
export let filledOf: usize = 0;
export let acceptableOf: usize = 0;
/** f64 by group: weight of the acceptable items. If 0, there is only one entry, which does not need it. */
export let totalOf: usize = 0;

// Counters that accumulate over calls.
export let attempts: f64 = 0;
export let unreached: f64 = 0;
/** f64: refused attempts by `Refusal`. */
export let refusals: usize = 0;
/**
 * First for the log q of draws, then for the mixed log q of positives. `tallies`: f64 values; `bins`: u32, rows in each
 * bin.
 */
export let tallies: usize = 0;
export let bins: usize = 0;

let stamp: u32 = 0;
let userStamp: u32 = 0;
let user: i32 = -1;
let userEnd: u32 = 0;
/** The pool state that the sums of the user are for; `NO_STATE` if there are none yet. */
let userState: u32 = NO_STATE;
let userTotal: f64 = 0;
let userAcceptable: i32 = 0;
let blockFrom: u32 = 0;
let blockTo: u32 = 0;
let logged: f64 = 1;
let logOfTotal: f64 = 0;

/** Starts another batch. */
export function start(): void {
  user = -1;
  userEnd = 0;
  blockFrom = 0;
  blockTo = 0;
  enterPool(0);
  // Clear long before the stamps overflow.
  if (stamp > 0x80000000) {
    memory.fill(slots, 0, slotBytes);
    stamp = 0;
  }
}

/** Adds the excluded items of the next user to the set. They stay until the user after. */
function startUser(group: u32): void {
  do {
    user++;
    userEnd = load<u32>(userEnds + ((<usize>user) << 2));
  } while (group >= userEnd);
  userStamp = ++stamp;
  userState = NO_STATE;
  const mask = ((<u32>8) << slotBits) - 1;
  const to = load<u32>(excludedOffsets + ((<usize>user) << 2) + 4);
  for (let k = load<u32>(excludedOffsets + ((<usize>user) << 2)); k < to; k++) {
    const item = load<u32>(excluded + ((<usize>k) << 2));
    const slot = slotOf(item, slots, 32 - slotBits, mask, userStamp, userStamp);
    store<u32>(slot, userStamp);
    store<u32>(slot, item, 4);
    if (pools === 0) continue;
    // Looked up once for all groups of the user, which come from several pools.
    store<u32>(excludedPools + ((<usize>k) << 2), load<u32>(poolOfItem + ((<usize>item) << 2)));
    store<f64>(excludedWeights + ((<usize>k) << 3), weightOf(item));
  }
}

/** Sums the items a user may get in a state of a pool. Weights are integers, so sums are exact in any order. */
function sumUser(pool: u32, state: u32): void {
  let sum: f64 = 0;
  let count = 0;
  const to = load<u32>(excludedOffsets + ((<usize>user) << 2) + 4);
  for (let k = load<u32>(excludedOffsets + ((<usize>user) << 2)); k < to; k++) {
    if (pools !== 0) {
      if (load<u32>(excludedPools + ((<usize>k) << 2)) !== pool) continue;
      if (lives === 0) {
        const weight = load<f64>(excludedWeights + ((<usize>k) << 3));
        sum += weight;
        count += weight > 0 ? 1 : 0;
        continue;
      }
    }
    const item = load<u32>(excluded + ((<usize>k) << 2));
    if (lives !== 0 && !isAlive(lives + ((<usize>item) << 3), state)) continue;
    const weight = weightOf(item);
    sum += weight;
    count += weight > 0 ? 1 : 0;
  }
  userState = state;
  userTotal = load<f64>(eligibleWeights + ((<usize>state) << 3)) - sum;
  userAcceptable = <i32>load<f64>(eligibleCounts + ((<usize>state) << 3)) - count;
}

/**
 * Draws the groups [from, to) of the batch. Rows are written from index 0 on, the positives of a group first.
 * @param groups number of groups in the batch
 * @param first number of the batch's first group in its block
 * @returns the number of rows
 */
export function draw(from: u32, to: u32, groups: u32, first: u32): u32 {
  const set = slots;
  const shift = 32 - slotBits;
  const mask = ((<u32>8) << slotBits) - 1;
  const perGroup = ahead;
  const itemAt = places;
  const toClasses = classes - places;
  const logOfClass = logs;
  const datesAt = livesAt;
  const toGroup = rowGroup;
  const toItem = rowItem;
  const toDraw = rowDraw;
  const toLogQ = rowLogQ;
  const toTotal = totalOf;
  const binAt = bins;
  let drawnRows: u32 = 0;
  let sum: f64 = 0;
  let least = load<f64>(tallies, 16);
  let greatest = load<f64>(tallies, 24);
  let row: u32 = 0;
  for (let g = from; g < to; g++) {
    if (g >= userEnd) startUser(g);
    if (g >= blockTo) {
      blockFrom = g;
      blockTo = min(groups, g + BLOCK / perGroup);
      if (pools === 0) {
        for (let other = g, index: u32 = 0; other < blockTo; other++, index += perGroup)
          hash(other, 0, perGroup, index);
        resolvePlaces(0, (blockTo - g) * perGroup);
      } else
        for (let other = g, index: u32 = 0; other < blockTo; other++, index += perGroup) {
          enterPool(load<u32>(poolOfGroup + ((<usize>other) << 2)));
          hash(other, 0, perGroup, index);
          resolvePlaces(index, index + perGroup);
        }
      resolveItems(0, (blockTo - g) * perGroup);
    }
    const pool: u32 = pools === 0 ? 0 : load<u32>(poolOfGroup + ((<usize>g) << 2));
    const size = pools === 0 ? poolSize : load<u32>(pools + <usize>pool * 20, 4);
    const state: u32 = states === 0 ? 0 : load<u32>(states + ((<usize>g) << 2));
    if (state !== userState) sumUser(pool, state);
    // If all items are eligible, no single item needs the check.
    const dated = lives !== 0 && load<f64>(eligibleCounts + ((<usize>state) << 3)) < <f64>size;
    const quota = load<u32>(quotas + ((<usize>g) << 2));
    const ofGroup = ++stamp;
    const ofUser = userStamp;
    let total = userTotal;
    let acceptable = userAcceptable;
    const firstPositive = load<u32>(positiveOffsets + ((<usize>g) << 2));
    const lastPositive = load<u32>(positiveOffsets + ((<usize>g) << 2) + 4);
    for (let p = firstPositive; p < lastPositive; p++) {
      const item = load<u32>(positives + ((<usize>p) << 2));
      const slot = slotOf(item, set, shift, mask, ofUser, ofGroup);
      const stampAt = load<u32>(slot);
      // Excluded items are subtracted already.
      if (stampAt === ofUser || stampAt === ofGroup) continue;
      store<u32>(slot, ofGroup);
      store<u32>(slot, item, 4);
      const weight = weightIn(item, pool);
      if (weight === 0 || (dated && !isAlive(lives + ((<usize>item) << 3), state))) continue;
      total -= weight;
      acceptable--;
    }
    if (total !== logged) {
      logged = total;
      logOfTotal = log(total);
    }
    const subtracted = logOfTotal;
    const target: u32 = acceptable <= 0 ? 0 : min(quota, <u32>acceptable);
    // Same as `attemptLimit`.
    const limit: u32 = 8 * quota + 64;
    const firstDraw = row + lastPositive - firstPositive;
    let out = firstDraw;
    const outEnd = firstDraw + target;
    let k: u32 = 0;
    let attemptAddress = itemAt + ((<usize>((g - blockFrom) * perGroup)) << 2);
    let end = min(perGroup, limit);
    while (out < outEnd && k < limit) {
      if (k > 0) {
        // Rare: make about as many attempts as rows are missing, and store them after the attempts of the block.
        const missing = outEnd - out;
        const extraAttempts = min(BLOCK, (min(missing + (missing >> 3), limit - k) + 3) & ~3);
        if (pools !== 0) enterPool(pool);
        hash(g, k, extraAttempts, BLOCK);
        resolvePlaces(BLOCK, BLOCK + extraAttempts);
        resolveItems(BLOCK, BLOCK + extraAttempts);
        attemptAddress = itemAt + ((<usize>BLOCK) << 2);
        end = min(k + extraAttempts, limit);
      }
      for (; k < end && out < outEnd; k++, attemptAddress += 4) {
        const item = load<u32>(attemptAddress);
        const slot = slotOf(item, set, shift, mask, ofUser, ofGroup);
        const stampAt = load<u32>(slot);
        if (stampAt === ofUser || stampAt === ofGroup) {
          refuse(isPositive(g, item) ? 0 : stampAt === ofUser ? 1 : 3);
          continue;
        }
        if (dated && !isAlive(datesAt + ((attemptAddress - itemAt) << 1), state)) {
          refuse(2);
          continue;
        }
        store<u32>(slot, ofGroup);
        store<u32>(slot, item, 4);
        const q = load<f64>(logOfClass + ((<usize>load<u32>(attemptAddress + toClasses)) << 3)) - subtracted;
        const four = (<usize>out) << 2;
        store<u32>(toGroup + four, first + g);
        store<u32>(toItem + four, item);
        store<u32>(toDraw + four, out - firstDraw);
        store<f64>(toLogQ + ((<usize>out) << 3), q);
        out++;
      }
    }
    const filled = out - firstDraw;
    for (let q = toLogQ + ((<usize>firstDraw) << 3), last = toLogQ + ((<usize>out) << 3); q < last; q += 8) {
      const value = load<f64>(q);
      sum += Math.floor(value * MILLIONTHS + 0.5);
      least = min(least, value);
      greatest = max(greatest, value);
      const bin = binAt + ((<usize>binOf(value)) << 2);
      store<u32>(bin, load<u32>(bin) + 1);
    }
    drawnRows += filled;
    attempts += <f64>k;
    store<u32>(filledOf + ((<usize>g) << 2), filled);
    store<i32>(acceptableOf + ((<usize>g) << 2), acceptable);
    if (toTotal !== 0) store<f64>(toTotal + ((<usize>g) << 3), total);
    for (let p = firstPositive; p < lastPositive; p++, row++) {
      const item = load<u32>(positives + ((<usize>p) << 2));
      const weight = weightIn(item, pool);
      let q: f64 = NaN;
      if (filled > 0 && weight > 0 && !(dated && !isAlive(lives + ((<usize>item) << 3), state))) {
        const rows = <f64>filled;
        q = log((rows * (weight / (total + weight))) / rows);
        tallyPositive(q);
      } else unreached++;
      store<u32>(toGroup + ((<usize>row) << 2), first + g);
      store<u32>(toItem + ((<usize>row) << 2), item);
      store<i32>(toDraw + ((<usize>row) << 2), -1);
      store<f64>(toLogQ + ((<usize>row) << 3), q);
    }
    row += filled;
  }
  store<f64>(tallies, load<f64>(tallies) + <f64>drawnRows);
  store<f64>(tallies, load<f64>(tallies, 8) + sum, 8);
  store<f64>(tallies, least, 16);
  store<f64>(tallies, greatest, 24);
  return row;
}
