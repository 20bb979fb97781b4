import { formatCount } from '../../src/core/table/format.ts';
import { isNested } from '../../src/core/table/type.ts';
import { failureOf } from '../../src/core/message/failure.ts';
import { isCancelled } from '../channel.ts';
import type { InspectorModel } from '../inspector/inspectorModel.ts';
import { say, t } from '../strings.ts';
import type { GridView } from './gridView.ts';
import type { GridAction } from './keyboard.ts';
import { cellContent, wholeText } from './cellContent.ts';
import { longestFilterValue, showStory, showUserRows } from './userRows.ts';
import { moved, type CellPlace, single } from './selection.ts';
import { maxCopiedCells, tooManyCells } from '../../src/core/table/copyLimit.ts';
import { ownValue } from '../../src/core/ownValue.ts';

/** Pixels per keyboard step when resizing. */
const widthStep = 16;

/** Runs the action of a key or a menu entry. */
export async function perform(grid: GridView, action: GridAction): Promise<void> {
  const { model, selection } = grid;
  const lane = grid.activeLane;
  if (performOnGroups(grid, action)) return;
  switch (action.kind) {
    case 'move':
    case 'page':
    case 'edge':
      move(grid, action);
      return;
    case 'select':
      select(grid, action.what);
      return;
    case 'copy':
      await copySelection(grid, action.headers);
      return;
    case 'goToRow':
      grid.dispatchEvent(new CustomEvent('grid-go-to-row', { bubbles: true }));
      return;
    case 'detail':
      if (grid.inHeader) openMenu(grid);
      else model.keep({ detail: !model.state.detail, columnPane: false });
      return;
    case 'profile':
      toggleProfile(model);
      return;
    case 'closeDetail':
      model.keep({ detail: false, columnPane: false });
      return;
    case 'nextGroup':
    case 'previousGroup':
      // Only a grouped view has groups; see `performOnGroups`.
      return;
    case 'menu':
      openMenu(grid);
      return;
    case 'sort':
      if (lane) model.sortBy(lane.column.name, false);
      return;
    case 'story':
      if (!grid.inHeader) await showStory(grid);
      return;
    case 'userRows':
      if (!grid.inHeader) await showUserRows(grid);
      return;
    case 'addSort':
      if (lane) model.sortBy(lane.column.name, true);
      return;
    case 'pin':
      if (lane) togglePin(model, lane.column.name);
      return;
    case 'filterByValue':
      if (!grid.inHeader) await filterByValue(grid, selection.active);
      return;
    case 'narrower':
    case 'wider':
      if (lane)
        setWidth(
          grid,
          lane.index,
          (ownValue(model.state.widths, lane.column.name) ?? lane.width) +
            (action.kind === 'wider' ? widthStep : -widthStep),
        );
      return;
    case 'fit':
      if (lane) fitColumn(grid, lane.index);
  }
}

function move(grid: GridView, action: Extract<GridAction, { kind: 'move' | 'page' | 'edge' }>): void {
  const { selection, rows } = grid;
  const last = grid.layout.lanes.length - 1;
  let { row, position } = selection.active;
  if (action.kind === 'move') {
    position += action.positions;
    if (grid.inHeader) grid.inHeader = action.rows <= 0;
    else if (row === 0 && action.rows < 0 && !action.extend) grid.inHeader = true;
    else row += action.rows;
  } else if (action.kind === 'page') {
    grid.inHeader = false;
    row += (action.down ? 1 : -1) * grid.vertical.pageRows;
  } else {
    if (action.row !== null) grid.inHeader = false;
    row = action.row === null ? row : action.row === 'first' ? 0 : rows - 1;
    position = action.position === null ? position : action.position === 'first' ? 0 : last;
  }
  const cell: CellPlace = {
    row: Math.max(0, Math.min(row, rows - 1)),
    position: Math.max(0, Math.min(position, last)),
  };
  grid.select(moved(selection, cell, action.extend && !grid.inHeader));
}

