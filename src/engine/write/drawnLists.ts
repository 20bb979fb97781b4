import type { NestedColumn } from '../database/nestedAppender.ts';

/** Column kinds of the lists in a DuckDB table. If item ids are texts, `item` is text instead. */
export const kindsOfLists = {
  item: 'int64',
  label: 'int8',
  entry: 'int16',
  draw: 'int32',
  weight: 'double',
  keep: 'double',
  log_q: 'double',
  log_q_mix: 'double',
  logq_correction: 'double',
  log_q_batch: 'double',
  logq_correction_batch: 'double',
  origin: 'int32',
  context: 'int32',
  as_of: 'int32',
  teacher: 'double',
  outcomes: 'int64',
  grade: 'double',
  row_order: 'int64',
} as const satisfies Readonly<Record<string, NestedColumn['kind']>>;
/** A value that every row has. */
export type DrawnList = keyof typeof kindsOfLists;
export const drawnLists = Object.keys(kindsOfLists) as DrawnList[];
/** Copied values of an as-of column, or of the stored log. */
export type CopiedList = `as_of_${number}` | `log_${number}`;
/** A list of the drawn groups. */
export type GroupList = DrawnList | CopiedList;

export const asOfList = (number: number): CopiedList => `as_of_${number}`;
export const logList = (number: number): CopiedList => `log_${number}`;

export function isCopiedList(list: GroupList | null): list is CopiedList {
  return list !== null && !(list in kindsOfLists);
}

/** True if groups need their read time, from which joined as-of columns compute the age of a row. */
export function hasReadTime(lists: readonly GroupList[]): boolean {
  return lists.includes('as_of');
}

/** Group values that belong to its positive, given the lists of its rows. */
export function valuesOfPositive(lists: readonly GroupList[]): readonly ('positive_weight' | 'positive_log_q_mix')[] {
  return lists.includes('log_q') && !lists.includes('log_q_mix')
    ? ['positive_weight', 'positive_log_q_mix']
    : ['positive_weight'];
}
