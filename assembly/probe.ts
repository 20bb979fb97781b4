// Trains and evaluates the probe model of a trial: a user vector and an item vector of 32 numbers, scored by their
// product. `test/engine/probeTwin.ts` does the same in plain TypeScript; a property test compares them.
// All sums have a fixed order, and no operation is relaxed or fused, so the bits are the same on every machine.
// Columns are addresses in memory. The caller in `src/engine/trial/` allocates them.

import { items, lanes, ROW, times, users } from './vectors';

export { items, users } from './vectors';
export * from './ranking';

// f32: the sums of squared gradients, one for each vector.
export let userSums: usize = 0;
export let itemSums: usize = 0;

// The groups. u32: user; first candidate of each group and of the end; candidates, the positive first.
export let groupUsers: usize = 0;
export let offsets: usize = 0;
export let candidates: usize = 0;
/** f32 by candidate: what is subtracted from its score. If 0, nothing is. */
export let corrections: usize = 0;
/** f32 by group: the correction of its positive as a candidate of another group. If 0, nothing is subtracted. */
export let batchCorrections: usize = 0;
/** f32 by group. If 0, every weight is 1. */
export let weights: usize = 0;
/** u32: the groups in the order of the epoch. */
export let order: usize = 0;
export let groups: u32 = 0;
/** Groups of a batch, whose other positives are negatives too. If 0, there are none. */
export let batch: u32 = 0;
/** True if positives of other groups are left out when they are the item of the group. */
export let masked: bool = false;
export let pairwise: bool = false;
export let rate: f32 = 0;

// Scratch memory. u32 and f32 by candidate of the current group.
export let list: usize = 0;
export let values: usize = 0;

function dot(a: usize, b: usize): f32 {
  const even = f32x4.add(f32x4.add(times(a, b, 0), times(a, b, 32)), f32x4.add(times(a, b, 64), times(a, b, 96)));
  const odd = f32x4.add(f32x4.add(times(a, b, 16), times(a, b, 48)), f32x4.add(times(a, b, 80), times(a, b, 112)));
  return lanes(f32x4.add(even, odd));
}

/** e^x for x clamped to [-87, 88]: e^x = 2^n · e^r with |r| ≤ ln 2 / 2, where a polynomial approximates e^r. */
function exp(x: v128): v128 {
  const clamped = f32x4.max(f32x4.min(x, f32x4.splat(88)), f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504)));
  // r = x - n · ln 2, with ln 2 split in two parts so that n times the first part is exact.
  const r = f32x4.sub(
    f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375))),
    f32x4.mul(n, f32x4.splat(-2.1219444e-4)),
  );
  let sum = f32x4.splat(<f32>(1.0 / 720.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(<f32>(1.0 / 120.0)));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(<f32>(1.0 / 24.0)));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(<f32>(1.0 / 6.0)));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(sum, power);
}

/** Natural logarithm of a normal positive number: exponent · ln 2, plus a series for the mantissa. */
function log(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <f64>(<i32>(bits >> 52) - 1023);
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  const s = (m - 1) / (m + 1);
  const t = s * s;
  let sum: f64 = 1.0 / 15.0;
  sum = sum * t + 1.0 / 13.0;
  sum = sum * t + 1.0 / 11.0;
  sum = sum * t + 1.0 / 9.0;
  sum = sum * t + 1.0 / 7.0;
  sum = sum * t + 1.0 / 5.0;
  sum = sum * t + 1.0 / 3.0;
  sum = sum * t + 1.0;
  return exponent * 0.6931471805599453 + 2 * s * sum;
}

/** Lists the candidates of the group at a position of the order, with their corrections. @returns their number */
function listCandidates(position: u32): u32 {
  const group = load<u32>(order + ((<usize>position) << 2));
  const groupAddress = offsets + ((<usize>group) << 2);
  const first = load<u32>(groupAddress);
  const count = load<u32>(groupAddress, 4) - first;
  const from = (<usize>first) << 2;
  memory.copy(list, candidates + from, (<usize>count) << 2);
  if (corrections !== 0) memory.copy(values, corrections + from, (<usize>count) << 2);
  else memory.fill(values, 0, (<usize>count) << 2);
  return batch === 0 ? count : listBatch(position, count);
}

