import type { Lane } from './layout.ts';

/**
 * Horizontal position of the unpinned columns of a grid. `left`: first visible pixel. A change of the width, or of the
 * columns before the active one, keeps the active column visible if it was visible before.
 */
export class HorizontalScroll {
  left = 0;
  /** The width in pixels and the active column at the last call, and whether this column was visible then. */
  private width = 0;
  private active: Lane | undefined;
  private sawActive = false;

  /** Scrolls the minimum that makes the column visible in this width; pinned columns always are. */
  reveal(lane: Lane | undefined, width: number): void {
    this.width = width;
    this.active = lane;
    this.sawActive = true;
    if (!lane || lane.pinned) return;
    if (lane.x < this.left) this.left = lane.x;
    else if (lane.x + lane.width > this.left + width) this.left = Math.min(lane.x, lane.x + lane.width - width);
  }

  moveTo(left: number, total: number, width: number): void {
    this.left = Math.max(0, Math.min(left, total - width));
  }

  /** Adapts the position to the columns' `total` width and the visible width. Both in pixels. */
  resize(total: number, width: number, active: Lane | undefined): void {
    // Not by a scroll of the user.
    const isMoved = active?.column.name === this.active?.column.name && active?.x !== this.active?.x;
    if (this.sawActive && (width !== this.width || (isMoved && !this.shows(active, width)))) this.reveal(active, width);
    this.moveTo(this.left, total, width);
    this.width = width;
    this.active = active;
    // Without any space no column is visible; with space again, the active one returns.
    if (width > 0) this.sawActive = this.shows(active, width);
  }

  private shows(lane: Lane | undefined, width: number): boolean {
    return lane !== undefined && (lane.pinned || (lane.x < this.left + width && lane.x + lane.width > this.left));
  }
}
