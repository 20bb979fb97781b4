/**
 * Elements of two words each, by their numbers.
 * @param count of the numbers
 * @param all where they go, with room for two words each
 */
export function wordsAt(words: Uint32Array, numbers: Uint32Array, count: number, all: Uint32Array = new Uint32Array(2 * count)): Uint32Array {
  for (let k = 0; k < count; k++) {
    const at = 2 * (numbers[k] ?? 0);
    all[2 * k] = words[at] ?? 0;
    all[2 * k + 1] = words[at + 1] ?? 0;
  }
  return all;
}
