import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import type { ConfigText } from '../../src/protocol/preview.ts';
import '../components/menu.ts';
import type { Menu } from '../components/menu.ts';
import { t } from '../strings.ts';
import { barSheet, seedField, splitChoice, stageChoice } from './barFields.ts';
import { compareCommand } from './command.ts';
import { PreviewElement } from './previewElement.ts';
import { fileName, isSameText, otherParams, withSide, type Letter } from './sides.ts';

/** The two sides of a comparison, controls to change them, and the way back. */
@customElement('rs-compare-bar')
export class CompareBar extends PreviewElement {
  static override sheets = [
    barSheet,
    css`
    .side-badge {
      flex: none;
      display: inline-block;
      min-width: 16px;
      height: 16px;
      line-height: 16px;
      padding: 0 4px;
      border-radius: 2px;
      text-align: center;
      font-size: 11px;
      font-weight: 600;
      background: var(--vscode-badge-background);
      color: var(--vscode-badge-foreground);
    }
    body.vscode-high-contrast .side-badge { outline: 1px solid var(--vscode-contrastBorder); outline-offset: -1px; }
    rs-compare-bar .side {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      height: 24px;
      max-width: 260px;
      padding: 0 4px 0 8px;
      background: var(--vscode-dropdown-background);
      color: var(--vscode-dropdown-foreground);
      border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
      border-radius: 2px;
    }
    rs-compare-bar .side .codicon { font-size: 14px; }
  `,
  ];
  @query('rs-menu') private menu!: Menu;

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const { state } = model;
    if (!state) return nothing;
    const other = otherParams(state);
    const ownSide = this.side(
      state.swapped ? 'A' : 'B',
      state.config,
      (state.other?.seed ?? null) === null ? null : (state.seed ?? model.sampler?.seed ?? null),
      false,
    );
    const against = this.side(state.swapped ? 'B' : 'A', other.config, state.other?.seed ?? null, true);
    const [a, b] = state.swapped ? [ownSide, against] : [against, ownSide];
    const command = compareCommand(state, model.sampler?.seed ?? null);
    return html`${stageChoice(model)}${splitChoice(model)}${a}
      <button class="tool" aria-label=${t('Swap A and B')} title=${`${t('Swap A and B')} (X)`} @click=${() => model.set({ swapped: !state.swapped })}><span class="codicon codicon-arrow-swap" aria-hidden="true"></span></button>
      ${b}<span class="seed"><span class="muted">${t('Seed')}</span>${seedField(model)}</span>
      <span class="grow"></span>
      <vscode-button appearance="secondary" ?disabled=${isSameText(other.config, state.config)} @click=${() => this.showDiff()}><span slot="start" class="codicon codicon-diff"></span>${t('Show diff')}</vscode-button>
      ${state.stage === 'recall' ? html`<vscode-button appearance="secondary" ?disabled=${isSameText(other.config, state.config)} title=${t('Compare Mixes on a Probe Model')} @click=${() => model.act('trial', { configs: state.swapped ? [state.config, other.config] : [other.config, state.config] })}><span slot="start" class="codicon codicon-beaker"></span>${t('Trial')}</vscode-button>` : nothing}
      <vscode-button appearance="secondary" @click=${() => model.showDraws()}><span slot="start" class="codicon codicon-close"></span>${t('Exit comparison')}</vscode-button>
      ${command === null ? nothing : html`<button class="tool" aria-label=${t('Copy CLI command')} title=${t('Copy CLI command')} @click=${() => model.act('copyText', { text: command }, () => model.say(t('Copied')))}><span class="codicon codicon-copy" aria-hidden="true"></span></button>`}
      <rs-menu></rs-menu>`;
  }

  private side(letter: 'A' | 'B', config: ConfigText, seed: string | null, isOther: boolean): TemplateResult {
    const name = seed === null ? `${fileName(config)}, ${textName(config)}` : `${fileName(config)}, ${seed}`;
    return html`<span class="side-badge" aria-hidden="true">${letter}</span><button class="side" aria-haspopup="menu" aria-label=${t('Side {0}: {1}', letter, name)} @click=${(event: MouseEvent) => this.open(event, letter === 'A' ? 'a' : 'b', isOther)}><span class="cut" title=${name}>${name}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span></button>`;
  }

  private open({ currentTarget }: MouseEvent, letter: Letter, isOther: boolean): void {
    const { model } = this;
    const { state } = model;
    if (!state || !(currentTarget instanceof HTMLElement)) return;
    const box = currentTarget.getBoundingClientRect();
    const { uri } = isOther ? otherParams(state).config : state.config;
    const take = (config: ConfigText): void => {
      if (model.state) model.set(withSide(model.state, letter, config));
    };
    const name = fileName({ uri });
    void this.menu.show(
      box.left,
      box.bottom + 4,
      [
        { label: t('{0}, saved', name), run: () => take({ uri, saved: true }) },
        { label: t('{0}, editing', name), run: () => take({ uri }) },
        { label: t('{0}, as opened', name), run: () => take({ uri, at: 'opened' }) },
        ...(isOther
          ? [{ label: t('The same config, another seed'), hasSeparator: true, run: () => model.compareSeeds() }]
          : []),
        {
          label: t('Another config…'),
          hasSeparator: !isOther,
          run: () =>
            model.act('pickConfig', { config: { uri }, side: letter }, (config) => {
              if (config) take(config);
            }),
        },
      ],
      () => currentTarget.focus(),
    );
  }

  private showDiff(): void {
    const { model } = this;
    const { state } = model;
    if (!state) return;
    const other = otherParams(state).config;
    model.act('showDiff', state.swapped ? { a: state.config, b: other } : { a: other, b: state.config });
  }
}

/** The name for a version of a config text. */
export function textName({ saved, at }: ConfigText): string {
  switch (at) {
    case 'opened':
      return t('as opened');
    case 'head':
      return 'Git HEAD';
    default:
      return saved === true ? t('saved') : t('editing');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-compare-bar': CompareBar;
  }
}
