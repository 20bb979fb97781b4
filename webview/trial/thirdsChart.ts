import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shortName, spreadLabels } from '../../src/core/report/labelPlaces.ts';
import { thirds, thirdsPlot, tickDigits, type Spread, type ThirdsPlot } from '../../src/core/report/trialCharts.ts';
import { fixed, formatPercent } from '../../src/core/table/format.ts';
import { meanOf } from '../../src/core/trial/gates.ts';
import type { TrialReport } from '../../src/core/trial/report.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { Chart } from '../charts/chart.ts';
import type { ChartRow } from '../charts/chartFile.ts';
import { t } from '../strings.ts';
import { armClass, armMark } from './armMark.ts';

const frame = { left: 44, right: 84, top: 10, bottom: 40 };

/** Recall of the head, the middle and the tail: percentage points above or below the reference. */
@customElement('rs-thirds')
export class ThirdsChart extends Chart {
  @property({ attribute: false }) report!: TrialReport;
  @property({ attribute: false }) reference = 0;

  protected override sentence(): string {
    return t('Recall@100 by popularity third, in percentage points above or below {0}', this.nameOf(this.reference));
  }

  protected override drawing(): { readonly height: number; readonly content: SVGTemplateResult } {
    const height = this.heightOf(220);
    const plot = thirdsPlot(this.report, this.reference);
    return { height, content: plot ? this.plot(plot, height) : svg`` };
  }

  private plot({ y: axis, lines }: ThirdsPlot, height: number): SVGTemplateResult {
    const [right, bottom] = [this.width - frame.right, height - frame.bottom];
    const step = (right - frame.left - 64) / 2;
    const y = (value: number): number => round(bottom - axis.positionOf(value) * (bottom - frame.top));
    const labels = spreadLabels(
      lines.map(({ arm, points }) => ({ arm, y: y(points.findLast((point) => point !== null)?.value ?? 0) })),
    );
    return svg`${axis.ticks.map((tick) => svg`<path class="gridline" d="M${frame.left} ${y(tick)}H${right}"></path><text x=${frame.left - 6} y=${y(tick)} text-anchor="end" dominant-baseline="middle">${points(tick, tickDigits(axis, 1))}</text>`)}
      ${this.thirdNames().map((name, k) => {
        const value = meanOf(valueAt(this.report.values, this.reference), valueAt(thirds, k));
        const x = round(frame.left + 32 + k * step);
        return svg`<text x=${x} y=${bottom + 16} text-anchor="middle">${name}</text><text x=${x} y=${bottom + 32} text-anchor="middle">${value === null ? '–' : formatPercent(value)}</text>`;
      })}
      ${lines.map(({ arm, points: spreads }, order) => {
        const x = (k: number): number => round(frame.left + 32 + k * step + (order - (lines.length - 1) / 2) * 5);
        const visiblePoints = spreads.flatMap((point, k): [Spread, number][] => (point ? [[point, x(k)]] : []));
        return svg`<path class="arm-line ${armClass(arm)}" d=${visiblePoints.map(([point, at], k) => `${k === 0 ? 'M' : 'L'}${at} ${y(point.value)}`).join('')}></path>
          <path class="arm-line solid ${armClass(arm)}" d=${visiblePoints.map(([point, at]) => `M${at} ${y(point.low)}V${y(point.high)}`).join('')}></path>
          ${visiblePoints.map(([point, at]) => armMark(arm, at, y(point.value)))}`;
      })}
      ${labels.map((label) => svg`<text class="halo strong-label" x=${right - 4} y=${label.y} dominant-baseline="middle"><title>${this.nameOf(label.arm)}</title>${shortName(this.nameOf(label.arm))}</text>`)}`;
  }

  protected override numbers(): TemplateResult {
    const plot = thirdsPlot(this.report, this.reference);
    const text = (point: Spread | null): string =>
      point === null
        ? '–'
        : point.low === point.high
          ? points(point.value)
          : `${points(point.value)} (${t('{0} to {1}', points(point.low), points(point.high))})`;
    return html`<table><thead><tr><th scope="col">${t('config')}</th>${this.thirdNames().map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
      <tbody>${(plot?.lines ?? []).map(({ arm, points: own }) => html`<tr><td>${this.nameOf(arm)}</td>${own.map((point) => html`<td class="number">${text(point)}</td>`)}</tr>`)}</tbody></table>`;
  }

  protected override exported(): readonly ChartRow[] {
    const plot = thirdsPlot(this.report, this.reference);
    return [
      ['config', 'third', 'points', 'low', 'high'],
      ...(plot?.lines ?? []).flatMap(({ arm, points: own }) =>
        own.map((point, k): ChartRow => [
          this.nameOf(arm),
          valueAt(thirds, k),
          point?.value ?? null,
          point?.low ?? null,
          point?.high ?? null,
        ]),
      ),
    ];
  }

  protected override reading(): string {
    return t('below the names: {0}', this.nameOf(this.reference));
  }

  private thirdNames(): string[] {
    return [t('head'), t('middle'), t('tail')];
  }

  private nameOf(arm: number): string {
    return valueAt(this.report.arms, arm).name;
  }
}

/** Percentage points with their sign: `+1.1`. */
function points(value: number, digits = 1): string {
  const text = fixed(Math.abs(value), digits);
  return Number(text) === 0 ? '0' : `${value < 0 ? '−' : '+'}${text}`;
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;

declare global {
  interface HTMLElementTagNameMap {
    'rs-thirds': ThirdsChart;
  }
}
