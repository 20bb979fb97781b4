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

/** True if a word is below the full threshold of a column. Called only if their highest bits are equal. */
declare function isBelow(column: u32, word: u32): bool;

// The pool that attempts are made from.
let firstPlace: u32 = 0;
let size: u32 = 0;
let table: usize = 0;
let tableBits: u32 = 0;
let firstColumn: u32 = 0;

/** Sets the pool of the following attempts. */
export function enterPool(pool: u32): void {
  if (pools === 0) {
    size = poolSize;
    table = columns;
    tableBits = bits;
    return;
  }
  const poolAddress = pools + <usize>pool * 20;
  firstPlace = load<u32>(poolAddress);
  size = load<u32>(poolAddress, 4);
  table = <usize>load<u32>(poolAddress, 8);
  tableBits = load<u32>(poolAddress, 12);
  firstColumn = load<u32>(poolAddress, 16);
}

function fmix(hash: v128): v128 {
  let h = v128.xor(hash, i32x4.shr_u(hash, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/**
 * Hashes the attempts start … start + count of a group, and up to three more, and stores the results from `index` on.
 * `places` gets the columns, or the words of a uniform draw; `hashes` gets the hashes.
 */
export function hash(group: u32, start: u32, count: u32, index: u32): void {
  const h0 = i32x4.splat(load<u32>(words + ((<usize>group) << 3)) ^ salt0);
  const h1 = i32x4.splat(load<u32>(words + ((<usize>group) << 3) + 4) ^ salt1);
  const shift: i32 = table === 0 ? 0 : tableBits === 0 ? 31 : 32 - tableBits;
  const extraShift: i32 = table !== 0 && tableBits === 0 ? 1 : 0;
  const from = attemptWords + ((<usize>start) << 2);
  const toPlaces = places + ((<usize>index) << 2);
  const toHashes = hashes + ((<usize>index) << 2);
  for (let j: usize = 0; j < (<usize>count) << 2; j += 16) {
    const w = v128.load(from + j);
    v128.store(toPlaces + j, i32x4.shr_u(i32x4.shr_u(fmix(v128.xor(h0, w)), shift), extraShift));
    v128.store(toHashes + j, fmix(v128.xor(h1, w)));
  }
}

/** Turns the hashed attempts [from, to) into places of the current pool. */
export function resolvePlaces(from: u32, to: u32): void {
  const first = places + ((<usize>from) << 2);
  const end = places + ((<usize>to) << 2);
  if (table === 0) resolveUniform(first, end);
  else resolveColumns(first, end);
  const poolStart = firstPlace;
  if (poolStart !== 0)
    for (let address = first; address < end; address += 4) store<u32>(address, load<u32>(address) + poolStart);
}

/**
 * Turns the places of attempts into items and their classes. Each table is read for all attempts in one loop, so
 * that the loads overlap and memory latency is paid once.
 */
export function resolveItems(from: u32, to: u32): void {
  const first = places + ((<usize>from) << 2);
  const end = places + ((<usize>to) << 2);
  const toClasses = classes - places;
  const classTable = classOfPlace;
  if (classTable === 0) for (let address = first; address < end; address += 4) store<u32>(address + toClasses, 1);
  else if (wide)
    for (let address = first; address < end; address += 4)
      store<u32>(address + toClasses, load<u32>(classTable + ((<usize>load<u32>(address)) << 2)));
  else
    for (let address = first; address < end; address += 4)
      store<u32>(address + toClasses, load<u16>(classTable + ((<usize>load<u32>(address)) << 1)));
  const items = itemOfPlace;
  if (items !== 0)
    for (let address = first; address < end; address += 4)
      store<u32>(address, load<u32>(items + ((<usize>load<u32>(address)) << 2)));
  const dates = lives;
  if (dates !== 0)
    for (let address = first, to = livesAt + ((<usize>from) << 3); address < end; address += 4, to += 8)
      store<u64>(to, load<u64>(dates + ((<usize>load<u32>(address)) << 3)));
}

function resolveUniform(first: usize, end: usize): void {
  const length = <f64>size;
  const last = size - 1;
  const toHashes = hashes - places;
  for (let address = first; address < end; address += 4) {
    const unit = (<f64>load<u32>(address) * 2097152 + <f64>(load<u32>(address + toHashes) >> 11)) / 9007199254740992;
    store<u32>(address, min<u32>(last, <u32>(unit * length)));
  }
}

/** Chooses column or alias without a branch, because a processor cannot predict random draws. Only ties branch. */
function resolveColumns(first: usize, end: usize): void {
  const packed = table;
  const shift = tableBits;
  const mask = ((<u32>1) << shift) - 1;
  const toHashes = hashes - places;
  let undecided = ties;
  for (let address = first; address < end; address += 4) {
    const column = load<u32>(address);
    const pair = load<u32>(packed + ((<usize>column) << 2));
    const alias = pair & mask;
    const aboveThreshold = <i32>(load<u32>(address + toHashes) >> shift) - <i32>(pair >> shift);
    if (aboveThreshold === 0) {
      store<u32>(undecided, address);
      undecided += 4;
    }
    store<u32>(address, alias ^ ((alias ^ column) & <u32>((aboveThreshold - 1) >> 31)));
  }
  // Attempts whose high bits equal the threshold: compare them exactly.
  for (let tie = ties; tie < undecided; tie += 4) {
    const address = load<u32>(tie);
    const column = load<u32>(address);
    if (!isBelow(firstColumn + column, load<u32>(address + toHashes)))
      store<u32>(address, load<u32>(packed + ((<usize>column) << 2)) & mask);
  }
}
