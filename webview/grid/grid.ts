import { html, render, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Dataset } from '../../src/core/table/dataset.ts';
import { viewKey } from '../../src/core/table/filter.ts';
import { LightElement } from '../element.ts';
import type { InspectorModel } from '../inspector/inspectorModel.ts';
import { t } from '../strings.ts';
import { Body } from './body.ts';
import { perform } from './commands.ts';
import { VerticalScroll, rowHeight } from './geometry.ts';
import { gridStyle } from './gridStyle.ts';
import type { GridView } from './gridView.ts';
import { groupColumns } from './groupColumns.ts';
import { header, headerHeight } from './header.ts';
import { HorizontalScroll } from './horizontalScroll.ts';
import { gridAction } from './keyboard.ts';
import { visibleLanes, type Lane, type Layout } from './layout.ts';
import { LayoutKeeper } from './layoutKeeper.ts';
import { Meaning } from './meaning.ts';
import { Pointer } from './pointer.ts';
import { clamped, origin, rectangle, single, type CellPlace, type Rectangle, type Selection } from './selection.ts';
import type { Widths } from './widths.ts';

/** If more rows than this pass in one frame, pages are requested only after scrolling stops. */
const fastRows = 400;
const restMilliseconds = 50;

/**
 * The rows of a data set in a scrollable viewport, for any number of rows and columns; only visible cells are elements.
 * Reads the model. Fires `grid-change` (selection moved) and `grid-menu`.
 */
@customElement('rs-grid')
export class Grid extends LightElement implements GridView {
  static override sheets = [gridStyle];
  @property({ attribute: false }) model!: InspectorModel;

  readonly vertical = new VerticalScroll();
  private readonly horizontal = new HorizontalScroll();
  selection: Selection = origin;
  inHeader = false;
  /** Pixels at the right edge that a pane covers; columns are scrolled into view left of it. */
  covered = 0;
  private readonly keeper = new LayoutKeeper(this);
  private scroller!: HTMLElement;
  private spacer!: HTMLElement;
  private layer!: HTMLElement;
  private head!: HTMLElement;
  private body!: Body;
  private bodyElement!: HTMLElement;
  private viewKey: string | null = null;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastFirst = 0;
  private drawing = false;
  private focusInside = false;
  /** The scroll positions that were set last. */
  private placed = { top: 0, left: 0 };
  private readonly stops: (() => void)[] = [];
  private readonly resized = new ResizeObserver(() => this.invalidate());

