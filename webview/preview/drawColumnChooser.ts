import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { durationText } from '../../src/core/schema/durationText.ts';
import { ColumnPopup } from '../components/columnPopup.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import { sideIcons, sideTitle } from './drawCells.ts';
import { drawColumns, type DrawColumn } from './drawColumns.ts';
import type { PreviewModel } from './previewModel.ts';

/** Chooses the columns that the draws show: check boxes with the side of each column. The panel remembers them. */
@customElement('rs-draw-column-chooser')
export class DrawColumnChooser extends ColumnPopup {
  static override sheets = [
    ...ColumnPopup.sheets,
    css`
    rs-draw-column-chooser li .side {
      flex: none;
      display: inline-flex;
      align-items: center;
      gap: 3px;
      padding: 0 5px;
      border: 1px solid var(--vscode-panel-border);
      border-radius: 8px;
      font-size: 11px;
      line-height: 16px;
    }
    body.vscode-high-contrast rs-draw-column-chooser li .side { border-color: var(--vscode-contrastBorder); }
    rs-draw-column-chooser li .side .codicon { font-size: 12px; width: 12px; }
  `,
  ];
  @property({ attribute: false }) model!: PreviewModel;
  /** Ids of the columns that are shown now. */
  @property({ attribute: false }) shown!: () => readonly string[];

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.isOpen) return nothing;
    const { model } = this;
    const all = drawColumns(model.sampler?.plan, model.preview);
    const chosenIds = model.state?.columns ?? null;
    const visibleIds = new Set(this.now);
    return this.list({
      all,
      nameOf: ({ label }) => label,
      shown: all.filter(({ id }) => visibleIds.has(id)).length,
      buttons: (
        found,
      ) => html`<button class="link" @click=${() => this.choose(all, [...visibleIds, ...found.map(({ id }) => id)])}>${t('Show all')}</button>
          <button class="link" ?disabled=${chosenIds === null} @click=${() => model.keep({ columns: null })}>${t('As many as fit')}</button>`,
      line: (column) => this.line(column, all, visibleIds),
      ...(model.preview && !model.preview.passed
        ? { note: t('The config copies no columns. Name some in {0}.', 'output.pass_through') }
        : {}),
    });
  }

  private line(column: DrawColumn, all: readonly DrawColumn[], shown: ReadonlySet<string>): TemplateResult {
    const { id, label, file } = column;
    const origin = file?.origin ?? null;
    const title = file ? sideTitle(file) : '';
    const age = origin?.maxAge ?? null;
    return html`<li data-column=${id}>
      <vscode-checkbox .checked=${shown.has(id)} aria-describedby=${origin === null ? nothing : `side-of-${id}`} @change=${(event: Event) => this.check(id, all, event)}>${label}</vscode-checkbox>
      ${
        origin === null
          ? html`<span class="caption cut">${file === null ? t('not in the file') : t('computed')}</span>`
          : html`<span class="caption cut">data.${origin.from}${age === null ? '' : ` · ${t('at most {0} old', durationText(age))}`}</span>
            <span class="side" id="side-of-${id}" title=${title}><span class="codicon codicon-${sideIcons[origin.side]}" aria-hidden="true"></span>${origin.side}<span class="said">${title}</span></span>`
      }</li>`;
  }

  private check(id: string, all: readonly DrawColumn[], event: Event): void {
    const checked = (event.target as HTMLInputElement).checked;
    const { now } = this;
    // Setting the property of a check box fires the event too, before the listener of that rendering is set.
    if (checked === now.includes(id)) return;
    this.choose(
      all,
      [...now, id].filter((one) => checked || one !== id),
    );
  }

  /** Ids of the columns that are shown. */
  private get now(): readonly string[] {
    return this.model.state?.columns ?? this.shown();
  }

  /** Ids that this config does not have now stay chosen, for another stage. */
  private choose(all: readonly DrawColumn[], ids: readonly string[]): void {
    const currentIds = new Set(all.map(({ id }) => id));
    const others = (this.model.state?.columns ?? []).filter((id) => !currentIds.has(id));
    this.model.keep({ columns: [...all.map(({ id }) => id).filter((id) => ids.includes(id)), ...others] });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-draw-column-chooser': DrawColumnChooser;
  }
}
