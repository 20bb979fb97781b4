import { valueAt } from '../../valueAt.ts';
import { message } from '../../message/message.ts';
import { equalRanges, sharesByRank, sumOf } from '../../statistics/itemCounts.ts';
import { jsDivergence } from '../../statistics/jsDivergence.ts';
import { defineMetric, quotient, type Measured, type MetricTable } from '../metric.ts';
import { psiOf, type AttributeShares, attributeRow } from './psi.ts';

/** One of two samples. The items of both have the same order. */
export interface DriftSide {
  readonly rows: number;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Negatives by entry; null if one of the files does not name them. */
  readonly entries: ReadonlyMap<string | null, number> | null;
}

export interface DriftCounts {
  readonly baseline: DriftSide;
  readonly sample: DriftSide;
  /** Popularity of the items, the most popular first. */
  readonly popularity: Float64Array;
  /** JS divergences, in bits, of pairs of random samples of the same sizes from one distribution. */
  readonly chance: { readonly positives: readonly number[]; readonly negatives: readonly number[] };
  /** `input`: rows of the baseline. */
  readonly attributes: readonly AttributeShares[];
}

const DECILES = 10;

/** Differences from a baseline sample: mix, popularity, items, attributes and rates. */
export const drift = defineMetric({
  id: 'drift',
  title: message('Drift from the baseline'),
  measure(counts: DriftCounts): Measured {
    const { baseline, sample } = counts;
    return {
      figures: [
        { id: 'rows', label: message('rows'), unit: 'count', value: sample.rows },
        { id: 'baseline_rows', label: message('rows of the baseline'), unit: 'count', value: baseline.rows },
        { id: 'positive_rate', label: message('positive rate'), unit: 'share', value: rateOf(sample) },
        {
          id: 'baseline_positive_rate',
          label: message('positive rate of the baseline'),
          unit: 'share',
          value: rateOf(baseline),
        },
        ...mixFigures(counts),
      ],
      tables: [
        itemTable(counts),
        ...mixTables(counts),
        ...(counts.attributes.length === 0 ? [] : [attributeTable(counts.attributes)]),
      ],
      notes: [message('By chance: the largest of pairs of random samples of these sizes from one distribution')],
    };
  },
});

function rateOf({ positives, negatives }: DriftSide): number | null {
  const positiveSum = sumOf(positives);
  return quotient(positiveSum, positiveSum + sumOf(negatives));
}

/** For positives and negatives: new items, items that are gone, rows of new items, JS divergence and PSI. */
function itemTable({ baseline, sample, popularity, chance }: DriftCounts): MetricTable {
  const bounds = equalRanges(popularity.length, DECILES);
  return {
    id: 'items',
    shape: 'list',
    columns: [
      {
        id: 'of',
        label: message('population'),
        unit: 'text',
        texts: { positives: message('positives'), negatives: message('negatives') },
      },
      { id: 'new_items', label: message('new items'), unit: 'count' },
      { id: 'gone_items', label: message('items gone'), unit: 'count' },
      { id: 'new_share', label: message('rows of new items'), unit: 'share' },
      { id: 'js', label: message('JS'), unit: 'bits' },
      { id: 'js_by_chance', label: message('by chance'), unit: 'bits' },
      { id: 'psi', label: message('PSI of popularity'), unit: 'nats' },
    ],
    rows: (['positives', 'negatives'] as const).map((side) => {
      const [then, now] = [baseline[side], sample[side]];
      let [newItems, goneItems, newRows] = [0, 0, 0];
      for (let k = 0; k < now.length; k++) {
        const [before, after] = [valueAt(then, k), valueAt(now, k)];
        if (after > 0 && before === 0) [newItems, newRows] = [newItems + 1, newRows + after];
        if (after === 0 && before > 0) goneItems++;
      }
      const old = sharesByRank(popularity, then, bounds);
      const shares = sharesByRank(popularity, now, bounds).map((n, k): [number, number] => [n, valueAt(old, k)]);
      return [
        side,
        newItems,
        goneItems,
        quotient(newRows, sumOf(now)),
        jsDivergence(now, then),
        chance[side].length === 0 ? null : Math.max(...chance[side]),
        psiOf(shares, sumOf(now), sumOf(then)),
      ];
    }),
  };
}

type Mix = readonly { readonly entry: string | null; readonly then: number; readonly now: number }[];

function mixOf({ baseline, sample }: DriftCounts): Mix | null {
  if (baseline.entries === null || sample.entries === null) return null;
  const [then, now] = [baseline.entries, sample.entries];
  const total = (entries: ReadonlyMap<string | null, number>): number =>
    Math.max(
      1,
      [...entries.values()].reduce((sum, rows) => sum + rows, 0),
    );
  return [...new Set([...now.keys(), ...then.keys()])].map((entry) => ({
    entry,
    then: (then.get(entry) ?? 0) / total(then),
    now: (now.get(entry) ?? 0) / total(now),
  }));
}

function mixFigures(counts: DriftCounts): Measured['figures'] {
  const mix = mixOf(counts);
  if (mix === null) return [];
  const value = mix.reduce((sum, { then, now }) => sum + Math.abs(now - then), 0) / 2;
  return [{ id: 'mix_total_variation', label: message('total variation of the mix'), unit: 'share', value }];
}

function mixTables(counts: DriftCounts): MetricTable[] {
  const mix = mixOf(counts);
  if (mix === null || mix.length === 0) return [];
  return [
    {
      id: 'entries',
      shape: 'list',
      columns: [
        { id: 'entry', label: message('entry'), unit: 'text' },
        { id: 'baseline', label: message('baseline'), unit: 'share' },
        { id: 'share', label: message('share'), unit: 'share' },
        { id: 'difference', label: message('difference'), unit: 'number' },
      ],
      rows: mix.map(({ entry, then, now }) => [entry, then, now, now - then]),
    },
  ];
}

function attributeTable(attributes: readonly AttributeShares[]): MetricTable {
  return {
    id: 'attributes',
    shape: 'list',
    columns: [
      { id: 'attribute', label: message('attribute'), unit: 'text' },
      {
        id: 'of',
        label: message('population'),
        unit: 'text',
        texts: { items: message('items'), users: message('users') },
      },
      { id: 'values', label: message('values'), unit: 'count' },
      { id: 'psi', label: message('PSI'), unit: 'nats' },
      { id: 'value', label: message('largest difference'), unit: 'text' },
      { id: 'share', label: message('in the sample'), unit: 'share' },
      { id: 'baseline_share', label: message('in the baseline'), unit: 'share' },
    ],
    rows: attributes.map(attributeRow),
  };
}
