/** Height of one row of data, in CSS pixels. */
export const rowHeight = 22;

/** Browsers stop being exact beyond this height of one element; higher grids are scrolled in proportion. */
const tallest = 8_000_000;

/**
 * Vertical position of a grid of any number of rows under a scroll bar of limited length. `top` is where the view begins, in
 * pixels of the whole grid, exact to the last row; `scrollTop` is where the scroll bar stands. Below the limit they are equal;
 * above, small movements count one to one, large ones in proportion, and both ends meet exactly.
 */
export class VerticalScroll {
  top = 0;
  scrollTop = 0;
  private rows = 0;
  private body = 0;

  /** Pixels of all rows. */
  get total(): number {
    return this.rows * rowHeight;
  }
  /** Pixels of the element that the scroll bar measures, without the header. */
  get height(): number {
    return Math.min(this.total, tallest);
  }
  private get lastTop(): number {
    return Math.max(0, this.total - this.body);
  }
  private get lastScroll(): number {
    return Math.max(0, this.height - this.body);
  }
  get scaled(): boolean {
    return this.total > tallest;
  }

  /** Number of rows and pixels of the visible part below the header. Keeps the place as far as it still exists. */
  resize(rows: number, body: number): void {
    this.rows = rows;
    this.body = body;
    this.moveTo(this.top);
  }

  /** Shows the grid from this pixel on; `scrollTop` follows. */
  moveTo(top: number): void {
    this.top = Math.min(Math.max(0, top), this.lastTop);
    this.scrollTop = this.scaled ? this.proportional() : this.top;
  }

  moveBy(pixels: number): void {
    this.moveTo(this.top + pixels);
  }

  /** The scroll bar was moved to `scrollTop` by a person or by the browser. */
  scrolled(scrollTop: number): void {
    if (!this.scaled) {
      this.top = Math.min(scrollTop, this.lastTop);
      this.scrollTop = scrollTop;
      return;
    }
    const delta = scrollTop - this.scrollTop;
    if (delta === 0) return;
    if (scrollTop <= 0) this.moveTo(0);
    else if (scrollTop >= this.lastScroll - 1) this.moveTo(this.lastTop);
    else if (Math.abs(delta) <= this.body) this.moveBy(delta);
    else {
      this.top = Math.min((scrollTop / this.lastScroll) * this.lastTop, this.lastTop);
      this.scrollTop = scrollTop;
    }
  }

  /** Rows that are at least partly visible: first, and one after the last. */
  visible(): { first: number; end: number } {
    const first = Math.floor(this.top / rowHeight);
    return { first, end: Math.min(this.rows, Math.ceil((this.top + this.body) / rowHeight)) };
  }

  /** Whole rows that fit: the step of Page Up and Page Down. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.body / rowHeight));
  }

  /** Scrolls as little as possible until the whole row is visible. */
  reveal(row: number): void {
    const start = row * rowHeight;
    if (start < this.top) this.moveTo(start);
    else if (start + rowHeight > this.top + this.body) this.moveTo(start + rowHeight - this.body);
  }

  /** A scroll bar in the middle never stands at an end: reaching an end means the first or the last row. */
  private proportional(): number {
    if (this.top <= 0) return 0;
    if (this.top >= this.lastTop) return this.lastScroll;
    return Math.min(Math.max(Math.round((this.top / this.lastTop) * this.lastScroll), 2), this.lastScroll - 2);
  }
}