/** Adds the positives of the other groups of the batch. */
function listBatch(position: u32, size: u32): u32 {
  const positiveItem = load<u32>(list);
  const start = position - (position % batch);
  const end = min<u32>(start + batch, groups);
  let count = size;
  for (let k = start; k < end; k++) {
    if (k === position) continue;
    const group = load<u32>(order + ((<usize>k) << 2));
    const item = load<u32>(candidates + ((<usize>load<u32>(offsets + ((<usize>group) << 2))) << 2));
    if (masked && item === positiveItem) continue;
    store<u32>(list + ((<usize>count) << 2), item);
    store<f32>(
      values + ((<usize>count) << 2),
      batchCorrections !== 0 ? load<f32>(batchCorrections + ((<usize>group) << 2)) : 0,
    );
    count++;
  }
  return count;
}

/** Turns scores into gradients of the softmax loss. @returns the loss */
function softmaxGradients(count: u32): f64 {
  const end = values + ((<usize>count) << 2);
  let maxScore = load<f32>(values);
  for (let address = values; address < end; address += 4) maxScore = max<f32>(maxScore, load<f32>(address));
  const positive = load<f32>(values);
  for (let address = values; address < end; address += 16)
    v128.store(address, exp(f32x4.sub(v128.load(address), f32x4.splat(maxScore))));
  let sum: f32 = 0;
  for (let address = values; address < end; address += 4) sum += load<f32>(address);
  for (let address = values; address < end; address += 16)
    v128.store(address, f32x4.div(v128.load(address), f32x4.splat(sum)));
  store<f32>(values, load<f32>(values) - 1);
  return log(<f64>sum) + <f64>(maxScore - positive);
}

/** Turns scores into gradients of the mean logistic loss of the pairs. @returns the loss */
function pairwiseGradients(count: u32): f64 {
  const end = values + ((<usize>count) << 2);
  const negatives = <f32>(count - 1);
  const positive = f32x4.splat(load<f32>(values));
  let loss: f64 = 0;
  let sum: f32 = 0;
  for (let address = values; address < end; address += 16)
    v128.store(address, exp(f32x4.sub(v128.load(address), positive)));
  for (let address = values + 4; address < end; address += 4) {
    const e = load<f32>(address);
    const gradient: f32 = e / (1 + e) / negatives;
    loss += log(1 + <f64>e);
    sum += gradient;
    store<f32>(address, gradient);
  }
  store<f32>(values, -sum);
  return loss / <f64>negatives;
}

