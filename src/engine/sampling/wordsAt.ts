/**
 * Elements of two words each, by their numbers.
 * @param count of the numbers
 * @param all where they go, with room for two words each
 */
export function wordsAt(
  words: Uint32Array,
  numbers: Uint32Array,
  count: number,
  all: Uint32Array = new Uint32Array(2 * count),
): Uint32Array {
  let k = 0;
  // Four elements are asked for before the first is needed: memory is waited for once.
  for (; k + 3 < count; k += 4) {
    const a = 2 * (numbers[k] ?? 0);
    const b = 2 * (numbers[k + 1] ?? 0);
    const c = 2 * (numbers[k + 2] ?? 0);
    const d = 2 * (numbers[k + 3] ?? 0);
    const a0 = words[a] ?? 0;
    const b0 = words[b] ?? 0;
    const c0 = words[c] ?? 0;
    const d0 = words[d] ?? 0;
    const a1 = words[a + 1] ?? 0;
    const b1 = words[b + 1] ?? 0;
    const c1 = words[c + 1] ?? 0;
    const d1 = words[d + 1] ?? 0;
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
    const at = 2 * (numbers[k] ?? 0);
    all[2 * k] = words[at] ?? 0;
    all[2 * k + 1] = words[at + 1] ?? 0;
  }
  return all;
}

/**
 * Elements by their numbers. A loop: what is made by `from` and a function takes some ten times as long.
 * @param numbers of the elements
 * @param all where they go, with room for one each
 */
export function valuesAt<T extends Uint8Array | Uint32Array | Float64Array>(
  values: T,
  numbers: Uint32Array,
  all: T,
): T {
  for (let k = 0; k < numbers.length; k++) all[k] = values[numbers[k] ?? 0] ?? 0;
  return all;
}

/** MD5 gives its words with their highest byte first, memory has it last. */
export function swapped(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** Turns all words about, where they are. */
export function swapWords(words: Uint32Array): Uint32Array {
  for (let k = 0; k < words.length; k++) words[k] = swapped(words[k] ?? 0);
  return words;
}
