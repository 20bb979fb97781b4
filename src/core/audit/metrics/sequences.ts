import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured, type Value } from '../metric.ts';

/** Rows of a label, and those of them with the step that is counted. */
interface OwnSteps {
  readonly rows: number;
  readonly hits: number;
}

/** What the lists of a sequence say by themselves. A row is one of the file; its steps are one history. */
export interface ListCounts {
  readonly name: string;
  readonly rows: number;
  /** Rows without a step. */
  readonly empty: number;
  /** Elements of all rows. */
  readonly steps: number;
  readonly longest: number;
  /** Maximum number of steps by the config; null without one. */
  readonly length: number | null;
  /** Rows whose lists are longer than `length`, and rows whose lists differ in length. */
  readonly tooLong: number;
  readonly uneven: number;
  /** Steps that occur twice in a history: the same item, time and event. Null: the lists do not tell. */
  readonly repeated: number | null;
  /** Steps of an item that `dedup` of the config leaves out. Null: it leaves out none. */
  readonly undeduped: number | null;
  /** Null without a list of times, or without the time of the rows. */
  readonly times: TimedCounts | null;
}

export interface TimedCounts {
  /** Rows with a time and a step. */
  readonly compared: number;
  /** Rows with a step at or after their time. */
  readonly late: number;
  /** Of them, rows in which such a step is neither of their own item nor of their positive. */
  readonly lateOthers: number;
  /** Positives, and negatives, with a late step of their own item. */
  readonly own: { readonly positives: OwnSteps; readonly negatives: OwnSteps };
  /** Rows with two steps or more whose times are known, and how many ascend and descend. */
  readonly ordered: number;
  readonly ascending: number;
  readonly descending: number;
  /** Whether the newest step should come first: by the config, or else by most rows. */
  readonly isNewestFirst: boolean;
  /** Microseconds from the newest step to the row, at least: no step of the file is younger. Null if all are late. */
  readonly youngest: number | null;
}

/** Rows whose steps are not in the order of the others. */
export function unorderedRows({ ordered, ascending, descending, isNewestFirst }: TimedCounts): number {
  return ordered - (isNewestFirst ? descending : ascending);
}

/** Positives get their own event so much more often than negatives that it is no chance: it is the label. */
const OWN_FACTOR = 5;

/** Whether the late steps of the rows' own items are the labels, and not only steps that are too late. */
export function holdsLabel({ positives, negatives }: TimedCounts['own']): boolean {
  const [share, other] = [positives, negatives].map(({ rows, hits }) => quotient(hits, rows) ?? 0);
  return positives.hits > 0 && (share ?? 0) >= OWN_FACTOR * (other ?? 0);
}

/** What the lists of a sequence hold: lengths, order, and steps that were not known at the time of their row. */
export const sequences = defineMetric({
  id: 'sequences',
  title: message('Sequences'),
  measure({ lists }: { readonly lists: readonly ListCounts[] }): Measured {
    return {
      figures: [{ id: 'sequences', label: message('sequences'), unit: 'count', value: lists.length }],
      tables: [
        {
          id: 'lists',
          shape: 'list',
          columns: [
            { id: 'sequence', label: message('sequence'), unit: 'text' },
            { id: 'rows', label: message('rows'), unit: 'count' },
            { id: 'empty', label: message('empty'), unit: 'share' },
            { id: 'mean', label: message('steps on average'), unit: 'number' },
            { id: 'longest', label: message('longest'), unit: 'count' },
            {
              id: 'order',
              label: message('order'),
              unit: 'text',
              texts: { oldest_first: message('oldest first'), newest_first: message('newest first') },
            },
            { id: 'unordered', label: message('out of order'), unit: 'count' },
            { id: 'late', label: message('with a later step'), unit: 'count' },
            { id: 'repeated', label: message('repeated steps'), unit: 'count' },
            { id: 'youngest', label: message('youngest step, in s'), unit: 'number' },
          ],
          rows: lists.map(({ name, rows, empty, steps, longest, repeated, times }): Value[] => [
            name,
            rows,
            quotient(empty, rows),
            quotient(steps, rows),
            longest,
            times && times.ordered > 0 ? (times.isNewestFirst ? 'newest_first' : 'oldest_first') : null,
            times && unorderedRows(times),
            times?.late ?? null,
            repeated,
            times === null || times.youngest === null ? null : times.youngest / 1e6,
          ]),
        },
      ],
      notes: [],
    };
  },
});
