import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { parseExpression, type ParsedExpression } from '../../src/core/table/expression/expression.ts';
import { formatCount, formatDuration } from '../../src/core/table/format.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';
import './columnChooser.ts';
import type { ColumnChooser } from './columnChooser.ts';
import { conditionParts } from './conditionText.ts';
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
    rs-filter-bar .chip button, rs-filter-bar .expression .clear {
      width: 18px;
      height: 18px;
      display: inline-flex;
      align-items: center;
      justify-content: center;
      border-radius: 3px;
      flex: none;
    }
    rs-filter-bar .chip button:hover, rs-filter-bar .expression .clear:hover { background: var(--vscode-toolbar-hoverBackground); }
    rs-filter-bar .chip .codicon { font-size: 14px; }
    rs-filter-bar .expression { position: relative; flex: 1 1 200px; max-width: 320px; min-width: 160px; }
    rs-filter-bar .expression input {
      width: 100%; height: 22px; padding: 0 6px; font: 12px var(--vscode-editor-font-family); color: var(--vscode-input-foreground); background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
    }
    rs-filter-bar .expression input:not(:placeholder-shown) { padding-right: 24px; }
    rs-filter-bar .expression .clear { position: absolute; right: 2px; top: 2px; color: var(--vscode-input-foreground); }
    rs-filter-bar .expression input::placeholder {
      font-family: var(--vscode-font-family);
      color: var(--vscode-input-placeholderForeground);
      opacity: 1;
    }
    rs-filter-bar .expression input:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
    rs-filter-bar .expression input[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder); outline-color: var(--vscode-inputValidation-errorBorder); }
    rs-filter-bar .problem {
      position: absolute; z-index: 8; left: 0; top: 22px; width: max-content; min-width: 100%; max-width: min(480px, calc(100vw - 64px)); padding: 4px 8px; line-height: 16px;
      color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground)); background: var(--vscode-inputValidation-errorBackground); border: 1px solid var(--vscode-inputValidation-errorBorder);
    }
    rs-filter-bar .problem code {
      display: block;
      font: 12px/16px var(--vscode-editor-font-family);
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      margin-bottom: 4px;
    }
    rs-filter-bar .problem mark {
      color: inherit;
      background: none;
      text-decoration: underline wavy var(--vscode-editorError-foreground, currentColor);
      text-underline-offset: 3px;
    }
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
      rs-filter-bar .expression { flex-basis: 112px; min-width: 112px; }
    }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private text: string | null = null;
  @state() private focused = false;
  @query('rs-filter-popup') private popup!: FilterPopup;
  @query('rs-column-chooser') private chooser!: ColumnChooser | null;
  @query('.expression input') private field!: HTMLInputElement;

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
    const text = this.text ?? filter.expression;
    const parsed = parseExpression(text, model.dataset?.columns ?? []);
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
              this.text = null;
              model.clearFilter();
            }}>${t('Clear all')}</button>`
      }
      <div class="expression">
        <input type="text" spellcheck="false" autocomplete="off" aria-label=${t('Expression')} placeholder=${t('Expression, e.g. {0}', example(model))} .value=${text}
          aria-invalid=${parsed.ok ? 'false' : 'true'} aria-describedby=${parsed.ok ? nothing : 'expression-problem'}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) this.text = event.target.value;
          }}
          @focus=${() => {
            this.focused = true;
          }} @blur=${() => {
            this.focused = false;
          }} @keydown=${(event: KeyboardEvent) => this.key(event, parsed)}>
        ${text === '' ? nothing : html`<button class="clear" aria-label=${t('Clear the expression')} title=${t('Clear the expression')} @click=${() => this.clearExpression()}><span class="codicon codicon-close" aria-hidden="true"></span></button>`}
        ${parsed.ok || !this.focused ? nothing : problem(text, parsed)}
      </div>
      <div class="right">${model.state.tab === 'columns' ? this.profiled() : this.rowTools()}</div>
      <rs-filter-popup .model=${model}></rs-filter-popup>`;
  }

  focusField(): void {
    this.field.focus();
    this.field.select();
  }

  private clearExpression(): void {
    const { model } = this;
    this.text = null;
    model.setFilter({ ...model.view.filter, expression: '' });
    this.field.focus();
  }

  /** Opens the popup for a new condition on this column. */
  addFilter(column: string): void {
    this.popup.open(this.querySelector('[aria-haspopup="dialog"]'), column);
  }

  chooseColumns(): void {
    const button = this.querySelector<HTMLElement>('.choose-columns');
    if (button) this.chooser?.toggle(button);
  }

  private rowTools(): TemplateResult {
    const { model } = this;
    const { rows, dataset } = model;
    return html`
      ${model.filtered ? html`<span class="count" role="status"><b>${rows === null ? (model.viewFailure ? '–' : '…') : formatCount(rows)}</b> ${t('of {0} rows', typeof dataset?.rows === 'number' ? formatCount(dataset.rows) : '…')}</span>` : nothing}
      <button class="tool choose-columns" aria-label=${t('Choose columns')} title=${t('Choose columns')} aria-haspopup="dialog" @click=${() => this.chooseColumns()}><span class="codicon codicon-list-selection" aria-hidden="true"></span></button>
      <button class="tool" aria-label=${t('Charts in the header')} title=${t('Charts in the header')} aria-pressed=${model.state.charts ? 'true' : 'false'} @click=${() => model.toggleCharts()}><span class="codicon codicon-graph" aria-hidden="true"></span></button>
      <rs-column-chooser .model=${model}></rs-column-chooser>`;
  }

  private profiled(): TemplateResult {
    const { profiles } = this.model;
    const { rows } = profiles;
    if (profiles.stopped)
      return html`<span class="count">${t('Profiling was stopped')}</span><button class="link" @click=${() => profiles.retry()}>${t('Try again')}</button>`;
    return html`<span class="count" role="status">${rows === null ? t('Profiling') : html`${t('Profile of {0} rows', formatCount(rows))}<span class="wide-only">${t(', full scan, {0}', formatDuration(profiles.milliseconds))}</span>`}</span>`;
  }

  private key(event: KeyboardEvent, parsed: ParsedExpression): void {
    const { model } = this;
    if (event.key === 'Enter' && parsed.ok && !event.isComposing) {
      const expression = (this.text ?? model.view.filter.expression).trim();
      this.text = null;
      model.setFilter({ ...model.view.filter, expression });
    } else if (event.key === 'Escape' && this.text !== null) {
      event.stopPropagation();
      this.text = null;
    }
  }
}

/** The text with the wrong part marked, followed by the error. */
function problem(text: string, parsed: Extract<ParsedExpression, { ok: false }>): TemplateResult {
  const { range, failure } = parsed;
  return html`<div class="problem" id="expression-problem" role="alert">
    ${range.end > range.start ? html`<code>${text.slice(0, range.start)}<mark>${text.slice(range.start, range.end)}</mark>${text.slice(range.end)}</code>` : nothing}
    ${say(failure.message)}${failure.advice ? html` ${say(failure.advice)}` : nothing}</div>`;
}

/** An example expression with columns of the file. */
function example(model: InspectorModel): string {
  const columns = model.dataset?.columns ?? [];
  const number =
    columns.find((column) => column.type.kind === 'float') ?? columns.find((column) => column.type.kind === 'integer');
  return number ? `${/^[a-z_]\w*$/i.test(number.name) ? number.name : `"${number.name}"`} > 0` : 'true';
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-filter-bar': FilterBar;
  }
}
