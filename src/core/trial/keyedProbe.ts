import { fmix32 } from '../sampling/fmix32.ts';
import { attemptWord } from '../sampling/keyedDraw.ts';
import { seeded } from '../sampling/rng.ts';
import type { Salts } from '../sampling/salts.ts';
import { u32At } from '../valueAt.ts';
import { probe } from './probe.ts';

/** The salts for one purpose of a trial seed. */
export function trialSalts(seed: string, use: 'users' | 'items' | 'tune' | 'cap' | `epoch ${number}`): Salts {
  const generator = seeded(`${seed}/${use}`);
  const s0 = generator.int32() >>> 0;
  return { s0, s1: generator.int32() >>> 0 };
}

/** One 32-bit word from the two words `k0` and `k1` of an id or key. */
export function keyedWord(k0: number, k1: number, { s0, s1 }: Salts): number {
  return fmix32(fmix32(k0 ^ s0) ^ k1 ^ s1);
}

/**
 * Fills `out` with the initial vectors, uniform in ±`probe.initialRange`. A value depends on the id, the seed and the
 * index in the vector only, so configs that draw different items start from equal vectors.
 * @param words two 32-bit words for each id
 * @param out receives `probe.dimensions` values for each id
 */
export function initialVectors(words: Uint32Array, salts: Salts, out: Float32Array): void {
  const { dimensions, initialRange } = probe;
  const dimensionWords = Uint32Array.from({ length: dimensions }, (_, k) => attemptWord(k));
  for (let id = 0; 2 * id < words.length; id++) {
    const word = keyedWord(u32At(words, 2 * id), u32At(words, 2 * id + 1), salts);
    for (let k = 0; k < dimensions; k++) {
      const unit = fmix32(word ^ u32At(dimensionWords, k)) / 2 ** 32;
      out[id * dimensions + k] = (2 * unit - 1) * initialRange;
    }
  }
}

/** Order of groups in an epoch: by a keyed hash of their keys, so groups of two configs are in the same order. */
export function groupOrder(words: Uint32Array, salts: Salts): Uint32Array {
  const count = words.length / 2;
  const keys = new Uint32Array(count);
  for (let group = 0; group < count; group++)
    keys[group] = keyedWord(u32At(words, 2 * group), u32At(words, 2 * group + 1), salts);
  const byLowBits = sortedBy(
    Uint32Array.from({ length: count }, (_, group) => group),
    keys,
    0,
  );
  return sortedBy(byLowBits, keys, 16);
}

/** Stable sort of numbers by 16 bits of their keys. */
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
    const position = u32At(starts, bucket);
    sorted[position] = number;
    starts[bucket] = position + 1;
  }
  return sorted;
}
