import { css, html, nothing, type SVGTemplateResult, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { t } from '../strings.ts';
import { csvOf, svgText, type ChartFile, type ChartRow } from './chartFile.ts';
import { SwitchedChart } from './switchedChart.ts';

/** The values at one horizontal position of a chart. */
export interface ChartTip {
  /** Horizontal position in pixels of the picture. */
  readonly x: number;
  readonly title: string;
  /** `mark`: a picture of the series, 20 × 8 pixels. */
  readonly values: readonly { readonly mark?: SVGTemplateResult; readonly label: string; readonly value: string }[];
}

/**
 * Base class of the charts: a picture as wide as its container, with a one-sentence label. The key T shows the numbers
 * as a table.
 */
export abstract class Chart extends SwitchedChart {
  static override sheets = [
    ...SwitchedChart.sheets,
    css`
    .chart { display: block; font-size: 12px; line-height: 16px; }
    .chart svg { overflow: visible; }
    .chart svg .halo {
      paint-order: stroke;
      stroke: var(--vscode-editor-background);
      stroke-width: 3px;
      stroke-linejoin: round;
      fill: var(--vscode-foreground);
    }
    .chart svg .strong-label { font-weight: 600; }
    .chart.large {
      position: fixed; inset: 16px; z-index: 20; max-width: none; overflow: auto; padding: 16px;
      background: var(--vscode-editor-background);
      border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, var(--vscode-panel-border)));
    }
    .chart .plot { position: relative; }
    .chart .tip {
      position: absolute; top: 4px; z-index: 1; max-width: 60%; box-sizing: border-box; padding: 4px 8px; pointer-events: none;
      font-size: 12px; line-height: 18px;
      color: var(--vscode-foreground);
      background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
      border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, var(--vscode-panel-border)));
      border-radius: 3px;
      box-shadow: 0 2px 6px var(--vscode-widget-shadow, transparent);
    }
    .chart .tip b { display: block; font-weight: 600; white-space: nowrap; }
    .chart .tip div { display: flex; align-items: center; gap: 8px; white-space: nowrap; }
    .chart .tip div span:first-of-type { flex: 1; overflow: hidden; text-overflow: ellipsis; }
    .chart .tip div span:last-child { font-variant-numeric: tabular-nums; }
    .chart .tip svg { flex: none; }
    .chart.large .numbers { max-height: none; }
  `,
  ];
  /** Full size and export. They need space below the picture. */
  @property({ type: Boolean }) tools = false;
  /** True if the tools can save the chart as a file. */
  @property({ attribute: false }) isSaved = true;
  @state() protected width = 206;
  @state() private isLarge = false;
  private readonly resized = new ResizeObserver(([entry]) => {
    if (entry && entry.contentRect.width > 0) this.width = Math.round(entry.contentRect.width);
  });

  protected abstract drawing(): { readonly height: number; readonly content: SVGTemplateResult };
  /** Rows of the exported table, the first one with the titles, in full precision. */
  protected exported(): readonly ChartRow[] {
    return [];
  }
  /** Height of the picture in pixels: `usual`, or the height of the page at full size. */
  protected heightOf(usual: number): number {
    return this.isLarge ? Math.max(usual, window.innerHeight - 140) : usual;
  }
  /**
   * Content of a box next to the position under the pointer. Screen readers get `reading` and the table instead.
   */
  protected tip(): ChartTip | null {
    return null;
  }
  /** Handles a key that moves through the picture; true if the key was used. */
  protected handleKey(_event: KeyboardEvent): boolean {
    return false;
  }
  protected pointAt(_x: number | null): void {}

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('chart');
    this.resized.observe(this);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  protected override figure(): TemplateResult {
    return html`<div class="plot" tabindex="0" role="group" aria-label=${t('Chart')} @pointermove=${(event: PointerEvent) => this.onPointerMove(event)} @pointerleave=${() => this.pointAt(null)} @blur=${() => this.pointAt(null)}>${this.picture(this.width)}${this.tools ? this.tipBox() : nothing}</div>`;
  }

  protected override buttons(): TemplateResult | string {
    if (!this.tools) return '';
    return html`<button class="link caption" aria-pressed=${this.isLarge ? 'true' : 'false'} @click=${() => this.enlarge(!this.isLarge)}>${this.isLarge ? t('Usual size') : t('Full size')}</button>
      ${this.isSaved ? this.saveButtons() : nothing}`;
  }

  private saveButtons(): TemplateResult {
    return html`<button class="link caption" aria-label=${t('Export the numbers as CSV')} @click=${() => this.save('csv')}>CSV</button>
      ${this.asTable ? '' : html`<button class="link caption" aria-label=${t('Export the picture as SVG')} @click=${() => this.save('svg')}>SVG</button>`}`;
  }

  private enlarge(isLarge: boolean): void {
    this.isLarge = isLarge;
    this.classList.toggle('large', isLarge);
    if (isLarge) {
      this.setAttribute('role', 'dialog');
      this.setAttribute('aria-label', this.sentence());
    } else for (const name of ['role', 'aria-label']) this.removeAttribute(name);
  }

  private save(format: ChartFile['format']): void {
    const picture = this.querySelector('svg');
    const text = format === 'csv' ? csvOf(this.exported()) : picture ? svgText(picture, this.sentence()) : '';
    const detail: ChartFile = { format, text };
    this.dispatchEvent(new CustomEvent('save-chart', { bubbles: true, detail }));
  }

  private picture(width: number): TemplateResult {
    const { height, content } = this.drawing();
    return html`<svg role="img" aria-label=${this.sentence()} width=${width} height=${height} viewBox="0 0 ${width} ${height}">${content}</svg>`;
  }

  /** Placed on the side of the position that has more space. */
  private tipBox(): TemplateResult | typeof nothing {
    const tip = this.tip();
    if (tip === null) return nothing;
    const { x, title, values } = tip;
    const style = x > this.width / 2 ? `right: ${this.width - x + 12}px` : `left: ${x + 12}px`;
    return html`<div class="tip" aria-hidden="true" .style=${style}><b>${title}</b>${values.map(
      ({ mark, label, value }) =>
        html`<div>${mark === undefined ? nothing : html`<svg width="20" height="8" viewBox="0 0 20 8">${mark}</svg>`}<span>${label}</span><span>${value}</span></div>`,
    )}</div>`;
  }

  private onPointerMove(event: PointerEvent): void {
    if (event.currentTarget instanceof HTMLElement)
      this.pointAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
  }

  protected override use(event: KeyboardEvent): boolean {
    if (event.key === 'Escape' && this.isLarge) {
      this.enlarge(false);
      return true;
    }
    return !this.asTable && this.handleKey(event);
  }
}
