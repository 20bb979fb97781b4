import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatPercent } from '../../src/core/table/format.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { t } from '../strings.ts';
import { Chart, type ChartTip } from './chart.ts';
import type { ChartRow } from './chartFile.ts';
import { cumulative, decadesOf, placeOf } from './popularity.ts';

export interface CurveLine {
  readonly name: string;
  readonly kind: 'positives' | 'negatives' | 'corpus' | 'batch' | 'a' | 'b';
  readonly counts: readonly number[];
}
/** One entry's share of the negatives, drawn as an area. */
export interface CurveArea {
  readonly name: string;
  /** Its classes, see `sourceInk`. */
  readonly ink: string;
  readonly counts: readonly number[];
}

const bottom = 18;
/** Minimum width of an axis label, in pixels. */
const labelWidth = 90;
const top = 8;

/**
 * Cumulative share of the rows over the hottest share of the corpus (logarithmic axis): how much positives, negatives
 * and corpus concentrate on hot items.
 */
@customElement('rs-curve')
export class Curve extends Chart {
  static override sheets = [
    ...Chart.sheets,
    css`
    rs-curve .line { fill: none; stroke: var(--vscode-charts-foreground); }
    rs-curve .positives { stroke-width: 2.25; }
    rs-curve .faint { stroke-width: 1; stroke-opacity: 0.7; }
    rs-curve .negatives { stroke-width: 1.25; }
    rs-curve .corpus { stroke-width: 1.25; stroke-dasharray: 4 3; }
    rs-curve path.batch { stroke: var(--rs-batch); stroke-width: 1.75; stroke-dasharray: 1 3; stroke-linecap: round; }
    rs-curve .a { stroke-width: 2; }
    rs-curve .b { stroke-width: 2; stroke: var(--vscode-textLink-foreground); stroke-dasharray: 7 2; }
    rs-curve text.b {
      stroke: var(--vscode-editor-background);
      stroke-width: 3px;
      stroke-dasharray: none;
      fill: var(--vscode-textLink-foreground);
    }
    rs-curve .area { fill-opacity: 0.5; stroke: none; }
    rs-curve .area.outlined { fill-opacity: 0.2; stroke: var(--rs-ink); }
    rs-curve .rule { stroke: var(--vscode-charts-foreground); stroke-opacity: 0.6; }
    rs-curve .ring {
      fill: var(--vscode-editor-background);
      stroke: var(--vscode-charts-foreground);
      stroke-width: 1.5;
    }
  `,
  ];
  /** Upper ends of the bins, as shares of the corpus. */
  @property({ attribute: false }) to: readonly number[] = [];
  @property({ attribute: false }) lines: readonly CurveLine[] = [];
  @property({ attribute: false }) areas: readonly CurveArea[] = [];
  @property({ attribute: false }) plotHeight = 96;
  @property({ type: Boolean }) scale = false;
  /** Shown below the picture while no bin is read. */
  @property({ attribute: false }) caption = '';
  @state() private bin: number | null = null;

  protected override sentence(): string {
    const hottest = this.to.findIndex((end) => end >= 0.01 - 1e-12);
    const endBin = hottest < 0 ? this.to.length - 1 : hottest;
    return t(
      'Share of rows on the most popular {0} of the corpus: {1}',
      formatPercent(valueAt(this.to, endBin)),
      [...this.lines, ...this.areas]
        .map(({ name, counts }) => `${name} ${formatPercent(valueAt(cumulative(counts), endBin))}`)
        .join(', '),
    );
  }

  protected override reading(): TemplateResult | string {
    const { bin } = this;
    if (bin === null) return this.caption;
    return t(
      'most popular {0}: {1}',
      formatPercent(valueAt(this.to, bin)),
      this.lines.map(({ name, counts }) => `${name} ${formatPercent(valueAt(cumulative(counts), bin))}`).join(', '),
    );
  }

  protected override tip(): ChartTip | null {
    const { bin } = this;
    if (bin === null) return null;
    const shareOf = ({ counts }: Pick<CurveLine, 'counts'>): string => formatPercent(valueAt(cumulative(counts), bin));
    return {
      x: this.x(placeOf(valueAt(this.to, bin), decadesOf(this))),
      title: t('most popular {0}', formatPercent(valueAt(this.to, bin))),
      values: [
        ...this.lines.map((line) => ({
          mark: svg`<path class="line ${line.kind}" d="M0 4h20"></path>`,
          label: line.name,
          value: shareOf(line),
        })),
        ...this.areas.map((area) => ({
          mark: svg`<rect class="area ${area.ink}" x="4" width="12" height="8"></rect>`,
          label: area.name,
          value: shareOf(area),
        })),
      ],
    };
  }

