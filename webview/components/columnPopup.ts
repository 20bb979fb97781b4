import { css, html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { t } from '../strings.ts';
import { Popup } from './popup.ts';

/** Maximum number of columns listed; a search finds the others. */
const maxListed = 200;

/** Content of a popup. */
export interface ColumnList<T> {
  /** All columns, without regard to the search. */
  readonly all: readonly T[];
  readonly nameOf: (column: T) => string;
  /** How many columns are shown. */
  readonly shown: number;
  /** Buttons above the list. `found`: the columns that match the search. */
  readonly buttons: (found: readonly T[]) => TemplateResult;
  readonly line: (column: T) => TemplateResult;
  /** A sentence below the list, if there is something to say. */
  readonly note?: string;
}

/** Base class of popups that choose columns: a search, buttons, and a list with a check box for each column. */
export abstract class ColumnPopup extends Popup {
  static override sheets = [
    ...Popup.sheets,
    css`
    .column-popup { width: min(360px, calc(100vw - 16px)); }
    .column-popup .top {
      padding: 8px;
      display: flex;
      flex-direction: column;
      gap: 8px;
      border-bottom: 1px solid var(--vscode-panel-border);
    }
    .column-popup .top input {
      height: 24px; padding: 0 6px; font: 12px var(--vscode-font-family); color: var(--vscode-input-foreground); background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
    }
    .column-popup .top div { display: flex; flex-wrap: wrap; gap: 4px 12px; }
    .column-popup .top .link:disabled { color: var(--vscode-disabledForeground); cursor: default; text-decoration: none; }
    .column-popup ul { max-height: min(360px, calc(100vh - 160px)); overflow: auto; padding: 4px 0; }
    .column-popup li { display: flex; align-items: center; min-height: 24px; padding: 0 8px; gap: 8px; }
    .column-popup li:hover { background: var(--vscode-list-hoverBackground); }
    .column-popup li vscode-checkbox { flex: 0 1 auto; min-width: 0; margin: 0; overflow: hidden; }
    .column-popup li .caption { flex: 0 1 auto; min-width: 0; margin-left: auto; }
    .column-popup .note { padding: 4px 8px 8px; }
  `,
  ];
  @state() private search = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('column-popup');
  }

  toggle(button: HTMLElement): void {
    this.setAttribute('aria-label', t('Choose columns'));
    if (this.isOpen) this.close(true);
    else void this.openAt(button);
  }

  protected list<T>({ all, nameOf, shown, buttons, line, note }: ColumnList<T>): TemplateResult {
    const query = this.search.trim().toLowerCase();
    const matches = all.filter((column) => nameOf(column).toLowerCase().includes(query));
    return html`
      <div class="top">
        <input aria-label=${t('Find column')} placeholder=${t('Find column')} autocomplete="off" spellcheck="false" .value=${this.search}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) this.search = event.target.value;
          }}>
        <div>${buttons(matches)}<span class="grow"></span><span class="muted" role="status">${t('{0} of {1} shown', shown, all.length)}</span></div>
      </div>
      ${matches.length === 0 ? html`<p class="note caption" role="status">${t('No column matches the search.')}</p>` : html`<ul>${matches.slice(0, maxListed).map(line)}</ul>`}
      ${matches.length <= maxListed ? nothing : html`<p class="note caption">${t('{0} more: type to find them', matches.length - maxListed)}</p>`}
      ${note === undefined ? nothing : html`<p class="note caption">${note}</p>`}`;
  }
}
