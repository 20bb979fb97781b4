import { message } from '../../message/message.ts';
import { inputNotes } from '../inputText.ts';
import type { StageInput } from '../itemCounts.ts';
import { defineMetric, type Measured } from '../metric.ts';

export interface DivergenceCounts {
  /** JS divergence between the items of the negatives and the input, in bits; null without negatives. */
  readonly observed: number | null;
  /** The same for random samples of the input that are as large as the negatives. */
  readonly chance: readonly number[];
  /** JS divergence between the exposures and the input, in bits; null without a log. */
  readonly exposures: number | null;
  readonly inputName: StageInput;
}

/**
 * JS(N, S) = ½ KL(N‖M) + ½ KL(S‖M) with M = (N + S)/2, in bits (Lin 1991), over items. Samples of sparse ids are never at
 * 0, so the divergence of random samples of S with the same size is shown with it. Bias removed = 1 − JS(N,S) /
 * JS(exposures,S): 1 if the negatives are like the input, 0 if they are like the exposures, negative if they are farther.
 */
export const divergence = defineMetric({
  id: 'divergence',
  title: message('Distance to the input'),
  of({ observed, chance, exposures, inputName }: DivergenceCounts): Measured {
    const mean = chance.length === 0 ? null : chance.reduce((sum, x) => sum + x, 0) / chance.length;
    return {
      figures: [
        { id: 'js', label: message('JS divergence of the negatives'), unit: 'bits', value: observed },
        {
          id: 'js_by_chance',
          label: message('JS divergence by chance'),
          unit: 'bits',
          value: mean,
          ...(chance.length === 0 ? {} : { low: Math.min(...chance), high: Math.max(...chance) }),
        },
        { id: 'js_exposures', label: message('JS divergence of the exposures'), unit: 'bits', value: exposures },
        ...(observed === null || exposures === null || exposures === 0
          ? []
          : [
              {
                id: 'bias_removed',
                label: message('bias of the exposures removed'),
                unit: 'ratio' as const,
                value: 1 - observed / exposures,
              },
            ]),
      ],
      tables: [],
      notes: [
        inputNotes[inputName],
        ...(chance.length === 0
          ? []
          : [message('By chance: smallest and largest of {0} random samples of the input', chance.length)]),
      ],
    };
  },
});
