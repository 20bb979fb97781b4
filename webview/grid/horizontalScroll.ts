import type { Lane } from './layout.ts';

/**
 * Horizontal position of the unpinned columns of a grid. `left`: first visible pixel. A change of the width keeps the
 * active column visible if it was visible before.
 */
export class HorizontalScroll {
  left = 0;
  /** The width in pixels at the last call, and whether the active column was visible then. */
  private width = 0;
  private sawActive = false;

  /** Scrolls the minimum that makes the column visible in this width; pinned columns always are. */
  reveal(lane: Lane | undefined, width: number): void {
    this.width = width;
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
    if (width !== this.width && this.sawActive) this.reveal(active, width);
    this.moveTo(this.left, total, width);
    this.width = width;
    // Without any space no column is visible; with space again, the active one returns.
    if (width > 0)
      this.sawActive =
        active !== undefined &&
        (active.pinned || (active.x < this.left + width && active.x + active.width > this.left));
  }
}
