import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatCount, formatFloat } from '../../src/core/table/format.ts';
import type { Dimensions } from '../../src/core/table/profile.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { LightElement } from '../element.ts';
import { t } from '../strings.ts';

const width = 280;
const height = 56;

/** The mean of each dimension of vectors as a line, in a band of one standard deviation. T shows the numbers. */
@customElement('rs-dimensions')
export class DimensionChart extends LightElement {
  static override sheets = [
    css`
    rs-dimensions { display: block; margin-top: 12px; }
    rs-dimensions svg { max-width: 100%; height: auto; margin: 8px 0 4px; }
    rs-dimensions .band { fill: var(--vscode-charts-lines); fill-opacity: 0.3; }
    rs-dimensions .mean { fill: none; stroke: var(--vscode-charts-foreground); stroke-width: 1.25; }
    rs-dimensions .ends, rs-dimensions .switch { display: flex; justify-content: space-between; }
    rs-dimensions .rows { max-height: 160px; overflow: auto; }
    rs-dimensions th { text-align: left; font-weight: 400; color: var(--rs-muted); padding: 0; }
    rs-dimensions th.number { text-align: right; }
  `,
  ];
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) dimensions!: Dimensions;
  /** Shows the numbers in place of the picture. The switch sends `as-table` with the new value. */
  @property({ attribute: false }) asTable = false;

  protected override render(): TemplateResult {
    const { rows, complete, means } = this.dimensions;
    const source = complete ? t('mean ± std, all rows') : t('mean ± std, first {0} rows', formatCount(rows));
    const { low, high } = this.range();
    const label = t(
      'Mean of each of the {0} dimensions of {1}, between {2} and {3}',
      formatCount(means.length),
      this.name,
      formatFloat(low, 4),
      formatFloat(high, 4),
    );
    return html`<h3>${t('Dimensions')}</h3><span class="caption">${source}</span>
      <div @keydown=${(event: KeyboardEvent) => this.key(event)}>${
        this.asTable
          ? html`<div class="rows" tabindex="0" role="region" aria-label=${label}>${this.numbers()}</div>`
          : html`<div tabindex="0" role="group" aria-label=${t('Dimensions')}><svg role="img" aria-label=${label} width=${width} height=${height} viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${this.drawing(low, high)}</svg>
          <div class="ends caption number"><span>1</span><span>${t('{0} to {1}', formatFloat(low, 4), formatFloat(high, 4))}</span><span>${formatCount(means.length)}</span></div></div>`
      }</div>
      <div class="switch"><span></span><button class="link caption" aria-pressed=${this.asTable ? 'true' : 'false'} @click=${() => this.toggleTable()}><kbd>T</kbd> ${this.asTable ? t('Chart') : t('Table')}</button></div>`;
  }

  private toggleTable(): void {
    this.asTable = !this.asTable;
    this.dispatchEvent(new CustomEvent<boolean>('as-table', { detail: this.asTable }));
  }

  private key(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 't' || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.toggleTable();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('[tabindex="0"]')?.focus());
  }

  /** Smallest and largest end of the bands. */
  private range(): { readonly low: number; readonly high: number } {
    const { means, sds } = this.dimensions;
    let [low, high] = [Infinity, -Infinity];
    means.forEach((mean, k) => {
      if (mean === null) return;
      // One row has no deviation.
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
    const known = means.flatMap((mean, k) => (mean === null ? [] : [{ k, mean, sd: valueAt(sds, k) ?? 0 }]));
    if (known.length === 0) return nothing;
    const upper = known.map(({ k, mean, sd }) => `${x(k)} ${y(mean + sd)}`);
    const lower = known.map(({ k, mean, sd }) => `${x(k)} ${y(mean - sd)}`).reverse();
    return svg`<path class="band" d="M${[...upper, ...lower].join('L')}Z"></path>
      ${low < 0 && high > 0 ? svg`<line class="gridline" x1="0" x2=${width} y1=${y(0)} y2=${y(0)}></line>` : nothing}
      <path class="mean" d="M${known.map(({ k, mean }) => `${x(k)} ${y(mean)}`).join('L')}"></path>`;
  }

  private numbers(): TemplateResult {
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
