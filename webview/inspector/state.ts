import type { Column, Dataset } from '../../src/core/table/dataset.ts';
import { conditionOps, everything, type Condition, type GroupKey, type View } from '../../src/core/table/filter.ts';
import { columnOrders, inspectorTabs, type InspectorState } from '../../src/protocol/inspector.ts';

export const freshState: InspectorState = {
  version: 1,
  tab: 'rows',
  view: everything,
  top: 0,
  left: 0,
  active: null,
  pinned: [],
  hidden: [],
  widths: {},
  charts: true,
  detail: false,
  selectedColumn: null,
  profile: false,
  columnPane: false,
  columnOrder: 'file',
  onlyProblems: false,
  chartsAsTables: false,
  timeline: false,
  openGroups: [],
};

/** The saved state; the initial state if the saved one is invalid or from another version. */
export function readState(kept: unknown): InspectorState {
  if (!isRecord(kept) || kept['version'] !== 1) return freshState;
  const state = kept as Partial<InspectorState>;
  return {
    version: 1,
    tab: inspectorTabs.find((tab) => tab === state.tab) ?? freshState.tab,
    view: readView(state.view),
    top: amount(state.top),
    left: amount(state.left),
    active:
      isRecord(state.active) && typeof state.active.column === 'string'
        ? { row: amount(state.active.row), column: state.active.column }
        : null,
    pinned: texts(state.pinned),
    hidden: texts(state.hidden),
    charts: state.charts !== false,
    widths: isRecord(state.widths)
      ? Object.fromEntries(Object.entries(state.widths).filter(([, width]) => typeof width === 'number' && width > 0))
      : {},
    detail: state.detail === true,
    profile: state.profile === true,
    columnPane: state.columnPane === true,
    columnOrder: columnOrders.find((order) => order === state.columnOrder) ?? freshState.columnOrder,
    onlyProblems: state.onlyProblems === true,
    chartsAsTables: state.chartsAsTables === true,
    timeline: state.timeline === true,
    openGroups: Array.isArray(state.openGroups) ? state.openGroups.filter(isPlace) : [],
    selectedColumn: typeof state.selectedColumn === 'string' ? state.selectedColumn : null,
  };
}

/** Without open groups: they are known by number, and a changed file can have another group with the same number. */
export const ofChangedFile = (state: InspectorState): InspectorState => ({ ...state, openGroups: [] });

/**
 * Removes every name that the data set does not have. While it is still being read, removes only names that a request
 * must not contain.
 */
export function fitState(state: InspectorState, { columns, rows }: Dataset): InspectorState {
  const names = new Set(columns.map((column) => column.name));
  const existing = (list: readonly string[]): string[] => list.filter((name) => names.has(name));
  const { filter, sort, group } = state.view;
  const view: View = {
    filter: { ...filter, conditions: filter.conditions.filter((c) => names.has(c.column)) },
    sort: sort.filter((key) => names.has(key.column)),
    // Other groups than the chosen ones would be a surprise, so all keys must exist.
    ...(group?.every((key) => names.has(key.column)) === true ? { group } : {}),
  };
  // The column may still appear later.
  if (rows === null) return { ...state, view };
  return {
    ...state,
    view,
    // If its column is gone, the row stays.
    active:
      state.active && !names.has(state.active.column)
        ? { ...state.active, column: columns[0]?.name ?? '' }
        : state.active,
    pinned: existing(state.pinned),
    hidden: existing(state.hidden),
    widths: Object.fromEntries(Object.entries(state.widths).filter(([name]) => names.has(name))),
    selectedColumn: state.selectedColumn !== null && names.has(state.selectedColumn) ? state.selectedColumn : null,
  };
}

/** True if both have the same columns: equal names and types in the same order. */
export function isAlike(one: Dataset, other: Dataset): boolean {
  const shape = ({ columns }: Dataset): string => JSON.stringify(columns.map(({ name, type }) => [name, type]));
  return one.columns === other.columns || shape(one) === shape(other);
}

/** `columns` with the roles from `known`, matched by name. */
export function withRolesOf(known: readonly Column[], columns: readonly Column[]): Column[] {
  const roles = new Map(known.map(({ name, role }) => [name, role]));
  return columns.map((column) => ({
    ...column,
    role: roles.has(column.name) ? (roles.get(column.name) ?? null) : column.role,
  }));
}

function readView(kept: unknown): View {
  if (!isRecord(kept) || !isRecord(kept['filter']) || !Array.isArray(kept['sort'])) return everything;
  const { conditions, expression } = kept['filter'];
  const group: unknown = kept['group'];
  return {
    filter: {
      conditions: Array.isArray(conditions) ? conditions.filter(isCondition) : [],
      expression: typeof expression === 'string' ? expression : '',
    },
    sort: (kept['sort'] as unknown[]).filter(
      (key): key is View['sort'][number] =>
        isRecord(key) && typeof key['column'] === 'string' && typeof key['descending'] === 'boolean',
    ),
    ...(Array.isArray(group) && group.length > 0 && group.every(isGroupKey) ? { group } : {}),
  };
}

function isGroupKey(value: unknown): value is GroupKey {
  return isRecord(value) && typeof value['column'] === 'string' && typeof value['byDay'] === 'boolean';
}

const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function isCondition(value: unknown): value is Condition {
  return (
    isRecord(value) &&
    typeof value['column'] === 'string' &&
    conditionOps.some((op) => op === value['op']) &&
    Array.isArray(value['values']) &&
    value['values'].every((v) => typeof v === 'string')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const amount = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];

const rolesOf = ({ columns }: Dataset): string => JSON.stringify(columns.map(({ name, role }) => [name, role?.role]));

export const hasSameRoles = (a: Dataset, b: Dataset): boolean => rolesOf(a) === rolesOf(b);
