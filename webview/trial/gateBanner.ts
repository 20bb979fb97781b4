import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { differenceOf } from '../../src/core/report/trialCharts.ts';
import {
  figureText,
  gateVerdicts,
  isWithheldFromAll,
  trialLimits,
  wordTexts,
} from '../../src/core/report/trialTexts.ts';
import type { TrialReport, TrialWord } from '../../src/core/trial/report.ts';
import { mainMetrics, type TrialMetric } from '../../src/core/trial/trialMetrics.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { say, t } from '../strings.ts';
import { TrialElement } from './trialElement.ts';

/** Results of the gates, their figures with limits, and a sentence about the limits of every trial. */
@customElement('rs-gate-banner')
export class GateBanner extends TrialElement {
  static override sheets = [
    css`
    rs-gate-banner { display: block; }
    rs-gate-banner .banner {
      display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 4px 4px; padding: 8px 12px;
      background: var(--vscode-editorWidget-background);
      border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, var(--vscode-panel-border)));
    }
    rs-gate-banner .banner > .codicon { font-size: 18px; }
    rs-gate-banner .passed { color: var(--vscode-testing-iconPassed); }
    rs-gate-banner h2 { font-size: 13px; line-height: 20px; margin: 0; }
    rs-gate-banner .verdicts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; margin: 4px 0 8px; font-size: 12px; line-height: 18px; }
    rs-gate-banner .verdicts dt { max-width: 40ch; overflow-wrap: anywhere; font-weight: 600; } rs-gate-banner .verdicts dt .muted { font-weight: 400; }
    rs-gate-banner .verdicts dd { margin: 0; display: flex; flex-wrap: wrap; gap: 0 20px; }
    rs-gate-banner .verdicts .codicon { font-size: 12px; vertical-align: -2px; }
    @media (max-width: 799px) { rs-gate-banner .verdicts { grid-template-columns: minmax(0, 1fr); } rs-gate-banner .verdicts dd { padding-bottom: 4px; } }
    rs-gate-banner ul { margin-top: 4px; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 12px; line-height: 16px; }
    rs-gate-banner li { display: inline-flex; align-items: center; gap: 4px; }
    rs-gate-banner li .codicon { font-size: 14px; }
    rs-gate-banner .limits { display: flex; gap: 8px; padding: 8px 12px 0; font-size: 12px; line-height: 16px; }
    rs-gate-banner .limits .codicon { font-size: 14px; }
  `,
  ];

  /** The results of each config on the main metrics, in words. */
  private verdicts(report: TrialReport): TemplateResult {
    const { others, reference, allMetrics } = this.model;
    const metrics = mainMetrics(allMetrics);
    const nameOf = (arm: number): string => valueAt(report.arms, arm).name;
    return html`<dl class="verdicts">${others.map((arm) => {
      const wordOf = ({ id }: TrialMetric): TrialWord | null => differenceOf(report, arm, reference, id)?.word ?? null;
      const parts = (
        [
          ['higher', 'arrow-up'],
          ['lower', 'arrow-down'],
          ['no_clear_difference', null],
        ] as const
      ).flatMap(([word, icon]) => {
        const names = namesOf(metrics, wordOf, word);
        return names === null ? [] : [{ word, icon, names }];
      });
      return html`<dt>${nameOf(arm)} <span class="muted">${t('minus {0}', nameOf(reference))}</span></dt><dd>${parts.length === 0 ? say(wordTexts.no_verdict) : parts.map(({ word, icon, names }) => html`<span>${icon === null ? nothing : html`<span class="codicon codicon-${icon}" aria-hidden="true"></span>`}${icon === null ? say(wordTexts[word]) : html`<strong>${say(wordTexts[word])}</strong>`}: ${names}</span>`)}</dd>`;
    })}</dl>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { report } = this.model;
    if (!report) return nothing;
    const hasFired = report.gates.some(({ fired }) => fired);
    const icon = (holds: boolean): string => (holds ? 'codicon-pass passed' : 'codicon-warning warning-icon');
    return html`<div class="banner" role="status"><span class="codicon ${icon(!hasFired)}" aria-hidden="true"></span><div>
      ${isWithheldFromAll(report) ? html`<h2>${t('No verdict')}</h2>${gateVerdicts(report).map((verdict) => html`<p>${say(verdict)}</p>`)}` : html`${gateVerdicts(report).map((verdict) => html`<p><strong>${say(verdict)}</strong></p>`)}${this.verdicts(report)}`}
      <ul aria-label=${t('Gates')}>${report.gates
        .flatMap(({ figures }) => figures)
        .map((figure) => {
          const { name, value } = figureText(figure);
          return html`<li><span class="codicon ${icon(figure.holds)}" role="img" aria-label=${figure.holds ? t('passed') : t('fired')}></span>${say(name)} <span class="muted">${say(value)}</span></li>`;
        })}</ul></div></div>
      <p class="limits"><span class="codicon codicon-info info-icon" aria-hidden="true"></span>${say(trialLimits)}</p>
      ${report.notes.map((note) => html`<p class="limits"><span class="codicon codicon-info info-icon" aria-hidden="true"></span>${say(note)}</p>`)}`;
  }
}

/** Names of the metrics with this verdict; null if there are none. */
const namesOf = (
  metrics: readonly TrialMetric[],
  wordOf: (metric: TrialMetric) => TrialWord | null,
  word: TrialWord,
): string | null => {
  const names = metrics.filter((metric) => wordOf(metric) === word).map(({ label }) => say(label));
  return names.length === 0 ? null : names.join(' · ');
};

declare global {
  interface HTMLElementTagNameMap {
    'rs-gate-banner': GateBanner;
  }
}
