import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatCount } from '../../src/core/table/format.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { t } from '../strings.ts';
import { Chart, type ChartTip } from './chart.ts';
import type { ChartRow } from './chartFile.ts';

const plotLeft = 78;
const top = 4;
const bottom = 18;
const HOURS = 24;

/** One hour of a day. */
export interface HourCell {
  readonly rows: number;
  readonly positives: number;
}

/** A range of days marked at the left, such as the training window. */
export interface DayBand {
  readonly name: string;
  /** First and last day, as 0-based indices. */
  readonly from: number;
  readonly to: number;
}

/** Detail of the event `brush`: the first and the last chosen hour, by their place from the first day's hour 0. */
export interface HourRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Days × hours, darker with more rows. Hours without rows between the first and the last row are outlined. Arrows read
 * an hour, Shift extends the brush, Enter takes it; so does dragging.
 */
@customElement('rs-hours')
export class HourChart extends Chart {
  static override sheets = [
    ...Chart.sheets,
    css`
    rs-hours rect.cell { fill: var(--vscode-charts-foreground); }
    rs-hours rect.empty { fill: none; stroke: var(--vscode-problemsWarningIcon-foreground); stroke-width: 1; }
    rs-hours rect.ground { fill: var(--vscode-charts-lines); fill-opacity: 0.12; }
    rs-hours rect.brush { fill: none; stroke: var(--vscode-focusBorder); stroke-width: 1.5; }
    rs-hours .band { stroke: var(--vscode-charts-foreground); stroke-width: 2; }
    rs-hours .band-eval { stroke: var(--vscode-textLink-foreground); stroke-dasharray: 4 2; }
    rs-hours [tabindex] { touch-action: none; }
  `,
  ];
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) days: readonly string[] = [];
  /** 24 for each day; null before the first and after the last hour with rows. */
  @property({ attribute: false }) cells: readonly (HourCell | null)[] = [];
  @property({ attribute: false }) bands: readonly DayBand[] = [];
  /** True if darkness shows the number of positives, not of rows. */
  @property({ attribute: false }) hasLabels = true;
  @state() private range: HourRange | null = null;
  /** The hour under the pointer, or the last one that was read by keys. */
  @state() private place: number | null = null;
  private isDragging = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('pointerdown', (event) => this.press(event));
    this.addEventListener('pointermove', (event) => this.drag(event));
    this.addEventListener('pointerup', () => this.release());
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('cells')) this.range = this.place = null;
  }

  protected override sentence(): string {
    const empty = this.cells.filter((cell) => cell?.rows === 0).length;
    return t('{0}: {1} days, {2} empty hours', this.name, formatCount(this.days.length), formatCount(empty));
  }

  protected override drawing(): { readonly height: number; readonly content: SVGTemplateResult } {
    const { cellWidth, cellHeight, days } = this;
    const height = top + days.length * cellHeight + bottom;
    const weight = (cell: HourCell): number => (this.hasLabels ? cell.positives : cell.rows);
    const max = Math.max(1, ...this.cells.map((cell) => (cell ? weight(cell) : 0)));
    const gap = cellHeight >= 6 ? 1 : 0;
    const box = (k: number): { x: number; y: number } => ({
      x: plotLeft + (k % HOURS) * cellWidth,
      y: top + Math.floor(k / HOURS) * cellHeight,
    });
    const every = Math.max(1, Math.ceil(16 / cellHeight));
    return {
      height,
      content: svg`${this.cells.map((cell, k) => {
        const { x, y } = box(k);
        if (cell === null) return svg``;
        const kind = cell.rows === 0 ? 'empty' : 'cell';
        const ink = cell.rows === 0 ? 1 : 0.08 + 0.92 * Math.sqrt(weight(cell) / max);
        return svg`<rect class="ground" x=${x} y=${y} width=${cellWidth - gap} height=${cellHeight - gap}></rect><rect class=${kind} x=${x + (kind === 'empty' ? 0.5 : 0)} y=${y + (kind === 'empty' ? 0.5 : 0)} width=${Math.max(0.5, cellWidth - gap - (kind === 'empty' ? 1 : 0))} height=${Math.max(0.5, cellHeight - gap - (kind === 'empty' ? 1 : 0))} fill-opacity=${Math.round(ink * 1000) / 1000}></rect>`;
      })}
      ${days.map((day, k) => (k % every === 0 ? svg`<text x=${plotLeft - 12} y=${top + k * cellHeight + Math.min(cellHeight, 11)} text-anchor="end">${day}</text>` : nothing))}
      ${this.bands.map(({ name, from, to }, k) => svg`<line class="band band-${name}" x1=${plotLeft - 8 + k * 4} x2=${plotLeft - 8 + k * 4} y1=${top + from * cellHeight} y2=${top + (to + 1) * cellHeight - 1}><title>${name}</title></line>`)}
      ${[0, 6, 12, 18].map((hour) => svg`<text x=${plotLeft + hour * cellWidth} y=${height - 4}>${`${String(hour).padStart(2, '0')}:00`}</text>`)}
      ${this.brush()}`,
    };
  }

  /** One box per day of the range. */
  private brush(): SVGTemplateResult | typeof nothing {
    const { range, cellWidth, cellHeight } = this;
    if (range === null) return nothing;
    const [from, to] = [Math.min(range.from, range.to), Math.max(range.from, range.to)];
    const rows = Array.from({ length: Math.floor(to / HOURS) - Math.floor(from / HOURS) + 1 }, (_, k) => {
      const day = Math.floor(from / HOURS) + k;
      const [first, last] = [Math.max(from, day * HOURS), Math.min(to, day * HOURS + HOURS - 1)];
      return svg`<rect class="brush" x=${plotLeft + (first % HOURS) * cellWidth} y=${top + day * cellHeight} width=${(last - first + 1) * cellWidth} height=${cellHeight}></rect>`;
    });
    return svg`${rows}`;
  }

  protected override numbers(): TemplateResult {
    const filledCells = this.cells.flatMap((cell, k) => (cell ? [{ cell, k }] : []));
    return html`<table><thead><tr><th scope="col">${t('hour')}</th><th scope="col" class="number">${t('rows')}</th><th scope="col" class="number">${t('positives')}</th></tr></thead>
      <tbody>${filledCells.map(({ cell, k }) => html`<tr><td>${this.hourText(k)}</td><td class="number">${formatCount(cell.rows)}</td><td class="number">${formatCount(cell.positives)}</td></tr>`)}</tbody></table>`;
  }

  protected override exported(): readonly ChartRow[] {
    return [
      [t('hour'), t('rows'), t('positives')],
      ...this.cells.flatMap((cell, k): ChartRow[] => (cell ? [[this.hourText(k), cell.rows, cell.positives]] : [])),
    ];
  }

  protected override reading(): TemplateResult | string {
    const { range } = this;
    if (range === null) return [...this.bands.map(({ name }) => name), t('drag to filter the rows')].join(' · ');
    const [from, to] = [Math.min(range.from, range.to), Math.max(range.from, range.to)];
    const chosenCells = this.cells.slice(from, to + 1);
    const sum = (countOf: (cell: HourCell) => number): string =>
      formatCount(chosenCells.reduce((all, cell) => all + (cell ? countOf(cell) : 0), 0));
    const text = from === to ? this.hourText(from) : t('{0} to {1}', this.hourText(from), this.hourText(to));
    return html`${t(
      '{0}: {1} rows, {2} positives',
      text,
      sum(({ rows }) => rows),
      sum(({ positives }) => positives),
    )}
      <button class="link" @click=${() => this.applyBrush()}>${t('Show these rows')}</button>`;
  }

  protected override handleKey({ key, shiftKey }: KeyboardEvent): boolean {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: HOURS, ArrowUp: -HOURS };
    if (key === 'Enter') {
      this.applyBrush();
      return true;
    }
    const step = steps[key];
    if (step === undefined || this.cells.length === 0) return false;
    const { range } = this;
    const first = this.cells.findIndex((cell) => cell !== null);
    const to = range === null ? first : Math.max(0, Math.min(this.cells.length - 1, range.to + step));
    this.range = { from: shiftKey && range ? range.from : to, to };
    this.place = to;
    return true;
  }

  /** Leaving the chart keeps the brush: its button is below. */
  private press(event: PointerEvent): void {
    const k = this.cellAt(event);
    if (k === null) return;
    this.isDragging = true;
    this.range = { from: k, to: k };
  }

  protected override pointAt(x: number | null): void {
    if (x === null) this.place = null;
  }

  protected override tip(): ChartTip | null {
    const { place } = this;
    const cell = place === null ? null : (this.cells[place] ?? null);
    if (place === null || cell === null) return null;
    return {
      x: plotLeft + ((place % HOURS) + 1) * this.cellWidth,
      title: this.hourText(place),
      values: [
        { label: t('rows'), value: formatCount(cell.rows) },
        ...(this.hasLabels ? [{ label: t('positives'), value: formatCount(cell.positives) }] : []),
      ],
    };
  }

  private drag(event: PointerEvent): void {
    this.place = this.cellAt(event);
    const k = this.isDragging ? this.place : null;
    if (k !== null && this.range) this.range = { from: this.range.from, to: k };
  }

  private release(): void {
    this.isDragging = false;
  }

  private applyBrush(): void {
    const { range } = this;
    if (range === null) return;
    const detail: HourRange = { from: Math.min(range.from, range.to), to: Math.max(range.from, range.to) };
    this.dispatchEvent(new CustomEvent('brush', { detail }));
  }

  private cellAt(event: PointerEvent): number | null {
    const picture = this.querySelector('svg');
    if (!picture || !(event.target instanceof Node) || !picture.contains(event.target)) return null;
    const bounds = picture.getBoundingClientRect();
    const hour = Math.floor((event.clientX - bounds.left - plotLeft) / this.cellWidth);
    const day = Math.floor((event.clientY - bounds.top - top) / this.cellHeight);
    return hour >= 0 && hour < HOURS && day >= 0 && day < this.days.length ? day * HOURS + hour : null;
  }

  private hourText(k: number): string {
    return `${valueAt(this.days, Math.floor(k / HOURS))} ${String(k % HOURS).padStart(2, '0')}:00`;
  }

  private get cellWidth(): number {
    return (this.width - plotLeft) / HOURS;
  }

  private get cellHeight(): number {
    const usual = Math.max(2, Math.min(14, 200 / Math.max(1, this.days.length)));
    return Math.max(usual, Math.min(28, (this.heightOf(0) - top - bottom) / Math.max(1, this.days.length)));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-hours': HourChart;
  }
}
