import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { typeName } from '../../src/core/table/type.ts';
import { Popup } from '../components/popup.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import type { InspectorModel } from './inspectorModel.ts';

/** Maximum number of listed columns; a search finds the others. */
const mostListed = 200;

/** Chooses the columns that the grid shows: a list with check boxes and a search. */
@customElement('rs-column-chooser')
export class ColumnChooser extends Popup {
  static override sheets = [
    ...Popup.sheets,
    css`
    rs-column-chooser { width: 280px; }
    rs-column-chooser .top {
      padding: 8px;
      display: flex;
      flex-direction: column;
      gap: 8px;
      border-bottom: 1px solid var(--vscode-panel-border);
    }
    rs-column-chooser .top input {
      height: 24px; padding: 0 6px; font: 12px var(--vscode-font-family); color: var(--vscode-input-foreground); background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
    }
    rs-column-chooser .top div { display: flex; gap: 12px; }
    rs-column-chooser ul { max-height: min(360px, calc(100vh - 160px)); overflow: auto; padding: 4px 0; }
    rs-column-chooser li { display: flex; align-items: center; height: 24px; padding: 0 8px; gap: 8px; }
    rs-column-chooser li:hover { background: var(--vscode-list-hoverBackground); }
    rs-column-chooser li vscode-checkbox { flex: 0 0 auto; max-width: 70%; margin: 0; overflow: hidden; }
    rs-column-chooser li .caption { flex: 0 1 auto; min-width: 0; margin-left: auto; }
    rs-column-chooser .more { padding: 4px 8px 8px; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private search = '';

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  toggle(): void {
    this.setAttribute('aria-label', t('Choose columns'));
    if (this.isOpen) this.close(true);
    else if (this.previousElementSibling?.previousElementSibling instanceof HTMLElement)
      void this.openAt(this.previousElementSibling.previousElementSibling);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { dataset, state } = this.model;
    if (!this.isOpen || !dataset) return nothing;
    const hidden = new Set(state.hidden);
    const wanted = this.search.trim().toLowerCase();
    const found = dataset.columns.filter((column) => column.name.toLowerCase().includes(wanted));
    const shownCount = dataset.columns.length - hidden.size;
    return html`
      <div class="top">
        <input aria-label=${t('Find column')} placeholder=${t('Find column')} autocomplete="off" spellcheck="false" .value=${this.search}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) this.search = event.target.value;
          }}>
        <div><button class="link" @click=${() => this.hide([...hidden].filter((name) => !found.some((column) => column.name === name)))}>${t('Show all')}</button>
          <button class="link" @click=${() => this.hide([...hidden, ...found.map((column) => column.name)])}>${t('Hide all')}</button>
          <span class="grow"></span><span class="muted">${t('{0} of {1} shown', shownCount, dataset.columns.length)}</span></div>
      </div>
      <ul>${found.slice(0, mostListed).map(
        ({ name, type }) => html`<li>
        <vscode-checkbox .checked=${!hidden.has(name)} @change=${(event: Event) => this.toggleColumn(name, event)}>${name}</vscode-checkbox>
        <span class="caption cut">${typeName(type)}</span></li>`,
      )}</ul>
      ${found.length <= mostListed ? nothing : html`<p class="more caption">${t('{0} more: type to find them', found.length - mostListed)}</p>`}`;
  }

  private toggleColumn(name: string, event: Event): void {
    const checked = (event.target as HTMLInputElement).checked;
    const { hidden } = this.model.state;
    if (checked === !hidden.includes(name)) return;
    this.hide(checked ? hidden.filter((n) => n !== name) : [...hidden, name]);
  }

  /** Hides these columns; the grid always keeps one. */
  private hide(names: readonly string[]): void {
    const { model } = this;
    const hidden = [...new Set(names)];
    const first = model.dataset?.columns[0]?.name;
    model.keep({
      hidden: hidden.length === model.dataset?.columns.length ? hidden.filter((name) => name !== first) : hidden,
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-column-chooser': ColumnChooser;
  }
}
