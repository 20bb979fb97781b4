import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { segmented } from '../components/segmented.ts';
import type { TrialOptions } from '../../src/protocol/trial.ts';
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
    rs-trial-bar .field {
      height: 24px; padding: 0 6px; font: 12px var(--vscode-font-family); color: var(--vscode-input-foreground); background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; min-width: 0;
    }
    rs-trial-bar .field:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
    rs-trial-bar .field[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground)); }
    rs-trial-bar .option { display: inline-flex; align-items: center; gap: 8px; }
    rs-trial-bar .field.seeds { width: 40px; text-align: right; font-variant-numeric: tabular-nums; }
    rs-trial-bar .field.evalWhere { width: 132px; }
    rs-trial-bar .wrong { flex: 1 0 100%; display: flex; align-items: center; gap: 4px; }
    rs-trial-bar .wrong .codicon { font-size: 14px; }
    rs-trial-bar vscode-button .codicon { font-size: 14px; }
  `,
  ];

  protected override render(): TemplateResult {
    const { model } = this;
    const { configs, options, report, run } = model;
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
      <span class="hides"><span class="muted">${t('Hide')}</span>${segmented(t('Items that lists leave out'), hides, options.hide, (choice) => model.setHide(choice))}</span>
      ${this.field('seeds', t('Seeds'), String(options.seeds), '', (text) => model.setSeeds(text))}
      ${this.field('evalWhere', t('Random slice'), sliceText(options), t('column=value'), (text) => model.setSlice(text))}
      <span class="actions">${
        run
          ? html`<vscode-button appearance="secondary" @click=${() => model.cancel()}><span slot="start" class="codicon codicon-debug-stop"></span>${t('Cancel')}</vscode-button>`
          : html`<vscode-button appearance=${report && !model.isStale ? 'secondary' : 'primary'} ?disabled=${!model.canRun} @click=${() => void model.start(false)}><span slot="start" class="codicon codicon-refresh"></span>${report ? t('Run again') : t('Run')}</vscode-button>`
      }
      <vscode-button appearance="secondary" ?disabled=${report === null} title=${t('Save as one HTML file')} @click=${() => void model.save()}><span slot="start" class="codicon codicon-export"></span>${t('Report')}</vscode-button></span>
      ${[...model.invalid.values()].map(({ reason }) => html`<p class="wrong" role="alert"><span class="codicon codicon-error error-icon" aria-hidden="true"></span>${reason}</p>`)}`;
  }

  /** A field that is read on Enter or when it loses the focus. Invalid text stays, with the reason below. */
  private field(
    option: 'seeds' | 'evalWhere',
    label: string,
    value: string,
    placeholder: string,
    set: (text: string) => void,
  ): TemplateResult {
    const wrong = this.model.invalid.get(option);
    return html`<label class="option" title=${titles()[option]}><span class="muted">${label}</span><input class="field ${option}" autocomplete="off" spellcheck="false" placeholder=${placeholder} aria-invalid=${wrong ? 'true' : 'false'} ?disabled=${this.model.run !== null} .value=${wrong?.text ?? value}
      @change=${(event: Event) => set((event.target as HTMLInputElement).value)}></label>`;
  }
}

const sliceText = ({ evalWhere }: TrialOptions): string =>
  evalWhere === null ? '' : `${evalWhere.column}=${evalWhere.value}`;

const titles = (): Readonly<Record<'seeds' | 'evalWhere', string>> => ({
  seeds: t('How often each config is drawn and trained'),
  evalWhere: t('Rows of the impressions that were exposed at random. Recall on their clicks leads the report'),
});

declare global {
  interface HTMLElementTagNameMap {
    'rs-trial-bar': TrialBar;
  }
}
