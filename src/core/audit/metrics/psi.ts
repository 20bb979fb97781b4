import { valueAt } from '../../valueAt.ts';
import { message } from '../../message/message.ts';
import { inputNotes } from '../inputText.ts';
import { equalRanges, sharesByRank, sumOf, type StageInput } from '../../statistics/itemCounts.ts';
import { defineMetric, type Measured } from '../metric.ts';

export interface PsiCounts {
  readonly popularity: Float64Array;
  readonly negatives: Float64Array;
  readonly input: Float64Array;
  readonly inputName: StageInput;
  /** Attributes of the items and users with few values. */
  readonly attributes: readonly AttributeShares[];
}

/** Rows by the value of an attribute, in the sample and in what it is compared with. */
export interface AttributeShares {
  /** The column of `data.items` or `data.users`. */
  readonly attribute: string;
  /** `items`: the negatives, compared with the input of the stage. `users`: all rows, compared with the exposures. */
  readonly of: 'items' | 'users';
  /** `rows`: of the sample. `input`: weight in the input. `value` null: the id has no value. */
  readonly values: readonly { readonly value: string | null; readonly rows: number; readonly input: number }[];
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

/** PSI between the rows and the input over the values of an attribute, and the value whose share differs most. */
export function attributeRow({ attribute, of, values }: AttributeShares): (number | string | null)[] {
  const rows = values.reduce((sum, entry) => sum + entry.rows, 0);
  const inputTotal = values.reduce((sum, entry) => sum + entry.input, 0);
  const shares = values.map((entry): [number, number] => [
    entry.rows / Math.max(1, rows),
    inputTotal === 0 ? 0 : entry.input / inputTotal,
  ]);
  const gap = ([n, s]: readonly [number, number]): number => Math.abs(n - s);
  const largestIndex = shares.reduce((best, share, k) => (gap(share) > gap(valueAt(shares, best)) ? k : best), 0);
  const largest = values[largestIndex];
  return [
    attribute,
    of,
    values.length,
    psiOf(shares, rows, inputTotal),
    ...(largest ? [largest.value, ...valueAt(shares, largestIndex)] : [null, null, null]),
  ];
}

/** PSI between the negatives and the input over deciles of popularity, the most popular first, and over attributes. */
export const psi = defineMetric({
  id: 'psi',
  title: message('Population stability'),
  measure({ popularity, negatives, input, inputName, attributes }: PsiCounts): Measured {
    const bounds = equalRanges(popularity.length, DECILES);
    const inputShares = sharesByRank(popularity, input, bounds);
    const shares = sharesByRank(popularity, negatives, bounds).map((n, k): [number, number] => [
      n,
      valueAt(inputShares, k),
    ]);
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
        ...(attributes.length === 0
          ? []
          : [
              {
                id: 'attributes',
                shape: 'list' as const,
                columns: [
                  { id: 'attribute', label: message('attribute'), unit: 'text' as const },
                  {
                    id: 'of',
                    label: message('population'),
                    unit: 'text' as const,
                    texts: { items: message('items'), users: message('users') },
                  },
                  { id: 'values', label: message('values'), unit: 'count' as const },
                  { id: 'psi', label: message('PSI'), unit: 'nats' as const },
                  { id: 'value', label: message('largest difference'), unit: 'text' as const },
                  { id: 'share', label: message('in the sample'), unit: 'share' as const },
                  { id: 'input_share', label: message('in the input'), unit: 'share' as const },
                ],
                rows: attributes.map(attributeRow),
              },
            ]),
      ],
      notes: [inputNotes[inputName]],
    };
  },
});
