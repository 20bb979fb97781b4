/** Height of one row of data, in CSS pixels. */
export const rowHeight = 22;

/** Above this element height, browsers lose pixel precision. Taller grids are scrolled in proportion. */
const tallest = 8_000_000;

/**
 * Vertical position of a grid with any number of rows and a scroll bar of limited length. `top`: first visible pixel of
 * the whole grid, exact to the last row. `scrollTop`: position of the scroll bar. Below the limit they are equal. Above
 * it, small movements count one to one and large ones in proportion; both ends match exactly.
 */
export class VerticalScroll {
  top = 0;
  scrollTop = 0;
  private rows = 0;
  private body = 0;

  /** Height of all rows in pixels. */
  get total(): number {
    return this.rows * rowHeight;
  }
  /** Height of the scrolled element in pixels, without the header. */
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

  /** Sets the number of rows and the height of the viewport below the header. Keeps the position if it still exists. */
  resize(rows: number, body: number): void {
    this.rows = rows;
    this.body = body;
    this.moveTo(this.top);
  }

  /** Scrolls the grid to this pixel; `scrollTop` follows. */
  moveTo(top: number): void {
    this.top = Math.min(Math.max(0, top), this.lastTop);
    this.scrollTop = this.scaled ? this.proportional() : this.top;
  }

  moveBy(pixels: number): void {
    this.moveTo(this.top + pixels);
  }

  /** The user or the browser moved the scroll bar to `scrollTop`. */
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

  /** Rows that are at least partly visible: `first`, and `end` after the last one. */
  visible(): { first: number; end: number } {
    const first = Math.floor(this.top / rowHeight);
    return { first, end: Math.min(this.rows, Math.ceil((this.top + this.body) / rowHeight)) };
  }

  /** Number of complete rows that fit: the step of Page Up and Page Down. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.body / rowHeight));
  }

  /** Scrolls the minimum that makes the whole row visible. */
  reveal(row: number): void {
    const start = row * rowHeight;
    if (start < this.top) this.moveTo(start);
    else if (start + rowHeight > this.top + this.body) this.moveTo(start + rowHeight - this.body);
  }

  /** A scroll bar in the middle never reaches an end: an end always means the first or last row. */
  private proportional(): number {
    if (this.top <= 0) return 0;
    if (this.top >= this.lastTop) return this.lastScroll;
    return Math.min(Math.max(Math.round((this.top / this.lastTop) * this.lastScroll), 2), this.lastScroll - 2);
  }
}
