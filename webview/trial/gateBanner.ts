import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { figureText, gateVerdicts, trialLimits } from '../../src/core/report/trialTexts.ts';
import { say, t } from '../strings.ts';
import { TrialElement } from './trialElement.ts';

/** What the gates say, their figures with limits, and the sentence about the limits of every trial. */
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
    rs-gate-banner ul { margin-top: 4px; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 12px; line-height: 16px; }
    rs-gate-banner li { display: inline-flex; align-items: center; gap: 4px; }
    rs-gate-banner li .codicon { font-size: 14px; }
    rs-gate-banner .limits { display: flex; gap: 8px; padding: 8px 12px 0; font-size: 12px; line-height: 16px; }
    rs-gate-banner .limits .codicon { font-size: 14px; }
  `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { report } = this.model;
    if (!report) return nothing;
    const hasFired = report.gates.some(({ fired }) => fired);
    const icon = (holds: boolean): string => (holds ? 'codicon-pass passed' : 'codicon-warning warning-icon');
    return html`<div class="banner" role="status"><span class="codicon ${icon(!hasFired)}" aria-hidden="true"></span><div>
      ${gateVerdicts(report).map((verdict) => html`<p><strong>${say(verdict)}</strong></p>`)}
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

declare global {
  interface HTMLElementTagNameMap {
    'rs-gate-banner': GateBanner;
  }
}
