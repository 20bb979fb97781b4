import type { Preview } from './answers.ts';

/**
 * Distances of one kind of negatives to the input of the stage, on two sides: Jensen–Shannon divergences in bits, from 0
 * to 1. Null: this side has no such negatives, or their distance is not defined.
 */
export interface ComparedDistance {
  /** `exposures`: the exposures alone, with which the others are compared; `in_batch`: the positives of the batch. */
  readonly of: 'exposures' | 'entry' | 'in_batch';
  /** The name of the entry; null for the others. */
  readonly name: string | null;
  readonly source: string | null;
  readonly a: number | null;
  readonly b: number | null;
}

/** What distances are read from. */
export type Measured = Pick<Preview, 'inBatch'> & {
  readonly totals: {
    readonly entries: readonly Pick<Preview['totals']['entries'][number], 'name' | 'source' | 'distance'>[];
  };
  readonly facts: Pick<Preview['facts'], 'exposureDistance'>;
};

/** The exposures, the entries in the order of A, then those only in B, then in-batch. Empty if nothing is measured. */
export function comparedDistances(a: Measured, b: Measured): ComparedDistance[] {
  const [left, right] = [a.totals.entries, b.totals.entries];
  const entries = [...left, ...right.filter(({ name }) => !left.some((entry) => entry.name === name))];
  const distanceOf = (side: typeof left, name: string): number | null =>
    side.find((entry) => entry.name === name)?.distance ?? null;
  const rows: ComparedDistance[] = [
    { of: 'exposures', name: null, source: null, a: a.facts.exposureDistance, b: b.facts.exposureDistance },
    ...entries.map(({ name, source }): ComparedDistance => ({
      of: 'entry',
      name,
      source,
      a: distanceOf(left, name),
      b: distanceOf(right, name),
    })),
    ...(a.inBatch || b.inBatch
      ? [
          {
            of: 'in_batch' as const,
            name: null,
            source: null,
            a: a.inBatch?.distance ?? null,
            b: b.inBatch?.distance ?? null,
          },
        ]
      : []),
  ];
  return rows.every((row) => row.a === null && row.b === null) ? [] : rows;
}
