import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Finding, Severity } from '../../../src/core/policy/finding.ts';
import { severities } from '../../../src/core/policy/finding.ts';
import { notMeasured } from '../../../src/core/report/notMeasured.ts';
import { severityNames } from '../../../src/core/report/severityText.ts';
import type { AuditView } from '../../../src/protocol/auditView.ts';
import { failureOf } from '../../../src/core/message/failure.ts';
import '../../components/failure.ts';
import { LightElement } from '../../element.ts';
import { Watch } from '../../observable.ts';
import { say, t } from '../../strings.ts';
import type { InspectorModel } from '../inspectorModel.ts';
import { metricSection } from './metricSection.ts';

/** The tab Audit: what the data rules found in the file, then its metrics, then what was not measured and why. */
@customElement('rs-audit')
export class AuditTab extends LightElement {
  static override sheets = [
    css`
    rs-audit { flex: 1; min-height: 0; display: flex; flex-direction: column; font-size: 12px; line-height: 16px; }
    rs-audit .against {
      display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; flex: none;
      min-height: 36px; padding: 4px 16px; border-bottom: 1px solid var(--vscode-panel-border);
    }
    rs-audit .report { flex: 1; min-height: 0; overflow: auto; padding: 16px; }
    rs-audit section { margin-bottom: 28px; }
    rs-audit h2 { font-size: 13px; line-height: 20px; margin-bottom: 8px; }
    rs-audit .findings, rs-audit .reasons { list-style: none; margin: 0; padding: 0; }
    rs-audit .findings > li { display: flex; gap: 8px; padding: 8px 0; border-bottom: 1px solid var(--vscode-panel-border); }
    rs-audit .findings .says { font-size: 13px; line-height: 18px; overflow-wrap: anywhere; }
    rs-audit .findings ul { margin: 4px 0 0; padding: 0 0 0 16px; color: var(--rs-muted); overflow-wrap: anywhere; }
    rs-audit .findings .ways { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-top: 4px; }
    rs-audit .reasons li { padding: 4px 0; overflow-wrap: anywhere; }
    rs-audit .figures { display: flex; flex-wrap: wrap; gap: 8px 36px; margin: 0 0 12px; }
    rs-audit .figures dd { margin: 0; font-size: 18px; line-height: 24px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    rs-audit .figures dt, rs-audit .figures small { font-size: 11px; line-height: 16px; color: var(--rs-muted); }
    rs-audit .figures small { display: block; }
    rs-audit .fact-scroll { margin-bottom: 12px; }
    rs-audit .fact-table { min-width: 0; }
    rs-audit .note { color: var(--rs-muted); max-width: 76ch; margin-bottom: 4px; }
    rs-audit .passed { display: flex; align-items: center; gap: 8px; padding: 8px 0; }
    rs-audit .passed .codicon { color: var(--vscode-testing-iconPassed); }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;

  constructor() {
    super();
    new Watch(this, () => this.model);
    new Watch(this, () => this.model.audit);
  }

  protected override updated(): void {
    this.model.audit.want();
  }

  protected override render(): TemplateResult {
    const { audit } = this.model;
    const start = (): void => void audit.start();
    const { state } = audit;
    if (state.kind === 'failed')
      return html`<rs-failure .failure=${state.failure} .actions=${[{ label: t('Try again'), kind: 'primary', run: start }]}></rs-failure>`;
    if (state.kind === 'running')
      return html`<div class="report"><p class="muted" role="status">${t('Auditing the file')}</p></div>`;
    if (state.kind === 'none')
      return html`<div class="report"><vscode-button @click=${start}>${t('Audit this file')}</vscode-button></div>`;
    const { view } = state;
    return html`<div class="against"><span class="grow">${againstText(view)}</span>
        <vscode-button appearance="secondary" @click=${start}>${t('Run again')}</vscode-button></div>
      <div class="report" data-region="main" tabindex="0" role="region" aria-label=${t('Audit')}>
        ${view.notices.map((notice) => html`<p class="note">${say(notice)}</p>`)}
        ${this.findings(view)}
        ${view.metrics.map((outcome) => (outcome.state === 'measured' ? metricSection(outcome) : nothing))}
        ${notMeasuredSection(view)}</div>`;
  }

  private findings({ config, findings, rules }: AuditView): TemplateResult {
    if (config === null)
      return html`<section><h2>${t('Findings')}</h2><p class="note">${t('The data rules need a ratio config. No config of this workspace names this file as a sample file.')}</p></section>`;
    const rank = (severity: Severity): number => severities.indexOf(severity);
    const sorted = findings
      .map((finding, index) => ({ finding, index }))
      .sort((a, b) => rank(a.finding.severity) - rank(b.finding.severity));
    const passed = rules.filter(({ status }) => status === 'passed').length;
    return html`<section><h2>${t('Findings')}</h2>
      <ul class="findings">${sorted.map(({ finding, index }) => this.finding(finding, index))}</ul>
      <p class="passed" role="status"><span class="codicon codicon-pass" aria-hidden="true"></span>${passed === 1 ? t('1 data rule passed') : t('{0} data rules passed', passed)}</p></section>`;
  }

  private finding({ severity, message, rule, details }: Finding, index: number): TemplateResult {
    return html`<li><span class="codicon codicon-${severity} ${severity}-icon" role="img" aria-label=${say(severityNames[severity])}></span>
      <div><div class="says">${say(message)}</div>
        ${details.length === 0 ? nothing : html`<ul>${details.map((detail) => html`<li>${say(detail)}</li>`)}</ul>`}
        <div class="ways"><button class="link" @click=${() => this.go('showFinding', index)}>${t('Go to config')}</button>
          <button class="link mono" @click=${() => this.go('showRule', index)}>${rule}</button></div></div></li>`;
  }

  private go(way: 'showFinding' | 'showRule', index: number): void {
    void this.model.channel
      .request(way, { index })
      .catch((error: unknown) => this.model.say(say(failureOf(error).message)));
  }
}

function againstText({ config, stage, split }: AuditView): string {
  if (config === null) return t('Without a config');
  return t('Against {0}', [config.name, stage, split].filter((part) => part !== null).join(' › '));
}

function notMeasuredSection(view: AuditView): TemplateResult | typeof nothing {
  const missing = notMeasured(view);
  if (missing.length === 0) return nothing;
  return html`<section><h2>${t('Not measured')}</h2><ul class="reasons">${missing.map(({ name, because }) => html`<li>${say(name)} <span class="muted">${say(because)}</span></li>`)}</ul></section>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-audit': AuditTab;
  }
}
