import { suggest } from '../report/suggest.ts';

/** Names of one text for which a candidate is sought: comparing each of 100,000 unknown names would take minutes. */
const MAX_SUGGESTIONS = 100;

const sought = new WeakMap<object, number>();

/** As `suggest`, for the first 100 words of one run of a check; null for later ones. `run`: an object of that run alone, such as its context. */
export function suggestIn(run: object, word: string, candidates: () => readonly string[]): string | null {
  const count = sought.get(run) ?? 0;
  sought.set(run, count + 1);
  return count < MAX_SUGGESTIONS ? suggest(word, candidates()) : null;
}
