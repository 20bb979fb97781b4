import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { differenceOf, isClear, scaleOf } from '../../src/core/report/trialCharts.ts';
import {
  detectableText,
  intervalText,
  isWithheldFromAll,
  signedValue,
  trialValue,
  wordTexts,
} from '../../src/core/report/trialTexts.ts';
import { meanOf } from '../../src/core/trial/gates.ts';
import type { TrialDifference, TrialReport, TrialWord } from '../../src/core/trial/report.ts';
import { mainMetrics, type TrialMetric } from '../../src/core/trial/trialMetrics.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { say, t } from '../strings.ts';
import { armLegend } from './armMark.ts';
import { TrialElement } from './trialElement.ts';

const [half, middle] = [46, 54];
const icons: Readonly<Partial<Record<TrialWord, string>>> = { higher: 'arrow-up', lower: 'arrow-down' };

/**
 * The reference's values, and the others' differences to it. ↑↓ and ←→ move one cell; X makes its config the reference.
 */
@customElement('rs-differences')
export class Differences extends TrialElement {
  static override sheets = [
    css`
    rs-differences { display: block; overflow-x: auto; }
    rs-differences table { border-collapse: collapse; width: 100%; font-size: 12px; line-height: 16px; }
    rs-differences thead th { text-align: left; font-weight: 600; padding: 8px 12px 8px 0; white-space: nowrap; }
    rs-differences thead span { display: inline-flex; align-items: center; gap: 8px; }
    rs-differences thead .muted { font-weight: 400; }
    rs-differences tbody tr { border-top: 1px solid var(--vscode-panel-border); }
    rs-differences tbody th { text-align: left; font-weight: 600; padding: 10px 12px 10px 4px; min-width: 112px; max-width: 144px; position: sticky; left: 0; background: var(--vscode-editor-background); }
    rs-differences td { padding: 8px 20px 8px 4px; vertical-align: middle; }
    rs-differences td.value { font-size: 18px; line-height: 24px; font-variant-numeric: tabular-nums; }
    rs-differences td.chosen { background: var(--vscode-list-inactiveSelectionBackground); }
    rs-differences td.chosen .muted { color: inherit; }
    rs-differences .frame:focus-visible td.chosen { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
    body.vscode-high-contrast rs-differences td.chosen { outline: 1px dashed var(--vscode-contrastActiveBorder, var(--vscode-focusBorder)); outline-offset: -1px; }
    rs-differences .cell { display: grid; grid-template-columns: auto 108px; gap: 2px 12px; justify-content: space-between; max-width: 232px; font-variant-numeric: tabular-nums; white-space: nowrap; }
    rs-differences .cell .codicon { font-size: 12px; vertical-align: -2px; }
    rs-differences .more { margin-top: 8px; font-size: 12px; line-height: 16px; }
    rs-differences .interval { fill: none; stroke: var(--vscode-charts-foreground); stroke-width: 1.5; }
    rs-differences .zero { stroke: var(--vscode-charts-lines); }
    rs-differences circle { fill: var(--vscode-editor-background); stroke: var(--vscode-charts-foreground); stroke-width: 1.5; }
    rs-differences circle.clear { fill: var(--vscode-charts-foreground); }
    @media (max-width: 599px) { rs-differences .cell { grid-template-columns: auto; } }
  `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const { report, reference, others, metrics } = model;
    if (!report) return nothing;
    const nameOf = (arm: number): string => valueAt(report.arms, arm).name;
    const legend = (arm: number): TemplateResult =>
      html`<svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true">${armLegend(arm)}</svg>`;
    return html`<div class="frame" tabindex="0" role="group" aria-label=${t('Differences to {0}', nameOf(reference))} aria-describedby="cell-text"><table>
      <thead><tr><th scope="col"><span class="said">${t('metric')}</span></th><th scope="col"><span>${legend(reference)}${nameOf(reference)}</span></th>${others.map(
        (arm) =>
          html`<th scope="col"><span>${legend(arm)}${nameOf(arm)} <span class="muted">${t('minus {0}', nameOf(reference))}${this.isWithheld(report, arm) && !isWithheldFromAll(report) ? ` · ${say(wordTexts.no_verdict)}` : nothing}</span></span></th>`,
      )}</tr></thead>
      <tbody>${metrics.map(
        (metric, row) => html`<tr><th scope="row">${say(metric.label)}</th>
        <td class="value">${trialValue(meanOf(valueAt(report.values, reference), metric.id))}</td>
        ${others.map((arm) => this.cell(report, metric, row, arm))}</tr>`,
      )}</tbody></table></div>${this.moreButton()}<p id="cell-text" class="said" role="status">${this.reading(report)}</p>`;
  }

