import type { Column } from '../../src/core/table/dataset.ts';
import type { GroupKey } from '../../src/core/table/filter.ts';
import { groupingOf, timeColumn } from '../../src/core/table/grouping.ts';
import { titleColumn } from '../../src/core/table/titleColumn.ts';

/** The columns whose values the heads of groups show, as indices. */
export interface GroupColumns {
  readonly keys: readonly { readonly index: number; readonly byDay: boolean }[];
  /** The title column of the positive item; null if the groups are not positives, or there is no title column. */
  readonly title: number | null;
  /** Further columns that identify the group. */
  readonly more: readonly number[];
}

export function groupColumns(keys: readonly GroupKey[], columns: readonly Column[]): GroupColumns {
  const indexOf = (name: string | null): number => columns.findIndex((column) => column.name === name);
  const ofRole = (role: string): string | null => columns.find((column) => column.role?.role === role)?.name ?? null;
  const grouping = groupingOf(keys, columns);
  const ids = columns.flatMap(({ name, role }) => (role ? [name] : []));
  const title = grouping === 'positive' ? indexOf(titleColumn(columns, ids)) : -1;
  // A positive is named by its item, a request by its id.
  const nameColumns =
    grouping === 'positive'
      ? [ofRole('positive-item') ?? ofRole('item')]
      : grouping === 'request'
        ? [ofRole('request')]
        : keys.map(({ column }) => column);
  const extraColumns =
    grouping === 'positive' || grouping === 'request'
      ? [timeColumn(columns), ofRole('user')].filter((name) => name !== null && !nameColumns.includes(name))
      : [];
  return {
    keys: nameColumns.map((name) => ({
      index: indexOf(name),
      byDay: keys.some((key) => key.column === name && key.byDay),
    })),
    title: title < 0 ? null : title,
    more: extraColumns.map(indexOf),
  };
}

/** All indices of the columns, each once. */
export function groupColumnIndices({ keys, title, more }: GroupColumns): number[] {
  return [...new Set([...keys.map(({ index }) => index), ...(title === null ? [] : [title]), ...more])].filter(
    (index) => index >= 0,
  );
}