  protected override handleKey({ key }: KeyboardEvent): boolean {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return false;
    this.bin = Math.min(this.to.length - 1, Math.max(0, (this.bin ?? -1) + step));
    return true;
  }

  protected override pointAt(x: number | null): void {
    if (x === null) this.bin = null;
    else {
      const decades = decadesOf(this);
      const places = this.to.map((share) => this.x(placeOf(share, decades)));
      const firstBin = places.findIndex((place) => place >= x);
      this.bin = firstBin < 0 ? places.length - 1 : firstBin;
    }
  }

  protected override willUpdate(): void {
    // Another corpus may have fewer bins.
    if (this.bin !== null && this.bin >= this.to.length) this.bin = null;
  }

  /** Height of the plot. */
  private get plot(): number {
    return this.heightOf(this.plotHeight + bottom) - bottom;
  }
  private get left(): number {
    return this.scale ? 40 : 0;
  }
  private x(place: number): number {
    return this.left + place * (this.width - this.left - 1);
  }
  private y(share: number): number {
    return top + (1 - share) * (this.plot - top);
  }

  protected override drawing(): { height: number; content: SVGTemplateResult } {
    const decades = decadesOf(this);
    const places = this.to.map((share) => this.x(placeOf(share, decades)));
    const points = (shares: readonly number[]): string =>
      shares.map((share, k) => `${k === 0 ? 'M' : 'L'}${round(valueAt(places, k))} ${round(this.y(share))}`).join('');
    const { width, plot: plotHeight, bin } = this;
    return {
      height: plotHeight + bottom,
      content: svg`
      ${this.scale ? [0.5, 1].map((share) => svg`<line class="gridline" x1=${this.left} x2=${width} y1=${this.y(share)} y2=${this.y(share)}></line>`) : nothing}
      ${this.scale ? [0, 0.5, 1].map((share) => svg`<text x=${this.left - 8} y=${this.y(share) + 4} text-anchor="end">${share * 100} %</text>`) : nothing}
      ${this.stack(places)}
      ${this.lines.map(({ kind, counts }) => svg`<path class="line ${kind} ${this.scale && kind !== 'a' && kind !== 'b' ? 'faint' : ''}" d=${points(cumulative(counts))}></path>`)}
      <line class="axis" x1=${this.left} x2=${width} y1=${plotHeight + 0.5} y2=${plotHeight + 0.5}></line>
      ${this.labels(decades)}
      ${this.names(places)}
      ${bin === null ? nothing : svg`<line class="rule" x1=${valueAt(places, bin)} x2=${valueAt(places, bin)} y1=${top} y2=${plotHeight}></line>${this.lines.map(({ counts }) => svg`<circle class="ring" r="3" cx=${valueAt(places, bin)} cy=${this.y(valueAt(cumulative(counts), bin))}></circle>`)}`}`,
    };
  }

