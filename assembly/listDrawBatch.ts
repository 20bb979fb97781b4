// Draws consecutive groups from short lists of their users: the rows of a plan with one entry.
// `UserTier` and `ListDrawer` of `src/core/sampling/kernel` do the same for every plan.
// Both draw the same rows, bit for bit; a property test compares them.
// Columns are addresses in memory. The caller in `src/engine/sampling/draw/wasm/` allocates them.

/** `Math.log` of the caller. A logarithm compiled here could differ in the last bit. */
declare function log(x: f64): f64;

// Same values as in `qTally.ts`.
export const BINS: u32 = 200;
const PER_NAT: f64 = 2;
const MILLIONTHS: f64 = 1e6;
/** Values of a tally: rows, millionths, minimum, maximum. */
export const TALLY: u32 = 4;
/** Up to this many items are ordered by comparing each with all others, which needs no branch. */
const FEW: u32 = 32;
const NONE: u32 = 0xffffffff;

export let salt0: u32 = 0;
export let salt1: u32 = 0;

// The batch of groups, numbered from 0. u32, if not noted otherwise.
/** Two by group. */
export let words: usize = 0;
/** f64, µs. */
export let times: usize = 0;
/** f64, µs: listed items with an earlier time are candidates. */
export let readTimes: usize = 0;
export let quotas: usize = 0;
export let positiveOffsets: usize = 0;
export let positives: usize = 0;
/** By user: one past the last group of the user. */
export let userEnds: usize = 0;
/** The list of a user: distinct items, ascending. */
export let listOffsets: usize = 0;
export let listed: usize = 0;
/** By listed item: its words, the first of all before the second of all. */
export let firstWords: usize = 0;
export let secondWords: usize = 0;
/** Whether some listed item has a time. If not, every item can be drawn in every group. */
export let dated: bool = false;
/** f64 by listed item, µs: the times from which and until which it can be drawn. */
export let drawnFrom: usize = 0;
export let drawnUntil: usize = 0;
/** f64 by listed item, µs: the time from which it could be drawn if nothing were excluded. */
export let candidateFrom: usize = 0;
/** f64 by listed item, µs: the time of its first row; -Infinity: always a candidate. */
export let since: usize = 0;

// Scratch memory.
// u32 by item of the longest list, and three more.
/** First hashes: of all items of the list, then of those that the group can draw. */
export let hashes: usize = 0;
/** Places in the list of the items that the group can draw. */
export let places: usize = 0;
export let ranks: usize = 0;
/** Their places in the order of the group. */
export let order: usize = 0;
/** u64 by row of the largest quota: hash and place of the items that are kept, in their order. */
export let keys: usize = 0;

// Rows of the last call.
export let rowGroup: usize = 0;
export let rowItem: usize = 0;
export let rowDraw: usize = 0;
/** f64. For draws: their log q. For positives: their mixed log q. */
export let rowLogQ: usize = 0;
/** By group of the batch: number of drawn rows. */
export let filledOf: usize = 0;

// Counters that accumulate over calls.
/** Positives that the list cannot give. */
export let unreached: f64 = 0;
/**
 * First for the log q of draws, then for the mixed log q of positives. `tallies`: f64 values; `bins`: u32, rows in each
 * bin.
 */
export let tallies: usize = 0;
export let bins: usize = 0;

let user: i32 = -1;
let userEnd: u32 = 0;
let listFrom: u32 = 0;
let listTo: u32 = 0;
// The logs of the last group that had this quota and this number of acceptable items.
let logQuota: u32 = 0;
let logSize: u32 = 0;
let logOfDraw: f64 = 0;
let logOfPositive: f64 = 0;
/** The same in millionths. */
let millionthsOfDraw: f64 = 0;
let millionthsOfPositive: f64 = 0;
/** Addresses of their bins. */
let binOfDraw: usize = 0;
let binOfPositive: usize = 0;

/** Starts another batch. */
export function start(): void {
  user = -1;
  userEnd = 0;
}

