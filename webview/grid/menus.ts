import type { ViewEngine } from '../../src/core/viewSql/viewSql.ts';
import type { MenuItem } from '../components/menu.ts';
import { t } from '../strings.ts';
import { perform, togglePin, toggleProfile } from './commands.ts';
import { hasRange } from './chartBrush.ts';
import { canTellStory } from './userRows.ts';
import type { GridView } from './gridView.ts';
import type { GridAction } from './keyboard.ts';

/** Actions of the view around the grid that menu entries call. */
export interface MenuActions {
  readonly pickRole: (column: string) => void;
  /** Asks for a condition on a column. `range`: its values from one to another, as a drag over its chart does. */
  readonly addFilter: (column: string, range?: boolean) => void;
  /** Copies the rows of the view as a command line, or as SQL of an engine. */
  readonly copyView: (as: ViewText) => void;
}

/** Target languages for a view that is copied as a command or a query. */
export type ViewText = 'command' | ViewEngine;

/** The entries of the context menu for the active cell or header. */
export function menuItems(grid: GridView, actions: MenuActions): MenuItem[] {
  return grid.inHeader ? headerItems(grid, actions) : cellItems(grid, actions);
}

const isOneCell = ({ selected: { top, bottom, left, right } }: GridView): boolean => top === bottom && left === right;

function cellItems(grid: GridView, { copyView }: MenuActions): MenuItem[] {
  const act = (action: GridAction) => () => void perform(grid, action);
  return [
    ...(isOneCell(grid)
      ? [
          { label: t('Copy value'), shortcut: 'Ctrl+C', run: act({ kind: 'copy', headers: false }) },
          { label: t('Copy with headers'), run: act({ kind: 'copy', headers: true }) },
        ]
      : [
          { label: t('Copy with headers'), shortcut: 'Ctrl+C', run: act({ kind: 'copy', headers: true }) },
          { label: t('Copy without headers'), shortcut: 'Ctrl+Shift+C', run: act({ kind: 'copy', headers: false }) },
        ]),
    ...copyItems(copyView),
    { label: t('Filter by this value'), shortcut: 'F', hasSeparator: true, run: act({ kind: 'filterByValue' }) },
    ...(canTellStory(grid)
      ? [
          { label: t("Show the user's story"), shortcut: 'H', run: act({ kind: 'story' }) },
          { label: t('Show all rows of this user by time'), shortcut: 'Shift+H', run: act({ kind: 'userRows' }) },
        ]
      : []),
    {
      label: t('Show row detail'),
      shortcut: t('Space'),
      run: () => grid.model.keep({ detail: true, columnPane: false }),
    },
    profileItem(grid),
    { label: t('Go to row'), shortcut: 'Ctrl+G', run: act({ kind: 'goToRow' }) },
    {
      label: t('Select row'),
      shortcut: t('Shift+Space'),
      hasSeparator: true,
      run: act({ kind: 'select', what: 'rows' }),
    },
    { label: t('Select column'), shortcut: t('Ctrl+Space'), run: act({ kind: 'select', what: 'columns' }) },
    { label: t('Select all'), shortcut: 'Ctrl+A', run: act({ kind: 'select', what: 'all' }) },
  ];
}

function copyItems(copyView: MenuActions['copyView']): MenuItem[] {
  return [
    { label: t('Copy CLI command'), hasSeparator: true, run: () => copyView('command') },
    { label: t('Copy SQL for DuckDB'), run: () => copyView('duckdb') },
    { label: t('Copy SQL for Spark'), run: () => copyView('spark') },
  ];
}

function profileItem({ model }: GridView): MenuItem {
  return {
    label: model.state.columnPane ? t('Close column profile') : t('Show column profile'),
    shortcut: 'I',
    run: () => toggleProfile(model),
  };
}

function headerItems(grid: GridView, { pickRole, addFilter, copyView }: MenuActions): MenuItem[] {
  const { model, activeLane } = grid;
  if (!activeLane) return [];
  const { name } = activeLane.column;
  const key = model.view.sort.find((k) => k.column === name);
  const { hidden, pinned } = model.state;
  return [
    { label: t('Sort ascending'), disabled: key?.descending === false, run: () => model.sortBy(name, false, false) },
    { label: t('Sort descending'), disabled: key?.descending === true, run: () => model.sortBy(name, false, true) },
    {
      label: key === undefined ? t('Add to sort') : t('Remove from sort'),
      shortcut: t('Shift+S'),
      disabled: model.view.sort.length === 0,
      run: () => model.sortBy(name, true, key === undefined ? false : null),
    },
    {
      label: t('File order'),
      disabled: model.view.sort.length === 0,
      run: () => model.setView({ ...model.view, sort: [] }),
    },
    { label: t('Filter…'), hasSeparator: true, run: () => addFilter(name) },
    {
      label: t('Filter by range…'),
      disabled: !hasRange(model.profiles.get(activeLane.index)),
      run: () => addFilter(name, true),
    },
    ...copyItems(copyView),
    {
      label: pinned.includes(name) ? t('Unpin') : t('Pin'),
      shortcut: 'P',
      hasSeparator: true,
      run: () => togglePin(model, name),
    },
    {
      label: t('Hide column'),
      disabled: grid.layout.lanes.length === 1,
      run: () => model.keep({ hidden: [...hidden, name] }),
    },
    { label: t('Fit width'), shortcut: 'Alt+Enter', run: () => void perform(grid, { kind: 'fit' }) },
    { label: t('Set role'), hasSeparator: true, run: () => pickRole(name) },
    profileItem(grid),
    {
      label: t('Select column'),
      shortcut: t('Ctrl+Space'),
      run: () => void perform(grid, { kind: 'select', what: 'columns' }),
    },
  ];
}
