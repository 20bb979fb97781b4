import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Failure } from '../../src/core/message/failure.ts';
import { LightElement } from '../element.ts';
import { say, t } from '../strings.ts';

export interface FailureAction {
  readonly label: string;
  readonly kind: 'primary' | 'secondary' | 'link';
  readonly run: () => void;
}

/** To try again; after an engine stopped, first to restart it. */
export function retryActions({ code }: Failure, again: () => void, restart: () => void): FailureAction[] {
  return code === 'engine-stopped'
    ? [
        { label: t('Restart Server'), kind: 'primary', run: restart },
        { label: t('Try again'), kind: 'secondary', run: again },
      ]
    : [{ label: t('Try again'), kind: 'primary', run: again }];
}

/** Shows a failure in place of the content: what happened, where, and what to do. */
@customElement('rs-failure')
export class FailureView extends LightElement {
  static override sheets = [
    css`
    rs-failure { flex: 1; min-height: 0; overflow: auto; display: flex; }
    rs-failure > div {
      margin: auto;
      padding: 16px;
      max-width: 448px;
      display: flex;
      flex-direction: column;
      align-items: center;
      text-align: center;
      gap: 4px;
    }
    rs-failure .codicon.error-icon { font-size: 24px; margin-bottom: 8px; }
    rs-failure .place { overflow-wrap: anywhere; }
    rs-failure .buttons { display: flex; gap: 8px; margin: 12px 0 8px; flex-wrap: wrap; justify-content: center; }
  `,
  ];
  @property({ attribute: false }) failure!: Failure;
  @property({ attribute: false }) actions: readonly FailureAction[] = [];

  protected override render(): TemplateResult {
    const { message, advice, place } = this.failure;
    const links = this.actions.filter((action) => action.kind === 'link');
    return html`<div role="alert">
      <span class="codicon codicon-error error-icon" aria-hidden="true"></span>
      <h2>${say(message)}</h2>
      ${place === undefined ? nothing : html`<p class="place muted">${where(place)}</p>`}
      ${advice === undefined ? nothing : html`<p>${say(advice)}</p>`}
      <div class="buttons">${this.actions
        .filter((action) => action.kind !== 'link')
        .map(
          (action) => html`
        <vscode-button appearance=${action.kind} @click=${action.run}>${action.label}</vscode-button>`,
        )}</div>
      ${links.map((action) => html`<button class="link" @click=${action.run}>${action.label}</button>`)}
    </div>`;
  }
}

/** `out/recall.parquet, line 12, column price, byte 371,204,096`. */
export function where({ path, line, byte, column }: NonNullable<Failure['place']>): string {
  return [
    path ?? '',
    line === undefined ? '' : t('line {0}', line),
    column === undefined ? '' : t('column {0}', column),
    byte === undefined ? '' : t('byte {0}', byte.toLocaleString('en-US')),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-failure': FailureView;
  }
}
