import type { GridView } from './gridView.ts';
import type { GridAction } from './keyboard.ts';
import { single } from './selection.ts';

/** Runs an action of the keyboard on a head of a group, or one that goes to a head. False: the action is not for groups. */
export function performOnGroups(grid: GridView, action: GridAction): boolean {
  const { groups } = grid.model;
  if (!groups || grid.inHeader) return false;
  const { row, position } = grid.selection.active;
  const line = groups.at(row);
  if (action.kind === 'nextGroup' || action.kind === 'previousGroup') {
    const by = action.kind === 'nextGroup' ? 1 : line.kind === 'head' ? -1 : 0;
    const group = Math.max(0, Math.min(line.group + by, (groups.total ?? 1) - 1));
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
export function positionRanges(
  { model }: GridView,
  top: number,
  bottom: number,
): { readonly first: number; readonly count: number }[] {
  const { groups } = model;
  if (!groups) return [{ first: top, count: bottom - top + 1 }];
  const ranges: { first: number; count: number }[] = [];
  for (let line = top; line <= bottom;) {
    const found = groups.at(line);
    if (found.kind === 'head') {
      // Closed groups have no rows. They may be millions.
      line = groups.isOpen(found.group) ? line + 1 : groups.nextOpenLine(line);
      continue;
    }
    const end = Math.min(bottom + 1, groups.lineOf(found.group + 1));
    ranges.push({ first: found.position, count: end - line });
    line = end;
  }
  return ranges;
}
