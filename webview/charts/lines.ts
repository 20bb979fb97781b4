import { css, html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { lineLayout, type ChartFrame, type ChartLine } from '../../src/core/report/lineLayout.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { t } from '../strings.ts';
import { Chart, type ChartTip } from './chart.ts';
import type { ChartRow } from './chartFile.ts';

const letterWidth = 6.5;
/** Number of styles of lines. */
const styles = 6;

/** Lines over a common axis. ←/→ and the pointer read the values at one place. */
@customElement('rs-lines')
export class Lines extends Chart {
  static override sheets = [
    ...Chart.sheets,
    css`
    rs-lines { max-width: 860px; }
    rs-lines .grid { stroke: var(--vscode-charts-lines); stroke-opacity: 0.22; }
    rs-lines path { fill: none; stroke: var(--vscode-charts-foreground); stroke-width: 1.5; stroke-linejoin: round; }
    rs-lines .series-0 { stroke-width: 2.25; }
    rs-lines .series-1 { stroke-dasharray: 7 3; stroke: var(--vscode-textLink-foreground); }
    rs-lines .series-2 { stroke-dasharray: 2 3; }
    rs-lines .series-3 { stroke-dasharray: 9 3 2 3; stroke: var(--vscode-textLink-foreground); }
    rs-lines .series-4 { stroke-dasharray: 4 4; }
    rs-lines .series-5 { stroke-dasharray: 12 4; stroke: var(--vscode-textLink-foreground); }
    rs-lines .rule { stroke: var(--vscode-charts-foreground); stroke-opacity: 0.6; }
  `,
  ];
  /** Title of the picture. */
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) xName = '';
  /** X values, ascending. */
  @property({ attribute: false }) x: readonly number[] = [];
  @property({ attribute: false }) lines: readonly ChartLine[] = [];
  /** True if `x` are indices of texts. */
  @property({ attribute: false }) isText = false;
  /** A logarithmic y axis, for quotients. */
  @property({ attribute: false }) logY = false;
  @property({ attribute: false }) plotHeight = 200;
  @property({ attribute: false }) textOfX: (value: number) => string = String;
  @property({ attribute: false }) textOfY: (value: number) => string = String;
  @state() private place: number | null = null;

  protected override sentence(): string {
    return t('{0}: {1} by {2}', this.name, this.lines.map(({ label }) => label).join(', '), this.xName);
  }

  protected override drawing(): { readonly height: number; readonly content: SVGTemplateResult } {
    const { frame, place } = this;
    const { xTicks, yTicks, paths, places, labels } = lineLayout(this.x, this.lines, frame);
    const right = frame.width - frame.right;
    const bottom = frame.height - frame.bottom;
    return {
      height: frame.height,
      content: svg`${yTicks.map(
        ({ value, y }) =>
          svg`<line class="grid" x1=${frame.left} x2=${right} y1=${y} y2=${y}></line><text x=${frame.left - 8} y=${y} text-anchor="end" dominant-baseline="middle">${this.textOfY(value)}</text>`,
      )}${xTicks.map(({ value, x, anchor }) => svg`<text x=${x} y=${bottom + 17} text-anchor=${anchor}>${this.textOfX(value)}</text>`)}
        ${paths.map((path, k) => svg`<path class="series-${k % styles}" d=${path}></path>`)}
        ${labels.map(
          ({ line, text, y }) =>
            svg`<path class="series-${line % styles}" d="M${right + 8} ${y}h20"></path><text class="halo" x=${right + 34} y=${y} dominant-baseline="middle">${text}</text>`,
        )}
        ${place === null ? '' : svg`<line class="rule" x1=${valueAt(places, place)} x2=${valueAt(places, place)} y1=${frame.top} y2=${bottom}></line>`}`,
    };
  }

  protected override numbers(): TemplateResult {
    return html`<table><thead><tr><th scope="col">${this.xName}</th>${this.lines.map(({ label }) => html`<th scope="col" class="number">${label}</th>`)}</tr></thead>
      <tbody>${this.x.map((x, k) => html`<tr><td>${this.textOfX(x)}</td>${this.lines.map((line) => html`<td class="number">${this.textAt(line, k)}</td>`)}</tr>`)}</tbody></table>`;
  }

  protected override exported(): readonly ChartRow[] {
    return [
      [this.xName, ...this.lines.map(({ label }) => label)],
      ...this.x.map((x, k) => [
        this.isText ? this.textOfX(x) : x,
        ...this.lines.map(({ values }) => valueAt(values, k)),
      ]),
    ];
  }

  protected override tip(): ChartTip | null {
    const { place } = this;
    if (place === null) return null;
    return {
      x: valueAt(lineLayout(this.x, this.lines, this.frame).places, place),
      title: `${this.xName} ${this.textOfX(valueAt(this.x, place))}`,
      values: this.lines.map((line, k) => ({
        mark: svg`<path class="series-${k % styles}" d="M0 4h20"></path>`,
        label: line.label,
        value: this.textAt(line, place),
      })),
    };
  }

  protected override reading(): string {
    const { place } = this;
    if (place === null) return '';
    const values = this.lines.map((line) => `${line.label} ${this.textAt(line, place)}`);
    return t('{0}: {1}', this.textOfX(valueAt(this.x, place)), values.join(', '));
  }

  protected override handleKey({ key }: KeyboardEvent): boolean {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return false;
    const last = this.x.length - 1;
    this.place = this.place === null ? (step > 0 ? 0 : last) : Math.max(0, Math.min(last, this.place + step));
    return true;
  }

  protected override pointAt(x: number | null): void {
    if (x === null) {
      this.place = null;
      return;
    }
    const distances = lineLayout(this.x, this.lines, this.frame).places.map((place) => Math.abs(place - x));
    this.place = distances.indexOf(Math.min(...distances));
  }

  /** Labels at the right and numbers at the left get less space in a narrow page. */
  private get frame(): ChartFrame {
    const longest = Math.max(8, ...this.lines.map(({ label }) => label.length));
    return {
      width: this.width,
      height: this.heightOf(this.plotHeight),
      top: 8,
      right: Math.min(this.width / 2.5, 44 + longest * letterWidth),
      bottom: 24,
      left: 64,
      isLogY: this.logY,
    };
  }

  private textAt({ values }: ChartLine, k: number): string {
    const value = valueAt(values, k);
    return value === null ? '–' : this.textOfY(value);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-lines': Lines;
  }
}
