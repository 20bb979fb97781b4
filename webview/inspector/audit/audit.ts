import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { MetricOutcome } from '../../../src/core/audit/metric.ts';
import { gaugesOf } from '../../../src/core/report/gauges.ts';
import { notMeasured } from '../../../src/core/report/notMeasured.ts';
import { formatCount } from '../../../src/core/table/format.ts';
import type { AuditView } from '../../../src/protocol/auditView.ts';
import '../../components/failure.ts';
import { LightElement } from '../../element.ts';
import { Watch } from '../../observable.ts';
import { say, t } from '../../strings.ts';
import type { InspectorModel } from '../inspectorModel.ts';
import { auditFrame } from './auditFrame.ts';
import './findings.ts';
import { gaugeRow } from './gaugeRow.ts';
import { metricSection } from './metricSection.ts';
import { roleForm } from './roleForm.ts';

/** The tab Audit: findings and verdicts first; then, in closed sections, every metric and what was not measured. */
@customElement('rs-audit')
export class AuditTab extends LightElement {
  static override sheets = [
    css`
    rs-audit { flex: 1; min-height: 0; display: flex; flex-direction: column; font-size: 12px; line-height: 16px; }
    rs-audit section { margin-bottom: 28px; }
    rs-audit h2 { font-size: 13px; line-height: 20px; margin-bottom: 8px; }
    rs-audit .reasons { list-style: none; margin: 0; padding: 0; }
    rs-audit .reasons li { padding: 4px 0; overflow-wrap: anywhere; }
    rs-audit .figures { display: flex; flex-wrap: wrap; gap: 8px 36px; margin: 0 0 12px; }
    rs-audit .figures dd { margin: 0; font-size: 18px; line-height: 24px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    rs-audit .figures dt, rs-audit .figures small { font-size: 11px; line-height: 16px; color: var(--rs-muted); }
    rs-audit .figures small { display: block; }
    rs-audit .fact-scroll { margin-bottom: 12px; }
    rs-audit .fact-table { min-width: 0; }
    rs-audit .note { color: var(--rs-muted); max-width: 76ch; margin-bottom: 4px; }
    rs-audit summary { cursor: pointer; padding: 6px 0; overflow-wrap: anywhere; }
    rs-audit .metrics header { display: flex; align-items: baseline; gap: 12px; }
    rs-audit .metric { border-top: 1px solid var(--vscode-panel-border); }
    rs-audit .metric:last-child { border-bottom: 1px solid var(--vscode-panel-border); }
    rs-audit .metric > summary { display: flex; align-items: baseline; gap: 8px; min-height: 32px; padding: 8px; box-sizing: border-box; }
    rs-audit .metric > summary::-webkit-details-marker { display: none; }
    rs-audit .metric > summary:hover { background: var(--vscode-list-hoverBackground); }
    rs-audit .metric > summary:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
    rs-audit .metric > summary h3 { flex: none; max-width: 60%; font-size: 12px; line-height: 16px; margin: 0; }
    rs-audit .metric > summary .codicon { flex: none; font-size: 14px; align-self: flex-start; margin-top: 1px; }
    rs-audit .metric > summary .muted { min-width: 0; font-variant-numeric: tabular-nums; }
    rs-audit .metric[open] > summary .codicon { rotate: 90deg; }
    rs-audit .metric > .inside { padding: 8px 8px 16px 30px; }
    @media (max-width: 599px) { rs-audit .metric > summary { flex-wrap: wrap; } rs-audit .metric > summary .muted { flex-basis: 100%; padding-left: 22px; } rs-audit .metric > .inside { padding-left: 8px; } }
    rs-audit .passed-rules .codicon { color: var(--vscode-testing-iconPassed); vertical-align: middle; }
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
    const { state } = audit;
    const view = state.kind === 'done' ? state.view : null;
    return auditFrame(
      this.model,
      t('Audit'),
      html`${view === null ? nothing : this.top(view)}
        ${this.sections(audit.metrics, view)}`,
    );
  }

  private sections(metrics: readonly MetricOutcome[], view: AuditView | null): TemplateResult | typeof nothing {
    const measured = metrics.filter((outcome) => outcome.state === 'measured');
    if (measured.length === 0 && view === null) return nothing;
    return html`<section class="metrics"><header><h2>${t('Metrics')}</h2><button class="link" @click=${() => this.openAll(true)}>${t('Open all')}</button><button class="link" @click=${() => this.openAll(false)}>${t('Close all')}</button></header>
      ${repeat(measured, ({ metric }) => metric, metricSection)}
      ${view === null ? nothing : notMeasuredSection(view)}</section>`;
  }

  private openAll(isOpen: boolean): void {
    for (const section of this.querySelectorAll<HTMLDetailsElement>('details.metric')) section.open = isOpen;
  }

  private top(view: AuditView): TemplateResult {
    const { sample, notices, metrics, rules } = view;
    return html`<p class="note">${t('{0} samples in {1} rows, layout {2}', formatCount(sample.rows), formatCount(sample.fileRows), sample.layout)}</p>
      ${notices.map((notice) => html`<p class="note">${say(notice)}</p>`)}
      <rs-findings .model=${this.model} .view=${view}></rs-findings>
      ${gaugeRow(gaugesOf(metrics, rules), view.findings)}
      ${roleForm(this.model.dataset?.columns ?? [], sample, this.model.audit)}`;
  }
}

function notMeasuredSection(view: AuditView): TemplateResult | typeof nothing {
  const missing = notMeasured(view);
  if (missing.length === 0) return nothing;
  return html`<details class="metric"><summary><span class="codicon codicon-chevron-right" aria-hidden="true"></span><h3>${t('Not measured')}</h3><span class="muted cut">${formatCount(missing.length)}</span></summary>
    <div class="inside"><ul class="reasons">${missing.map(({ name, because }) => html`<li>${say(name)} <span class="muted">${say(because)}</span></li>`)}</ul></div></details>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-audit': AuditTab;
  }
}
