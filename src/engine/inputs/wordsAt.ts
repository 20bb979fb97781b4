import { outOfRange, u32At } from '../../core/valueAt.ts';

/**
 * Copies elements of two words each, by number.
 * @param count length of `numbers`
 * @param all the output, with two words per element
 */
export function wordsAt(
  words: Uint32Array,
  numbers: Uint32Array,
  count: number,
  all: Uint32Array = new Uint32Array(2 * count),
): Uint32Array {
  let k = 0;
  // Load four elements before the first is used, so that their memory latencies overlap.
  for (; k + 3 < count; k += 4) {
    const a = 2 * u32At(numbers, k);
    const b = 2 * u32At(numbers, k + 1);
    const c = 2 * u32At(numbers, k + 2);
    const d = 2 * u32At(numbers, k + 3);
    const a0 = u32At(words, a);
    const b0 = u32At(words, b);
    const c0 = u32At(words, c);
    const d0 = u32At(words, d);
    const a1 = u32At(words, a + 1);
    const b1 = u32At(words, b + 1);
    const c1 = u32At(words, c + 1);
    const d1 = u32At(words, d + 1);
    const at = 2 * k;
    all[at] = a0;
    all[at + 1] = a1;
    all[at + 2] = b0;
    all[at + 3] = b1;
    all[at + 4] = c0;
    all[at + 5] = c1;
    all[at + 6] = d0;
    all[at + 7] = d1;
  }
  for (; k < count; k++) {
    const at = 2 * u32At(numbers, k);
    all[2 * k] = u32At(words, at);
    all[2 * k + 1] = u32At(words, at + 1);
  }
  return all;
}

/**
 * Copies elements by number. A loop, because typed array `from` with a function takes about 10 times as long.
 * @param numbers of the elements
 * @param all the output, with one value per element
 */
export function valuesAt<T extends Uint8Array | Uint32Array | Float64Array>(
  values: T,
  numbers: Uint32Array,
  all: T,
): T {
  for (let k = 0; k < numbers.length; k++) {
    const at = u32At(numbers, k);
    all[k] = values[at] ?? outOfRange(values, at);
  }
  return all;
}

/** MD5 has the highest byte of a word first, memory has it last. */
export function swapped(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** Swaps the bytes of all words in place. */
export function swapWords(words: Uint32Array): Uint32Array {
  for (let k = 0; k < words.length; k++) words[k] = swapped(u32At(words, k));
  return words;
}
