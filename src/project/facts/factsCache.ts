import type { DatasetFacts } from '../../core/data/facts.ts';
import type { Failure } from '../../core/message/failure.ts';
import type { AnswerOf, AskedQuestion } from '../../protocol/answers.ts';

/** Maximum entries of each kind; the least recently used entry is evicted. */
const MAX_DATASETS = 256;
const MAX_ANSWERS = 512;

/** An answer, or the file damage that prevents one. */
export type KnownAnswer = { readonly value: AnswerOf } | { readonly failure: Failure };

/** The result of probing a path, and the columns whose ranges were requested. */
export interface Probe {
  readonly facts: DatasetFacts;
  readonly columns: readonly string[];
}

/**
 * Cached facts about data files. Probe results are kept by path until the next probe. Answers are kept by question and
 * file fingerprints, so they are valid as long as no file changes.
 */
export class FactsCache {
  readonly #probes = new Map<string, Probe>();
  readonly #answers = new Map<string, KnownAnswer>();

  /** The last probe result; undefined if there is none. `root`: the folder that the probe could not leave. */
  probe(path: string, root: string): Probe | undefined {
    return touched(this.#probes, `${root}\0${path}`);
  }

  keepProbe(path: string, root: string, probe: Probe): void {
    keep(this.#probes, `${root}\0${path}`, probe, MAX_DATASETS);
  }

  answer(question: AskedQuestion): KnownAnswer | undefined {
    return touched(this.#answers, keyOf(question));
  }

  keepAnswer(question: AskedQuestion, answer: KnownAnswer): void {
    keep(this.#answers, keyOf(question), answer, MAX_ANSWERS);
  }

  /** Forgets the probe results. Answers stay: they remain valid for the same files. */
  forgetProbes(): void {
    this.#probes.clear();
  }
}

/** A question contains the fingerprints of its data sets. */
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

function keep<T>(entries: Map<string, T>, key: string, value: T, maxEntries: number): void {
  entries.delete(key);
  entries.set(key, value);
  const [oldest] = entries.keys();
  if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
}
