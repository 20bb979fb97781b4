import { message, type Message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured, type MetricTable } from '../metric.ts';

/** A distribution of counts over groups or users. Quantiles are exact: the smallest value with that share below it. */
export interface CountSpread {
  readonly groups: number;
  /** Groups with the count 0. */
  readonly zero: number;
  readonly p5: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export interface RowCounts {
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
  readonly users: number | null;
  readonly items: number | null;
  readonly withoutUser: number | null;
  readonly withoutItem: number | null;
  /** Negatives per positive, over groups with a positive. Null if the columns do not identify groups. Missing: not known yet. */
  readonly perPositive?: CountSpread | null;
  /** Negatives per user, and positives per user. */
  readonly negativesPerUser: CountSpread | null;
  readonly positivesPerUser: CountSpread | null;
  /** Groups without a positive. */
  readonly groupsWithoutPositive: number | null;
  /** Different values of the label, the most frequent first; at most ten. Null without a label column. */
  readonly labels: readonly { readonly value: string; readonly rows: number }[] | null;
}

/**
 * Counts of the rows. A row is positive if its label is above 0, negative if it is 0 or less, and unlabelled if it is
 * NULL or NaN. Positive rate = positives / (positives + negatives).
 */
export const rows = defineMetric({
  id: 'rows',
  title: message('Rows'),
  measure(counts: RowCounts): Measured {
    const { rows: all, positives, negatives, users, items } = counts;
    const count = (id: string, label: Message, value: number | null): Measured['figures'] =>
      value === null ? [] : [{ id, label, unit: 'count', value }];
    const unlabelled = all - positives - negatives;
    const spreads = [
      { name: 'negatives_per_positive', spread: counts.perPositive },
      { name: 'negatives_per_user', spread: counts.negativesPerUser },
      { name: 'positives_per_user', spread: counts.positivesPerUser },
    ].flatMap(({ name, spread }) => (spread ? [{ name, ...spread }] : []));
    const isBinary = counts.labels?.every(({ value }) => binary.has(value)) ?? true;
    return {
      figures: [
        ...count('rows', message('rows'), all),
        ...count('users', message('users'), users),
        ...count('items', message('items'), items),
        ...count('positives', message('positives'), positives),
        ...count('negatives', message('negatives'), negatives),
        {
          id: 'positive_rate',
          label: message('positive rate'),
          unit: 'share',
          value: quotient(positives, positives + negatives),
        },
        {
          id: 'negatives_per_positive',
          label: message('negatives per positive'),
          unit: 'ratio',
          value: quotient(negatives, positives),
        },
        ...count('unlabelled', message('rows without a label'), unlabelled === 0 ? null : unlabelled),
        ...count('without_user', message('rows without a user'), counts.withoutUser || null),
        ...count('without_item', message('rows without an item'), counts.withoutItem || null),
        ...count('groups_without_positive', message('groups without a positive'), counts.groupsWithoutPositive || null),
      ],
      tables: (
        [
          {
            id: 'spread',
            shape: 'list',
            columns: [
              { id: 'count', label: message('count'), unit: 'text', texts: spreadTexts },
              { id: 'groups', label: message('of'), unit: 'count' },
              { id: 'zero', label: message('zero'), unit: 'count' },
              { id: 'p5', label: message('p5'), unit: 'number' },
              { id: 'p50', label: message('p50'), unit: 'number' },
              { id: 'p95', label: message('p95'), unit: 'number' },
              { id: 'max', label: message('max'), unit: 'number' },
            ],
            rows: spreads.map(({ name, groups, zero, p5, p50, p95, max }) => [name, groups, zero, p5, p50, p95, max]),
          },
          ...(isBinary
            ? []
            : [
                {
                  id: 'labels',
                  shape: 'list' as const,
                  columns: [
                    { id: 'label', label: message('label'), unit: 'text' as const },
                    { id: 'rows', label: message('rows'), unit: 'count' as const },
                  ],
                  rows: (counts.labels ?? []).map(({ value, rows: own }) => [value, own]),
                },
              ]),
        ] satisfies MetricTable[]
      ).filter((table) => table.rows.length > 0),
      notes: [
        ...(counts.labels === null ? [message('There is no label column')] : []),
        ...(isBinary ? [] : [message('The label has other values than 0 and 1. Rows above 0 count as positive')]),
        ...(all === 0 ? [message('The sample file has no rows')] : []),
        ...(all > 0 && counts.labels !== null && positives === 0 ? [message('There are no positives')] : []),
        ...(all > 0 && counts.labels !== null && negatives === 0 ? [message('There are no negatives')] : []),
        ...(counts.perPositive === null
          ? [message('The columns do not identify groups: there is no request and no time')]
          : []),
      ],
    };
  },
});

const spreadTexts = {
  negatives_per_positive: message('negatives per positive'),
  negatives_per_user: message('negatives per user'),
  positives_per_user: message('positives per user'),
};

const binary = new Set(['0', '1', '0.0', '1.0', 'true', 'false']);
