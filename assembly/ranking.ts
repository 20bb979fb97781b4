// Ranks all items for many users with the vectors of `probe.ts`. Four users, a quad, share the loads of each item.
// Items come in tiles that stay in the fastest cache while all quads are scored: the vectors of a corpus do not fit
// there, and to read them for every quad took more time than the products.

import { items, lanes, ROW, times, users } from './vectors';

/** Items of a tile: 16 KB of vectors. Even, because two items share the loads of the users. */
const TILE: u32 = 128;

/** u32: the items that are ranked, ascending. An item's index here is its place. */
export let ranked: usize = 0;
/** Scratch memory: 16 bytes for each item of a tile, the scores of a quad next to each other. */
export let scores: usize = 0;

// By user. u32: number of the user; where the next and the end of the hidden places are, which are ascending.
export let rankedUsers: usize = 0;
export let hiddenNext: usize = 0;
export let hiddenEnd: usize = 0;
/** The highest scores, best first: u64 keys of score and place, how many there are, and f32 what they must exceed. */
export let topKeys: usize = 0;
export let topCounts: usize = 0;
export let topLeast: usize = 0;

// Places whose ranks are wanted. A row has one of each user of a quad: f32 scores, u32 places, and u32 ranks from 0,
// the number of items before each. A lane that wants none has the score Infinity.
/** u32 by quad and for the end: its first row. */
export let targetOffsets: usize = 0;
export let targetScores: usize = 0;
export let targetPlaces: usize = 0;
export let targetRanks: usize = 0;

/** Score of a user and a place. Sums in the same order as `scoreTile`, so that the bits are equal. */
export function scoreOf(user: u32, place: u32): f32 {
  const p = users + <usize>user * ROW;
  const q = items + <usize>load<u32>(ranked + ((<usize>place) << 2)) * ROW;
  let sum = times(q, p, 0);
  for (let offset: usize = 16; offset < ROW; offset += 16) sum = f32x4.add(sum, times(q, p, offset));
  return lanes(sum);
}

/**
 * Lists the highest scores of `quads` times four users among the first `count` places, and counts the places before
 * each target. Of equal scores the smaller place comes first. A score that is not a number is not listed.
 * @param most length of a list
 */
export function rank(quads: u32, count: u32, most: u32): void {
  for (let quad: u32 = 0; quad < quads; quad++) {
    const quadOffset = (<usize>quad) << 4;
    v128.store(topCounts + quadOffset, i32x4.splat(0));
    v128.store(topLeast + quadOffset, f32x4.splat(-Infinity));
  }
  for (let first: u32 = 0; first < count; first += TILE) {
    const size = min<u32>(TILE, count - first);
    for (let quad: u32 = 0; quad < quads; quad++) {
      scoreTile(quad, first, size);
      hide(quad, first, size);
      takeHighest(quad, first, size, most);
      countTargets(quad, first, size);
    }
  }
}

/** Counts the places [from, to) that rank before each target. */
export function countBefore(quads: u32, from: u32, to: u32): void {
  for (let first = from; first < to; first += TILE) {
    const size = min<u32>(TILE, to - first);
    for (let quad: u32 = 0; quad < quads; quad++) {
      scoreTile(quad, first, size);
      hide(quad, first, size);
      countTargets(quad, first, size);
    }
  }
}

/** Scores the places from `first` on for a quad. With an odd size, the last place is scored twice. */
function scoreTile(quad: u32, first: u32, size: u32): void {
  const quadUsers = rankedUsers + ((<usize>quad) << 4);
  const pa = users + <usize>load<u32>(quadUsers) * ROW;
  const pb = users + <usize>load<u32>(quadUsers, 4) * ROW;
  const pc = users + <usize>load<u32>(quadUsers, 8) * ROW;
  const pd = users + <usize>load<u32>(quadUsers, 12) * ROW;
  const list = ranked + ((<usize>first) << 2);
  for (let k: usize = 0; k < <usize>size; k += 2) {
    const q = items + <usize>load<u32>(list + (k << 2)) * ROW;
    const r = items + <usize>load<u32>(list + (min<usize>(k + 1, <usize>size - 1) << 2)) * ROW;
    let x = v128.load(q);
    let y = v128.load(r);
    let p = v128.load(pa);
    let xa = f32x4.mul(x, p);
    let ya = f32x4.mul(y, p);
    p = v128.load(pb);
    let xb = f32x4.mul(x, p);
    let yb = f32x4.mul(y, p);
    p = v128.load(pc);
    let xc = f32x4.mul(x, p);
    let yc = f32x4.mul(y, p);
    p = v128.load(pd);
    let xd = f32x4.mul(x, p);
    let yd = f32x4.mul(y, p);
    for (let offset: usize = 16; offset < ROW; offset += 16) {
      x = v128.load(q + offset);
      y = v128.load(r + offset);
      p = v128.load(pa + offset);
      xa = f32x4.add(xa, f32x4.mul(x, p));
      ya = f32x4.add(ya, f32x4.mul(y, p));
      p = v128.load(pb + offset);
      xb = f32x4.add(xb, f32x4.mul(x, p));
      yb = f32x4.add(yb, f32x4.mul(y, p));
      p = v128.load(pc + offset);
      xc = f32x4.add(xc, f32x4.mul(x, p));
      yc = f32x4.add(yc, f32x4.mul(y, p));
      p = v128.load(pd + offset);
      xd = f32x4.add(xd, f32x4.mul(x, p));
      yd = f32x4.add(yd, f32x4.mul(y, p));
    }
    // Adds the four lanes of each product in the same order as `lanes`.
    let ab = f32x4.add(v128.shuffle<f32>(xa, xb, 0, 4, 1, 5), v128.shuffle<f32>(xa, xb, 2, 6, 3, 7));
    let cd = f32x4.add(v128.shuffle<f32>(xc, xd, 0, 4, 1, 5), v128.shuffle<f32>(xc, xd, 2, 6, 3, 7));
    v128.store(
      scores + (k << 4),
      f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7)),
    );
    ab = f32x4.add(v128.shuffle<f32>(ya, yb, 0, 4, 1, 5), v128.shuffle<f32>(ya, yb, 2, 6, 3, 7));
    cd = f32x4.add(v128.shuffle<f32>(yc, yd, 0, 4, 1, 5), v128.shuffle<f32>(yc, yd, 2, 6, 3, 7));
    v128.store(
      scores + (k << 4),
      f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7)),
      16,
    );
  }
}

