import { css, html, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatCount } from '../../src/core/table/format.ts';
import { LightElement } from '../element.ts';
import { t } from '../strings.ts';
import type { Extent, StoryAxis } from './storyAxis.ts';
import type { StoryLane } from './storyLanes.ts';
import { shortTime } from './texts.ts';

const barHeight = 28;
const barWidth = 4;
const height = barHeight + 18;
/** Pixels between two labels of the axis. */
const labelSpace = 104;
/** A press this near to an end of the brush, in pixels, moves the end. */
const reach = 6;

/**
 * All exposures of the story to scale. The brush shows which part the lanes below have: dragging sets it, a click moves
 * it. Keys zoom and move the lanes themselves, so the overview is not a stop of the Tab key. Fires `brush` with an
 * `Extent`.
 */
@customElement('rs-story-overview')
export class StoryOverview extends LightElement {
  static override sheets = [
    css`
    rs-story-overview { display: block; position: relative; border-bottom: 1px solid var(--rs-line); padding: 6px 0 2px; }
    rs-story-overview svg { display: block; cursor: crosshair; touch-action: none; user-select: none; }
    rs-story-overview .caption { position: absolute; left: 12px; top: 6px; width: calc(var(--story-gutter) - 20px); line-height: 15px; }
    rs-story-overview rect.rows { fill: var(--vscode-charts-lines); }
    rs-story-overview rect.strong { fill: var(--vscode-foreground); }
    rs-story-overview line.base { stroke: var(--rs-line); }
    rs-story-overview rect.brush { fill: var(--vscode-focusBorder); fill-opacity: 0.24; stroke: var(--vscode-focusBorder); }
    rs-story-overview rect.handle { fill: var(--vscode-focusBorder); cursor: ew-resize; }
  `,
  ];
  @property({ attribute: false }) lanes: readonly StoryLane[] = [];
  @property({ attribute: false }) axis!: StoryAxis;
  @property({ attribute: false }) gutter = 0;
  @property({ attribute: false }) timezone = 'UTC';
  /** The end of the brush that stays, as a share of the time, while the other one is dragged. */
  private fixed: number | null = null;
  private pressed = 0;

  protected override render(): TemplateResult {
    const { axis, gutter } = this;
    const { width } = axis;
    const [from, to] = this.brush();
    const [x, end] = [from * width, to * width];
    return html`<div class="caption" aria-hidden="true">${this.caption()}</div><svg aria-hidden="true" width=${gutter + width + 12} height=${height}
      @pointerdown=${(event: PointerEvent) => this.press(event)} @pointermove=${(event: PointerEvent) => this.move(event)} @pointerup=${(event: PointerEvent) => this.release(event)} @pointercancel=${() => (this.fixed = null)}>
      <svg x=${gutter} width=${width} height=${height}>${this.bars()}<line class="base" x2=${width} y1=${barHeight} y2=${barHeight}></line>
      <rect class="brush" x=${x} y="0.5" width=${Math.max(2, end - x)} height=${barHeight - 1}></rect>
      ${[x, end].map((at) => svg`<rect class="handle" x=${Math.max(0, Math.min(width - 3, at - 1.5))} y="8" width="3" height=${barHeight - 16} rx="1.5"></rect>`)}</svg>
      ${this.labels()}</svg>`;
  }

  /** The visible part as shares of the time. */
  private brush(): [number, number] {
    const { from, to } = this.axis.extent;
    return [this.axis.timeShare(from), this.axis.timeShare(to)];
  }

  private caption(): string {
    const { axis } = this;
    const marks = this.visibleMarks();
    const { from, to } = axis.extent;
    const visible = marks.filter(({ at, slot }) => {
      const share = axis.share(at, slot);
      return share >= from && share <= to;
    });
    return t('{0} of {1} exposures visible', formatCount(visible.length), formatCount(marks.length));
  }

  private visibleMarks(): StoryLane['marks'] {
    return this.lanes.find(({ kind }) => kind === 'shown')?.marks ?? [];
  }

  private bars(): unknown {
    const { width } = this.axis;
    const count = Math.max(1, Math.floor(width / barWidth));
    const bins = Array.from({ length: count }, () => ({ all: 0, strong: 0 }));
    for (const { at, isStrong } of this.visibleMarks()) {
      const bin = bins[Math.min(count - 1, Math.floor(this.axis.shareOfTime(at) * count))];
      if (!bin) continue;
      bin.all++;
      if (isStrong) bin.strong++;
    }
    const max = Math.max(1, ...bins.map(({ all }) => all));
    return bins.map(({ all, strong }, k) => {
      if (all === 0) return '';
      const tall = 3 + (all / max) * (barHeight - 5);
      const inked = (strong / all) * tall;
      return svg`<rect class="rows" x=${k * barWidth} y=${barHeight - tall} width=${barWidth - 1} height=${tall}></rect><rect class="strong" x=${k * barWidth} y=${barHeight - inked} width=${barWidth - 1} height=${inked}></rect>`;
    });
  }

  private labels(): unknown {
    const { axis, gutter } = this;
    const count = Math.max(1, Math.floor(axis.width / labelSpace));
    return Array.from({ length: count }, (_, k) => {
      const time = new Date(axis.first + (k / count) * (axis.last - axis.first)).toISOString();
      return svg`<text x=${gutter + (k / count) * axis.width} y=${barHeight + 13}>${shortTime(time, this.timezone)}</text>`;
    });
  }

  /** The position of a pointer as a share of the time range, from 0 to 1. */
  private shareAt(event: PointerEvent): number {
    const leftEdge = this.querySelector('svg')?.getBoundingClientRect().left ?? 0;
    return Math.max(0, Math.min(1, (event.clientX - leftEdge - this.gutter) / this.axis.width));
  }

  private press(event: PointerEvent): void {
    // If all marks have the same time, there is no range to choose.
    if (event.button !== 0 || this.axis.first === this.axis.last) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const share = this.shareAt(event);
    const [from, to] = this.brush();
    const near = reach / this.axis.width;
    this.pressed = share;
    this.fixed = Math.abs(share - from) < near ? to : Math.abs(share - to) < near ? from : share;
  }

  private move(event: PointerEvent): void {
    const { fixed } = this;
    if (fixed === null) return;
    const share = this.shareAt(event);
    if (Math.abs(share - this.pressed) * this.axis.width < 3) return;
    this.set(Math.min(fixed, share), Math.max(fixed, share));
  }

  /** A press without a drag moves the brush there. */
  private release(event: PointerEvent): void {
    const share = this.shareAt(event);
    if (this.fixed !== null && Math.abs(share - this.pressed) * this.axis.width < 3) {
      const [from, to] = this.brush();
      const half = (to - from) / 2;
      const middle = Math.max(half, Math.min(1 - half, share));
      this.set(middle - half, middle + half);
    }
    this.fixed = null;
  }

  private set(from: number, to: number): void {
    const { axis } = this;
    const detail: Extent = axis.extentOf(from, to);
    this.dispatchEvent(new CustomEvent('brush', { detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-story-overview': StoryOverview;
  }
}
