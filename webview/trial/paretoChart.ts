import { css, html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { labelPlaces, shortName } from '../../src/core/report/labelPlaces.ts';
import { paretoPlot, tickDigits, type ParetoPlot, type Spread } from '../../src/core/report/trialCharts.ts';
import { trialValue } from '../../src/core/report/trialTexts.ts';
import { fixed } from '../../src/core/table/format.ts';
import type { TrialReport } from '../../src/core/trial/report.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { Chart } from '../charts/chart.ts';
import type { ChartRow } from '../charts/chartFile.ts';
import { t } from '../strings.ts';
import { armClass, armMark } from './armMark.ts';

const frame = { left: 44, right: 72, top: 20, bottom: 34 };

/** NDCG against tail recall. Crosses are intervals of the difference to the reference; steps join what no config dominates. */
@customElement('rs-pareto')
export class ParetoChart extends Chart {
  static override sheets = [
    ...Chart.sheets,
    css`
    rs-pareto .leader { stroke: var(--vscode-charts-lines); stroke-width: 1; }
    rs-pareto .steps { fill: none; stroke: var(--vscode-charts-lines); stroke-dasharray: 3 3; }
  `,
  ];
  @property({ attribute: false }) report!: TrialReport;
  @property({ attribute: false }) reference = 0;

  protected override sentence(): string {
    return t('NDCG@20 and tail recall of each config; up and to the right is better');
  }

  protected override drawing(): { readonly height: number; readonly content: SVGTemplateResult } {
    const height = this.heightOf(232);
    const plot = paretoPlot(this.report, this.reference);
    return { height, content: plot ? this.plot(plot, height) : svg`` };
  }

  private plot(plot: ParetoPlot, height: number): SVGTemplateResult {
    const { width } = this;
    const [right, bottom] = [width - frame.right, height - frame.bottom];
    const x = (value: number): number => round(frame.left + plot.x.positionOf(value) * (right - frame.left));
    const y = (value: number): number => round(bottom - plot.y.positionOf(value) * (bottom - frame.top));
    const steps = plot.front
      .map(({ x: at, y: level }, k) =>
        k === 0 ? `M${x(at.value)} ${y(level.value)}` : `V${y(level.value)}H${x(at.value)}`,
      )
      .join('');
    const ends = plot.front.at(-1);
    const marks = plot.points.map(({ arm, x: at, y: level }) => ({
      x: x(at.value),
      y: y(level.value),
      label: shortName(this.nameOf(arm)),
    }));
    const places = labelPlaces(marks, { left: frame.left, right: width, top: 12, bottom: bottom - 2 });
    return svg`${plot.y.ticks.map((tick) => svg`<path class="gridline" d="M${frame.left} ${y(tick)}H${right}"></path><text x=${frame.left - 6} y=${y(tick)} text-anchor="end" dominant-baseline="middle">${fixed(tick, tickDigits(plot.y, 3))}</text>`)}
      ${plot.x.ticks.map((tick) => svg`<text x=${x(tick)} y=${bottom + 14} text-anchor="middle">${fixed(tick, tickDigits(plot.x, 3))}</text>`)}
      <path class="axis" d="M${frame.left} ${bottom}H${right}"></path>
      <text x=${frame.left} y="10">${t('Tail recall@100')}</text><text x=${right} y=${height - 4} text-anchor="end">${t('NDCG@20')}</text>
      <path class="steps" d=${ends ? `${steps}V${bottom}` : ''}></path>
      ${plot.points.map(
        (point) =>
          svg`<path class="arm-line solid ${armClass(point.arm)}" d="M${x(point.x.low)} ${y(point.y.value)}H${x(point.x.high)}M${x(point.x.value)} ${y(point.y.low)}V${y(point.y.high)}"></path>${armMark(point.arm, x(point.x.value), y(point.y.value))}`,
      )}
      ${places.map((place, k) => {
        const { x: markX, y: markY, label } = valueAt(marks, k);
        return svg`${place.isFar ? svg`<path class="leader" d="M${markX} ${markY}L${round(place.x)} ${round(place.y - 4)}"></path>` : svg``}
        <text class="halo strong-label" text-anchor=${place.anchor} x=${round(place.x)} y=${round(place.y)}><title>${this.nameOf(valueAt(plot.points, k).arm)}</title>${label}</text>`;
      })}`;
  }

  protected override numbers(): TemplateResult {
    const plot = paretoPlot(this.report, this.reference);
    const text = ({ low, high, value }: Spread): string =>
      low === value && high === value
        ? trialValue(value)
        : `${trialValue(value)} (${t('{0} to {1}', trialValue(low), trialValue(high))})`;
    return html`<table><thead><tr><th scope="col">${t('config')}</th><th scope="col" class="number">${t('NDCG@20')}</th><th scope="col" class="number">${t('Tail recall@100')}</th></tr></thead>
      <tbody>${(plot?.points ?? []).map(
        ({ arm, x, y }) =>
          html`<tr><td>${this.nameOf(arm)}</td><td class="number">${text(x)}</td><td class="number">${text(y)}</td></tr>`,
      )}</tbody></table>`;
  }

  protected override exported(): readonly ChartRow[] {
    const plot = paretoPlot(this.report, this.reference);
    return [
      ['config', 'ndcg', 'ndcg_low', 'ndcg_high', 'recall_tail', 'recall_tail_low', 'recall_tail_high'],
      ...(plot?.points ?? []).map(({ arm, x, y }) => [
        this.nameOf(arm),
        x.value,
        x.low,
        x.high,
        y.value,
        y.low,
        y.high,
      ]),
    ];
  }

  protected override reading(): string {
    return t('up and to the right is better');
  }

  private nameOf(arm: number): string {
    return valueAt(this.report.arms, arm).name;
  }
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;

declare global {
  interface HTMLElementTagNameMap {
    'rs-pareto': ParetoChart;
  }
}
