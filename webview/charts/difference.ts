import { css, html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatPercent } from '../../src/core/table/format.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { withMinus } from '../scalar.ts';
import { t } from '../strings.ts';
import { Chart } from './chart.ts';
import { byQuarterDecade, decadesOf } from './popularity.ts';

const plotHeight = 84;
const plotLeft = 40;

/** B minus A by popularity: difference in percentage points of the negatives per quarter decade, hottest first. */
@customElement('rs-difference')
export class Difference extends Chart {
  static override sheets = [
    ...Chart.sheets,
    css`
    rs-difference .up { fill: var(--vscode-textLink-foreground); }
    rs-difference .down { fill: var(--vscode-charts-lines); }
  `,
  ];
  /** Upper ends of the bins, as shares of the corpus. */
  @property({ attribute: false }) to: readonly number[] = [];
  @property({ attribute: false }) a: readonly number[] = [];
  @property({ attribute: false }) b: readonly number[] = [];

  private get points(): number[] {
    const a = byQuarterDecade(this, this.a);
    return byQuarterDecade(this, this.b).map((share, k) => (share - valueAt(a, k)) * 100);
  }

  protected override sentence(): string {
    const { points } = this;
    const largest = points.reduce(
      (best, value, k) => (Math.abs(value) > Math.abs(valueAt(points, best)) ? k : best),
      0,
    );
    return t(
      'B minus A by popularity: the largest difference is {0} percentage points, in the bin up to the most popular {1} of the corpus',
      signed(valueAt(points, largest)),
      formatPercent(this.end(largest)),
    );
  }

  protected override drawing(): { height: number; content: SVGTemplateResult } {
    const { points, width } = this;
    const max = Math.max(1, ...points.map(Math.abs));
    const limit = Math.ceil(max);
    const middle = plotHeight / 2 + 4;
    const y = (value: number): number => middle - (value / limit) * (plotHeight / 2 - 4);
    const step = (width - plotLeft) / Math.max(1, points.length);
    return {
      height: plotHeight + 22,
      content: svg`
      ${[limit, 0, -limit].map((value) => svg`<line class=${value === 0 ? 'axis' : 'gridline'} x1=${plotLeft} x2=${width} y1=${y(value)} y2=${y(value)}></line><text x=${plotLeft - 8} y=${y(value) + 4} text-anchor="end">${value === 0 ? '0' : signed(value, 0)}</text>`)}
      ${points.map((value, k) => svg`<rect class=${value > 0 ? 'up' : 'down'} x=${plotLeft + k * step + 1} width=${Math.max(1, step - 2)} y=${Math.min(y(value), middle)} height=${Math.max(0.5, Math.abs(y(value) - middle))}></rect>`)}
      <text x=${plotLeft} y=${plotHeight + 18}>${t('most popular')}</text><text x=${width} y=${plotHeight + 18} text-anchor="end">${t('least popular')}</text>`,
    };
  }

  protected override numbers(): TemplateResult {
    return html`<table><thead><tr><th>${t('most popular')}</th><th class="number">${t('points')}</th></tr></thead><tbody>${this.points.map((value, k) => html`<tr><td class="number">${formatPercent(this.end(k))}</td><td class="number">${signed(value)}</td></tr>`)}</tbody></table>`;
  }

  private end(part: number): number {
    return 10 ** ((part + 1) / 4 - decadesOf(this));
  }
}

function signed(value: number, decimals = 2): string {
  return value > 0 ? `+${value.toFixed(decimals)}` : withMinus(value.toFixed(decimals));
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-difference': Difference;
  }
}
