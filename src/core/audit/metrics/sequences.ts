import { message } from '../../message/message.ts';
import type { Lateness } from '../lateness.ts';
import type { LoggedList } from '../loggedList.ts';
import { defineMetric, quotient, type Measured, type Value } from '../metric.ts';

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
  /**
   * Steps that occur twice in a history: the same item, time and event. Null: the lists lack one of these, or their times
   * are dates.
   */
  readonly repeated: number | null;
  /** Steps of an item that `dedup` of the config leaves out. Null: it leaves out none. */
  readonly undeduped: number | null;
  /** Steps after the first of their list; of them, those whose item is in the list before, and right before. */
  readonly repeats: { readonly pairs: number; readonly items: number; readonly consecutive: number } | null;
  /** Null without a list of times, or without the time of the rows. */
  readonly times: TimedCounts | null;
}

export interface TimedCounts extends Lateness {
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

const repeatTexts = { item: message('never'), consecutive: message('not in a row'), none: message('yes') };

/** The smallest `dedup` that the lists do not contradict. Null: no list has two items. */
function repeatsOf({ repeats }: ListCounts): 'item' | 'consecutive' | 'none' | null {
  if (repeats === null || repeats.pairs === 0) return null;
  return repeats.items === 0 ? 'item' : repeats.consecutive === 0 ? 'consecutive' : 'none';
}

const unlogged: Omit<LoggedList, 'name'> = {
  event: null,
  compared: 0,
  foreign: 0,
  contacts: null,
  requests: { compared: 0, rows: 0 },
  full: { compared: 0, rows: 0 },
  stale: { compared: 0, rows: 0 },
  missing: null,
  youngest: null,
  logStart: null,
};

/** What the lists of a sequence hold: lengths, order, and steps that were not known at the time of their row. */
export const sequences = defineMetric({
  id: 'sequences',
  title: message('Sequences'),
  measure({
    lists,
    logged,
  }: {
    readonly lists: readonly ListCounts[];
    readonly logged: readonly LoggedList[];
  }): Measured {
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
            { id: 'repeats', label: message('items repeat'), unit: 'text', texts: repeatTexts },
            { id: 'event', label: message('event'), unit: 'text' },
            { id: 'missing', label: message('missing steps up to, in s'), unit: 'number' },
            { id: 'own_request', label: message('with a step of the request'), unit: 'count' },
            { id: 'foreign', label: message('not in the log'), unit: 'share' },
          ],
          rows: lists.map((list): Value[] => {
            const { name, rows, empty, steps, longest, repeated, times } = list;
            const { event, missing, compared, foreign, contacts, requests, ...log } =
              logged.find((other) => other.name === name) ?? unlogged;
            const youngest = times ? times.youngest : log.youngest;
            return [
              name,
              rows,
              quotient(empty, rows),
              quotient(steps, rows),
              longest,
              times && times.ordered > 0 ? (times.isNewestFirst ? 'newest_first' : 'oldest_first') : null,
              times && unorderedRows(times),
              (times ?? contacts)?.late ?? null,
              repeated,
              youngest === null ? null : youngest / 1e6,
              repeatsOf(list),
              event,
              missing === null ? null : missing / 1e6,
              requests.compared === 0 ? null : requests.rows,
              quotient(foreign, compared),
            ];
          }),
        },
      ],
      notes: [],
    };
  },
});
