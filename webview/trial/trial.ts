import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { lossLines, paretoPlot, thirdsPlot } from '../../src/core/report/trialCharts.ts';
import { fixed } from '../../src/core/table/format.ts';
import type { TrialReport } from '../../src/core/trial/report.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import type { ChartFile } from '../charts/chartFile.ts';
import '../charts/lines.ts';
import '../components/failure.ts';
import type { FailureAction } from '../components/failure.ts';
import { FocusKeeper, focusRegion } from '../regions.ts';
import { t } from '../strings.ts';
import './differenceTable.ts';
import './gateBanner.ts';
import './paretoChart.ts';
import './running.ts';
import './thirdsChart.ts';
import './trialBar.ts';
import { TrialElement } from './trialElement.ts';
import './trialFacts.ts';
import './trialFooter.ts';

/** The whole trial: its report, its progress, or why there is none. */
@customElement('rs-trial')
export class TrialView extends TrialElement {
  static override sheets = [
    css`
    rs-trial { display: flex; flex-direction: column; height: 100%; }
    rs-trial > .content { flex: 1; min-height: 0; overflow-y: auto; display: flex; flex-direction: column; }
    rs-trial .report { padding: 12px 16px 16px; }
    rs-trial .body { display: grid; grid-template-columns: minmax(0, 1fr) 424px; gap: 0 20px; margin-top: 8px; }
    rs-trial .side { border-left: 1px solid var(--vscode-panel-border); padding-left: 20px; min-width: 0; }
    rs-trial .side section { margin-bottom: 16px; }
    rs-trial .side h2 { font-size: 12px; }
    rs-trial rs-trial-facts { margin-top: 16px; padding-top: 16px; border-top: 1px solid var(--vscode-panel-border); }
    rs-trial summary { cursor: pointer; font-size: 12px; font-weight: 600; }
    rs-trial .stale { display: flex; align-items: center; gap: 8px; padding: 6px 12px; font-size: 12px; border-bottom: 1px solid var(--vscode-panel-border); }
    rs-trial .welcome { margin: auto; padding: 16px; max-width: 460px; display: flex; flex-direction: column; align-items: center; text-align: center; gap: 8px; }
    rs-trial .welcome .buttons { display: flex; gap: 8px; margin-top: 8px; }
    @media (max-width: 1159px) {
      rs-trial .body { grid-template-columns: minmax(0, 1fr); }
      rs-trial .side { border-left: 0; padding: 16px 0 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 0 24px; border-top: 1px solid var(--vscode-panel-border); margin-top: 16px; }
    }
  `,
  ];
  /** A report opens at its verdict. */
  private shownReport: TrialReport | null = null;
  private readonly focusKeeper = new FocusKeeper(this);

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', (event) => this.key(event));
    this.addEventListener('save-chart', (event) => {
      const { format, text } = (event as CustomEvent<ChartFile>).detail;
      void this.model.saveText(`trial.${format}`, text);
    });
  }

  protected override render(): TemplateResult {
    const { model } = this;
    return html`<rs-trial-bar data-region .model=${model}></rs-trial-bar>
      ${model.isStale && !model.run ? html`<p class="stale" role="status"><span class="codicon codicon-info info-icon" aria-hidden="true"></span>${t('The configs or options have changed since this run.')} <button class="link" ?disabled=${!model.canRun} @click=${() => void model.start(false)}>${t('Run again')}</button></p>` : nothing}
      <div class="content">${this.content()}</div><rs-trial-footer .model=${model}></rs-trial-footer>`;
  }

  protected override updated(): void {
    const { report } = this.model;
    if (report !== this.shownReport) {
      this.shownReport = report;
      this.querySelector('.content')?.scrollTo(0, 0);
    }
    this.focusKeeper.onDrawn();
  }

  private content(): TemplateResult {
    const { model } = this;
    const { failure, run, report } = model;
    if (run) return html`<rs-trial-running .model=${model}></rs-trial-running>`;
    if (failure) return html`<rs-failure .failure=${failure} .actions=${this.actions()}></rs-failure>`;
    return report ? this.report(report) : this.welcome();
  }

  private actions(): FailureAction[] {
    const { model } = this;
    const { path, line } = model.failure?.place ?? {};
    const config =
      path === undefined ? undefined : model.configs.find(({ uri }) => decodeURIComponent(uri).endsWith(path));
    return [
      ...(config
        ? [{ label: t('Open config'), kind: 'primary' as const, run: () => model.openConfig(config, line ?? null) }]
        : []),
      { label: t('Try again'), kind: config ? 'secondary' : 'primary', run: () => void model.start(false) },
      { label: t('Show Log'), kind: 'link', run: () => model.showLog() },
    ];
  }

  private welcome(): TemplateResult {
    const { model } = this;
    return html`<div class="welcome" data-region="main"><h2>${model.isStopped ? t('Cancelled') : t('Which mix is better for this log?')}</h2>
      <p class="muted">${t('A small probe model is trained on the sample of each config and evaluated on the eval window. Add at least two configs with the same data and windows.')}</p>
      <div class="buttons">${
        model.configs.length < 2
          ? html`<vscode-button @click=${() => void model.add()}>${t('Add config')}</vscode-button>`
          : html`<vscode-button ?disabled=${!model.canRun} @click=${() => void model.start(false)}>${t('Run')}</vscode-button>`
      }</div></div>`;
  }

  private report(report: TrialReport): TemplateResult {
    const { model } = this;
    const { reference, asTable } = model;
    const name = valueAt(report.arms, reference).name;
    const { x, lines } = lossLines(report);
    return html`<div class="report"><rs-gate-banner .model=${model}></rs-gate-banner>
      <div class="body"><div><rs-differences data-region="main" .model=${model}></rs-differences><rs-trial-facts data-region .model=${model}></rs-trial-facts></div>
      <div class="side" data-region>
        ${paretoPlot(report, reference) ? html`<section><h2>${t('NDCG against tail recall')} <span class="caption">${t('intervals of the difference to {0}', name)}</span></h2><rs-pareto tools .asTable=${asTable} .report=${report} .reference=${reference}></rs-pareto></section>` : nothing}
        ${thirdsPlot(report, reference) ? html`<section><h2>${t('Recall@100 by popularity third')} <span class="caption">${t('points above or below {0}', name)}</span></h2><rs-thirds tools .asTable=${asTable} .report=${report} .reference=${reference}></rs-thirds></section>` : nothing}
        <details><summary>${t('Training loss by epoch')}</summary><rs-lines tools .asTable=${asTable} .name=${t('Training loss by epoch')} .xName=${t('epoch')} .x=${x} .lines=${lines} .plotHeight=${180} .textOfY=${(value: number) => fixed(value, 2)}></rs-lines></details>
      </div></div></div>`;
  }

  private key(event: KeyboardEvent): void {
    const { model } = this;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const isInTable =
      document.activeElement?.closest('rs-differences') !== null || document.activeElement === document.body;
    if (event.key === 'F6') focusRegion(this, event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && model.run) model.cancel();
    else if (!model.report || model.run || event.target instanceof HTMLInputElement) return;
    else if (key === 'x') model.makeReference(model.arm);
    else if (key === 't') model.toggleTable();
    else if (isInTable && event.key in steps) model.move(...(steps[event.key] ?? [0, 0]));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

const steps: Readonly<Record<string, readonly [metrics: number, arms: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

declare global {
  interface HTMLElementTagNameMap {
    'rs-trial': TrialView;
  }
}