function select(grid: GridView, what: 'all' | 'rows' | 'columns'): void {
  const { selection, rows } = grid;
  const { active, anchor } = selection;
  if (what === 'all') {
    grid.select(
      {
        mode: 'cells',
        anchor: { row: 0, position: 0 },
        active: { row: rows - 1, position: grid.layout.lanes.length - 1 },
      },
      false,
    );
  } else grid.select({ mode: what, anchor, active }, false);
}

export function togglePin(model: InspectorModel, name: string): void {
  const { pinned } = model.state;
  model.keep({ pinned: pinned.includes(name) ? pinned.filter((n) => n !== name) : [...pinned, name] });
}

export function setWidth(grid: GridView, index: number, width: number): void {
  const { model, widths } = grid;
  const name = model.dataset?.columns[index]?.name;
  if (name !== undefined && widths)
    model.keep({ widths: { ...model.state.widths, [name]: Math.max(widths.least(index), Math.round(width)) } });
}

/** Shows or closes the profile of the active column. There is space for one pane next to the grid. */
export function toggleProfile(model: InspectorModel): void {
  model.keep({ columnPane: !model.state.columnPane, detail: false });
}

/** Makes a column as wide as its widest visible text. */
export function fitColumn(grid: GridView, index: number): void {
  const { model, widths, vertical } = grid;
  const column = model.dataset?.columns[index];
  if (!column || !widths) return;
  const { first, end } = vertical.visible();
  const texts: string[] = [];
  for (let row = first; row < end; row++) {
    const cell = model.pages.cell(row, index);
    // Floats are shown with fewer digits, so their column is already wide enough.
    if (cell && column.type.kind !== 'float') texts.push(wholeText(cellContent(column, cell)));
  }
  setWidth(grid, index, widths.fit(index, texts));
}

/**
 * Copies the selected cells through the host; `headers` as in the action `copy`. Reports how many were copied and how
 * many were not.
 */
export async function copySelection(grid: GridView, headers: boolean | 'usual'): Promise<void> {
  const { model, layout } = grid;
  if (grid.rows === 0) return;
  const { top, bottom, left, right } = grid.selected;
  const ranges = positionRanges(grid, top, bottom);
  const count = ranges.reduce((sum, range) => sum + range.count, 0);
  if (count === 0) {
    model.say(t('Open a group to copy its rows'));
    return;
  }
  const columns = layout.lanes.slice(left, right + 1).map((lane) => lane.index);
  const isValue = headers !== true && count === 1 && columns.length === 1;
  try {
    // Each range is a request of its own, and the limit is for all of them.
    if (ranges.length > 1 && count * columns.length > maxCopiedCells) throw tooManyCells(count * columns.length);
    const texts: string[] = [];
    let rows = 0;
    let guarded = 0;
    for (const [k, range] of ranges.entries()) {
      const answer = await model.request('copy', {
        view: model.view,
        ...range,
        columns,
        headers: headers !== false && !isValue && k === 0,
        format: isValue ? 'value' : 'tsv',
      });
      texts.push(answer.text);
      rows += answer.rows;
      guarded += answer.guarded;
      if (answer.rows < range.count) break;
    }
    const text = texts.join('\n');
    await model.request('copyText', { text });
    const copied =
      rows < count
        ? t(
            'Copied only the first {0} of {1} rows: more do not fit into the clipboard',
            formatCount(rows),
            formatCount(count),
          )
        : rows === 1 && columns.length === 1
          ? t('Copied 1 cell')
          : t(
              'Copied {0} cells, {1} × {2}',
              formatCount(rows * columns.length),
              formatCount(rows),
              formatCount(columns.length),
            );
    model.say(guarded === 0 ? copied : `${copied}. ${guardedText(guarded)}`);
  } catch (error) {
    if (!isCancelled(error)) model.say(say(failureOf(error).message));
  }
}

