import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatCompactCount, formatCount, formatPercent } from '../../src/core/table/format.ts';
import type { ColumnProfile, Histogram } from '../../src/core/table/profile.ts';
import { boot } from '../boot.ts';
import { scalarText } from '../scalar.ts';
import { t } from '../strings.ts';
import { barsPath, partWidths } from './bars.ts';
import { binStart, binType } from './bins.ts';
import { describe } from './mini.ts';
import { sourceInk } from './sourceMark.ts';
import { SwitchedChart } from './switchedChart.ts';

const width = 280;
const height = 120;
/** Pixels that a press may move and still be a click on a bar. */
const clickPixels = 3;

/** A part of the chart, in pixels of its `width`. Equal places are a click on a bar. */
export interface ChartPart {
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

/** The distribution of a column with axes; the key T shows the numbers as a table. */
@customElement('rs-histogram')
export class HistogramView extends SwitchedChart {
  static override sheets = [
    ...SwitchedChart.sheets,
    css`
    rs-histogram svg { max-width: 100%; height: auto; overflow: visible; }
    rs-histogram svg.brushable { cursor: crosshair; touch-action: none; }
    rs-histogram rect.brush { fill: var(--vscode-focusBorder); fill-opacity: 0.24; stroke: var(--vscode-focusBorder); }
  `,
  ];
  @property({ attribute: false }) profile!: ColumnProfile;
  /** True if a drag or a click sends `brush` with the part of the chart. */
  @property({ attribute: false }) isBrushable = false;
  /** The pressed and the current place of a drag, in pixels of the drawing. */
  @state() private drag: { readonly from: number; readonly to: number } | null = null;

  protected override render(): unknown {
    return this.profile.histogram.kind === 'none' ? nothing : super.render();
  }

  protected override sentence(): string {
    return describe(this.profile);
  }

  protected override figure(): TemplateResult {
    const { histogram } = this.profile;
    return html`<div tabindex="0" role="group" aria-label=${t('Distribution')}><svg class=${this.isBrushable ? 'brushable' : ''} role="img" aria-label=${describe(this.profile)} @pointerdown=${(event: PointerEvent) => this.press(event)} @pointermove=${(event: PointerEvent) => this.move(event)} @pointerup=${() => this.release()} @pointercancel=${() => (this.drag = null)} width=${width} height=${height + 20} viewBox="0 0 ${width} ${height + 20}">${histogram.kind === 'none' ? nothing : this.drawing(histogram)}${this.brush()}</svg></div>`;
  }

