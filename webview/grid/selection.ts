/** A cell: its row in the view and its position among the visible columns. */
export interface CellPlace {
  readonly row: number;
  readonly position: number;
}

/** Rows and positions of a rectangle, both ends inclusive. */
export interface Rectangle {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** A rectangle of cells between an anchor and the active cell; `mode` selects whole rows or whole columns. */
export interface Selection {
  readonly mode: 'cells' | 'rows' | 'columns';
  readonly anchor: CellPlace;
  readonly active: CellPlace;
}

export const origin: Selection = single({ row: 0, position: 0 });

export function single(place: CellPlace): Selection {
  return { mode: 'cells', anchor: place, active: place };
}

/** Moves the active cell; with `extend`, the anchor stays. */
export function moved(selection: Selection, active: CellPlace, extend: boolean): Selection {
  return extend ? { ...selection, active } : single(active);
}

export function rectangle({ mode, anchor, active }: Selection, rows: number, positions: number): Rectangle {
  const all = { top: 0, bottom: Math.max(0, rows - 1), left: 0, right: Math.max(0, positions - 1) };
  const cells = {
    top: Math.min(anchor.row, active.row),
    bottom: Math.max(anchor.row, active.row),
    left: Math.min(anchor.position, active.position),
    right: Math.max(anchor.position, active.position),
  };
  if (mode === 'rows') return { ...cells, left: all.left, right: all.right };
  if (mode === 'columns') return { ...cells, top: all.top, bottom: all.bottom };
  return cells;
}

export function contains(r: Rectangle, row: number, position: number): boolean {
  return row >= r.top && row <= r.bottom && position >= r.left && position <= r.right;
}

export function isSingle(r: Rectangle): boolean {
  return r.top === r.bottom && r.left === r.right;
}

/** Limits a selection to a grid that became smaller. */
export function clamped(selection: Selection, rows: number, positions: number): Selection {
  const clampCell = (p: CellPlace): CellPlace => ({
    row: Math.max(0, Math.min(p.row, rows - 1)),
    position: Math.max(0, Math.min(p.position, positions - 1)),
  });
  return { mode: selection.mode, anchor: clampCell(selection.anchor), active: clampCell(selection.active) };
}
