import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { valueAt } from '../../src/core/valueAt.ts';
import type { TrialProgress } from '../../src/protocol/trial.ts';
import { t } from '../strings.ts';
import { configName } from './configName.ts';
import { TrialElement } from './trialElement.ts';

/** Progress by config and seed, while a trial runs. Finished seeds are not shown as results. */
@customElement('rs-trial-running')
export class Running extends TrialElement {
  static override sheets = [
    css`
    rs-trial-running { margin: auto; padding: 24px 16px; width: min(480px, 100%); display: flex; flex-direction: column; gap: 12px; }
    rs-trial-running li { display: grid; grid-template-columns: minmax(0, 1fr) auto 64px; align-items: center; gap: 4px 12px; min-height: 24px; font-size: 12px; }
    rs-trial-running .runs { display: flex; gap: 4px; }
    rs-trial-running .runs span { width: 16px; height: 8px; border: 1px solid var(--vscode-charts-foreground); }
    rs-trial-running .runs .done { background: var(--vscode-charts-foreground); }
    rs-trial-running progress { width: 100%; height: 4px; accent-color: var(--vscode-progressBar-background); }
  `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const { run } = model;
    if (!run) return nothing;
    const { progress, fraction } = run;
    return html`<div role="status"><h2>${phaseText(progress)}</h2></div>
      <progress aria-label=${t('Progress')} max="1" .value=${fraction ?? 0}></progress>
      <ul>${run.configs.map((config, arm) => {
        const done = progress ? valueAt(progress.done, arm) : 0;
        const runs = progress?.runs ?? 0;
        return html`<li><span class="cut">${configName(config)}</span><span class="runs" aria-hidden="true">${Array.from({ length: runs }, (_, k) => html`<span class=${k < done ? 'done' : ''}></span>`)}</span><span class="number muted">${runs === 0 ? '' : t('{0} of {1}', done, runs)}</span></li>`;
      })}</ul>
      <p class="caption">${t('Nothing is written. Results are shown when all seeds are done.')}</p>
      <div><vscode-button appearance="secondary" @click=${() => model.cancel()}>${t('Cancel')} <kbd>Esc</kbd></vscode-button></div>`;
  }
}

function phaseText(progress: TrialProgress | null): string {
  switch (progress?.phase) {
    case 'tuning':
      return t('Choosing the number of epochs');
    case 'training':
      return t('Training and evaluating');
    case 'comparing':
      return t('Comparing');
    default:
      return t('Reading the log and drawing');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-trial-running': Running;
  }
}
