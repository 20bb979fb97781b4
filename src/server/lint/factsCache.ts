import type { DatasetFacts } from '../../core/data/facts.ts';
import type { Failure } from '../../core/message/failure.ts';
import type { AnswerOf, AskedQuestion } from '../../protocol/answers.ts';

/** Entries kept of each kind; the one that was not used for longest makes room. */
const MAX_DATASETS = 256;
const MAX_ANSWERS = 512;

/** An answer, or the damage to the files for which there is none. */
export type KnownAnswer = { readonly value: AnswerOf } | { readonly failure: Failure };

/** What a look at a path found, and for which columns it asked for ranges. */
export interface Look {
  readonly facts: DatasetFacts;
  readonly columns: readonly string[];
}

/**
 * What is known of data files by now. Looks are kept by path and hold until somebody looks again; answers are kept by the question
 * and the fingerprints of its files, so they hold as long as no file changes.
 */
export class FactsCache {
  readonly #looks = new Map<string, Look>();
  readonly #answers = new Map<string, KnownAnswer>();

  /** The last look; undefined where nobody looked yet. `root`: what was open to the look. */
  look(path: string, root: string): Look | undefined {
    return touched(this.#looks, `${root}\0${path}`);
  }

  keepLook(path: string, root: string, look: Look): void {
    keep(this.#looks, `${root}\0${path}`, look, MAX_DATASETS);
  }

  answer(question: AskedQuestion): KnownAnswer | undefined {
    return touched(this.#answers, keyOf(question));
  }

  keepAnswer(question: AskedQuestion, answer: KnownAnswer): void {
    keep(this.#answers, keyOf(question), answer, MAX_ANSWERS);
  }

  /** Forgets what was known of data sets. Answers stay: they hold for the same files. */
  forgetLooks(): void {
    this.#looks.clear();
  }
}

/** Questions carry the fingerprints of their data sets. */
function keyOf(question: AskedQuestion): string {
  return JSON.stringify(question);
}

function touched<T>(entries: Map<string, T>, key: string): T | undefined {
  const value = entries.get(key);
  if (value === undefined) return undefined;
  entries.delete(key);
  entries.set(key, value);
  return value;
}

function keep<T>(entries: Map<string, T>, key: string, value: T, most: number): void {
  entries.delete(key);
  entries.set(key, value);
  const [oldest] = entries.keys();
  if (entries.size > most && oldest !== undefined) entries.delete(oldest);
}
