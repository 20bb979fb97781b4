import { columnProblems, type ColumnProblem } from '../../src/core/table/columnProblems.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { roles } from '../../src/core/table/role.ts';
import { roleNames } from '../../src/core/table/roleName.ts';
import { typeName } from '../../src/core/table/type.ts';
import type { ColumnOrder } from '../../src/protocol/inspector.ts';
import { say, t } from '../strings.ts';

export interface ColumnQuery {
  /** Part of a name, a type or a role. */
  readonly search: string;
  readonly order: ColumnOrder;
  readonly onlyProblems: boolean;
}

/** True if the list depends on the profiles of all columns. */
export function needsFacts({ order, onlyProblems }: ColumnQuery): boolean {
  return order === 'nulls' || order === 'distinct' || onlyProblems;
}

/**
 * Indices of the columns to list. Columns with equal keys keep the order of the file, and those whose profile is not
 * known yet come last.
 */
export function columnList(
  columns: readonly Column[],
  facts: (index: number) => ColumnProfile | null,
  query: ColumnQuery,
): number[] {
  const { order, onlyProblems } = query;
  const search = query.search.trim().toLowerCase();
  const matches = columns.flatMap((column, index) =>
    (search === '' || texts(column).some((text) => text.includes(search))) &&
    (!onlyProblems || problemsOf(columns, index, facts).length > 0)
      ? [index]
      : [],
  );
  if (order === 'file') return matches;
  const keys = new Map(matches.map((index) => [index, keyOf(columns[index], facts(index), order)]));
  return matches.sort((a, b) => compare(keys.get(a) ?? 0, keys.get(b) ?? 0) || a - b);
}

export function problemsOf(
  columns: readonly Column[],
  index: number,
  facts: (index: number) => ColumnProfile | null,
): ColumnProblem[] {
  const column = columns[index];
  return column ? columnProblems(column, facts(index), columns) : [];
}

function keyOf(column: Column | undefined, profile: ColumnProfile | null, order: ColumnOrder): number | string {
  switch (order) {
    case 'file':
      return 0;
    case 'name':
      return column?.name.toLowerCase() ?? '';
    case 'role':
      return column?.role ? roles.indexOf(column.role.role) : roles.length;
    case 'nulls':
      return profile ? -profile.nulls : 1;
    case 'distinct':
      return profile?.distinct.value ?? Infinity;
  }
}

function texts({ name, type, role }: Column): string[] {
  return [name, typeName(type), ...(role ? [role.role, say(roleNames[role.role])] : [])].map((text) =>
    text.toLowerCase(),
  );
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function orderName(order: ColumnOrder): string {
  switch (order) {
    case 'file':
      return t('as in the file');
    case 'name':
      return t('name');
    case 'role':
      return t('role');
    case 'nulls':
      return t('most nulls first');
    case 'distinct':
      return t('fewest distinct first');
  }
}
