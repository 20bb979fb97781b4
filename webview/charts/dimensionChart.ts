import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatCount, formatFloat } from '../../src/core/table/format.ts';
import type { Dimensions } from '../../src/core/table/profile.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { t } from '../strings.ts';
import { SwitchedChart } from './switchedChart.ts';

const width = 280;
const height = 56;

/** The mean of each dimension of vectors as a line, in a band of one standard deviation. T shows the numbers. */
@customElement('rs-dimensions')
export class DimensionChart extends SwitchedChart {
  static override sheets = [
    ...SwitchedChart.sheets,
    css`
    rs-dimensions { margin-top: 12px; }
    rs-dimensions svg { max-width: 100%; height: auto; margin: 8px 0 4px; }
    rs-dimensions .band { fill: var(--vscode-charts-lines); fill-opacity: 0.3; }
    rs-dimensions .mean { fill: none; stroke: var(--vscode-charts-foreground); stroke-width: 1.25; }
    rs-dimensions .ends { display: flex; justify-content: space-between; }
  `,
  ];
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) dimensions!: Dimensions;

  protected override render(): unknown {
    const { rows, complete } = this.dimensions;
    const source = complete ? t('mean ± std, all rows') : t('mean ± std, first {0} rows', formatCount(rows));
    return html`<h3>${t('Dimensions')}</h3><span class="caption">${source}</span>${super.render()}`;
  }

  protected override sentence(): string {
    const { low, high } = this.range();
    return t(
      'Mean of each of the {0} dimensions of {1}, between {2} and {3}',
      formatCount(this.dimensions.means.length),
      this.name,
      formatFloat(low, 4),
      formatFloat(high, 4),
    );
  }

  protected override figure(): TemplateResult {
    const { low, high } = this.range();
    return html`<div tabindex="0" role="group" aria-label=${t('Dimensions')}><svg role="img" aria-label=${this.sentence()} width=${width} height=${height} viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${this.drawing(low, high)}</svg>
      <div class="ends caption number"><span>1</span><span>${t('{0} to {1}', formatFloat(low, 4), formatFloat(high, 4))}</span><span>${formatCount(this.dimensions.means.length)}</span></div></div>`;
  }

  /** Smallest and largest end of the bands. */
  private range(): { readonly low: number; readonly high: number } {
    const { means, sds } = this.dimensions;
    let [low, high] = [Infinity, -Infinity];
    means.forEach((mean, k) => {
      if (mean === null) return;
      // A single row has no standard deviation.
      const sd = valueAt(sds, k) ?? 0;
      low = Math.min(low, mean - sd);
      high = Math.max(high, mean + sd);
    });
    return low <= high ? { low, high } : { low: 0, high: 0 };
  }

  private drawing(low: number, high: number): SVGTemplateResult | typeof nothing {
    const { means, sds } = this.dimensions;
    const x = (k: number): string => ((k / Math.max(1, means.length - 1)) * width).toFixed(2);
    const y = (value: number): string =>
      (high > low ? height - 1 - ((value - low) / (high - low)) * (height - 2) : height / 2).toFixed(2);
    const points = means.flatMap((mean, k) => (mean === null ? [] : [{ k, mean, sd: valueAt(sds, k) ?? 0 }]));
    if (points.length === 0) return nothing;
    const upper = points.map(({ k, mean, sd }) => `${x(k)} ${y(mean + sd)}`);
    const lower = points.map(({ k, mean, sd }) => `${x(k)} ${y(mean - sd)}`).reverse();
    return svg`<path class="band" d="M${[...upper, ...lower].join('L')}Z"></path>
      ${low < 0 && high > 0 ? svg`<line class="gridline" x1="0" x2=${width} y1=${y(0)} y2=${y(0)}></line>` : nothing}
      <path class="mean" d="M${points.map(({ k, mean }) => `${x(k)} ${y(mean)}`).join('L')}"></path>`;
  }

  protected override numbers(): TemplateResult {
    const { means, sds } = this.dimensions;
    const text = (value: number | null | undefined): string =>
      value === null || value === undefined ? '–' : formatFloat(value);
    return html`<table><thead><tr><th>${t('Dimension')}</th><th class="number">${t('mean')}</th><th class="number">${t('std')}</th></tr></thead>
      <tbody>${means.map((mean, k) => html`<tr><td>${formatCount(k + 1)}</td><td class="number">${text(mean)}</td><td class="number">${text(sds[k])}</td></tr>`)}</tbody></table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-dimensions': DimensionChart;
  }
}
