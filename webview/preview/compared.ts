import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { formatCount } from '../../src/core/table/format.ts';
import { segmented } from '../components/segmented.ts';
import '../components/skeleton.ts';
import { t } from '../strings.ts';
import './comparedList.ts';
import type { ComparedList } from './comparedList.ts';
import type { Kept } from './comparedLines.ts';
import { PreviewElement } from './previewElement.ts';

/** The negatives of the chosen user on both sides: same, moved, removed, added. */
@customElement('rs-compared')
export class Compared extends PreviewElement {
  static override sheets = [
    css`
    rs-compared { flex: 1; min-width: 0; min-height: 0; display: flex; flex-direction: column; }
    rs-compared > header {
      flex: none;
      display: flex;
      align-items: center;
      gap: 8px;
      height: 36px;
      padding: 0 12px;
      border-bottom: 1px solid var(--vscode-panel-border);
      font-size: 12px;
    }
    rs-compared > .note { padding: 16px; }
  `,
  ];
  @state() private kept: Kept = 'all';
  @query('rs-compared-list') private list!: ComparedList | null;

  /** Moves to the next or the previous row that differs. */
  go(step: 1 | -1): void {
    this.list?.goToChange(step);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model, kept } = this;
    const { state, comparison } = model;
    const user = state?.user ?? null;
    if (user === null) return nothing;
    const compared = comparison?.comparison.users.find((each) => each.user === user);
    return html`<header data-region><span class="mono">${user}</span><span class="muted cut">${compared ? t('{0} of {1} the same', formatCount(compared.same), formatCount(Math.max(compared.a, compared.b))) : nothing}</span><span class="grow"></span>
        ${segmented(
          t('Rows shown'),
          [
            ['all', t('All')],
            ['changed', t('Changed')],
            ['moved', t('Moved')],
          ] as const,
          kept,
          (choice) => {
            this.kept = choice;
          },
        )}</header>
      ${
        !comparison || !compared
          ? model.busy
            ? html`<rs-skeleton></rs-skeleton>`
            : nothing
          : Math.max(compared.a, compared.b) === 0
            ? html`<p class="note muted" role="status">${t('Neither side draws a negative for this user.')}</p>`
            : kept !== 'all' && (kept === 'moved' ? compared.moved : compared.moved + compared.out + compared.in) === 0
              ? html`<p class="note muted" role="status">${t('No rows of this user changed in this way.')}</p>`
              : html`<rs-compared-list data-region="main" .model=${model} .answer=${comparison} .user=${compared} .kept=${kept}></rs-compared-list>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-compared': Compared;
  }
}
