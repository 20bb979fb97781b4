import { message, type Message } from '../message/message.ts';
import type { Column } from './dataset.ts';
import type { GroupKey } from './filter.ts';
import { roleNames } from './roleName.ts';
import type { Role } from './role.ts';
import { snakeCase } from './snakeCase.ts';

/** What the rows of one group have in common. */
export const groupings = ['positive', 'request', 'user', 'day'] as const;
export type Grouping = (typeof groupings)[number];

/** The keys of a grouping, or why the columns do not allow it. */
export type GroupKeys =
  | { readonly keys: readonly GroupKey[]; readonly lacks: null }
  | { readonly keys: null; readonly lacks: Message };

type Columns = readonly Pick<Column, 'name' | 'type' | 'role'>[];

/**
 * The keys of a grouping. A positive and its negatives have the same `group_id`; without such a column, the same user,
 * the same request or time, and the same positive item.
 */
export function groupKeys(grouping: Grouping, columns: Columns): GroupKeys {
  const keysOfRole = (role: Role): readonly GroupKey[] => {
    const column = columns.find((candidate) => candidate.role?.role === role && candidate.type.kind !== 'unreadable');
    return column === undefined ? [] : [{ column: column.name, byDay: false }];
  };
  const ready = (keys: readonly GroupKey[]): GroupKeys => ({ keys, lacks: null });
  const lacksRole = (role: Role): GroupKeys => ({
    keys: null,
    lacks: message('No column has the role “{0}”', roleNames[role]),
  });
  switch (grouping) {
    case 'positive': {
      const id = columns.find(({ name }) => snakeCase(name) === 'group_id');
      if (id) return ready([{ column: id.name, byDay: false }]);
      const item = keysOfRole('positive-item');
      const moment = keysOfRole('request').length > 0 ? keysOfRole('request') : keysOfRole('time');
      if (item.length === 0) return lacksRole('positive-item');
      return ready([...keysOfRole('user'), ...moment, ...item]);
    }
    case 'request':
      return keysOfRole('request').length === 0
        ? lacksRole('request')
        : ready([...keysOfRole('user'), ...keysOfRole('request')]);
    case 'user':
      return keysOfRole('user').length === 0 ? lacksRole('user') : ready(keysOfRole('user'));
    case 'day': {
      const time = timeColumn(columns);
      return time === null ? lacksRole('time') : ready([{ column: time, byDay: true }]);
    }
  }
}

/** The grouping with these keys; null for keys that no grouping has. */
export function groupingOf(keys: readonly GroupKey[], columns: Columns): Grouping | null {
  const text = (list: readonly GroupKey[]): string => JSON.stringify(list.map((key) => [key.column, key.byDay]));
  return groupings.find((grouping) => text(groupKeys(grouping, columns).keys ?? []) === text(keys)) ?? null;
}

/** Name of the timestamp or date column with the time of a row; null if there is none. */
export function timeColumn(columns: Columns): string | null {
  const isDay = ({ type }: Columns[number]): boolean => type.kind === 'timestamp' || type.kind === 'date';
  return columns.find((column) => column.role?.role === 'time' && isDay(column))?.name ?? null;
}