async function filterByValue(grid: GridView, { row }: CellPlace): Promise<void> {
  const { model } = grid;
  const position = model.positionOf(row);
  if (position === null) return;
  const lane = grid.activeLane;
  const cell = lane ? model.pages.cell(row, lane.index) : null;
  if (!lane || !cell) return;
  const { name, type } = lane.column;
  if (cell.text === null) {
    model.addCondition({ column: name, op: 'is null', values: [] });
    return;
  }
  if (isNested(type) || (cell.clipped ?? 0) > longestFilterValue) {
    model.say(t('{0} cannot be filtered by this value', name));
    return;
  }
  try {
    const fullText =
      cell.clipped === null
        ? cell.text
        : (
            await model.request('cell', {
              view: model.view,
              row: position,
              column: lane.index,
              offset: 0,
              limit: longestFilterValue,
            })
          ).text;
    if (fullText !== null) model.addCondition({ column: name, op: '=', values: [fullText] });
  } catch (error) {
    if (!isCancelled(error)) model.say(say(failureOf(error).message));
  }
}

function openMenu(grid: GridView): void {
  const box = grid.activeElement.getBoundingClientRect();
  grid.dispatchEvent(
    new CustomEvent('grid-menu', {
      bubbles: true,
      detail: { x: box.left + 8, y: Math.min(box.bottom, window.innerHeight - 8) },
    }),
  );
}

/** Reports that copied cells differ from the file, and why. */
function guardedText(cells: number): string {
  if (cells === 1) return t('1 cell got an apostrophe in front, so that a spreadsheet does not run it as a formula');
  return t(
    '{0} cells got an apostrophe in front, so that a spreadsheet does not run them as formulas',
    formatCount(cells),
  );
}

/**
 * Runs a keyboard action on the head of a group, or an action that goes to a head. Returns false for other actions.
 */
function performOnGroups(grid: GridView, action: GridAction): boolean {
  const { groups } = grid.model;
  if (!groups || grid.inHeader) return false;
  const { row, position } = grid.selection.active;
  const line = groups.lineAt(row);
  if (action.kind === 'nextGroup' || action.kind === 'previousGroup') {
    const step = action.kind === 'nextGroup' ? 1 : line.kind === 'head' ? -1 : 0;
    const group = Math.max(0, Math.min(line.group + step, (groups.total ?? 1) - 1));
    goTo(grid, groups.lineOf(group));
    return true;
  }
  if (action.kind === 'move' && action.rows === 0 && !action.extend) {
    const isLeft = action.positions < 0;
    if (line.kind === 'row') {
      if (!isLeft || position > 0) return false;
      goTo(grid, groups.lineOf(line.group));
    } else if (groups.isOpen(line.group) === isLeft) groups.toggle(line.group);
    else if (!isLeft) goTo(grid, row + 1);
    return true;
  }
  if (line.kind === 'row') return false;
  if (action.kind === 'detail') {
    groups.toggle(line.group);
    return true;
  }
  return action.kind === 'filterByValue';
}

function goTo(grid: GridView, row: number): void {
  grid.select(single({ row, position: 0 }));
  grid.focusCell();
}

/** The rows of the view on the lines from `top` to `bottom`, as ranges of positions. Heads of groups have none. */
function positionRanges(
  { model }: GridView,
  top: number,
  bottom: number,
): { readonly first: number; readonly count: number }[] {
  const { groups } = model;
  if (!groups) return [{ first: top, count: bottom - top + 1 }];
  const ranges: { first: number; count: number }[] = [];
  for (let line = top; line <= bottom;) {
    const content = groups.lineAt(line);
    if (content.kind === 'head') {
      // Closed groups have no rows. They may be millions.
      line = groups.isOpen(content.group) ? line + 1 : groups.nextOpenLine(line);
      continue;
    }
    const end = Math.min(bottom + 1, groups.lineOf(content.group + 1));
    ranges.push({ first: content.position, count: end - line });
    line = end;
  }
  return ranges;
}
