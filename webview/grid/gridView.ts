import type { Session } from '../inspector/session.ts';
import type { VerticalScroll } from './geometry.ts';
import type { Lane, Layout } from './layout.ts';
import type { CellPlace, Rectangle, Selection } from './selection.ts';
import type { Widths } from './widths.ts';

/** The grid as its commands, its mouse and its menus see it. */
export interface GridView extends EventTarget {
  readonly session: Session;
  readonly vertical: VerticalScroll;
  readonly layout: Layout;
  readonly widths: Widths | null;
  readonly selection: Selection;
  /** The selection as a rectangle, whole rows and columns resolved. */
  readonly selected: Rectangle;
  /** The active cell is in the header. */
  inHeader: boolean;
  /** Rows that can be scrolled to: those known, or at least those seen. */
  readonly rows: number;
  readonly headerHeight: number;
  readonly activeLane: Lane | null;
  /** The element of the active cell, or the grid where it is not on screen. */
  readonly activeElement: HTMLElement;
  select(selection: Selection, reveal?: boolean): void;
  goToRow(row: number): void;
  /** Gives the focus to the active cell, on screen or not. */
  focusCell(): void;
  /** The cell at a point of the window, the nearest where there is none. */
  placeAt(x: number, y: number): CellPlace;
  scrollPixels(x: number, y: number): void;
}
