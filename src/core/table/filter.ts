/**
 * A comparison on one column, from the filter chips. Values are text, parsed by the column's type (int64 stays exact).
 */
export interface Condition {
  readonly column: string;
  readonly op: ConditionOp;
  readonly values: readonly string[];
}
export const conditionOps = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'between',
  'in',
  'contains',
  'starts with',
  'is null',
  'is not null',
] as const;
export type ConditionOp = (typeof conditionOps)[number];

/** Selects rows: every condition and the expression (grammar: `expression/`) must hold. Both empty: all rows. */
export interface Filter {
  readonly conditions: readonly Condition[];
  readonly expression: string;
}

export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

/** Rows with equal values of a column belong to one group; `byDay`: with equal calendar days, in UTC. */
export interface GroupKey {
  readonly column: string;
  readonly byDay: boolean;
}

/**
 * Selects rows and their order. Without sort keys, rows keep the order of the file. NULLs come last in both directions.
 *
 * `group`: rows of a group are next to each other. Groups have the order of their first row, where a descending sort
 * key compares the largest value of each group and an ascending one the smallest; the sort keys order the rows inside.
 */
export interface View {
  readonly filter: Filter;
  readonly sort: readonly SortKey[];
  readonly group?: readonly GroupKey[];
}

export const everything: View = { filter: { conditions: [], expression: '' }, sort: [] };

/** Equal for equal views. The engine caches the rows of a view under this key. */
export function viewKey(view: View): string {
  return JSON.stringify([
    view.filter.conditions.map((c) => [c.column, c.op, c.values]),
    view.filter.expression.trim(),
    view.sort.map((s) => [s.column, s.descending]),
    (view.group ?? []).map((key) => [key.column, key.byDay]),
  ]);
}

export function isFiltered(filter: Filter): boolean {
  return filter.conditions.length > 0 || filter.expression.trim() !== '';
}
