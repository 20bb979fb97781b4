// Makes attempts: hashes them, and turns the hashes into places and items of a pool.
import {
  bits,
  classes,
  classOfPlace,
  columns,
  hashes,
  itemOfPlace,
  lives,
  livesAt,
  attemptWords,
  places,
  pools,
  poolSize,
  salt0,
  salt1,
  ties,
  wide,
  words,
} from './poolDrawBatch';

/** Whether a word is below the full threshold of a column. Called when their highest bits are equal. */
declare function isBelow(column: u32, word: u32): bool;

// The pool that attempts are made from.
let firstPlace: u32 = 0;
let size: u32 = 0;
let table: usize = 0;
let tableBits: u32 = 0;
let firstColumn: u32 = 0;

/** The following attempts come from this pool. */
export function enterPool(pool: u32): void {
  if (pools === 0) {
    size = poolSize;
    table = columns;
    tableBits = bits;
    return;
  }
  const at = pools + <usize>pool * 20;
  firstPlace = load<u32>(at);
  size = load<u32>(at, 4);
  table = <usize>load<u32>(at, 8);
  tableBits = load<u32>(at, 12);
  firstColumn = load<u32>(at, 16);
}

function fmix(hash: v128): v128 {
  let h = v128.xor(hash, i32x4.shr_u(hash, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/**
 * Hashes the attempts start … start + count of a group, and up to three more, and stores the results from `at` on.
 * `places` gets the columns, or the words of a uniform draw; `hashes` gets the hashes.
 */
export function hash(group: u32, start: u32, count: u32, at: u32): void {
  const h0 = i32x4.splat(load<u32>(words + ((<usize>group) << 3)) ^ salt0);
  const h1 = i32x4.splat(load<u32>(words + ((<usize>group) << 3) + 4) ^ salt1);
  const shift: i32 = table === 0 ? 0 : tableBits === 0 ? 31 : 32 - tableBits;
  const rest: i32 = table !== 0 && tableBits === 0 ? 1 : 0;
  const from = attemptWords + ((<usize>start) << 2);
  const toPlaces = places + ((<usize>at) << 2);
  const toHashes = hashes + ((<usize>at) << 2);
  for (let j: usize = 0; j < (<usize>count) << 2; j += 16) {
    const w = v128.load(from + j);
    v128.store(toPlaces + j, i32x4.shr_u(i32x4.shr_u(fmix(v128.xor(h0, w)), shift), rest));
    v128.store(toHashes + j, fmix(v128.xor(h1, w)));
  }
}

/** Turns the hashed attempts from … to into places of the current pool. */
export function resolvePlaces(from: u32, to: u32): void {
  const first = places + ((<usize>from) << 2);
  const end = places + ((<usize>to) << 2);
  if (table === 0) resolveUniform(first, end);
  else resolveColumns(first, end);
  const more = firstPlace;
  if (more !== 0) for (let at = first; at < end; at += 4) store<u32>(at, load<u32>(at) + more);
}

/**
 * Turns the places of attempts into items and their classes. All of a column are loaded before the first is needed, so
 * that the memory latency is paid once.
 */
export function resolveItems(from: u32, to: u32): void {
  const first = places + ((<usize>from) << 2);
  const end = places + ((<usize>to) << 2);
  const toClasses = classes - places;
  const ofPlace = classOfPlace;
  if (ofPlace === 0) for (let at = first; at < end; at += 4) store<u32>(at + toClasses, 1);
  else if (wide)
    for (let at = first; at < end; at += 4)
      store<u32>(at + toClasses, load<u32>(ofPlace + ((<usize>load<u32>(at)) << 2)));
  else
    for (let at = first; at < end; at += 4)
      store<u32>(at + toClasses, load<u16>(ofPlace + ((<usize>load<u32>(at)) << 1)));
  const items = itemOfPlace;
  if (items !== 0)
    for (let at = first; at < end; at += 4) store<u32>(at, load<u32>(items + ((<usize>load<u32>(at)) << 2)));
  const dates = lives;
  if (dates !== 0)
    for (let at = first, to = livesAt + ((<usize>from) << 3); at < end; at += 4, to += 8)
      store<u64>(to, load<u64>(dates + ((<usize>load<u32>(at)) << 3)));
}

function resolveUniform(first: usize, end: usize): void {
  const length = <f64>size;
  const last = size - 1;
  const toHashes = hashes - places;
  for (let at = first; at < end; at += 4) {
    const unit = (<f64>load<u32>(at) * 2097152 + <f64>(load<u32>(at + toHashes) >> 11)) / 9007199254740992;
    store<u32>(at, min<u32>(last, <u32>(unit * length)));
  }
}

/** Only a rare branch depends on a draw, because no processor could predict such branches. */
function resolveColumns(first: usize, end: usize): void {
  const packed = table;
  const shift = tableBits;
  const mask = ((<u32>1) << shift) - 1;
  const toHashes = hashes - places;
  let undecided = ties;
  for (let at = first; at < end; at += 4) {
    const column = load<u32>(at);
    const pair = load<u32>(packed + ((<usize>column) << 2));
    const alias = pair & mask;
    const below = <i32>(load<u32>(at + toHashes) >> shift) - <i32>(pair >> shift);
    if (below === 0) {
      store<u32>(undecided, at);
      undecided += 4;
    }
    store<u32>(at, alias ^ ((alias ^ column) & <u32>((below - 1) >> 31)));
  }
  // Attempts whose high bits equal the threshold: compare them exactly.
  for (let tie = ties; tie < undecided; tie += 4) {
    const at = load<u32>(tie);
    const column = load<u32>(at);
    if (!isBelow(firstColumn + column, load<u32>(at + toHashes)))
      store<u32>(at, load<u32>(packed + ((<usize>column) << 2)) & mask);
  }
}
