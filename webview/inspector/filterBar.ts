import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { formatCount, formatDuration } from '../../src/core/table/format.ts';
import { LightElement } from '../element.ts';
import { toggleProfile } from '../grid/commands.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import './columnChooser.ts';
import type { ColumnChooser } from './columnChooser.ts';
import { columnsIcon } from '../components/columnsIcon.ts';
import { conditionParts } from './conditionText.ts';
import './expressionField.ts';
import type { ExpressionField } from './expressionField.ts';
import './filterPopup.ts';
import type { FilterPopup } from './filterPopup.ts';
import type { InspectorModel } from './inspectorModel.ts';

/** The filter as chips and an expression, the number of rows that it keeps, and the switches of the grid. */
@customElement('rs-filter-bar')
export class FilterBar extends LightElement {
  static override sheets = [
    css`
    rs-filter-bar {
      flex: none;
      position: relative;
      display: flex;
      align-items: center;
      flex-wrap: wrap;
      gap: 4px 8px;
      min-height: 36px;
      padding: 4px 16px;
      border-bottom: 1px solid var(--vscode-panel-border);
      font-size: 12px;
      line-height: 16px;
    }
    rs-filter-bar > .codicon-filter { font-size: 14px; width: 16px; }
    rs-filter-bar .chip {
      display: inline-flex; align-items: center; height: 22px; padding: 0 2px 0 8px; gap: 4px; max-width: 280px; border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
      background: var(--vscode-input-background); color: var(--vscode-input-foreground); border-radius: 2px;
    }
    rs-filter-bar .chip button {
      width: 18px;
      height: 18px;
      display: inline-flex;
      align-items: center;
      justify-content: center;
      border-radius: 3px;
      flex: none;
    }
    rs-filter-bar .chip button:hover { background: var(--vscode-toolbar-hoverBackground); }
    rs-filter-bar .chip .codicon { font-size: 14px; }
    rs-filter-bar > rs-expression-field { flex: 1 1 200px; max-width: 320px; min-width: 160px; }
    rs-filter-bar .chips { display: contents; }
    rs-filter-bar .right { margin-left: auto; display: flex; align-items: center; gap: 4px; }
    rs-filter-bar .count {
      margin-right: 8px;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
      color: var(--rs-muted);
    }
    rs-filter-bar .count b { font-weight: 400; color: var(--vscode-foreground); }
    @media (max-width: 899px) {
      /* Chips have one line of their own, so that many do not push the rows off the page. */
      rs-filter-bar .chips:not(:empty) {
        order: 1;
        flex: 1 0 100%;
        display: flex;
        gap: 8px;
        overflow-x: auto;
        scrollbar-width: thin;
      }
      rs-filter-bar .chip { flex: none; }
      rs-filter-bar > rs-expression-field { flex-basis: 112px; min-width: 112px; }
    }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @query('rs-filter-popup') private popup!: FilterPopup;
  @query('rs-column-chooser') private chooser!: ColumnChooser | null;
  @query('rs-expression-field') private field!: ExpressionField;

  constructor() {
    super();
    new Watch(this, () => this.model);
    new Watch(this, () => this.model.profiles);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.dataset['region'] = '';
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { filter } = model.view;
    return html`
      <span class="codicon codicon-filter" aria-hidden="true"></span>
      <div class="chips">${filter.conditions.map((condition, place) => {
        const { column, op, value } = conditionParts(condition, model.dataset);
        return html`<span class="chip"><span class="cut" title=${`${column} ${op} ${value}`}>${column} <span class="muted">${op}</span> ${value}</span>
          <button aria-label=${t('Remove {0}', `${column} ${op} ${value}`)} @click=${() => model.removeCondition(place)}><span class="codicon codicon-close" aria-hidden="true"></span></button></span>`;
      })}</div>
      <button class="link" aria-haspopup="dialog" @click=${(event: Event) => this.popup.open(event.currentTarget)}>${t('Add filter')}</button>
      ${
        filter.conditions.length + (filter.expression === '' ? 0 : 1) < 2
          ? nothing
          : html`<button class="link" @click=${() => {
              this.field.forget();
              model.clearFilter();
            }}>${t('Clear all')}</button>`
      }
      <rs-expression-field class="expression" .model=${model}></rs-expression-field>
      <div class="right">${model.state.tab === 'columns' ? this.profiled() : this.rowTools()}</div>
      <rs-filter-popup .model=${model}></rs-filter-popup>`;
  }

  /** Focuses the expression, also in a bar that was just added to the page. */
  async focusField(): Promise<void> {
    await this.updateComplete;
    await this.field.updateComplete;
    this.field.focusField();
  }

  /** Opens the popup for a new condition on this column. */
  addFilter(column: string, range: boolean): void {
    this.popup.open(this.querySelector('[aria-haspopup="dialog"]'), column, range);
  }

  chooseColumns(): void {
    const button = this.querySelector<HTMLElement>('.choose-columns');
    if (button) this.chooser?.toggle(button);
  }

  private rowTools(): TemplateResult {
    const { model } = this;
    const { rows, dataset } = model;
    const isProfiled = model.state.charts || model.state.columnPane;
    return html`${isProfiled && model.profiles.stopped ? this.stopped() : nothing}
      ${model.filtered ? html`<span class="count" role="status"><b>${rows === null ? (model.viewFailure ? '–' : '…') : formatCount(rows)}</b> ${t('of {0} rows', typeof dataset?.rows === 'number' ? formatCount(dataset.rows) : '…')}</span>` : nothing}
      <button class="tool choose-columns" aria-label=${t('Choose columns')} title=${t('Choose columns')} aria-haspopup="dialog" @click=${() => this.chooseColumns()}>${columnsIcon}</button>
      <button class="tool" aria-label=${t('Charts in the header')} title=${t('Charts in the header')} aria-pressed=${model.state.charts ? 'true' : 'false'} @click=${() => model.toggleCharts()}><span class="codicon codicon-graph" aria-hidden="true"></span></button>
      <button class="tool" aria-label=${t('Column profile')} title=${`${t('Column profile')} (I)`} aria-pressed=${model.state.columnPane ? 'true' : 'false'} @click=${() => toggleProfile(model)}><span class="codicon codicon-layout-sidebar-right" aria-hidden="true"></span></button>
      <rs-column-chooser .model=${model}></rs-column-chooser>`;
  }

  /** Profiling ended before all charts were drawn. A failure says why next to the column. */
  private stopped(): TemplateResult {
    const { profiles } = this.model;
    return html`<span class="count" role="status">${t('Profiling was stopped')}</span><button class="link" @click=${() => profiles.retry()}>${profiles.failure ? t('Try again') : t('Continue')}</button>`;
  }

  private profiled(): TemplateResult {
    const { profiles } = this.model;
    const { rows } = profiles;
    if (profiles.stopped) return this.stopped();
    return html`<span class="count" role="status">${rows === null ? t('Profiling') : html`${t('Profile of {0} rows', formatCount(rows))}<span class="wide-only">${t(', full scan, {0}', formatDuration(profiles.milliseconds))}</span>`}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-filter-bar': FilterBar;
  }
}
