import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { filterByBrush, isBrushable } from './chartBrush.ts';
import { rowHeight } from './geometry.ts';
import { fitColumn, setWidth } from './commands.ts';
import type { GridView } from './gridView.ts';
import { moved, single, type Selection } from './selection.ts';

/** The kind of drag that a mouse press started. */
type Drag =
  | { readonly kind: 'select'; readonly mode: Selection['mode'] }
  | {
      readonly kind: 'resize';
      readonly index: number;
      readonly width: number;
      readonly x: number;
      readonly handle: HTMLElement;
    }
  | {
      readonly kind: 'brush';
      readonly profile: ColumnProfile;
      readonly chart: Element;
      readonly x: number;
      /** The marked part of the chart. */
      readonly mark: HTMLElement;
    };

/** Pixels that a press may move and still be a click on a bar. */
const clickPixels = 3;

/** Mouse handling of the grid: selecting, sorting, resizing, filtering by a chart of a header, the context menu. */
export class Pointer {
  private drag: Drag | null = null;
  private scrollFrame = 0;
  private last = { x: 0, y: 0 };

  constructor(
    private readonly grid: GridView,
    private readonly scroller: HTMLElement,
  ) {
    scroller.addEventListener('pointerdown', (event) => this.down(event));
    scroller.addEventListener('pointermove', (event) => this.move(event));
    scroller.addEventListener('pointerup', () => this.up(true));
    scroller.addEventListener('pointercancel', () => this.up(false));
    scroller.addEventListener('dblclick', (event) => this.double(event));
    scroller.addEventListener('contextmenu', (event) => this.menu(event));
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 || !(event.target instanceof Element) || !this.insideOfLayer(event)) return;
    const handle = event.target.closest<HTMLElement>('[data-resize]');
    const head = event.target.closest<HTMLElement>('.head-cell');
    if (head) {
      event.preventDefault();
      this.headDown(event, head, handle);
      return;
    }
    const { grid } = this;
    const cell = grid.placeAt(event.clientX, event.clientY);
    const onNumber = event.target.closest('.row-number') !== null;
    event.preventDefault();
    grid.inHeader = false;
    const line = grid.model.groups?.lineAt(cell.row);
    if (line?.kind === 'head') {
      grid.select(single(cell));
      grid.focusCell();
      grid.model.groups?.toggle(line.group);
      return;
    }
    const mode = onNumber ? 'rows' : 'cells';
    grid.select(event.shiftKey ? { ...moved(grid.selection, cell, true), mode } : { ...single(cell), mode });
    grid.focusCell();
    this.begin(event, { kind: 'select', mode });
  }

  private headDown(event: PointerEvent, head: HTMLElement, handle: HTMLElement | null): void {
    const { grid } = this;
    const lane = grid.layout.lanes[positionOf(head)];
    if (!lane) return;
    if (handle) {
      handle.classList.add('dragging');
      this.begin(event, { kind: 'resize', index: lane.index, width: lane.width, x: event.clientX, handle });
      return;
    }
    const chart = event.target instanceof Element ? event.target.closest('.head-chart.brushable svg') : null;
    const profile = grid.model.profiles.get(lane.index);
    if (chart && isBrushable(profile) && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey) {
      this.brush(event, chart, profile);
      return;
    }
    const position = positionOf(head);
    grid.inHeader = true;
    if (event.altKey || event.ctrlKey || event.metaKey)
      grid.select({ ...single({ row: grid.selection.active.row, position }), mode: 'columns' }, false);
    else {
      grid.select(single({ row: grid.selection.active.row, position }), false);
      grid.model.sortBy(lane.column.name, event.shiftKey);
    }
    grid.focusCell();
  }

  private brush(event: PointerEvent, chart: Element, profile: ColumnProfile): void {
    const mark = document.createElement('span');
    mark.className = 'brush';
    chart.after(mark);
    this.begin(event, { kind: 'brush', profile, chart, x: event.clientX, mark });
    this.markBrush();
  }

  /** Marks the part of the chart between the press and the pointer. */
  private markBrush(): void {
    const { drag } = this;
    if (drag?.kind !== 'brush') return;
    const { left, right } = drag.chart.getBoundingClientRect();
    const clamp = (x: number): number => Math.max(left, Math.min(x, right));
    const [from, to] = [clamp(Math.min(drag.x, this.last.x)), clamp(Math.max(drag.x, this.last.x))];
    drag.mark.style.left = `${from - left}px`;
    drag.mark.style.width = `${Math.max(1, to - from)}px`;
  }

  private endBrush({ profile, chart, x }: Extract<Drag, { kind: 'brush' }>): void {
    const { left, width } = chart.getBoundingClientRect();
    const end = Math.abs(this.last.x - x) < clickPixels ? x : this.last.x;
    filterByBrush(this.grid.model, profile, { width, from: x - left, to: end - left });
  }

  private begin(event: PointerEvent, drag: Drag): void {
    this.drag = drag;
    this.last = { x: event.clientX, y: event.clientY };
    // The element that captures the pointer is the target of a following double click.
    (drag.kind === 'resize' ? drag.handle : this.scroller).setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const { drag, grid } = this;
    if (!drag) return;
    this.last = { x: event.clientX, y: event.clientY };
    if (drag.kind === 'resize') setWidth(grid, drag.index, drag.width + event.clientX - drag.x);
    else if (drag.kind === 'brush') this.markBrush();
    else this.extend();
  }

  /** Extends the selection to the mouse. Beyond an edge, the grid keeps scrolling while the mouse stays there. */
  private extend(): void {
    const { grid, drag } = this;
    if (drag?.kind !== 'select') return;
    const box = this.scroller.getBoundingClientRect();
    const right = box.left + this.scroller.clientWidth;
    const bottom = box.top + this.scroller.clientHeight;
    const x = this.last.x < box.left ? -rowHeight : this.last.x > right ? rowHeight : 0;
    const y = this.last.y < box.top + grid.headerHeight ? -rowHeight : this.last.y > bottom ? rowHeight : 0;
    if (x !== 0 || y !== 0) {
      grid.scrollPixels(drag.mode === 'cells' ? x : 0, y);
      if (this.scrollFrame === 0) {
        this.scrollFrame = requestAnimationFrame(() => {
          this.scrollFrame = 0;
          this.extend();
        });
      }
    }
    const cell = grid.placeAt(
      Math.max(box.left, Math.min(this.last.x, right - 1)),
      Math.max(box.top + grid.headerHeight, Math.min(this.last.y, bottom - 1)),
    );
    const { active } = grid.selection;
    if (cell.row !== active.row || cell.position !== active.position)
      grid.select({ ...moved(grid.selection, cell, true), mode: drag.mode }, false);
  }

  private up(isDone: boolean): void {
    const { drag } = this;
    if (!drag) return;
    if (drag.kind === 'brush') drag.mark.remove();
    if (drag.kind === 'brush' && isDone) this.endBrush(drag);
    if (drag.kind === 'resize') drag.handle.classList.remove('dragging');
    this.drag = null;
    cancelAnimationFrame(this.scrollFrame);
    this.scrollFrame = 0;
  }

  private double(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const head = event.target.closest<HTMLElement>('.head-cell');
    const lane = head ? this.grid.layout.lanes[positionOf(head)] : undefined;
    if (event.target.closest('[data-resize]') && lane) fitColumn(this.grid, lane.index);
    else if (!head && this.insideOfLayer(event)) this.grid.model.keep({ detail: true, columnPane: false });
  }

  private menu(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    event.preventDefault();
    const { grid } = this;
    const head = event.target.closest<HTMLElement>('.head-cell');
    grid.inHeader = head !== null;
    const cell = head
      ? { row: grid.selection.active.row, position: Math.max(0, positionOf(head)) }
      : grid.placeAt(event.clientX, event.clientY);
    const { top, bottom, left, right } = grid.selected;
    const inside = !head && cell.row >= top && cell.row <= bottom && cell.position >= left && cell.position <= right;
    if (!inside) grid.select(single(cell), false);
    grid.focusCell();
    grid.dispatchEvent(new CustomEvent('grid-menu', { bubbles: true, detail: { x: event.clientX, y: event.clientY } }));
  }

  /** False on the scroll bars. */
  private insideOfLayer(event: MouseEvent): boolean {
    const box = this.scroller.getBoundingClientRect();
    return event.clientX < box.left + this.scroller.clientWidth && event.clientY < box.top + this.scroller.clientHeight;
  }
}

/** Position of the column of a header cell; -1 for the cell above the row numbers. */
function positionOf({ dataset }: HTMLElement): number {
  const position = dataset['position'];
  return position === undefined ? -1 : Number(position);
}
