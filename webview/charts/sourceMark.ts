export type SourceFamily = 'exposure' | 'popularity' | 'random' | 'batch' | 'hard' | 'cascade' | 'rejected' | 'other';

/** The glyph of a source: one hue a family, one shape a source. */
export interface SourceMark {
  readonly family: SourceFamily;
  /** A path in a box of 10 × 10. */
  readonly path: string;
  readonly hollow: boolean;
}

const square = 'M1.5 1.5h7v7h-7z';
const circle = 'M5 1a4 4 0 1 0 0 8a4 4 0 1 0 0-8z';
const diamond = 'M5 .5L9.5 5L5 9.5L.5 5z';
const down = 'M.5 1.5h9L5 9z';

/** By the name of the source. `media/sources/` has them as files, for native trees; a test holds those to this list. */
export const sourceMarks: Readonly<Record<string, SourceMark>> = {
  exposed_unclicked: { family: 'exposure', path: square, hollow: false },
  exposed_random: { family: 'exposure', path: square, hollow: true },
  popularity: {
    family: 'popularity',
    path: 'M.5 6h2.4v3.5h-2.4zM3.8 3.5h2.4v6h-2.4zM7.1 .5h2.4v9h-2.4z',
    hollow: false,
  },
  global_random: { family: 'random', path: circle, hollow: false },
  same_attribute: { family: 'random', path: circle, hollow: true },
  in_batch: { family: 'batch', path: 'M3.5 .5h3v3h3v3h-3v3h-3v-3h-3v-3h3z', hollow: false },
  hard_rank: { family: 'hard', path: diamond, hollow: false },
  hard_score: { family: 'hard', path: diamond, hollow: true },
  ranked_unexposed: { family: 'cascade', path: down, hollow: false },
  coarse_filtered: { family: 'cascade', path: down, hollow: true },
  rejected: { family: 'rejected', path: 'M1.5 1.5L8.5 8.5M8.5 1.5L1.5 8.5', hollow: true },
};
const unknown: SourceMark = { family: 'other', path: 'M3 3h4v4h-4z', hollow: false };

export function sourceMark(source: string): SourceMark {
  return Object.hasOwn(sourceMarks, source) ? (sourceMarks[source] ?? unknown) : unknown;
}
