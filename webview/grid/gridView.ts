import type { InspectorModel } from '../inspector/inspectorModel.ts';
import type { VerticalScroll } from './geometry.ts';
import type { Lane, Layout } from './layout.ts';
import type { CellPlace, Rectangle, Selection } from './selection.ts';
import type { Widths } from './widths.ts';

/** The grid, as used by its commands, mouse handling and menus. */
export interface GridView extends EventTarget {
  readonly model: InspectorModel;
  readonly vertical: VerticalScroll;
  readonly layout: Layout;
  readonly widths: Widths | null;
  readonly selection: Selection;
  /** The selection as a rectangle, with whole rows and columns resolved. */
  readonly selected: Rectangle;
  /** True if the active cell is in the header. */
  inHeader: boolean;
  /** Rows that can be scrolled to: the row count if known, else at least the rows seen. */
  readonly rows: number;
  readonly headerHeight: number;
  readonly activeLane: Lane | null;
  /** The element of the active cell, or the grid if that cell is not visible. */
  readonly activeElement: HTMLElement;
  select(selection: Selection, reveal?: boolean): void;
  goToRow(row: number): void;
  /** Focuses the active cell, visible or not. */
  focusCell(): void;
  /** The cell at a point of the window, or the nearest one. */
  placeAt(x: number, y: number): CellPlace;
  scrollPixels(x: number, y: number): void;
}
