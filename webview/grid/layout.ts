import type { Column } from '../../src/core/table/dataset.ts';

/** The user's column settings, by name, so that they survive a change of the file. */
export interface ColumnPrefs {
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
}

/**
 * A column in the layout: `index` in the data set; `x` in pixels from the left edge of its part (pinned or unpinned).
 */
export interface Lane {
  readonly index: number;
  readonly column: Column;
  readonly pinned: boolean;
  readonly x: number;
  readonly width: number;
}

/** All visible columns from left to right, pinned ones first. Column positions are indices into `lanes`. */
export interface Layout {
  readonly lanes: readonly Lane[];
  readonly pinnedCount: number;
  /** Width of the pinned part in pixels, including the row numbers. */
  readonly pinnedWidth: number;
  readonly rowNumberWidth: number;
  /** Width of the unpinned columns in pixels. */
  readonly movingWidth: number;
}

/** Visible columns from left to right, pinned ones first, without widths. */
export function shownColumns(
  columns: readonly Column[],
  prefs: ColumnPrefs,
): { index: number; column: Column; pinned: boolean }[] {
  const indexByName = new Map(columns.map((column, index) => [column.name, index]));
  const hidden = new Set(prefs.hidden);
  const pinned = new Set(prefs.pinned.filter((name) => indexByName.has(name) && !hidden.has(name)));
  const visible: { index: number; column: Column; pinned: boolean }[] = [];
  const add = (index: number): void => {
    const column = columns[index];
    if (column && !hidden.has(column.name)) visible.push({ index, column, pinned: pinned.has(column.name) });
  };
  for (const name of pinned) add(indexByName.get(name) ?? -1);
  columns.forEach((column, index) => {
    // With duplicate names the map has only the last column; the others are not pinned.
    if (!pinned.has(column.name) || indexByName.get(column.name) !== index) add(index);
  });
  return visible.sort((a, b) => Number(b.pinned) - Number(a.pinned));
}

/** Computes the layout. `widthOf` returns the width of a column by its index in the data set. */
export function layOut(
  columns: readonly Column[],
  prefs: ColumnPrefs,
  rowNumberWidth: number,
  widthOf: (index: number) => number,
): Layout {
  let pinnedX = rowNumberWidth;
  let movingX = 0;
  let pinnedCount = 0;
  const lanes = shownColumns(columns, prefs).map(({ index, column, pinned }): Lane => {
    const width = widthOf(index);
    const x = pinned ? pinnedX : movingX;
    if (pinned) {
      pinnedX += width;
      pinnedCount++;
    } else movingX += width;
    return { index, column, pinned, x, width };
  });
  return { lanes, pinnedCount, pinnedWidth: pinnedX, rowNumberWidth, movingWidth: movingX };
}

/** Positions of the visible lanes, if the unpinned part is scrolled by `left` pixels and is `width` pixels wide. */
export function visibleLanes(layout: Layout, left: number, width: number): number[] {
  const { lanes, pinnedCount } = layout;
  const positions = Array.from({ length: pinnedCount }, (_, position) => position);
  for (let position = firstAfter(layout, left); position < lanes.length; position++) {
    const lane = lanes[position];
    if (!lane || lane.x >= left + width) break;
    positions.push(position);
  }
  return positions;
}

/** Binary search for the first unpinned lane that ends after `left`. */
function firstAfter({ lanes, pinnedCount }: Layout, left: number): number {
  let low = pinnedCount;
  let high = lanes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const lane = lanes[middle];
    if (lane && lane.x + lane.width <= left) low = middle + 1;
    else high = middle;
  }
  return low;
}
