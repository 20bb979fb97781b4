import { valueAt } from '../../valueAt.ts';
import { message } from '../../message/message.ts';
import { inputNotes } from '../inputText.ts';
import { equalRanges, sharesByRank, sumOf, type StageInput } from '../itemCounts.ts';
import { defineMetric, type Measured } from '../metric.ts';

export interface PsiCounts {
  readonly popularity: Float64Array;
  readonly negatives: Float64Array;
  readonly input: Float64Array;
  readonly inputName: StageInput;
}

const DECILES = 10;

/**
 * Population stability index Σ (n − s) ln(n / s), in nats. An empty bin counts as half a row, because ln(0) is not
 * defined. Null if one side has no rows.
 */
export function psiOf(shares: readonly (readonly [number, number])[], rows: number, inputRows: number): number | null {
  if (rows === 0 || inputRows === 0) return null;
  return shares.reduce((sum, [n, s]) => {
    const [x, y] = [Math.max(n, 0.5 / rows), Math.max(s, 0.5 / inputRows)];
    return n === 0 && s === 0 ? sum : sum + (x - y) * Math.log(x / y);
  }, 0);
}

/** PSI between the negatives and the input over deciles of popularity, the most popular first. */
export const psi = defineMetric({
  id: 'psi',
  title: message('Population stability'),
  of({ popularity, negatives, input, inputName }: PsiCounts): Measured {
    const bounds = equalRanges(popularity.length, DECILES);
    const all = sharesByRank(popularity, input, bounds);
    const shares = sharesByRank(popularity, negatives, bounds).map((n, k): [number, number] => [n, valueAt(all, k)]);
    return {
      figures: [
        {
          id: 'popularity',
          label: message('PSI over deciles of popularity'),
          unit: 'nats',
          value: psiOf(shares, sumOf(negatives), sumOf(input)),
        },
      ],
      tables: [
        {
          id: 'deciles',
          shape: 'list',
          columns: [
            { id: 'decile', label: message('decile'), unit: 'number' },
            { id: 'negatives', label: message('negatives'), unit: 'share' },
            { id: 'input', label: message('input'), unit: 'share' },
          ],
          rows: shares.map(([n, s], k) => [DECILES - k, n, s]),
        },
      ],
      notes: [inputNotes[inputName]],
    };
  },
});
