import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { previewJson } from '../../src/core/report/previewJson.ts';
import '../components/menu.ts';
import type { Menu } from '../components/menu.ts';
import { t } from '../strings.ts';
import { barSheet, seedField, splitChoice, stageChoice } from './barFields.ts';
import { previewCommand } from './command.ts';
import { PreviewElement } from './previewElement.ts';

/** Stage, seed and epoch, adding users, and commands for the shown rows and for the whole file. */
@customElement('rs-preview-bar')
export class PreviewBar extends PreviewElement {
  static override sheets = [barSheet];
  @query('rs-menu') private menu!: Menu;

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const { state, sampler, preview } = model;
    if (!state) return nothing;
    return html`${stageChoice(model)}${splitChoice(model)}${seedField(model)}
      <label class="epoch"><span class="muted">${t('Epoch')}</span><input class="field" inputmode="numeric" aria-label=${t('Epoch')} .value=${String(state.epoch ?? sampler?.epoch ?? 0)} @change=${(event: Event) => this.setEpoch(event)}></label>
      <vscode-button appearance="secondary" aria-label=${t('Add user')} title=${t('Add user')} @click=${() => model.users.pick()}><span slot="start" class="codicon codicon-add"></span><bdi class="label">${t('Add user')}</bdi></vscode-button>
      <span class="grow"></span>
      <vscode-button appearance="secondary" aria-label=${t('Compare')} title=${t('Compare')} ?disabled=${preview === null} @click=${() => model.set({ mode: 'compare' })}><span slot="start" class="codicon codicon-compare-changes"></span><bdi class="label">${t('Compare')}</bdi></vscode-button>
      <vscode-button ?disabled=${!sampler?.plan} title=${t('Write the sample file of this stage')} @click=${() => this.generate()}><span slot="start" class="codicon codicon-export"></span>${t('Generate')}</vscode-button>
      <button class="tool" aria-label=${t('More actions')} aria-haspopup="menu" @click=${(event: MouseEvent) => this.open(event)}><span class="codicon codicon-ellipsis" aria-hidden="true"></span></button>
      <rs-menu></rs-menu>`;
  }

  private setEpoch(event: Event): void {
    const { model } = this;
    if (!(event.target instanceof HTMLInputElement)) return;
    const text = event.target.value.trim();
    const epoch = Number(text);
    if (text !== '' && Number.isSafeInteger(epoch) && epoch >= 0)
      model.set({ epoch: epoch === model.sampler?.epoch ? null : epoch });
    else this.requestUpdate();
    event.target.value = String(model.state?.epoch ?? model.sampler?.epoch ?? 0);
  }

  /** Calls `then` with the text that the command line prints: all groups, including those behind "Show more". */
  private withFullText(use: (text: string) => void): void {
    const { model } = this;
    const { params, state } = model;
    if (params && state)
      model.act('preview', { ...params, users: state.users, groupLimit: null }, ({ sampler: { plan }, preview }) => {
        if (plan) use(previewJson(plan, preview));
      });
  }

  /** Saves to a file that the user chooses. */
  private save(): void {
    const { model } = this;
    this.withFullText((text) =>
      model.act('saveText', { name: `preview-${model.state?.stage ?? ''}.json`, text }, (saved) => {
        if (saved) model.say(t('Saved'));
      }),
    );
  }

  /** Generates the complete file with the current seed; the host asks for the target. */
  private generate(): void {
    const { model } = this;
    if (model.params) model.act('generate', model.params);
  }

  private open(event: MouseEvent): void {
    const { model } = this;
    const { state, preview } = model;
    const { currentTarget } = event;
    if (!state || !(currentTarget instanceof HTMLElement)) return;
    const box = currentTarget.getBoundingClientRect();
    const copy = (text: string): void => model.act('copyText', { text }, () => model.say(t('Copied')));
    void this.menu.show(
      box.right - 240,
      box.bottom + 4,
      [
        { label: t('Save as JSON…'), disabled: preview === null, run: () => this.save() },
        { label: t('Copy as JSON'), disabled: preview === null, run: () => this.withFullText(copy) },
        { label: t('Copy CLI command'), disabled: state.users.length === 0, run: () => copy(previewCommand(state)) },
        { label: t('Explain a pair…'), hasSeparator: true, run: () => model.keep({ mode: 'explain' }) },
        { label: t("Show a user's story…"), run: () => model.users.pickStory() },
        {
          label: t('Seed of the config'),
          disabled: state.seed === null && state.epoch === null,
          run: () => model.set({ seed: null, epoch: null }),
        },
        { label: t('Show Log'), hasSeparator: true, run: () => model.act('showLog', null) },
      ],
      () => currentTarget.focus(),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-preview-bar': PreviewBar;
  }
}
