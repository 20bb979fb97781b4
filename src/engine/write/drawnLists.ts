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
  teacher: 'double',
  outcomes: 'int64',
  grade: 'double',
  row_order: 'int64',
} as const satisfies Readonly<Record<string, NestedColumn['kind']>>;
/** A value that every row has. */
export type DrawnList = keyof typeof kindsOfLists;
export const drawnLists = Object.keys(kindsOfLists) as DrawnList[];
/** Copied values of an as-of column, or the rows of its table; or copied values of the stored log. */
export type CopiedList = `as_of_${number}` | `as_of_row_${number}` | `log_${number}`;
/** A list of the drawn groups. */
export type GroupList = DrawnList | CopiedList;

export const asOfList = (number: number): CopiedList => `as_of_${number}`;
/** The list with the row numbers of an as-of column that is joined. */
export const asOfRowList = (number: number): CopiedList => `as_of_row_${number}`;
export const logList = (number: number): CopiedList => `log_${number}`;

export function isCopiedList(list: GroupList | null): list is CopiedList {
  return list !== null && !(list in kindsOfLists);
}

/** Group values that belong to its positive, given the lists of its rows. */
export function valuesOfPositive(lists: readonly GroupList[]): readonly ('positive_weight' | 'positive_log_q_mix')[] {
  return lists.includes('log_q') && !lists.includes('log_q_mix')
    ? ['positive_weight', 'positive_log_q_mix']
    : ['positive_weight'];
}
