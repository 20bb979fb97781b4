import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatCount } from '../../src/core/table/format.ts';
import { timeColumn } from '../../src/core/table/grouping.ts';
import {
  stepUnit,
  timeOf,
  timeText,
  type Timeline as Counts,
  type TimelineBar,
} from '../../src/core/table/timeline.ts';
import { isFiltered } from '../../src/core/table/filter.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';
import type { InspectorModel } from './inspectorModel.ts';
import { TimelineRun, brushOf, withBrush, withoutBrush } from './timelineRun.ts';

const bandHeight = 14;
const barHeight = 36;
const axisHeight = 16;
/** Pixels between two labels of the axis. */
const labelSpace = 88;
/** Steps of Page Up and Page Down. */
const pageSteps = { hour: 24, day: 7, month: 12, year: 10 } as const;

/** First and last chosen bar. */
interface Range {
  readonly from: number;
  readonly to: number;
}

interface Bar extends TimelineBar {
  /** Start of the bar, in milliseconds since 1970. */
  readonly time: number;
}

/**
 * Rows by time above the grid, for the filter without its brush. Dragging filters by time. Arrows move the brush, with
 * Shift they extend it, Enter filters, Escape removes the brush.
 */
@customElement('rs-timeline')
export class TimelineStrip extends LightElement {
  static override sheets = [
    css`
    rs-timeline { flex: none; display: block; position: relative; padding: 4px 16px 2px; font-size: 11px; line-height: 16px; border-bottom: 1px solid var(--vscode-panel-border); }
    rs-timeline .top { display: flex; align-items: center; gap: 16px; min-height: 20px; color: var(--rs-muted); font-variant-numeric: tabular-nums; }
    rs-timeline .top .reading { color: var(--vscode-foreground); }
    rs-timeline .top .key { display: inline-block; width: 8px; height: 8px; margin-right: 4px; }
    rs-timeline .top .key.rows { background: var(--vscode-charts-lines); }
    rs-timeline .top .key.positives { background: var(--vscode-charts-foreground); }
    rs-timeline .plot { outline-offset: 2px; cursor: crosshair; touch-action: none; user-select: none; border-radius: 2px; }
    rs-timeline .plot[aria-busy='true'] { opacity: 0.5; }
    rs-timeline svg { display: block; overflow: visible; }
    rs-timeline rect.rows { fill: var(--vscode-charts-lines); }
    rs-timeline rect.positives { fill: var(--vscode-charts-foreground); }
    rs-timeline rect.empty { fill: none; stroke: var(--vscode-problemsWarningIcon-foreground); stroke-width: 1; }
    rs-timeline rect.brush { fill: var(--vscode-focusBorder); fill-opacity: 0.24; stroke: var(--vscode-focusBorder); stroke-width: 1; }
    rs-timeline rect.band { fill: var(--vscode-charts-lines); fill-opacity: 0.24; }
    rs-timeline rect.band.other { fill: none; stroke: var(--vscode-charts-lines); stroke-dasharray: 3 2; }
    rs-timeline svg text { fill: var(--rs-muted); }
    rs-timeline svg text.band-name { fill: var(--vscode-foreground); }
    rs-timeline .waiting { height: ${barHeight + axisHeight}px; display: flex; align-items: center; gap: 8px; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  /** The brush that is not a filter yet. */
  @state() private draft: Range | null = null;
  @state() private width = 0;
  private isDragging = false;
  private bars: readonly Bar[] = [];
  private counted: Counts | null = null;
  private readonly run = new TimelineRun(
    (view, signal) => this.model.request('timeline', { view }, signal),
    () => this.requestUpdate(),
  );
  private readonly resized = new ResizeObserver(() => {
    this.width = Math.max(0, this.clientWidth - 32);
  });

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.dataset['region'] = '';
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.run.close();
  }

  /** The time column. The time line is shown only if there is one. */
  private get column(): string {
    return timeColumn(this.model.dataset?.columns ?? []) ?? '';
  }

  protected override willUpdate(): void {
    const { model, run } = this;
    if (model.dataset) run.want(withoutBrush(model.view.filter, this.column), model.dataset);
    if (run.timeline === this.counted) return;
    this.counted = run.timeline;
    this.bars = run.timeline ? withEmptyBars(run.timeline) : [];
    this.draft = null;
  }

  protected override render(): TemplateResult {
    const { run, counted } = this;
    if (run.failure)
      return html`<div class="waiting" role="alert"><span>${say(run.failure.message)}</span><button class="link" @click=${() => run.retry()}>${t('Try again')}</button></div>`;
    if (run.cancelled)
      return html`<div class="waiting" role="status"><span>${t('Loading was cancelled.')}</span><button class="link" @click=${() => run.retry()}>${t('Try again')}</button></div>`;
    if (!counted) return html`<div class="waiting muted" role="status">${t('Counting rows by time')}</div>`;
    if (this.bars.length === 0)
      return html`<div class="waiting muted">${isFiltered(this.model.view.filter) ? t('No row of the filter has a time') : t('No row has a time')}</div>`;
    const hasLabels = counted.bars.some(({ positives }) => positives !== null);
    return html`<div class="top">
        <span>${unitTitle(counted.unit)}</span>
        ${hasLabels ? html`<span><span class="key positives" aria-hidden="true"></span>${t('positives')}</span><span><span class="key rows" aria-hidden="true"></span>${t('others')}</span>` : nothing}
        ${counted.timeless === 0 ? nothing : html`<span>${t('{0} rows without a time', formatCount(counted.timeless))}</span>`}
        <span class="reading" role="status">${this.reading()}</span>
        ${this.visibleBrush() === null ? nothing : html`<button class="link" @click=${() => this.clear()}>${t('Clear')}</button>`}
      </div>
      <div class="plot" role="slider" aria-busy=${run.busy ? 'true' : 'false'} tabindex="0" aria-label=${t('Filter by time')} aria-orientation="horizontal" aria-valuemin="0" aria-valuemax=${this.bars.length - 1}
        aria-valuenow=${this.visibleBrush()?.from ?? 0} aria-valuetext=${this.reading()} @keydown=${(event: KeyboardEvent) => this.key(event)} @pointerdown=${(event: PointerEvent) => this.press(event)}
        @pointermove=${(event: PointerEvent) => this.drag(event)} @pointerup=${() => this.release()} @pointercancel=${() => this.cancelDrag()}>${this.picture(counted)}</div>`;
  }

  private picture(counted: Counts): TemplateResult {
    const { bars, width } = this;
    const step = width / bars.length;
    const gap = step >= 3 ? 1 : 0;
    const top = counted.bands.length > 0 ? bandHeight + 2 : 0;
    const foot = top + barHeight;
    const max = Math.max(1, ...bars.map(({ rows }) => rows));
    const height = (n: number): number => (n === 0 ? 0 : Math.max(1, (n / max) * barHeight));
    const range = this.visibleBrush();
    return html`<svg width=${width} height=${foot + axisHeight} aria-hidden="true">
      ${counted.bands.map((band, k) => this.band(band, k, step))}
      ${bars.map(({ rows, positives }, k) => {
        const wide = Math.max(0.5, step - gap);
        if (rows === 0)
          return svg`<rect class="empty" x=${k * step + 0.5} y=${foot - 5.5} width=${Math.max(0.5, wide - 1)} height="5"></rect>`;
        return svg`<rect class="rows" x=${k * step} y=${foot - height(rows)} width=${wide} height=${height(rows)}></rect>
          ${positives ? svg`<rect class="positives" x=${k * step} y=${foot - height(positives)} width=${wide} height=${height(positives)}></rect>` : nothing}`;
      })}
      ${range ? svg`<rect class="brush" x=${range.from * step} y=${top} width=${(range.to - range.from + 1) * step} height=${barHeight}></rect>` : nothing}
      ${this.labels(counted.unit, step, foot)}</svg>`;
  }

  /** Labels at the starts of days, months or years, where they fit. */
  private labels(unit: Counts['unit'], step: number, foot: number): SVGTemplateResult[] {
    const { bars, width } = this;
    const length = unit === 'year' ? 4 : unit === 'month' ? 7 : 10;
    const starts = bars.flatMap(({ time }, k) => (unit !== 'hour' || time % 86_400_000 === 0 ? [k] : []));
    const places = starts.length > 0 ? starts : [0];
    const every = Math.max(1, Math.ceil((places.length * labelSpace) / Math.max(1, width)));
    return places
      .filter((place, k) => k % every === 0 && place * step <= width - labelSpace / 2)
      .map(
        (place) =>
          svg`<text x=${place * step} y=${foot + 12}>${timeText(bars[place]?.time ?? 0).slice(0, length)}</text>`,
      );
  }

  private band({ split, from, to }: Counts['bands'][number], k: number, step: number): SVGTemplateResult {
    const range = this.rangeOf(timeOf(from), timeOf(to));
    // The bands cover all rows, but the bars may cover only the rows of a filter.
    if (range === null) return svg``;
    const { from: first, to: last } = range;
    const x = Math.max(0, first * step);
    const wide = Math.max(2, Math.min(this.width, (last + 1) * step) - x);
    const label = wide >= 40 ? split : '';
    return svg`<g><title>${split}: ${from} – ${to}</title><rect class="band ${k % 2 === 0 ? '' : 'other'}" x=${x} y="0.5" width=${wide} height=${bandHeight - 1}></rect>
      <text class="band-name" x=${x + 4} y="11">${label}</text></g>`;
  }

  /** The bars between two times (milliseconds since 1970, both included); null if all bars are before or after. */
  private rangeOf(start: number, last: number): Range | null {
    const { bars, counted } = this;
    const final = bars.at(-1);
    if (!final || !counted || Number.isNaN(start + last) || last < start) return null;
    const from = this.placeOf(start);
    const to = this.placeOf(last);
    return to === null || start >= stepUnit(final.time, counted.unit, 1) ? null : { from: from ?? 0, to };
  }

  /** Index of the last bar that starts at `time` or earlier; null if all start later. */
  private placeOf(time: number): number | null {
    const after = this.bars.findIndex((bar) => bar.time > time);
    return after === 0 || this.bars.length === 0 ? null : (after < 0 ? this.bars.length : after) - 1;
  }

  /** The brush to show: the draft while the user makes one, otherwise the brush of the filter. */
  private visibleBrush(): Range | null {
    const { draft, bars } = this;
    if (draft) return { from: Math.min(draft.from, draft.to), to: Math.max(draft.from, draft.to) };
    const { from, to } = brushOf(this.model.view.filter, this.column);
    if (from === null && to === null) return null;
    // The filter excludes its end, so the last included millisecond is 1 earlier.
    return this.rangeOf(
      from === null ? (bars[0]?.time ?? NaN) : timeOf(longTime(from)),
      to === null ? (bars.at(-1)?.time ?? NaN) : timeOf(longTime(to)) - 1,
    );
  }

  private reading(): string {
    const range = this.visibleBrush();
    if (!range || !this.counted) return t('Drag to filter by time');
    // Until the new counts arrive, the bars still have the counts of the previous filter.
    if (this.run.busy) return t('Counting rows by time');
    const { unit } = this.counted;
    const chosenBars = this.bars.slice(range.from, range.to + 1);
    const sum = (countOf: (bar: Bar) => number): string =>
      formatCount(chosenBars.reduce((all, bar) => all + countOf(bar), 0));
    const length = unit === 'hour' ? 16 : 10;
    const from = timeText(chosenBars[0]?.time ?? 0).slice(0, length);
    const to = timeText(stepUnit(chosenBars.at(-1)?.time ?? 0, unit, 1)).slice(0, length);
    const rows = sum((bar) => bar.rows);
    return chosenBars.some(({ positives }) => positives !== null)
      ? t(
          '{0} to {1}: {2} rows, {3} positives',
          from,
          to,
          rows,
          sum((bar) => bar.positives ?? 0),
        )
      : t('{0} to {1}: {2} rows', from, to, rows);
  }

  private key(event: KeyboardEvent): void {
    const { counted } = this;
    if (!counted || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = pageSteps[counted.unit];
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: page,
      PageDown: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    if (step !== undefined) this.move(step, event.shiftKey);
    else if (event.key === 'Enter' && this.draft) this.applyBrush();
    else if (event.key === 'Escape' && this.visibleBrush()) this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private move(step: number, isExtended: boolean): void {
    const range = this.visibleBrush();
    const last = this.bars.length - 1;
    const within = (index: number): number => Math.max(0, Math.min(last, index));
    if (!range) {
      // Without a brush, Home and → begin at the first bar, End and ← at the last one.
      const index = step < 0 === Number.isFinite(step) ? last : 0;
      this.draft = { from: index, to: index };
    } else if (isExtended) this.draft = { from: range.from, to: Math.max(range.from, within(range.to + step)) };
    else {
      const shift = Math.max(-range.from, Math.min(last - range.to, step));
      this.draft = { from: range.from + shift, to: range.to + shift };
    }
  }

  private press(event: PointerEvent): void {
    const plot = event.currentTarget;
    if (event.button !== 0 || !(plot instanceof HTMLElement)) return;
    plot.setPointerCapture(event.pointerId);
    this.isDragging = true;
    const index = this.barAt(event);
    this.draft = { from: index, to: index };
  }

  private drag(event: PointerEvent): void {
    if (this.isDragging && this.draft) this.draft = { from: this.draft.from, to: this.barAt(event) };
  }

  private release(): void {
    if (!this.isDragging) return;
    this.isDragging = false;
    this.applyBrush();
  }

  private cancelDrag(): void {
    this.isDragging = false;
    this.draft = null;
  }

  private barAt(event: PointerEvent): number {
    const box = this.querySelector('svg')?.getBoundingClientRect();
    const share = box && box.width > 0 ? (event.clientX - box.left) / box.width : 0;
    return Math.max(0, Math.min(this.bars.length - 1, Math.floor(share * this.bars.length)));
  }

  /** Makes the brush a filter. */
  private applyBrush(): void {
    const { model, counted } = this;
    const range = this.visibleBrush();
    this.draft = null;
    if (!range || !counted) return;
    const isDate = model.dataset?.columns.find(({ name }) => name === this.column)?.type.kind === 'date';
    const text = (time: number): string => timeText(time).slice(0, isDate ? 10 : 19);
    const from = text(this.bars[range.from]?.time ?? 0);
    const to = text(stepUnit(this.bars[range.to]?.time ?? 0, counted.unit, 1));
    model.setFilter(withBrush(model.view.filter, this.column, { from, to }));
  }

  private clear(): void {
    this.draft = null;
    this.model.setFilter(withBrush(this.model.view.filter, this.column, null));
  }
}

/** All bars from the first to the last, also those without rows. */
function withEmptyBars({ bars, unit }: Counts): Bar[] {
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last) return [];
  const barsByTime = new Map(bars.map((bar) => [bar.at, bar]));
  const all: Bar[] = [];
  const end = timeOf(last.at);
  for (let time = timeOf(first.at); time <= end; time = stepUnit(time, unit, 1)) {
    const at = timeText(time);
    const bar = barsByTime.get(at) ?? { at, rows: 0, positives: first.positives === null ? null : 0 };
    all.push({ ...bar, time });
  }
  return all;
}

/** The first 19 characters of a time; a day gets its midnight. */
function longTime(text: string): string {
  return text.length === 10 ? `${text} 00:00:00` : text.slice(0, 19);
}

function unitTitle(unit: Counts['unit']): string {
  switch (unit) {
    case 'hour':
      return t('Rows per hour, UTC');
    case 'day':
      return t('Rows per day, UTC');
    case 'month':
      return t('Rows per month, UTC');
    case 'year':
      return t('Rows per year, UTC');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-timeline': TimelineStrip;
  }
}