/** One Adagrad step for the vectors of the listed items and of the user, with one sum of squares per vector. */
function update(user: u32, count: u32, weight: f32): void {
  const p = users + <usize>user * ROW;
  const p0 = v128.load(p, 0);
  const p1 = v128.load(p, 16);
  const p2 = v128.load(p, 32);
  const p3 = v128.load(p, 48);
  const p4 = v128.load(p, 64);
  const p5 = v128.load(p, 80);
  const p6 = v128.load(p, 96);
  const p7 = v128.load(p, 112);
  let d0 = f32x4.splat(0);
  let d1 = d0;
  let d2 = d0;
  let d3 = d0;
  let d4 = d0;
  let d5 = d0;
  let d6 = d0;
  let d7 = d0;
  const mean: f32 = dot(p, p) / 32;
  for (let k: usize = 0; k < (<usize>count) << 2; k += 4) {
    const item = load<u32>(list + k);
    const q = items + <usize>item * ROW;
    const gradient: f32 = load<f32>(values + k) * weight;
    const sums = itemSums + ((<usize>item) << 2);
    const squares: f32 = load<f32>(sums) + gradient * gradient * mean;
    store<f32>(sums, squares);
    const g = f32x4.splat(gradient);
    const step = f32x4.splat((rate * gradient) / sqrt<f32>(squares));
    let old = v128.load(q, 0);
    d0 = f32x4.add(d0, f32x4.mul(g, old));
    v128.store(q, f32x4.sub(old, f32x4.mul(step, p0)), 0);
    old = v128.load(q, 16);
    d1 = f32x4.add(d1, f32x4.mul(g, old));
    v128.store(q, f32x4.sub(old, f32x4.mul(step, p1)), 16);
    old = v128.load(q, 32);
    d2 = f32x4.add(d2, f32x4.mul(g, old));
    v128.store(q, f32x4.sub(old, f32x4.mul(step, p2)), 32);
    old = v128.load(q, 48);
    d3 = f32x4.add(d3, f32x4.mul(g, old));
    v128.store(q, f32x4.sub(old, f32x4.mul(step, p3)), 48);
    old = v128.load(q, 64);
    d4 = f32x4.add(d4, f32x4.mul(g, old));
    v128.store(q, f32x4.sub(old, f32x4.mul(step, p4)), 64);
    old = v128.load(q, 80);
    d5 = f32x4.add(d5, f32x4.mul(g, old));
    v128.store(q, f32x4.sub(old, f32x4.mul(step, p5)), 80);
    old = v128.load(q, 96);
    d6 = f32x4.add(d6, f32x4.mul(g, old));
    v128.store(q, f32x4.sub(old, f32x4.mul(step, p6)), 96);
    old = v128.load(q, 112);
    d7 = f32x4.add(d7, f32x4.mul(g, old));
    v128.store(q, f32x4.sub(old, f32x4.mul(step, p7)), 112);
  }
  const even = f32x4.add(
    f32x4.add(f32x4.mul(d0, d0), f32x4.mul(d2, d2)),
    f32x4.add(f32x4.mul(d4, d4), f32x4.mul(d6, d6)),
  );
  const odd = f32x4.add(
    f32x4.add(f32x4.mul(d1, d1), f32x4.mul(d3, d3)),
    f32x4.add(f32x4.mul(d5, d5), f32x4.mul(d7, d7)),
  );
  const sums = userSums + ((<usize>user) << 2);
  const squares: f32 = load<f32>(sums) + lanes(f32x4.add(even, odd)) / 32;
  store<f32>(sums, squares);
  const step = f32x4.splat(rate / sqrt<f32>(squares));
  v128.store(p, f32x4.sub(p0, f32x4.mul(step, d0)), 0);
  v128.store(p, f32x4.sub(p1, f32x4.mul(step, d1)), 16);
  v128.store(p, f32x4.sub(p2, f32x4.mul(step, d2)), 32);
  v128.store(p, f32x4.sub(p3, f32x4.mul(step, d3)), 48);
  v128.store(p, f32x4.sub(p4, f32x4.mul(step, d4)), 64);
  v128.store(p, f32x4.sub(p5, f32x4.mul(step, d5)), 80);
  v128.store(p, f32x4.sub(p6, f32x4.mul(step, d6)), 96);
  v128.store(p, f32x4.sub(p7, f32x4.mul(step, d7)), 112);
}

/** Trains on the groups at positions [from, to) of the order, one after the other. @returns the sum of their losses */
export function epoch(from: u32, to: u32): f64 {
  let loss: f64 = 0;
  for (let position = from; position < to; position++) {
    const count = listCandidates(position);
    if (count < 2) continue;
    const group = load<u32>(order + ((<usize>position) << 2));
    const user = load<u32>(groupUsers + ((<usize>group) << 2));
    const p = users + <usize>user * ROW;
    for (let k: usize = 0; k < (<usize>count) << 2; k += 4)
      store<f32>(values + k, dot(p, items + <usize>load<u32>(list + k) * ROW) - load<f32>(values + k));
    loss += pairwise ? pairwiseGradients(count) : softmaxGradients(count);
    update(user, count, weights !== 0 ? load<f32>(weights + ((<usize>group) << 2)) : 1);
  }
  return loss;
}
