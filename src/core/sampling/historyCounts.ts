/** What a column of histories excludes for the users of an answer. */
export interface HistoryCounts {
  readonly column: string;
  /** Which impressions count, as in `exclude.within`. */
  readonly within: 'train' | 'all';
  /** Number of distinct pairs of a user and a past item. */
  readonly items: number;
  /** Number of distinct pairs of a user and an id that is no item of the corpus or the log. They have no effect. */
  readonly unknown: number;
}

/**
 * The counts as lock files have them. Of histories that differ in `within` alone, the name of the column says which is
 * which.
 */
export function namedHistoryCounts(histories: readonly HistoryCounts[]): Record<string, number> {
  return Object.fromEntries(
    histories.flatMap(({ column, within, items, unknown }) => {
      const name = within === 'all' ? `${column} (within: all)` : column;
      return [
        [`${name}.items`, items],
        [`${name}.unknown`, unknown],
      ];
    }),
  );
}
