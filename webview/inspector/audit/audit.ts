import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
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

/** The tab Audit: findings first, gauges second, then every metric, then what was not measured and why. */
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
        ${sections(audit.metrics)}
        ${view === null ? nothing : notMeasuredSection(view)}`,
    );
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

const sections = (metrics: readonly MetricOutcome[]): (TemplateResult | typeof nothing)[] =>
  metrics.map((outcome) => (outcome.state === 'measured' ? metricSection(outcome) : nothing));

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
