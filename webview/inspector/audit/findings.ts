import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { failureOf } from '../../../src/core/message/failure.ts';
import { severities, type Finding, type Severity } from '../../../src/core/policy/finding.ts';
import { severityNames } from '../../../src/core/report/severityText.ts';
import type { Filter } from '../../../src/core/table/filter.ts';
import { rowsFilter } from '../../../src/core/table/rowsFilter.ts';
import { formatCount } from '../../../src/core/table/format.ts';
import type { AuditView } from '../../../src/protocol/auditView.ts';
import { LightElement } from '../../element.ts';
import { say, t } from '../../strings.ts';
import type { InspectorModel } from '../inspectorModel.ts';

type Indexed = Finding & { readonly index: number };

/** The findings of an audit, the most severe first, and the evidence of the chosen one with ways to go on. */
@customElement('rs-findings')
export class Findings extends LightElement {
  static override sheets = [
    css`
    rs-findings { display: block; margin-bottom: 20px; }
    rs-findings .split { display: grid; grid-template-columns: minmax(0, min(548px, 52%)) minmax(0, 1fr); column-gap: 20px; }
    rs-findings ul { list-style: none; margin: 0; padding: 0; }
    rs-findings .list { border-top: 1px solid var(--vscode-panel-border); }
    rs-findings .finding {
      display: flex; gap: 12px; width: 100%; min-height: 46px; padding: 6px 8px; text-align: left; align-items: center;
      border-bottom: 1px solid var(--vscode-panel-border);
    }
    rs-findings .finding:hover { background: var(--vscode-list-hoverBackground); }
    rs-findings .finding[aria-pressed='true'] {
      background: var(--vscode-list-inactiveSelectionBackground);
      color: var(--vscode-list-inactiveSelectionForeground, var(--vscode-foreground));
      outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px;
    }
    rs-findings .finding:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
    rs-findings .says { display: block; font-size: 13px; line-height: 18px; overflow-wrap: anywhere; }
    rs-findings .rule { font-size: 11px; line-height: 16px; }
    rs-findings .evidence { min-width: 0; }
    rs-findings .evidence h3 { display: flex; gap: 8px; font-size: 13px; line-height: 20px; overflow-wrap: anywhere; }
    rs-findings .evidence .ways { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; margin: 8px 0; }
    rs-findings .evidence li { padding: 3px 0; overflow-wrap: anywhere; }
    rs-findings .examples li { font-family: var(--vscode-editor-font-family); font-size: 11px; line-height: 16px; }
    @media (max-width: 820px) { rs-findings .split { grid-template-columns: minmax(0, 1fr); row-gap: 12px; } }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @property({ attribute: false }) view!: AuditView;
  @state() private chosen = 0;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('view')) this.chosen = 0;
  }

  protected override render(): TemplateResult {
    const { config, findings } = this.view;
    if (config === null && findings.length === 0)
      return html`<section><h2>${t('Findings')}</h2><p class="note">${t('The data rules need a ratio config. No config of this workspace names this file as a sample file.')}</p></section>`;
    const sorted = this.sorted();
    const chosenFinding = sorted[this.chosen];
    return html`<section><h2>${findings.length === 1 ? t('1 finding') : t('{0} findings', formatCount(findings.length))}</h2>
      ${
        chosenFinding === undefined
          ? nothing
          : html`<div class="split"><ul class="list" @keydown=${(event: KeyboardEvent) => this.key(event)}>${sorted.map((finding, k) => this.row(finding, k))}</ul>
        ${this.evidence(chosenFinding)}</div>`
      }
      ${this.passedRulesDetails()}</section>`;
  }

  private sorted(): Indexed[] {
    const rank = (severity: Severity): number => severities.indexOf(severity);
    return this.view.findings
      .map((finding, index) => ({ ...finding, index }))
      .sort((a, b) => rank(a.severity) - rank(b.severity));
  }

  private row({ severity, message, rule }: Indexed, k: number): TemplateResult {
    return html`<li><button class="finding" aria-pressed=${k === this.chosen ? 'true' : 'false'} @click=${() => this.choose(k)}>
      ${icon(severity)}<span><span class="says">${say(message)}</span><span class="mono rule">${rule}</span></span></button></li>`;
  }

  private evidence({ severity, message, details, rule, range, index }: Indexed): TemplateResult {
    const filter = this.filterOf(details);
    const examples = details.filter(({ row }) => row !== undefined);
    const reasons = details.filter(({ row }) => row === undefined);
    return html`<div class="evidence" role="region" aria-label=${t('Evidence')}>
      <h3>${icon(severity)}<span>${say(message)}</span></h3>
      <div class="ways">${filter === null ? nothing : html`<vscode-button @click=${() => this.model.showRows(filter)}>${examples.length === 1 ? t('Show this row') : t('Show these rows')}</vscode-button>`}
        ${this.view.config === null ? nothing : html`<vscode-button appearance="secondary" @click=${() => this.go('showFinding', index)}>${t('Go to config, line {0}', range.start.line + 1)}</vscode-button>`}
        <button class="link mono" @click=${() => this.go('showRule', index)}>${rule}</button></div>
      ${reasons.length === 0 ? nothing : html`<ul>${reasons.map((detail) => html`<li>${say(detail)}</li>`)}</ul>`}
      ${
        examples.length === 0
          ? nothing
          : html`<h3>${t('Examples')}</h3><ul class="examples">${examples.map(
              ({ row = {} }) =>
                html`<li>${Object.entries(row)
                  .map(([column, value]) => `${column} = ${value}`)
                  .join(', ')}</li>`,
            )}</ul>`
      }</div>`;
  }

  /** The filter for the example rows; null if no filter can select them. */
  private filterOf(details: Finding['details']): Filter | null {
    const columns = new Set(
      this.model.dataset?.columns.flatMap(({ name, type }) => (type.kind === 'list' ? [] : [name])),
    );
    return rowsFilter(
      details.flatMap(({ row }) => (row ? [row] : [])),
      columns,
    );
  }

  private passedRulesDetails(): TemplateResult {
    const passedRules = this.view.rules.filter(({ status }) => status === 'passed');
    return html`<details class="passed-rules"><summary><span class="codicon codicon-pass" aria-hidden="true"></span> ${passedRules.length === 1 ? t('1 data rule passed') : t('{0} data rules passed', passedRules.length)}</summary>
      <p class="mono">${passedRules.map(({ rule }) => rule).join(', ')}</p></details>`;
  }

  private choose(k: number): void {
    this.chosen = k;
    void this.updateComplete.then(() => this.querySelectorAll<HTMLElement>('.finding')[k]?.focus());
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const sorted = this.sorted();
    const finding = sorted[this.chosen];
    if (!finding) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const filter = this.filterOf(finding.details);
    if (step !== 0) this.choose(Math.max(0, Math.min(sorted.length - 1, this.chosen + step)));
    else if (event.key === 'Enter' && filter) this.model.showRows(filter);
    else if (event.key.toLowerCase() === 'g') this.go('showFinding', finding.index);
    else if (event.key.toLowerCase() === 'd') this.go('showRule', finding.index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private go(way: 'showFinding' | 'showRule', index: number): void {
    void this.model.channel
      .request(way, { index })
      .catch((error: unknown) => this.model.say(say(failureOf(error).message)));
  }
}

const icon = (severity: Severity): TemplateResult =>
  html`<span class="codicon codicon-${severity} ${severity}-icon" role="img" aria-label=${say(severityNames[severity])}></span>`;

declare global {
  interface HTMLElementTagNameMap {
    'rs-findings': Findings;
  }
}
