import { message } from '../../message/message.ts';
import { inputNotes } from '../inputText.ts';
import type { StageInput } from '../../statistics/itemCounts.ts';
import { defineMetric, type Measured, type MetricTable } from '../metric.ts';

export interface DivergenceCounts extends Distance {
  /**
   * JS divergence between the exposures and the input, in bits; null without a log, or if the input is the exposures.
   */
  readonly exposures: number | null;
  /** Divergences of the negatives of each entry; empty if all negatives are of one entry. */
  readonly entries: readonly (Distance & { readonly entry: string | null; readonly rows: number })[];
  /** By entry: the divergence of what the config would draw for all users; null without a config. */
  readonly expected: readonly { readonly entry: string; readonly distance: number | null }[] | null;
  readonly inputName: StageInput;
}

interface Distance {
  /** JS divergence between the items of the negatives and the input, in bits; null without negatives. */
  readonly observed: number | null;
  /** Divergences of random samples of the input that are as large as the negatives, in bits. */
  readonly chance: readonly number[];
}

/**
 * JS(N, S) = ½ KL(N‖M) + ½ KL(S‖M) with M = (N + S)/2, in bits (Lin 1991), over items. Samples of sparse ids are never at
 * 0, so the divergence of random samples of S with the same size is shown with it. Bias removed = 1 − JS(N,S) /
 * JS(exposures,S): 1 if the negatives are like the input, 0 if they are like the exposures, negative if they are farther.
 */
export const divergence = defineMetric({
  id: 'divergence',
  title: message('Distance to the input'),
  measure(counts: DivergenceCounts): Measured {
    const { observed, chance, exposures, inputName } = counts;
    const removed = removedBias(observed, exposures);
    return {
      figures: [
        { id: 'js', label: message('JS divergence of the negatives'), unit: 'bits', value: observed },
        {
          id: 'js_by_chance',
          label: message('JS divergence by chance'),
          unit: 'bits',
          value: meanOf(chance),
          ...(chance.length === 0 ? {} : { low: Math.min(...chance), high: Math.max(...chance) }),
        },
        { id: 'js_exposures', label: message('JS divergence of the exposures'), unit: 'bits', value: exposures },
        ...(removed === null
          ? []
          : [
              {
                id: 'bias_removed',
                label: message('bias of the exposures removed'),
                unit: 'ratio' as const,
                value: removed,
              },
            ]),
      ],
      tables: counts.entries.length === 0 ? [] : [entryTable(counts)],
      notes: [
        inputNotes[inputName],
        ...(chance.length === 0
          ? []
          : [message('By chance: smallest and largest of {0} random samples of the input', chance.length)]),
      ],
    };
  },
});

function entryTable({ entries, expected, exposures }: DivergenceCounts): MetricTable {
  const planned = new Map(expected?.map(({ entry, distance }) => [entry, distance]));
  return {
    id: 'entries',
    shape: 'list',
    columns: [
      { id: 'entry', label: message('entry'), unit: 'text' },
      { id: 'rows', label: message('rows'), unit: 'count' },
      { id: 'js', label: message('JS'), unit: 'bits' },
      { id: 'js_by_chance', label: message('by chance'), unit: 'bits' },
      { id: 'bias_removed', label: message('bias removed'), unit: 'ratio' },
      ...(expected === null
        ? []
        : [
            { id: 'js_expected', label: message('JS by the config'), unit: 'bits' as const },
            { id: 'bias_removed_expected', label: message('bias removed by the config'), unit: 'ratio' as const },
          ]),
    ],
    rows: entries.map(({ entry, rows, observed, chance }) => {
      const distance = planned.get(entry ?? '') ?? null;
      return [
        entry,
        rows,
        observed,
        meanOf(chance),
        removedBias(observed, exposures),
        ...(expected === null ? [] : [distance, removedBias(distance, exposures)]),
      ];
    }),
  };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, x) => sum + x, 0) / values.length;
}

function removedBias(observed: number | null, exposures: number | null): number | null {
  return observed === null || exposures === null || exposures === 0 ? null : 1 - observed / exposures;
}
