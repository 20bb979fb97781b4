import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatCount } from '../../src/core/table/format.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import { conditionText } from './conditionText.ts';
import type { InspectorModel } from './inspectorModel.ts';

/**
 * Shown instead of the rows if the filter keeps none: the matches of each condition alone, and how to remove
 * conditions.
 */
@customElement('rs-no-match')
export class NoMatch extends LightElement {
  static override sheets = [
    css`
    rs-no-match { flex: 1; min-height: 0; overflow: auto; display: flex; }
    rs-no-match > div {
      margin: auto;
      padding: 16px;
      max-width: 100%;
      display: flex;
      flex-direction: column;
      align-items: center;
      gap: 12px;
    }
    rs-no-match dl { display: grid; grid-template-columns: minmax(0, auto) auto; gap: 2px 32px; font-size: 12px; }
    rs-no-match dt { max-width: 360px; }
    rs-no-match .buttons { display: flex; gap: 8px; flex-wrap: wrap; justify-content: center; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { conditions, expression } = model.view.filter;
    const parts = [
      ...conditions.map((condition) => conditionText(condition, model.dataset)),
      ...(expression.trim() === '' ? [] : [expression.trim()]),
    ];
    const { alone } = model;
    const scarcest =
      alone === null || alone.length !== parts.length ? parts.length - 1 : alone.indexOf(Math.min(...alone));
    const removes = parts[scarcest] ?? '';
    return html`<div role="status">
      <h2>${parts.length === 1 ? t('No rows match') : parts.length === 2 ? t('No rows match both conditions') : t('No rows match all {0} conditions', parts.length)}</h2>
      ${alone === null || parts.length < 2 ? nothing : html`<dl>${parts.map((part, k) => html`<dt class="cut" title=${part}>${t('{0}, alone', part)}</dt><dd class="number">${formatCount(valueAt(alone, k))}</dd>`)}</dl>`}
      <div class="buttons">
        ${parts.length < 2 ? nothing : html`<vscode-button appearance="primary" @click=${() => this.drop(scarcest)}>${t('Remove {0}', shortened(removes))}</vscode-button>`}
        <vscode-button appearance=${parts.length < 2 ? 'primary' : 'secondary'} @click=${() => model.clearFilter()}>${t('Clear all')}</vscode-button>
      </div>
    </div>`;
  }

  private drop(place: number): void {
    const { model } = this;
    const { conditions } = model.view.filter;
    if (place < conditions.length) model.removeCondition(place);
    else model.setFilter({ conditions, expression: '' });
  }
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

declare global {
  interface HTMLElementTagNameMap {
    'rs-no-match': NoMatch;
  }
}
