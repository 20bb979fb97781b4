import { css, html, nothing, type TemplateResult } from 'lit';
import { stageNames, stages } from '../../src/core/schema/stage.ts';
import { segmented } from '../components/segmented.ts';
import { say, t } from '../strings.ts';
import type { PreviewModel } from './previewModel.ts';

/** Controls for the bars of the preview and of the comparison. */
export const barSheet = css`
  .preview-bar {
    flex: none;
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 4px 8px;
    min-height: 36px;
    padding: 5px 12px;
    border-bottom: 1px solid var(--vscode-panel-border);
    font-size: 12px;
    line-height: 16px;
  }
  .preview-bar .field, .narrow .field, .field.wide {
    height: 24px; padding: 0 6px; font: 12px var(--vscode-font-family); color: var(--vscode-input-foreground); background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; min-width: 0;
  }
  .preview-bar .field:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .preview-bar select.field, .narrow select.field {
    color: var(--vscode-dropdown-foreground);
    background: var(--vscode-dropdown-background);
    border-color: var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
    padding: 0 2px;
  }
  .preview-bar .seed { display: inline-flex; align-items: center; gap: 4px; }
  .preview-bar .seed input { width: 148px; font: 11px var(--vscode-editor-font-family); }
  .preview-bar .epoch, .preview-bar .labelled { display: inline-flex; align-items: center; gap: 6px; }
  .preview-bar .epoch input { width: 40px; text-align: right; font-variant-numeric: tabular-nums; }
  .preview-bar vscode-button .codicon { font-size: 14px; }
  .preview-bar vscode-button { flex: none; white-space: nowrap; }
  @media (max-width: 959px) {
    .preview-bar .seed input { width: 124px; }
    rs-preview-bar .label { display: none; }
    rs-preview-bar vscode-button:has(.label)::part(start) { margin-inline-end: 0; }
  }
  @media (max-width: 759px) {
    rs-preview-bar .labelled > .muted, rs-preview-bar .epoch > .muted { display: none; }
    rs-preview-bar .seed input { width: 96px; }
  }
`;

/** The stages of the config to choose from. */
export function stageChoice(model: PreviewModel): TemplateResult {
  const { state, sampler } = model;
  const offered = sampler?.stages ?? (state ? [state.stage] : []);
  const change = (event: Event): void => {
    const { target } = event;
    const stage = target instanceof HTMLSelectElement ? stages.find((name) => name === target.value) : undefined;
    if (stage) model.setStage(stage);
  };
  return html`<select class="field" aria-label=${t('Stage')} @change=${change}>${offered.map((stage) => html`<option value=${stage} ?selected=${stage === state?.stage}>${say(stageNames[stage])}</option>`)}</select>`;
}

/** The window of the groups: training or evaluation. Nothing if the config has only one. */
export function splitChoice(model: PreviewModel): TemplateResult | typeof nothing {
  const { state, sampler } = model;
  if (!state || ((sampler?.splits.length ?? 1) < 2 && state.split === 'train')) return nothing;
  const choices = [
    ['train', t('Train')],
    ['eval', t('Eval')],
  ] as const;
  const control = segmented(t('Split'), choices, state.split, (split) => model.setSplit(split));
  return html`<span class="labelled"><span class="muted" aria-hidden="true">${t('Split')}</span>${control}</span>`;
}

/** The seed, from the config or typed, and a button for a new one. */
export function seedField(model: PreviewModel): TemplateResult {
  const { state, sampler } = model;
  const change = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) model.setSeed(event.target.value);
  };
  return html`<span class="seed"><input class="field" aria-label=${t('Seed')} title=${state?.seed === null ? t('Seed of the config') : t("Overrides the config's seed")} autocomplete="off" spellcheck="false" placeholder=${t('Seed')} .value=${state?.seed ?? sampler?.seed ?? ''} @change=${change}>
    <button class="tool" aria-label=${t('New seed')} title=${`${t('New seed')} (R)`} @click=${() => model.newSeed()}><span class="codicon codicon-refresh" aria-hidden="true"></span></button></span>`;
}
