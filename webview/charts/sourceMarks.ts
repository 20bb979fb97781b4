// Generated from src/core/source/sources by `npm run docs`.

/** The sign of a source: one hue for a family, one shape for a source. */
export interface SourceMark {
  readonly family: string;
  /** A path in a box of 10 × 10. */
  readonly path: string;
  readonly hollow: boolean;
}

export const sourceMarks: ReadonlyMap<string, SourceMark> = new Map([
  ['exposed_unclicked', {"family":"exposure","path":"M1.5 1.5h7v7h-7z","hollow":false}],
  ['global_random', {"family":"random","path":"M5 1a4 4 0 1 0 0 8a4 4 0 1 0 0-8z","hollow":false}],
  ['popularity', {"family":"popularity","path":"M.5 6h2.4v3.5h-2.4zM3.8 3.5h2.4v6h-2.4zM7.1 .5h2.4v9h-2.4z","hollow":false}],
  ['exposed_random', {"family":"exposure","path":"M1.5 1.5h7v7h-7z","hollow":true}],
  ['same_attribute', {"family":"random","path":"M5 1a4 4 0 1 0 0 8a4 4 0 1 0 0-8z","hollow":true}],
  ['rejected', {"family":"rejected","path":"M1.5 1.5L8.5 8.5M8.5 1.5L1.5 8.5","hollow":true}],
  ['hard_rank', {"family":"hard","path":"M5 .5L9.5 5L5 9.5L.5 5z","hollow":false}],
  ['hard_score', {"family":"hard","path":"M5 .5L9.5 5L5 9.5L.5 5z","hollow":true}],
  ['ranked_unexposed', {"family":"cascade","path":"M.5 1.5h9L5 9z","hollow":false}],
  ['coarse_filtered', {"family":"cascade","path":"M.5 1.5h9L5 9z","hollow":true}],
  ['in_batch', {"family":"batch","path":"M3.5 .5h3v3h3v3h-3v3h-3v-3h-3v-3h3z","hollow":false}],
]);
