import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { durationText } from '../../src/core/schema/durationText.ts';
import { Popup } from '../components/popup.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import { sideIcons, sideTitle } from './drawCells.ts';
import { drawColumns, type DrawColumn } from './drawColumns.ts';
import type { PreviewModel } from './previewModel.ts';

/** Most columns that are listed; a search finds the others. */
const mostListed = 200;

/** Chooses the columns that the draws show: check boxes with the side of each column. The panel remembers them. */
@customElement('rs-draw-column-chooser')
export class DrawColumnChooser extends Popup {
  static override sheets = [
    ...Popup.sheets,
    css`
    rs-draw-column-chooser { width: min(360px, calc(100vw - 16px)); }
    rs-draw-column-chooser .top {
      padding: 8px;
      display: flex;
      flex-direction: column;
      gap: 8px;
      border-bottom: 1px solid var(--vscode-panel-border);
    }
    rs-draw-column-chooser .top input {
      height: 24px; padding: 0 6px; font: 12px var(--vscode-font-family); color: var(--vscode-input-foreground); background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
    }
    rs-draw-column-chooser .top div { display: flex; flex-wrap: wrap; gap: 4px 12px; }
    rs-draw-column-chooser ul { max-height: min(360px, calc(100vh - 140px)); overflow: auto; padding: 4px 0; }
    rs-draw-column-chooser li { display: flex; align-items: center; min-height: 24px; padding: 0 8px; gap: 8px; }
    rs-draw-column-chooser li:hover { background: var(--vscode-list-hoverBackground); }
    rs-draw-column-chooser li vscode-checkbox { flex: 0 1 auto; min-width: 0; margin: 0; overflow: hidden; }
    rs-draw-column-chooser li .from { flex: 0 1 auto; min-width: 0; margin-left: auto; }
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
    rs-draw-column-chooser .note { padding: 4px 8px 8px; }
  `,
  ];
  @property({ attribute: false }) model!: PreviewModel;
  /** Ids of the columns that are shown now. */
  @property({ attribute: false }) shown!: () => readonly string[];
  @state() private search = '';

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  toggle(button: HTMLElement): void {
    this.setAttribute('aria-label', t('Choose columns'));
    if (this.isOpen) this.close(true);
    else void this.openAt(button);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.isOpen) return nothing;
    const { model } = this;
    const all = drawColumns(model.sampler?.plan, model.preview);
    const chosen = model.state?.columns ?? null;
    const shown = new Set(this.now);
    const wanted = this.search.trim().toLowerCase();
    const found = all.filter(({ label }) => label.toLowerCase().includes(wanted));
    return html`
      <div class="top">
        <input aria-label=${t('Find column')} placeholder=${t('Find column')} autocomplete="off" spellcheck="false" .value=${this.search}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) this.search = event.target.value;
          }}>
        <div><button class="link" @click=${() => this.choose(all, [...shown, ...found.map(({ id }) => id)])}>${t('Show all')}</button>
          <button class="link" ?disabled=${chosen === null} @click=${() => model.keep({ columns: null })}>${t('As many as fit')}</button>
          <span class="grow"></span><span class="muted" role="status">${t('{0} of {1} shown', all.filter(({ id }) => shown.has(id)).length, all.length)}</span></div>
      </div>
      <ul>${found.slice(0, mostListed).map((column) => this.line(column, all, shown))}</ul>
      ${found.length <= mostListed ? nothing : html`<p class="note caption">${t('{0} more: type to find them', found.length - mostListed)}</p>`}`;
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
          ? html`<span class="from caption cut">${file === null ? t('not in the file') : t('computed')}</span>`
          : html`<span class="from caption cut">data.${origin.from}${age === null ? '' : ` · ${t('at most {0} old', durationText(age))}`}</span>
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
    const known = new Set(all.map(({ id }) => id));
    const others = (this.model.state?.columns ?? []).filter((id) => !known.has(id));
    this.model.keep({ columns: [...all.map(({ id }) => id).filter((id) => ids.includes(id)), ...others] });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-draw-column-chooser': DrawColumnChooser;
  }
}