  /** Stacked areas that add up to the share of all negatives together. */
  private stack(places: readonly number[]): SVGTemplateResult[] {
    const total = Math.max(
      1,
      this.areas.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0),
    );
    let lowerEdge = this.to.map(() => 0);
    return this.areas.map(({ ink, counts }) => {
      let sum = 0;
      const cumulativeShares = counts.map((count) => (sum += count) / total);
      const upperEdge = lowerEdge.map((share, k) => share + valueAt(cumulativeShares, k));
      const path = `${upperEdge.map((share, k) => `${k === 0 ? 'M' : 'L'}${round(valueAt(places, k))} ${round(this.y(share))}`).join('')}${[
        ...lowerEdge,
      ]
        .reverse()
        .map((share, k) => `L${round(valueAt(places, lowerEdge.length - 1 - k))} ${round(this.y(share))}`)
        .join('')}Z`;
      lowerEdge = upperEdge;
      return svg`<path class="area ${ink}" d=${path}></path>`;
    });
  }

  private labels(decades: number): SVGTemplateResult {
    const y = this.plot + 14;
    const inner = Array.from({ length: Math.max(0, decades - 1) }, (_, k) => k + 1);
    // Without space for all labels, keep 1 %, because the sentence about the chart names it.
    const labelled =
      this.width / decades >= labelWidth ? inner : inner.filter((k) => decades >= 3 && k === decades - 2);
    const tick = (decade: number): SVGTemplateResult =>
      svg`<line class="axis" x1=${this.x(decade / decades)} x2=${this.x(decade / decades)} y1=${this.plot} y2=${this.plot + 3}></line>`;
    const text = (decade: number, anchor: 'start' | 'middle' | 'end'): SVGTemplateResult =>
      svg`<text x=${this.x(decade / decades)} y=${y} text-anchor=${anchor}>${percentOf(10 ** (decade - decades))}</text>`;
    return svg`${Array.from({ length: decades + 1 }, (_, k) => tick(k))}${text(0, 'start')}${labelled.map((k) => text(k, 'middle'))}${text(decades, 'end')}`;
  }

  /** Labels next to the lines, where the lines are far enough apart. */
  private names(places: readonly number[]): SVGTemplateResult {
    const labelPlaces: Record<CurveLine['kind'], { place: number; dx: number; dy: number; anchor: 'start' | 'end' }> = {
      positives: { place: 0.42, dx: -4, dy: -5, anchor: 'end' },
      negatives: { place: 0.7, dx: -4, dy: -4, anchor: 'end' },
      corpus: { place: 0.9, dx: 0, dy: -3, anchor: 'end' },
      batch: { place: 0.62, dx: -4, dy: -5, anchor: 'end' },
      a: { place: 0.64, dx: -2, dy: -6, anchor: 'end' },
      b: { place: 0.74, dx: 2, dy: 15, anchor: 'start' },
    };
    const labelBoxes: { left: number; right: number; y: number }[] = [];
    return svg`${this.lines.map(({ name, kind, counts }) => {
      const { place, dx, dy, anchor } = labelPlaces[kind];
      const bin = nearest(places, this.x(place));
      const width = name.length * (/\p{Script=Han}/u.test(name) ? 12 : 6.5);
      const end = valueAt(places, bin) + dx;
      const box = anchor === 'end' ? { left: end - width, right: end } : { left: end, right: end + width };
      const hits = (y: number): boolean =>
        labelBoxes.some((other) => box.left < other.right && box.right > other.left && Math.abs(other.y - y) < 12);
      let y = Math.min(this.plot - 3, Math.max(10, this.y(valueAt(cumulative(counts), bin)) + dy));
      while (hits(y) && y > 10) y -= 2;
      labelBoxes.push({ ...box, y });
      return svg`<text class="halo ${kind === 'positives' || kind === 'a' || kind === 'b' ? 'strong-label' : ''} ${kind === 'b' ? 'b' : ''}" x=${valueAt(places, bin) + dx} y=${y} text-anchor=${anchor}>${name}</text>`;
    })}`;
  }

  protected override exported(): readonly ChartRow[] {
    const series = [...this.lines, ...this.areas];
    const sums = series.map(({ counts }) => cumulative(counts));
    return [
      [t('most popular'), ...series.map(({ name }) => name)],
      ...this.to.map((share, k) => [share, ...sums.map((sum) => valueAt(sum, k))]),
    ];
  }

  protected override numbers(): TemplateResult {
    const visibleBins = this.to
      .map((_, k) => k)
      .filter((k) => k % Math.max(1, Math.floor(this.to.length / 20)) === 0 || k === this.to.length - 1);
    const sums = this.lines.map(({ counts }) => cumulative(counts));
    return html`<table><thead><tr><th>${t('most popular')}</th>${this.lines.map(({ name }) => html`<th class="number">${name}</th>`)}</tr></thead>
      <tbody>${visibleBins.map((k) => html`<tr><td class="number">${formatPercent(valueAt(this.to, k))}</td>${sums.map((sum) => html`<td class="number">${formatPercent(valueAt(sum, k))}</td>`)}</tr>`)}</tbody></table>`;
  }
}

function nearest(places: readonly number[], x: number): number {
  let best = 0;
  places.forEach((place, k) => {
    if (Math.abs(place - x) < Math.abs(valueAt(places, best) - x)) best = k;
  });
  return best;
}

const percentOf = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
const round = (value: number): number => Math.round(value * 100) / 100;

declare global {
  interface HTMLElementTagNameMap {
    'rs-curve': Curve;
  }
}
