import { message, type Message } from '../../message/message.ts';
import { valueAt } from '../../valueAt.ts';
import { defineMetric, type Measured } from '../metric.ts';
import { inputNotes, ownPopularity } from '../inputText.ts';
import type { StageInput } from '../../statistics/itemCounts.ts';

/** Items with equal popularity, and the rows on them. */
export interface PopularityStep {
  readonly items: number;
  readonly positives: number;
  readonly negatives: number;
  /** Weight in the input of the stage. */
  readonly input: number;
  /** Negatives by entry, in the order of `entries`. */
  readonly byEntry: readonly number[];
}

export interface EntryPopularity {
  /** The most popular items first. */
  readonly steps: readonly PopularityStep[];
  /** Names of the entries; empty if the file names none. */
  readonly entries: readonly string[];
  /** Null if the input is not known. */
  readonly inputName: StageInput | null;
  readonly fromLog: boolean;
}

const BINS_PER_DECADE = 20;
const MAX_DECADES = 5;

/** Ends of the bins as shares of the items, ascending to 1. The first bin holds at least one item. */
function endsOf(items: number): number[] {
  const decades = Math.min(MAX_DECADES, Math.max(1, Math.ceil(Math.log10(items) - 1e-9)));
  const count = decades * BINS_PER_DECADE;
  return Array.from({ length: count + 1 }, (_, k) => (k === count ? 1 : 10 ** ((k - count) / BINS_PER_DECADE))).filter(
    (end) => end * items >= 1 - 1e-9,
  );
}

/**
 * Sums of a weight over the items up to each end. Equally popular items are in no order: their weight is spread evenly.
 */
function sumsAt(ends: readonly number[], steps: readonly PopularityStep[], weights: readonly number[]): number[] {
  const items = steps.reduce((sum, step) => sum + step.items, 0);
  let [k, passed, sum] = [0, 0, 0];
  return ends.map((end) => {
    const target = end * items;
    for (let step = steps[k]; step && passed + step.items <= target + 1e-9; step = steps[++k]) {
      passed += step.items;
      sum += valueAt(weights, k);
    }
    const step = steps[k];
    return step ? sum + (valueAt(weights, k) * Math.max(0, target - passed)) / step.items : sum;
  });
}

/**
 * Share of the positives, of the negatives, of the input and of each entry's negatives on the most popular items:
 * cumulative, at shares of the items that grow by the factor 10^(1/20).
 */
export const popularityByEntry = defineMetric({
  id: 'popularity_by_entry',
  title: message('Rows on the most popular items'),
  measure({ steps, entries, inputName, fromLog }: EntryPopularity): Measured {
    const items = steps.reduce((sum, step) => sum + step.items, 0);
    const notes = [...(inputName === null ? [] : [inputNotes[inputName]]), ...(fromLog ? [] : [ownPopularity])];
    if (items === 0) return { figures: [], tables: [], notes };
    const ends = endsOf(items);
    const lines: readonly { id: string; label: Message; weights: readonly number[] }[] = [
      { id: 'positives', label: message('positives'), weights: steps.map((step) => step.positives) },
      { id: 'negatives', label: message('negatives'), weights: steps.map((step) => step.negatives) },
      ...(inputName === null
        ? []
        : [{ id: 'input', label: message('input'), weights: steps.map((step) => step.input) }]),
      ...entries.map((entry, k) => ({
        id: `entry ${entry}`,
        label: message('{0}', entry),
        weights: steps.map(({ byEntry }) => valueAt(byEntry, k)),
      })),
    ];
    const curves = lines.map(({ weights }) => {
      const sums = sumsAt(ends, steps, weights);
      const all = sums.at(-1) ?? 0;
      return sums.map((sum) => (all === 0 ? null : sum / all));
    });
    return {
      figures: [],
      tables: [
        {
          id: 'curve',
          shape: 'curve',
          columns: [
            { id: 'hottest', label: message('most popular share of the items'), unit: 'share' },
            ...lines.map(({ id, label }) => ({ id, label, unit: 'share' as const })),
          ],
          rows: ends.map((end, k) => [end, ...curves.map((curve) => valueAt(curve, k))]),
        },
      ],
      notes,
    };
  },
});