/** Gives the hidden places of a tile the score -Infinity, which no list takes. */
function hide(quad: u32, first: u32, size: u32): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    const user = (((<usize>quad) << 2) + lane) << 2;
    const end = load<u32>(hiddenEnd + user);
    let next = load<u32>(hiddenNext + user);
    while (next < end && load<u32>(<usize>next) < first + size) {
      store<f32>(scores + ((<usize>(load<u32>(<usize>next) - first)) << 4) + (lane << 2), -Infinity);
      next += 4;
    }
    store<u32>(hiddenNext + user, next);
  }
}

/** Adds the scores of a tile to the lists of a quad. */
function takeHighest(quad: u32, first: u32, size: u32, most: u32): void {
  const quadOffset = (<usize>quad) << 4;
  const user = quad << 2;
  let least = v128.load(topLeast + quadOffset);
  for (let k: u32 = 0; k < size; k++) {
    const quadScores = v128.load(scores + ((<usize>k) << 4));
    const listed = f32x4.gt(quadScores, least);
    if (!v128.any_true(listed)) continue;
    const mask = i32x4.bitmask(listed);
    if (mask & 1)
      least = f32x4.replace_lane(least, 0, insert(user, f32x4.extract_lane(quadScores, 0), first + k, most));
    if (mask & 2)
      least = f32x4.replace_lane(least, 1, insert(user + 1, f32x4.extract_lane(quadScores, 1), first + k, most));
    if (mask & 4)
      least = f32x4.replace_lane(least, 2, insert(user + 2, f32x4.extract_lane(quadScores, 2), first + k, most));
    if (mask & 8)
      least = f32x4.replace_lane(least, 3, insert(user + 3, f32x4.extract_lane(quadScores, 3), first + k, most));
  }
  v128.store(topLeast + quadOffset, least);
}

/** An integer that orders by score, then by smaller place. The high half is the score, the low half ~place. */
function keyOf(score: f32, place: u32): u64 {
  // Adding 0 turns -0 into +0, so that both have the same key.
  const bits = reinterpret<u32>(score + 0);
  const ordered = bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
  return ((<u64>ordered) << 32) | <u64>~place;
}

function scoreOfKey(key: u64): f32 {
  const ordered = <u32>(key >> 32);
  return reinterpret<f32>(ordered ^ (<u32>(<i32>~ordered >> 31) | 0x80000000));
}

/** Inserts a place into the list of a user. @returns the score that a later place must exceed */
function insert(user: u32, score: f32, place: u32, most: u32): f32 {
  const countAddress = topCounts + ((<usize>user) << 2);
  const count = load<u32>(countAddress);
  const keys = topKeys + ((<usize>user * <usize>most) << 3);
  const key = keyOf(score, place);
  let slot = keys + ((<usize>min<u32>(count, most - 1)) << 3);
  for (; slot > keys; slot -= 8) {
    const before = load<u64>(slot - 8);
    if (before > key) break;
    store<u64>(slot, before);
  }
  store<u64>(slot, key);
  if (count < most) store<u32>(countAddress, count + 1);
  return count + 1 < most ? -Infinity : scoreOfKey(load<u64>(keys + ((<usize>(most - 1)) << 3)));
}

/** Counts the scores of a tile that are before each target of a quad. */
function countTargets(quad: u32, first: u32, size: u32): void {
  const offsets = targetOffsets + ((<usize>quad) << 2);
  const end = load<u32>(offsets, 4);
  for (let row = load<u32>(offsets); row < end; row++) {
    const rowOffset = (<usize>row) << 4;
    const score = v128.load(targetScores + rowOffset);
    const place = v128.load(targetPlaces + rowOffset);
    let before = v128.load(targetRanks + rowOffset);
    for (let k: u32 = 0; k < size; k++) {
      const quadScores = v128.load(scores + ((<usize>k) << 4));
      const equal = v128.and(f32x4.eq(quadScores, score), i32x4.lt_s(i32x4.splat(<i32>(first + k)), place));
      before = i32x4.sub(before, v128.or(f32x4.gt(quadScores, score), equal));
    }
    v128.store(targetRanks + rowOffset, before);
  }
}