  private cell(report: TrialReport, metric: TrialMetric, row: number, arm: number): TemplateResult {
    const { model } = this;
    const difference = differenceOf(report, arm, model.reference, metric.id);
    const chosenClass = row === model.metric && arm === model.arm ? 'chosen' : '';
    if (!difference) return html`<td class=${chosenClass}>–</td>`;
    const detectable = difference.word === 'no_clear_difference' ? detectableText(difference) : null;
    const icon = icons[difference.word];
    const interval = intervalText(difference);
    return html`<td class=${chosenClass} title=${detectable ? say(detectable) : nothing} @click=${() => {
      model.metric = row;
      model.arm = arm;
      model.say('');
    }}><div class="cell"><span>${signedValue(difference.difference)}</span>${picture(difference, scaleOf(report, model.reference, metric.id))}
      <span>${difference.word === 'no_verdict' ? nothing : icon === undefined ? say(wordTexts[difference.word]) : html`<span class="codicon codicon-${icon}" aria-hidden="true"></span><strong>${say(wordTexts[difference.word])}</strong>`}</span>
      <span class="muted">${interval ? say(interval) : nothing}</span></div></td>`;
  }

  /** True if a gate withholds the verdicts about a config; then its column heading shows this once. */
  private isWithheld(report: TrialReport, arm: number): boolean {
    const { reference, metrics } = this.model;
    return metrics.some(({ id }) => differenceOf(report, arm, reference, id)?.word === 'no_verdict');
  }

  private moreButton(): TemplateResult | typeof nothing {
    const { model } = this;
    const folded = model.allMetrics.length - mainMetrics(model.allMetrics).length;
    if (folded === 0) return nothing;
    return html`<button class="link more" aria-expanded=${model.showsAll ? 'true' : 'false'} @click=${() => model.toggleMetrics()}>${model.showsAll ? t('Show the main metrics') : t('Show {0} more metrics', folded)}</button>`;
  }

  /** The chosen cell in words, for screen readers. */
  private reading(report: TrialReport): string {
    const { metrics, metric, arm, reference } = this.model;
    const chosenMetric = metrics[metric];
    const difference = chosenMetric ? differenceOf(report, arm, reference, chosenMetric.id) : null;
    if (!chosenMetric || !difference) return '';
    const interval = intervalText(difference);
    return [
      say(chosenMetric.label),
      t('{0} minus {1}', valueAt(report.arms, arm).name, valueAt(report.arms, reference).name),
      signedValue(difference.difference),
      ...(interval ? [say(interval)] : []),
      say(wordTexts[difference.word]),
    ].join(', ');
  }
}

function picture(comparison: TrialDifference, scale: number): TemplateResult {
  const { difference, low, high } = comparison;
  if (difference === null || low === null || high === null) return html`<span></span>`;
  const x = (value: number): string => (middle + (value / scale) * half).toFixed(1);
  return html`<svg width="108" height="16" viewBox="0 0 108 16" aria-hidden="true">${svg`<path class="zero" d="M${middle} 0v16"></path>
    <path class="interval" d="M${x(low)} 8H${x(high)}M${x(low)} 5v6M${x(high)} 5v6"></path>
    <circle class=${isClear(comparison) ? 'clear' : ''} cx=${x(difference)} cy="8" r="3.5"></circle>`}</svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-differences': Differences;
  }
}
