import { css, html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { roundTicks } from '../../src/core/report/roundTicks.ts';
import { formatPercent } from '../../src/core/table/format.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { t } from '../strings.ts';
import { Chart, type ChartTip } from './chart.ts';
import type { ChartRow } from './chartFile.ts';

const usualHeight = 160;
const plotLeft = 52;
const top = 16;
const bottom = 20;

export interface Bar {
  readonly label: string;
  /** Share of the total, from 0 to 1. */
  readonly share: number;
  /** True for a bar in a stronger colour. */
  readonly isMarked: boolean;
}

/** One bar for each value. ←/→ and the pointer read them. */
@customElement('rs-bars')
export class BarChart extends Chart {
  static override sheets = [
    ...Chart.sheets,
    css`
    rs-bars rect { fill: var(--vscode-charts-lines); fill-opacity: 0.8; }
    rs-bars rect.marked { fill: var(--vscode-charts-foreground); fill-opacity: 1; }
    rs-bars rect.read { stroke: var(--vscode-focusBorder); stroke-width: 1.5; }
  `,
  ];
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) xName = '';
  @property({ attribute: false }) bars: readonly Bar[] = [];
  @state() private place: number | null = null;

  protected override willUpdate(): void {
    if (this.place !== null && this.place >= this.bars.length) this.place = null;
  }

  protected override sentence(): string {
    const tallest = this.bars.reduce<Bar | null>(
      (best, bar) => (best === null || bar.share > best.share ? bar : best),
      null,
    );
    if (tallest === null) return this.name;
    return t('{0}: most frequently {1}, {2}', this.name, tallest.label, formatPercent(tallest.share));
  }

  protected override drawing(): { readonly height: number; readonly content: SVGTemplateResult } {
    const height = this.heightOf(usualHeight);
    const ticks = roundTicks(0, Math.max(...this.bars.map(({ share }) => share), Number.MIN_VALUE), 3);
    const max = Math.max(ticks.at(-1) ?? 1, ...this.bars.map(({ share }) => share));
    const y = (share: number): number => height - bottom - (share / max) * (height - bottom - top);
    const step = this.step;
    const gap = step >= 6 ? 2 : step >= 3 ? 1 : 0;
    // Labels of neighbours must not touch.
    const every = Math.ceil((Math.max(...this.bars.map(({ label }) => label.length)) * 7 + 8) / step);
    return {
      height,
      content: svg`${ticks.map((share) => svg`<line class="gridline" x1=${plotLeft} x2=${this.width} y1=${y(share)} y2=${y(share)}></line><text x=${plotLeft - 8} y=${y(share) + 4} text-anchor="end">${formatPercent(share)}</text>`)}
        ${this.bars.map(({ share, isMarked }, k) => svg`<rect class="${isMarked ? 'marked' : ''} ${k === this.place ? 'read' : ''}" x=${plotLeft + k * step} y=${share > 0 ? Math.min(y(share), height - bottom - 1) : y(0)} width=${Math.max(1, step - gap)} height=${share > 0 ? Math.max(1, y(0) - y(share)) : 0}></rect>`)}
        ${step < 34 ? '' : this.bars.map(({ share }, k) => svg`<text x=${plotLeft + (k + 0.5) * step - gap / 2} y=${y(share) - 4} text-anchor="middle">${share === 0 ? '' : formatPercent(share)}</text>`)}
        <line class="axis" x1=${plotLeft} x2=${this.width} y1=${height - bottom + 0.5} y2=${height - bottom + 0.5}></line>
        ${this.bars.map(({ label }, k) => (k % every === 0 ? svg`<text x=${plotLeft + (k + 0.5) * step - gap / 2} y=${height - 5} text-anchor="middle">${label}</text>` : ''))}`,
    };
  }

  protected override numbers(): TemplateResult {
    return html`<table><thead><tr><th scope="col">${this.xName}</th><th scope="col" class="number">${t('share')}</th></tr></thead>
      <tbody>${this.bars.map(({ label, share }) => html`<tr><td>${label}</td><td class="number">${formatPercent(share)}</td></tr>`)}</tbody></table>`;
  }

  protected override exported(): readonly ChartRow[] {
    return [[this.xName, t('share')], ...this.bars.map(({ label, share }) => [label, share])];
  }

  protected override tip(): ChartTip | null {
    const { place } = this;
    const bar = place === null ? null : valueAt(this.bars, place);
    if (place === null || bar === null) return null;
    return {
      x: plotLeft + (place + 0.5) * this.step,
      title: `${this.xName} ${bar.label}`,
      values: [{ label: t('share'), value: formatPercent(bar.share) }],
    };
  }

  protected override reading(): string {
    const bar = this.place === null ? null : valueAt(this.bars, this.place);
    return bar === null ? this.xName : t('{0}: {1}', bar.label, formatPercent(bar.share));
  }

  protected override handleKey({ key }: KeyboardEvent): boolean {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || this.bars.length === 0) return false;
    this.place = Math.max(0, Math.min(this.bars.length - 1, (this.place ?? (step > 0 ? -1 : this.bars.length)) + step));
    return true;
  }

  protected override pointAt(x: number | null): void {
    const k = x === null ? -1 : Math.floor((x - plotLeft) / this.step);
    this.place = k >= 0 && k < this.bars.length ? k : null;
  }

  private get step(): number {
    return (this.width - plotLeft) / Math.max(1, this.bars.length);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-bars': BarChart;
  }
}
