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

export let salt0: u32 = 0;
export let salt1: u32 = 0;

// The batch of groups, numbered from 0. u32, if not noted otherwise.
/** Two by group. */
export let words: usize = 0;
/** f64, µs. */
export let times: usize = 0;
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

// Scratch memory.
/** u32 by item of the longest list, and three more: the first hashes of a group. */
export let hashes: usize = 0;
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

/** Whether a key comes before another: by first hash, then by second hash, then by item. */
function isBefore(a: u64, b: u64, h1: u32): bool {
  return a >> 32 !== b >> 32 ? a < b : isTieBefore(<u32>a, <u32>b, h1);
}

/** The order of two places of the list whose first hashes are equal, which is very rare. */
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

/**
 * Draws the groups from … to of the batch. Their rows are written from 0 on, the positives of a group first.
 * @param first number of the batch's first group in its block
 * @returns the number of rows
 */
export function draw(from: u32, to: u32, first: u32): u32 {
  const ownItems = positives;
  const items = listed;
  const hashAt = hashes;
  const best = keys;
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
    let bestTo = best;
    const bestEnd = best + ((<usize>quota) << 3);
    for (let k = quota === 0 ? listTo : listFrom; k < listTo; k++) {
      const item = load<u32>(items + ((<usize>k) << 2));
      let isOwn = false;
      for (let p = ownFrom; p < ownTo; p += 4) {
        if (load<u32>(p) !== item) continue;
        isOwn = true;
        const at = (<usize>k) << 3;
        if (!hasTimes || (load<f64>(candidateFrom + at) <= time && time < load<f64>(drawnUntil + at)))
          store<f64>(ownLogQ + ((p - ownFrom) << 1), 0);
      }
      if (isOwn) continue;
      if (hasTimes) {
        const at = (<usize>k) << 3;
        if (!(load<f64>(drawnFrom + at) <= time && time < load<f64>(drawnUntil + at))) continue;
      }
      size++;
      const key = ((<u64>load<u32>(hashAt + ((<usize>(k - listFrom)) << 2))) << 32) | (<u64>k);
      let at = bestTo;
      if (at === bestEnd) {
        at -= 8;
        if (!isBefore(key, load<u64>(at), h1)) continue;
      } else bestTo += 8;
      for (; at > best; at -= 8) {
        const before = load<u64>(at - 8);
        if (!isBefore(key, before, h1)) break;
        store<u64>(at, before);
      }
      store<u64>(at, key);
    }
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
    const filled = (bestTo - best) >> 3;
    if (filled > 0) tally(tallies, binOfDraw, <f64>filled, logOfDraw, millionthsOfDraw);
    for (let k: usize = 0; k < filled; k++, row++) {
      const four = (<usize>row) << 2;
      store<u32>(rowGroup + four, first + g);
      store<u32>(rowItem + four, load<u32>(items + ((<usize>(<u32>load<u64>(best + (k << 3)))) << 2)));
      store<u32>(rowDraw + four, <u32>k);
      store<f64>(rowLogQ + ((<usize>row) << 3), logOfDraw);
    }
    store<u32>(filledOf + ((<usize>g) << 2), <u32>filled);
  }
  return row;
}
