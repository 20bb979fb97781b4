import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { typeName } from '../../src/core/table/type.ts';
import { ColumnPopup } from '../components/columnPopup.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import type { InspectorModel } from './inspectorModel.ts';

/** Chooses the columns that the grid shows. */
@customElement('rs-column-chooser')
export class ColumnChooser extends ColumnPopup {
  static override sheets = [...ColumnPopup.sheets, css`rs-column-chooser { width: min(280px, calc(100vw - 16px)); }`];
  @property({ attribute: false }) model!: InspectorModel;

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { dataset, state } = this.model;
    if (!this.isOpen || !dataset) return nothing;
    const hidden = new Set(state.hidden);
    return this.list({
      all: dataset.columns,
      nameOf: ({ name }) => name,
      shown: dataset.columns.length - hidden.size,
      buttons: (
        found,
      ) => html`<button class="link" @click=${() => this.hide([...hidden].filter((name) => !found.some((column) => column.name === name)))}>${t('Show all')}</button>
          <button class="link" @click=${() => this.hide([...hidden, ...found.map((column) => column.name)])}>${t('Hide all')}</button>`,
      line: ({
        name,
        type,
      }) => html`<li><vscode-checkbox .checked=${!hidden.has(name)} @change=${(event: Event) => this.toggleColumn(name, event)}>${name}</vscode-checkbox>
        <span class="caption cut">${typeName(type)}</span></li>`,
    });
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
