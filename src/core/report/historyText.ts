import { message, type Message } from '../message/message.ts';
import type { HistoryCounts } from '../sampling/historyCounts.ts';
import { formatCount } from '../table/format.ts';

/** What a column of histories excludes. */
export function historyText({ column, items, unknown }: HistoryCounts): Message {
  const [known, others] = [formatCount(items), formatCount(unknown)];
  if (items === 0 && unknown > 0)
    return message(
      'exclude.history: none of the {0} pairs of a user and an id from {1} has an item, so nothing is excluded. Check the column and its separator',
      others,
      column,
    );
  return unknown === 0
    ? message('exclude.history: {0} pairs of a user and an item from {1}', known, column)
    : message(
        'exclude.history: {0} pairs of a user and an item from {1}. Pairs whose id is not an item, which have no effect: {2}',
        known,
        column,
        others,
      );
}