  private press(event: PointerEvent): void {
    if (!this.isBrushable || event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const index = placeOf(event);
    this.drag = { from: index, to: index };
  }

  private move(event: PointerEvent): void {
    if (this.drag) this.drag = { from: this.drag.from, to: placeOf(event) };
  }

  private release(): void {
    const { drag } = this;
    if (!drag) return;
    this.drag = null;
    const to = Math.abs(drag.to - drag.from) < clickPixels ? drag.from : drag.to;
    this.dispatchEvent(new CustomEvent<ChartPart>('brush', { detail: { width, from: drag.from, to } }));
  }

  private brush(): SVGTemplateResult | typeof nothing {
    const { drag } = this;
    if (!drag) return nothing;
    const x = Math.min(drag.from, drag.to);
    return svg`<rect class="brush" x=${x} y="0" width=${Math.max(1, Math.abs(drag.to - drag.from))} height=${height}></rect>`;
  }

  private drawing(histogram: Exclude<Histogram, { kind: 'none' }>): SVGTemplateResult {
    if (histogram.kind === 'parts' && this.profile.role?.role === 'source') return this.mix(histogram.parts);
    const counts = histogram.kind === 'parts' ? histogram.parts.map((part) => part.count) : histogram.counts;
    const max = Math.max(...counts, 0);
    return svg`
      ${[0.25, 0.5, 0.75, 1].map((share) => svg`<line class="gridline" x1="0" x2=${width} y1=${height - share * (height - 16)} y2=${height - share * (height - 16)}></line>`)}
      <text x="0" y="10">${t('{0} rows', formatCompactCount(max, boot.locale))}</text>
      ${histogram.kind === 'range' && histogram.of !== undefined ? svg`<text x=${width} y="10" text-anchor="end">${histogram.of === 'norm' ? t('norm') : t('length')}</text>` : nothing}
      <g transform="translate(0 16)"><path class="bars" d=${barsPath(counts, width, height - 16)}></path></g>
      <line class="axis" x1="0" x2=${width} y1=${height + 0.5} y2=${height + 0.5}></line>
      ${this.labels(histogram)}`;
  }

  private labels(histogram: Exclude<Histogram, { kind: 'none' }>): SVGTemplateResult {
    const axisLabel = (x: number, anchor: 'start' | 'middle' | 'end', text: string): SVGTemplateResult =>
      svg`<text x=${x} y=${height + 16} text-anchor=${anchor}>${text}</text>`;
    const { type, distinct } = this.profile;
    switch (histogram.kind) {
      case 'range': {
        const from = scalarText(histogram.from, binType(histogram, type));
        const to = scalarText(histogram.to, binType(histogram, type));
        const middle =
          typeof histogram.from === 'number' && typeof histogram.to === 'number' && histogram.of !== 'length'
            ? scalarText((histogram.from + histogram.to) / 2, { kind: 'float', bits: 64 })
            : '';
        const long = from.length + to.length > 40;
        return svg`${axisLabel(0, 'start', long ? from.slice(0, 10) : from)}${middle === '' ? nothing : axisLabel(width / 2, 'middle', middle)}${axisLabel(width, 'end', long ? to.slice(0, 10) : to)}`;
      }
      case 'rank':
        return svg`${axisLabel(0, 'start', t('most frequent'))}${axisLabel(width, 'end', t('{0} values', formatCompactCount(distinct.value, boot.locale)))}`;
      case 'parts': {
        const step = width / Math.max(1, histogram.parts.length);
        const maxCharacters = Math.max(3, Math.floor(step / 7));
        if (step < 28) return svg``;
        return svg`${histogram.parts.map((part, k) => {
          const text = scalarText(part.value, type);
          return axisLabel(
            (k + 0.5) * step,
            'middle',
            text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text,
          );
        })}`;
      }
    }
  }

  /**
   * Names of sources are longer than their bars, so draw one thick bar; the table of top values below has the names.
   */
  private mix(parts: readonly { readonly value: ColumnProfile['min']; readonly count: number }[]): SVGTemplateResult {
    const visibleParts = parts.filter((part) => part.count > 0);
    return svg`${partWidths(
      visibleParts.map((part) => part.count),
      width,
    ).map(
      (part, k) =>
        svg`<rect class=${sourceInk(String(visibleParts[k]?.value))} x=${part.x} y=${height - 24} width=${part.width} height="24"></rect>`,
    )}`;
  }

  protected override numbers(): TemplateResult {
    const { type, rows, nulls, histogram } = this.profile;
    if (histogram.kind === 'none') return html``;
    const line = (label: string, count: number): TemplateResult =>
      html`<tr><td class="cut">${label}</td><td class="number">${formatCount(count)}</td><td class="number muted">${formatPercent(count / Math.max(1, rows - nulls))}</td></tr>`;
    const lines =
      histogram.kind === 'parts'
        ? histogram.parts.map((part) => line(scalarText(part.value, type), part.count))
        : histogram.counts.map((count, k) => line(binLabel(histogram, k), count));
    return html`<table><thead><tr><th>${histogram.kind === 'range' ? t('From') : histogram.kind === 'rank' ? t('Values by frequency') : t('Value')}</th><th class="number">${t('Rows')}</th><td></td></tr></thead><tbody>${lines}</tbody></table>`;
  }
}

/** The place of a pointer in pixels of the drawing, which a narrow pane shows smaller. */
function placeOf(event: PointerEvent): number {
  const box = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : null;
  return box && box.width > 0 ? Math.max(0, Math.min(width, ((event.clientX - box.left) / box.width) * width)) : 0;
}

function binLabel(histogram: Extract<Histogram, { kind: 'range' | 'rank' }>, bin: number): string {
  const start = histogram.kind === 'range' ? binStart(histogram, bin) : null;
  if (start !== null) return scalarText(start, { kind: 'float', bits: 64 });
  return t('{0} of {1}', bin + 1, histogram.counts.length);
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-histogram': HistogramView;
  }
}
