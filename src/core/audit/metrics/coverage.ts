import { f64At } from '../../valueAt.ts';
import { message } from '../../message/message.ts';
import { inputNotes } from '../inputText.ts';
import { sumOf, type StageInput } from '../../statistics/itemCounts.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

export interface CoverageCounts {
  readonly popularity: Float64Array;
  readonly negatives: Float64Array;
  readonly input: Float64Array;
  readonly inputName: StageInput;
  /** Exact id of the item at an index. */
  readonly idAt: (index: number) => string | null;
}

/**
 * Coverage = items of the input among the negatives / items of the input. L∞ = max |N_i − S_i|, the largest difference of
 * the shares of one item. Wasserstein-1 = ∫ |F_N − F_S| dx on x = ln(1 + popularity): how far the weight has to move.
 */
export const coverage = defineMetric({
  id: 'coverage',
  title: message('Coverage of the input'),
  measure({ popularity, negatives, input, inputName, idAt }: CoverageCounts): Measured {
    const [negativeSum, inputSum] = [sumOf(negatives), sumOf(input)];
    let [size, covered, outside, largest, largestIndex] = [0, 0, 0, -1, -1];
    let [distance, cumulative] = [0, 0];
    for (let k = 0; k < popularity.length; k++) {
      const [n, s] = [f64At(negatives, k), f64At(input, k)];
      if (s > 0) size++;
      if (s > 0 && n > 0) covered++;
      if (s === 0 && n > 0) outside++;
      const difference = negativeSum === 0 || inputSum === 0 ? 0 : n / negativeSum - s / inputSum;
      if (Math.abs(difference) > largest) [largest, largestIndex] = [Math.abs(difference), k];
      cumulative += difference;
      if (k + 1 < popularity.length)
        distance += Math.abs(cumulative) * (Math.log1p(f64At(popularity, k)) - Math.log1p(f64At(popularity, k + 1)));
    }
    const isDefined = negativeSum > 0 && inputSum > 0;
    return {
      figures: [
        { id: 'coverage', label: message('coverage'), unit: 'share', value: quotient(covered, size) },
        { id: 'covered', label: message('items of the input among the negatives'), unit: 'count', value: covered },
        { id: 'input_items', label: message('items of the input'), unit: 'count', value: size },
        { id: 'outside', label: message('items of negatives outside of the input'), unit: 'count', value: outside },
        {
          id: 'l_infinity',
          label: message('largest difference of one item'),
          unit: 'share',
          value: isDefined ? largest : null,
        },
        {
          id: 'l_infinity_item',
          label: message('its item'),
          unit: 'text',
          value: isDefined && largestIndex >= 0 ? idAt(largestIndex) : null,
        },
        {
          id: 'wasserstein',
          label: message('Wasserstein distance on log popularity'),
          unit: 'nats',
          value: isDefined ? distance : null,
        },
      ],
      tables: [],
      notes: [inputNotes[inputName]],
    };
  },
});
