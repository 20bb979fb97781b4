import type { FalseNegativeCounts } from '../../audit/metrics/falseNegatives.ts';

/** Negatives of one entry that excludes choices. `design`: of those chosen earlier. */
interface EntryCounts {
  readonly rows: number;
  readonly earlier: number;
  readonly later: number;
  readonly design?: number;
}

/** The counts of a file without requests, from those of its entries by name. Rows without a name have the name ''. */
export function chosenNegatives(entries: Readonly<Record<string, EntryCounts>>): FalseNegativeCounts {
  const counts = ({ rows, earlier, later, design = 1 }: EntryCounts): FalseNegativeCounts['all'] => ({
    rows,
    earlier: { rows, hits: earlier, design },
    sameRequest: null,
    later: { rows, hits: later, design: 1 },
  });
  const sum = (kind: 'rows' | 'earlier' | 'later'): number =>
    Object.values(entries).reduce((all, entry) => all + entry[kind], 0);
  return {
    all: counts({ rows: sum('rows'), earlier: sum('earlier'), later: sum('later') }),
    entries: Object.entries(entries).map(([name, entryCounts]) => ({
      entry: name === '' ? null : name,
      excludes: true,
      ...counts(entryCounts),
    })),
  };
}