function fmix(word: u32): u32 {
  let h = word;
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

/** Whether a place comes before another whose first hash is equal, which is rare: by second hash, then by item. */
function isTieBefore(a: u32, b: u32, h1: u32): bool {
  const second = fmix(h1 ^ load<u32>(secondWords + ((<usize>a) << 2)));
  const other = fmix(h1 ^ load<u32>(secondWords + ((<usize>b) << 2)));
  return second !== other ? second < other : a < b;
}

function hash(word: v128): v128 {
  let h = v128.xor(word, i32x4.shr_u(word, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

function binOf(value: f64): usize {
  const halves = -value * PER_NAT;
  return halves < <f64>BINS ? (halves > 0 ? <usize>halves : 0) : BINS - 1;
}

/** Counts rows that have the same log q. */
function tally(to: usize, bin: usize, rows: f64, value: f64, millionths: f64): void {
  store<f64>(to, load<f64>(to) + rows);
  store<f64>(to, load<f64>(to, 8) + rows * millionths, 8);
  store<f64>(to, min(load<f64>(to, 16), value), 16);
  store<f64>(to, max(load<f64>(to, 24), value), 24);
  store<u32>(bin, load<u32>(bin) + <u32>rows);
}

/** Sets the logs of one draw, and of a positive that is put back into the list. */
function setLogs(quota: u32, size: u32): void {
  logQuota = quota;
  logSize = size;
  const asked = <f64>quota;
  const filled = min(asked, <f64>size);
  logOfDraw = log(min(1, asked / <f64>size) / filled);
  const more = <f64>(size + 1);
  logOfPositive = log((filled * (min(1, asked / more) / min(asked, more))) / filled);
  millionthsOfDraw = Math.floor(logOfDraw * MILLIONTHS + 0.5);
  millionthsOfPositive = Math.floor(logOfPositive * MILLIONTHS + 0.5);
  binOfDraw = bins + (binOf(logOfDraw) << 2);
  binOfPositive = bins + ((BINS + binOf(logOfPositive)) << 2);
}

/** Orders the first `count` of a few items. @returns false if their first hashes do not decide */
function orderFew(size: u32, count: u32): bool {
  const hashAt = hashes;
  const placeAt = places;
  const rankAt = ranks;
  const toOrder = order;
  const bytes = (<usize>size) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const own = v128.load(hashAt + i);
    let rank = i32x4.splat(0);
    for (let j: usize = 0; j < bytes; j += 4) rank = i32x4.sub(rank, i32x4.lt_u(v128.load_splat<u32>(hashAt + j), own));
    v128.store(rankAt + i, rank);
    v128.store(toOrder + i, i32x4.splat(-1));
  }
  for (let k: usize = 0; k < bytes; k += 4)
    store<u32>(toOrder + ((<usize>load<u32>(rankAt + k)) << 2), load<u32>(placeAt + k));
  // Of equal hashes, one has the rank of the other, and the next rank is left out.
  const last = (<usize>min(size, count + 1)) << 2;
  let decided = true;
  for (let k: usize = 0; k < last; k += 4) if (load<u32>(toOrder + k) === NONE) decided = false;
  return decided;
}

/** Orders the first `count` items: keeps them sorted during one scan. */
function orderMany(size: u32, count: u32, h1: u32): void {
  const best = keys;
  const bestEnd = best + ((<usize>count) << 3);
  let bestTo = best;
  for (let k: usize = 0; k < (<usize>size) << 2; k += 4) {
    const hash = load<u32>(hashes + k);
    const place = load<u32>(places + k);
    const key = ((<u64>hash) << 32) | <u64>place;
    let at = bestTo;
    if (at === bestEnd) {
      const worst = load<u64>(at - 8);
      if (<u32>(worst >> 32) === hash ? !isTieBefore(place, <u32>worst, h1) : worst < key) continue;
      at -= 8;
    } else bestTo += 8;
    for (; at > best; at -= 8) {
      const before = load<u64>(at - 8);
      if (<u32>(before >> 32) === hash ? !isTieBefore(place, <u32>before, h1) : before < key) break;
      store<u64>(at, before);
    }
    store<u64>(at, key);
  }
  for (let at = best, to = order; at < bestTo; at += 8, to += 4) store<u32>(to, <u32>load<u64>(at));
}

/**
 * Draws the groups from … to of the batch. Their rows are written from 0 on, the positives of a group first.
 * @param first number of the batch's first group in its block
 * @returns the number of rows
 */
export function draw(from: u32, to: u32, first: u32): u32 {
  const ownItems = positives;
  const items = listed;
  const hashAt = hashes;
  const placeAt = places;
  const orderAt = order;
  const hasTimes = dated;
  let row: u32 = 0;
  for (let g = from; g < to; g++) {
    if (g >= userEnd) {
      do {
        user++;
        userEnd = load<u32>(userEnds + ((<usize>user) << 2));
      } while (g >= userEnd);
      listFrom = load<u32>(listOffsets + ((<usize>user) << 2));
      listTo = load<u32>(listOffsets + ((<usize>user) << 2) + 4);
    }
    const h0 = load<u32>(words + ((<usize>g) << 3)) ^ salt0;
    const h1 = load<u32>(words + ((<usize>g) << 3) + 4) ^ salt1;
    const time = load<f64>(times + ((<usize>g) << 3));
    const readTime = load<f64>(readTimes + ((<usize>g) << 3));
    const quota = load<u32>(quotas + ((<usize>g) << 2));
    const firstPositive = load<u32>(positiveOffsets + ((<usize>g) << 2));
    const lastPositive = load<u32>(positiveOffsets + ((<usize>g) << 2) + 4);
    const ownFrom = ownItems + ((<usize>firstPositive) << 2);
    const ownTo = ownItems + ((<usize>lastPositive) << 2);
    const ownLogQ = rowLogQ + ((<usize>row) << 3);
    // NaN: no candidate. Candidates get their log after the list is counted.
    for (let p = ownFrom; p < ownTo; p += 4) store<f64>(ownLogQ + ((p - ownFrom) << 1), NaN);
    if (quota > 0) {
      const salted = i32x4.splat(h0);
      const wordAt = firstWords + ((<usize>listFrom) << 2);
      for (let j: usize = 0; j < (<usize>(listTo - listFrom)) << 2; j += 16)
        v128.store(hashAt + j, hash(v128.xor(salted, v128.load(wordAt + j))));
    }
    let size: u32 = 0;
    for (let k = quota === 0 ? listTo : listFrom; k < listTo; k++) {
      const item = load<u32>(items + ((<usize>k) << 2));
      let isOwn = false;
      for (let p = ownFrom; p < ownTo; p += 4) {
        if (load<u32>(p) !== item) continue;
        isOwn = true;
        const at = (<usize>k) << 3;
        if (
          !hasTimes ||
          (load<f64>(since + at) < readTime &&
            load<f64>(candidateFrom + at) <= time &&
            time < load<f64>(drawnUntil + at))
        )
          store<f64>(ownLogQ + ((p - ownFrom) << 1), 0);
      }
      if (isOwn) continue;
      if (hasTimes) {
        const at = (<usize>k) << 3;
        if (
          !(load<f64>(since + at) < readTime && load<f64>(drawnFrom + at) <= time && time < load<f64>(drawnUntil + at))
        )
          continue;
      }
      store<u32>(placeAt + ((<usize>size) << 2), k);
      store<u32>(hashAt + ((<usize>size) << 2), load<u32>(hashAt + ((<usize>(k - listFrom)) << 2)));
      size++;
    }
    const filled = min(quota, size);
    if (filled > 0 && (size > FEW || !orderFew(size, filled))) orderMany(size, filled, h1);
    if (size > 0 && (quota !== logQuota || size !== logSize)) setLogs(quota, size);
    for (let p = ownFrom; p < ownTo; p += 4, row++) {
      const four = (<usize>row) << 2;
      const at = rowLogQ + ((<usize>row) << 3);
      const candidate = load<f64>(at) === 0;
      store<u32>(rowGroup + four, first + g);
      store<u32>(rowItem + four, load<u32>(p));
      store<i32>(rowDraw + four, -1);
      if (candidate && size > 0) {
        store<f64>(at, logOfPositive);
        tally(tallies + 8 * TALLY, binOfPositive, 1, logOfPositive, millionthsOfPositive);
      } else {
        store<f64>(at, NaN);
        unreached++;
      }
    }
    if (filled > 0) tally(tallies, binOfDraw, <f64>filled, logOfDraw, millionthsOfDraw);
    for (let k: u32 = 0; k < filled; k++, row++) {
      const four = (<usize>row) << 2;
      store<u32>(rowGroup + four, first + g);
      store<u32>(rowItem + four, load<u32>(items + ((<usize>load<u32>(orderAt + ((<usize>k) << 2))) << 2)));
      store<u32>(rowDraw + four, k);
      store<f64>(rowLogQ + ((<usize>row) << 3), logOfDraw);
    }
    store<u32>(filledOf + ((<usize>g) << 2), filled);
  }
  return row;
}
