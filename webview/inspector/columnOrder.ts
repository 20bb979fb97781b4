import type { Column } from '../../src/core/table/dataset.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { roles } from '../../src/core/table/role.ts';
import { roleNames } from '../../src/core/table/roleName.ts';
import { typeName } from '../../src/core/table/type.ts';
import { say } from '../strings.ts';

export const columnOrders = ['file', 'name', 'role', 'nulls', 'distinct'] as const;
export type ColumnOrder = (typeof columnOrders)[number];

/** Orders that need the profiles of all columns. With more columns, they would take minutes. */
export const profiledOrders: readonly ColumnOrder[] = ['nulls', 'distinct'];
export const mostProfiled = 500;

/**
 * Indices of the columns whose name, type or role contains the search, in an order. Columns with equal keys keep the
 * order of the file; those whose profile is not known yet come last.
 */
export function columnList(
  columns: readonly Column[],
  profile: (index: number) => ColumnProfile | null,
  search: string,
  order: ColumnOrder,
): number[] {
  const wanted = search.trim().toLowerCase();
  // Thousands of columns are drawn in every frame of scrolling.
  if (wanted === '' && order === 'file') return columns.map((_, index) => index);
  const found = columns.flatMap((column, index) =>
    texts(column).some((text) => text.includes(wanted)) ? [index] : [],
  );
  const key = (index: number): number | string => {
    const column = columns[index];
    switch (order) {
      case 'file':
        return index;
      case 'name':
        return column?.name.toLowerCase() ?? '';
      case 'role':
        return column?.role ? roles.indexOf(column.role.role) : roles.length;
      case 'nulls':
        return -(profile(index)?.nulls ?? -1);
      case 'distinct':
        return profile(index)?.distinct.value ?? Infinity;
    }
  };
  const keys = new Map(found.map((index) => [index, key(index)]));
  return found.sort((a, b) => compare(keys.get(a) ?? 0, keys.get(b) ?? 0) || a - b);
}

function texts({ name, type, role }: Column): string[] {
  return [name, typeName(type), ...(role ? [role.role, say(roleNames[role.role])] : [])].map((text) =>
    text.toLowerCase(),
  );
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
