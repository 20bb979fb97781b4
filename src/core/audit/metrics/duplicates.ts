import { message, type Message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

export const duplicateLevels = ['row', 'user_item', 'request_item', 'positive_item'] as const;
export type DuplicateLevel = (typeof duplicateLevels)[number];

/** By level: compared rows, and distinct rows among them. Null if the file lacks the columns. */
export type DuplicateCounts = Readonly<
  Record<DuplicateLevel, { readonly rows: number; readonly distinct: number } | null>
>;

const labels: Readonly<Record<DuplicateLevel, Message>> = {
  row: message('all columns'),
  user_item: message('user, item'),
  request_item: message('request, item'),
  positive_item: message('positive, item'),
};

/**
 * Repeated rows at four levels: 1 − distinct / rows. `row` compares all columns of the rows of the file. The other levels
 * compare negatives: (user, item), (request, item), and (group of the positive, item).
 */
export const duplicates = defineMetric({
  id: 'duplicates',
  title: message('Duplicates'),
  measure(counts: DuplicateCounts): Measured {
    const comparable = duplicateLevels.flatMap((level) => {
      const entry = counts[level];
      return entry ? [{ level, ...entry }] : [];
    });
    return {
      figures: [],
      tables: [
        {
          id: 'levels',
          shape: 'list',
          columns: [
            { id: 'level', label: message('level'), unit: 'text', texts: labels },
            { id: 'rows', label: message('rows'), unit: 'count' },
            { id: 'repeated', label: message('repeated'), unit: 'count' },
            { id: 'share', label: message('share'), unit: 'share' },
          ],
          rows: comparable.map(({ level, rows, distinct }) => [
            level,
            rows,
            rows - distinct,
            quotient(rows - distinct, rows),
          ]),
        },
      ],
      notes: duplicateLevels
        .filter((level) => counts[level] === null)
        .map((level) => message('The file lacks the columns to compare {0}', labels[level])),
    };
  },
});