  protected override render(): TemplateResult {
    return html`<div class="scroller" role="grid" aria-multiselectable="true" aria-label=${t('Rows')} tabindex="-1">
      <div class="spacer" role="presentation"><div class="layer" role="presentation"><div class="body" role="rowgroup"></div><div class="head" role="row" aria-rowindex="1"></div></div></div>
    </div>`;
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    const find = (selector: string): HTMLElement => this.querySelector<HTMLElement>(selector) ?? this;
    this.scroller = find('.scroller');
    this.spacer = find('.spacer');
    this.layer = find('.layer');
    this.head = find('.head');
    this.bodyElement = find('.body');
    this.body = new Body(this.bodyElement);
    const { state } = this.model;
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.scroller.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.scroller.addEventListener('keydown', (event) => this.key(event));
    this.scroller.addEventListener('copy', (event) => {
      event.preventDefault();
      void perform(this, { kind: 'copy', headers: true });
    });
    this.scroller.addEventListener('focusin', () => this.setFocused(true));
    this.scroller.addEventListener('focusout', () => {
      // When an element is reused for another row, it loses the focus. The focus has not left the grid.
      if (!this.drawing) queueMicrotask(() => this.setFocused(this.scroller.contains(document.activeElement)));
    });
    new Pointer(this, this.scroller);
    this.resized.observe(this.scroller);
    this.stops.push(
      this.model.subscribe(() => this.invalidate()),
      this.model.profiles.subscribe(() => this.invalidate()),
    );
    this.vertical.top = state.top;
    this.horizontal.left = state.left;
    this.invalidate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.stops) stop();
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
  }

  get layout(): Layout {
    return this.keeper.layout;
  }
  get widths(): Widths | null {
    return this.keeper.widths;
  }
  get rows(): number {
    return this.model.shownRows;
  }
  get headerHeight(): number {
    return this.model.state.charts ? headerHeight.charts : headerHeight.plain;
  }
  get selected(): Rectangle {
    return rectangle(this.selection, this.rows, this.layout.lanes.length);
  }
  get activeLane(): Lane | null {
    return this.layout.lanes[this.selection.active.position] ?? null;
  }
  /** Pixels between the pinned columns and the right edge, or the pane that covers it. */
  private get lanesWidth(): number {
    return Math.max(0, this.scroller.clientWidth - this.layout.pinnedWidth - this.covered);
  }

  /** Requests a draw in the next frame. */
  invalidate(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  select(selection: Selection, reveal = true): void {
    this.selection = clamped(selection, this.rows, this.layout.lanes.length);
    if (reveal) this.reveal(this.selection.active);
    const { row } = this.selection.active;
    const lane = this.activeLane;
    this.model.keep({ active: lane ? { row, column: lane.column.name } : null });
    this.dispatchEvent(new CustomEvent('grid-change', { bubbles: true }));
    this.invalidate();
  }

  reveal({ row, position }: CellPlace): void {
    this.vertical.reveal(row);
    this.horizontal.reveal(this.layout.lanes[position], this.lanesWidth);
    this.onMove();
  }

  goToRow(row: number): void {
    const targetRow = Math.max(0, Math.min(row, this.rows - 1));
    this.inHeader = false;
    this.vertical.moveTo((targetRow - Math.floor(this.vertical.pageRows / 2)) * rowHeight);
    this.select(single({ row: targetRow, position: this.selection.active.position }));
    this.focusCell();
  }

  focusCell(): void {
    this.setFocused(true);
    // Focus at once, so that no key is lost; again after drawing, which may use another element.
    this.activeElement.focus({ preventScroll: true });
    this.invalidate();
  }

  get activeElement(): HTMLElement {
    const { row, position } = this.selection.active;
    const element = this.inHeader
      ? this.head.querySelector<HTMLElement>(`[data-position="${position}"]`)
      : this.body.cellAt(row, position);
    return element ?? this.scroller;
  }

  placeAt(x: number, y: number): CellPlace {
    const box = this.scroller.getBoundingClientRect();
    const row = Math.floor((y - box.top - this.headerHeight + this.vertical.top) / rowHeight);
    const inside = x - box.left;
    const { lanes, pinnedCount, pinnedWidth } = this.layout;
    const from = inside < pinnedWidth ? 0 : pinnedCount;
    const end = inside < pinnedWidth ? pinnedCount : lanes.length;
    const laneX = inside < pinnedWidth ? inside : inside - pinnedWidth + this.horizontal.left;
    let position = from;
    while (position < end - 1 && (lanes[position + 1]?.x ?? Infinity) <= laneX) position++;
    return {
      row: Math.max(0, Math.min(row, this.rows - 1)),
      position: Math.max(0, Math.min(position, lanes.length - 1)),
    };
  }

  scrollPixels(x: number, y: number): void {
    this.horizontal.moveTo(this.horizontal.left + x, this.layout.movingWidth, this.lanesWidth);
    this.vertical.moveBy(y);
    this.onMove();
  }

  private draw(): void {
    this.frame = 0;
    const { model } = this;
    const { dataset, state } = model;
    if (!dataset || !this.isConnected || this.scroller.clientHeight === 0) return;
    this.prepare(dataset);
    const { widths } = this;
    if (!widths) return;
    this.drawing = true;
    let complete: boolean;
    try {
      complete = this.drawRows(dataset, widths);
    } finally {
      this.drawing = false;
    }
    // Newly visible texts may need wider columns.
    if (!this.keeper.isCurrent(state, this.scroller.clientWidth)) this.invalidate();
    else if (complete) model.painted();
  }

  /** Draws body and header and restores the focus. Returns true if there are rows and all visible cells are loaded. */
  private drawRows(dataset: Dataset, widths: Widths): boolean {
    const { model } = this;
    const { pages, state } = model;
    const bodyHeight = Math.max(rowHeight, this.scroller.clientHeight - this.headerHeight);
    this.vertical.resize(this.rows, bodyHeight);
    this.horizontal.resize(this.layout.movingWidth, this.lanesWidth, this.activeLane ?? undefined);
    const { left } = this.horizontal;
    const { first, end } = this.vertical.visible();
    const positions = visibleLanes(this.layout, left, this.lanesWidth);
    this.place();
    this.ask(first, end, positions);
    const complete = this.body.draw(
      {
        layout: this.layout,
        positions,
        first,
        end,
        top: this.vertical.top,
        left,
        pages,
        inFileOrder: state.view.sort.length === 0 && !model.filtered && !model.groups,
        groups: model.groups,
        groupColumns: groupColumns(state.view.group ?? [], dataset.columns),
        meaning: new Meaning(dataset.columns, pages).checkLabels(first, end),
        selected: this.selected,
        active: this.selection.active,
        reachable: !this.inHeader,
      },
      widths,
    );
    render(
      header({
        layout: this.layout,
        positions,
        sort: state.view.sort,
        charts: state.charts,
        active: this.inHeader ? this.selection.active.position : -1,
        profile: (index) => model.profiles.get(index),
      }),
      this.head,
    );
    for (const cell of this.head.querySelectorAll<HTMLElement>('[data-position]')) {
      const lane = this.layout.lanes[Number(cell.dataset['position'])];
      if (lane) Object.assign(cell.style, { left: `${lane.x}px`, width: `${lane.width}px` });
    }
    if (
      this.focusInside &&
      (document.activeElement === document.body || this.scroller.contains(document.activeElement))
    ) {
      this.activeElement.focus({ preventScroll: true });
    }
    return complete && end > first;
  }

  /** Updates the layout and the selection. */
  private prepare(dataset: Dataset): void {
    this.followView();
    const { state } = this.model;
    const change = this.keeper.update(dataset, state, this.rows, this.scroller.clientWidth);
    if (change === 'new') this.body.reset();
    if (change !== 'same') this.layer.style.setProperty('--row-number', `${this.layout.rowNumberWidth}px`);
    this.followActive();
  }

  /** The model holds the active cell; the grid adds the extent of the selection. */
  private followActive(): void {
    const { model } = this;
    const { lanes } = this.layout;
    const column = model.state.active?.column;
    const row = model.activeRow;
    const { active } = this.selection;
    let { position } = active;
    if (column !== undefined && lanes[position]?.column.name !== column) {
      const index = lanes.findIndex((lane) => lane.column.name === column);
      if (index >= 0) position = index;
    }
    if (row === active.row && position === active.position) {
      this.selection = clamped(this.selection, this.rows, lanes.length);
      return;
    }
    this.selection = clamped(single({ row, position }), this.rows, lanes.length);
    this.dispatchEvent(new CustomEvent('grid-change', { bubbles: true }));
  }

  /** Other rows or another order start at the top. */
  private followView(): void {
    const key = viewKey(this.model.view);
    if (key === this.viewKey) return;
    if (this.viewKey !== null) this.vertical.moveTo(0);
    this.viewKey = key;
  }

  /** Positions the elements at the scroll positions. */
  private place(): void {
    const { clientWidth, clientHeight } = this.scroller;
    const { style } = this.layer;
    const { left } = this.horizontal;
    this.spacer.style.height = `${this.vertical.height + this.headerHeight}px`;
    this.spacer.style.width = `${this.layout.pinnedWidth + this.layout.movingWidth + this.covered}px`;
    style.width = `${clientWidth}px`;
    style.height = `${clientHeight}px`;
    this.head.style.height = `${this.headerHeight}px`;
    this.bodyElement.style.top = `${this.headerHeight}px`;
    style.setProperty('--shift', `${this.layout.pinnedWidth - left}px`);
    if (Math.abs(this.scroller.scrollTop - this.vertical.scrollTop) >= 1)
      this.scroller.scrollTop = this.vertical.scrollTop;
    if (Math.abs(this.scroller.scrollLeft - left) >= 1) this.scroller.scrollLeft = left;
    this.placed = { top: this.vertical.scrollTop, left };
    this.scroller.role = this.model.groups ? 'treegrid' : 'grid';
    this.scroller.ariaRowCount = String(this.rows + 1);
    // Without rows no cell can take the focus, but the keyboard must still scroll the headers.
    this.scroller.tabIndex = this.rows === 0 ? 0 : -1;
    this.scroller.ariaColCount = String(this.layout.lanes.length + 1);
  }

  private ask(first: number, end: number, positions: readonly number[]): void {
    const { model } = this;
    const columns = positions.flatMap((position) => this.layout.lanes[position]?.index ?? []);
    const meaning = new Meaning(model.dataset?.columns ?? [], model.pages);
    const neededColumns = meaning.label >= 0 ? [...columns, meaning.label] : columns;
    const want = (): void => {
      model.pages.want(first, Math.max(end, first + 1), neededColumns);
      if (model.state.charts) model.profiles.want('header', columns);
    };
    clearTimeout(this.timer);
    if (Math.abs(first - this.lastFirst) > fastRows) this.timer = setTimeout(want, restMilliseconds);
    else want();
    this.lastFirst = first;
  }

  private scrolled(): void {
    const { scrollTop, scrollLeft } = this.scroller;
    // A difference below one pixel is our own change, rounded by the browser. It may arrive after the next key.
    if (Math.abs(scrollTop - this.placed.top) >= 1 && Math.abs(scrollTop - this.vertical.scrollTop) >= 1)
      this.vertical.scrolled(scrollTop);
    if (Math.abs(scrollLeft - this.placed.left) >= 1 && Math.abs(scrollLeft - this.horizontal.left) >= 1)
      this.horizontal.left = scrollLeft;
    this.onMove();
  }

  private wheel(event: WheelEvent): void {
    if (!this.vertical.scaled || event.ctrlKey || event.shiftKey || event.deltaY === 0) return;
    event.preventDefault();
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? rowHeight
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? this.vertical.pageRows * rowHeight
          : 1;
    this.scrollPixels(event.deltaX * unit, event.deltaY * unit);
  }

  private onMove(): void {
    const { top } = this.vertical;
    const { left } = this.horizontal;
    if (top !== this.model.state.top || left !== this.model.state.left) this.model.keepPlace(top, left);
    this.invalidate();
  }

  private key(event: KeyboardEvent): void {
    const action = gridAction(event);
    if (!action) return;
    const { detail, columnPane } = this.model.state;
    if (action.kind === 'closeDetail' ? !detail && !columnPane : this.rows === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void perform(this, action);
  }

  private setFocused(focused: boolean): void {
    this.focusInside = focused;
    this.scroller.classList.toggle('focused', focused);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-grid': Grid;
  }
}
