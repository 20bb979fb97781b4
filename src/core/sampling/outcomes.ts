import { u32At } from '../valueAt.ts';

/** Labels of further events, and the grade, that a stage writes. */
export interface OutcomesPlan {
  /** In the order of the columns. */
  readonly events: readonly OutcomeEvent[];
  /** True if rows have the largest weight of their events. */
  readonly graded: boolean;
}

export interface OutcomeEvent {
  readonly name: string;
  /** Microseconds after a row until which its event may happen; null: it is known at once. */
  readonly matureAfter: number | null;
  /** Its name of `unknownNames`. Missing if it is always known. */
  readonly unknown?: string;
}

/**
 * Labels of some rows, two words each. Bit k of the first word: event k holds. Bit k of the second word: it is not
 * known whether event k holds.
 */
export type OutcomeWords = Uint32Array;

/** The labels of a row: null if they are not known. */
export function outcomesAt(words: OutcomeWords, row: number, { events }: OutcomesPlan): (0 | 1 | null)[] {
  const [held, unknown] = [u32At(words, 2 * row), u32At(words, 2 * row + 1)];
  return events.map((_, k) => (((unknown >>> k) & 1) === 1 ? null : ((held >>> k) & 1) === 1 ? 1 : 0));
}

/** The largest weight of the events of a row: that of its positive, which has the heaviest one. 0 for negatives. */
export function gradeOf(label: number | undefined, weight: number): number {
  return label === 1 ? weight : 0;
}
