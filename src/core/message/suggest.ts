import { valueAt } from '../valueAt.ts';

/**
 * The candidate that the user most likely meant: the nearest by edit distance (insert, delete, replace, swap of
 * neighbours), ignoring letter case, within a third of the word's length. Null if none is close enough.
 */
export function suggest(word: string, candidates: readonly string[]): string | null {
  const wordLetters = [...word.toLowerCase()].slice(0, maxLength);
  let best: string | null = null;
  let limit = Math.max(1, Math.floor(wordLetters.length / 3)) + 1;
  for (const candidate of candidates) {
    const letters = [...candidate.toLowerCase()];
    if (Math.abs(letters.length - wordLetters.length) >= limit) continue;
    const d = distance(wordLetters, letters);
    if (d < limit) {
      limit = d;
      best = candidate;
    }
  }
  return best;
}

/** Longer words are cut, because the table is quadratic, and names of this length are rarely misspelled. */
const maxLength = 100;

function distance(a: readonly string[], b: readonly string[]): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min(valueAt(previous, j) + 1, valueAt(row, j - 1) + 1, valueAt(previous, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d = Math.min(d, valueAt(beforePrevious, j - 2) + 1);
      row.push(d);
    }
    beforePrevious = previous;
    previous = row;
  }
  return valueAt(previous, b.length);
}
