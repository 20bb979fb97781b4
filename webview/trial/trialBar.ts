import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { segmented } from '../components/segmented.ts';
import { t } from '../strings.ts';
import { configName } from './configName.ts';
import { TrialElement } from './trialElement.ts';

/** The configs, what lists leave out, and the run. */
@customElement('rs-trial-bar')
export class TrialBar extends TrialElement {
  static override sheets = [
    css`
    rs-trial-bar {
      flex: none; display: flex; align-items: center; flex-wrap: wrap; gap: 4px 12px; min-height: 36px; padding: 5px 12px;
      border-bottom: 1px solid var(--vscode-panel-border); font-size: 12px; line-height: 16px;
    }
    rs-trial-bar .config {
      display: inline-flex; align-items: center; gap: 4px; height: 24px; max-width: 260px; padding: 0 2px 0 8px;
      background: var(--vscode-dropdown-background); color: var(--vscode-dropdown-foreground);
      border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
    }
    rs-trial-bar .config .tool { width: 20px; height: 20px; }
    rs-trial-bar .config .codicon { font-size: 14px; }
    rs-trial-bar .configs { display: inline-flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; min-width: 0; }
    rs-trial-bar .actions { display: inline-flex; gap: 8px; margin-left: auto; }
    rs-trial-bar .hides { display: inline-flex; align-items: center; gap: 8px; }
    rs-trial-bar vscode-button .codicon { font-size: 14px; }
  `,
  ];

  protected override render(): TemplateResult {
    const { model } = this;
    const { configs, hide, report, run } = model;
    const hides = [
      ['clicked', t('Clicked')],
      ['exposed', t('Exposed')],
    ] as const;
    return html`<span class="configs"><span class="muted">${t('Configs')}</span>${configs.map(
      (
        config,
        k,
      ) => html`<span class="config"><span class="cut" title=${config.uri}>${configName(config)}</span>${k === 0 ? html`<span class="muted">${t('reference')}</span>` : nothing}
        <button class="tool" aria-label=${t('Remove {0}', configName(config))} ?disabled=${run !== null} @click=${() => model.remove(config)}><span class="codicon codicon-close" aria-hidden="true"></span></button></span>`,
    )}<button class="link" ?disabled=${run !== null} @click=${() => void model.add()}>${t('Add config')}</button></span>
      <span class="hides"><span class="muted">${t('Hide')}</span>${segmented(t('Items that lists leave out'), hides, hide, (choice) => model.setHide(choice))}</span>
      <span class="actions">${
        run
          ? html`<vscode-button appearance="secondary" @click=${() => model.cancel()}><span slot="start" class="codicon codicon-debug-stop"></span>${t('Cancel')}</vscode-button>`
          : html`<vscode-button appearance=${report && !model.isStale ? 'secondary' : 'primary'} ?disabled=${configs.length < 2} @click=${() => void model.start(false)}><span slot="start" class="codicon codicon-refresh"></span>${report ? t('Run again') : t('Run')}</vscode-button>`
      }
      <vscode-button appearance="secondary" ?disabled=${report === null} title=${t('Save as one HTML file')} @click=${() => void model.save()}><span slot="start" class="codicon codicon-export"></span>${t('Report')}</vscode-button></span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-trial-bar': TrialBar;
  }
}
