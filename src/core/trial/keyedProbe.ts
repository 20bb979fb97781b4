import { fmix32 } from '../sampling/fmix32.ts';
import { attemptWord } from '../sampling/keyedDraw.ts';
import { seeded } from '../sampling/rng.ts';
import type { Salts } from '../sampling/salts.ts';
import { u32At } from '../valueAt.ts';
import { probe } from './probe.ts';

/** Salts of one use of a trial seed. */
export function trialSalts(seed: string, use: 'users' | 'items' | 'tune' | 'cap' | `epoch ${number}`): Salts {
  const generator = seeded(`${seed}/${use}`);
  const s0 = generator.int32() >>> 0;
  return { s0, s1: generator.int32() >>> 0 };
}

/** One word of an id or a key, given its two words. */
export function keyedWord(k0: number, k1: number, { s0, s1 }: Salts): number {
  return fmix32(fmix32(k0 ^ s0) ^ k1 ^ s1);
}

/**
 * First values of vectors, uniform in ±`probe.initialRange`. A value depends on the id, the seed and its place in the
 * vector, so that configs that draw other items start from the same vectors.
 * @param words two for each id
 * @param out gets `probe.dimensions` values for each id
 */
export function initialVectors(words: Uint32Array, salts: Salts, out: Float32Array): void {
  const { dimensions, initialRange } = probe;
  const ofPlace = Uint32Array.from({ length: dimensions }, (_, k) => attemptWord(k));
  for (let id = 0; 2 * id < words.length; id++) {
    const word = keyedWord(u32At(words, 2 * id), u32At(words, 2 * id + 1), salts);
    for (let k = 0; k < dimensions; k++) {
      const unit = fmix32(word ^ u32At(ofPlace, k)) / 4294967296;
      out[id * dimensions + k] = (2 * unit - 1) * initialRange;
    }
  }
}

/**
 * The order of groups in an epoch: by a word of their key, then by number. So groups that two configs share come in the
 * same order.
 */
export function groupOrder(words: Uint32Array, salts: Salts): Uint32Array {
  const count = words.length / 2;
  const keys = new Uint32Array(count);
  for (let group = 0; group < count; group++)
    keys[group] = keyedWord(u32At(words, 2 * group), u32At(words, 2 * group + 1), salts);
  const byLow = sortedBy(
    Uint32Array.from({ length: count }, (_, group) => group),
    keys,
    0,
  );
  return sortedBy(byLow, keys, 16);
}

/** Sorts numbers by 16 bits of their keys. Equal ones keep their order. */
function sortedBy(numbers: Uint32Array, keys: Uint32Array, shift: 0 | 16): Uint32Array {
  const starts = new Uint32Array(65537);
  for (const key of keys) {
    const bucket = ((key >>> shift) & 0xffff) + 1;
    starts[bucket] = u32At(starts, bucket) + 1;
  }
  for (let k = 0; k < 65536; k++) starts[k + 1] = u32At(starts, k + 1) + u32At(starts, k);
  const sorted = new Uint32Array(numbers.length);
  for (const number of numbers) {
    const bucket = (u32At(keys, number) >>> shift) & 0xffff;
    const place = u32At(starts, bucket);
    sorted[place] = number;
    starts[bucket] = place + 1;
  }
  return sorted;
}
