import { suggest } from '../message/suggest.ts';

/**
 * Maximum number of names per text that get a suggestion. Comparing each of 100,000 unknown names would take minutes.
 */
const MAX_SUGGESTIONS = 100;

const sought = new WeakMap<object, number>();

/**
 * Same as `suggest`, but only for the first 100 words of one run of a check; null for later ones. `run`: an object that
 * belongs to that run only, such as its context.
 */
export function suggestIn(run: object, word: string, candidates: () => readonly string[]): string | null {
  const count = sought.get(run) ?? 0;
  sought.set(run, count + 1);
  return count < MAX_SUGGESTIONS ? suggest(word, candidates()) : null;
}
