import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { rangeOfBins } from '../../src/core/table/binRange.ts';
import { typedCondition } from '../../src/core/table/condition.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import type { Condition, ConditionOp } from '../../src/core/table/filter.ts';
import { isNested, isNumeric, type LogicalType } from '../../src/core/table/type.ts';
import { failureOf } from '../../src/core/message/failure.ts';
import { Popup } from '../components/popup.ts';
import { say, t } from '../strings.ts';
import { onDay } from './conditionText.ts';
import type { InspectorModel } from './inspectorModel.ts';

/** `on` exists only in the user interface: one whole day. */
type Choice = ConditionOp | 'on';

const digits = { s: 0, ms: 3, us: 6, ns: 9 } as const;
const maxSuggestions = 8;

/** Column, operator and value of a new condition; suggests frequent values of the column. */
@customElement('rs-filter-popup')
export class FilterPopup extends Popup {
  static override sheets = [
    ...Popup.sheets,
    css`
    rs-filter-popup { width: 320px; padding: 12px; }
    rs-filter-popup form { display: grid; grid-template-columns: 64px minmax(0, 1fr); gap: 8px; align-items: center; }
    rs-filter-popup select, rs-filter-popup input {
      width: 100%; height: 24px; padding: 0 6px; font: 12px var(--vscode-font-family); color: var(--vscode-input-foreground); background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
    }
    rs-filter-popup select {
      color: var(--vscode-dropdown-foreground);
      background: var(--vscode-dropdown-background);
      border-color: var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
      padding: 0 2px;
    }
    rs-filter-popup .wide { grid-column: 1 / -1; }
    rs-filter-popup .values { display: flex; flex-wrap: wrap; gap: 4px; }
    rs-filter-popup .values button {
      max-width: 100%;
      height: 20px;
      padding: 0 8px;
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
      border-radius: 10px;
      font-size: 11px;
    }
    rs-filter-popup .values button:hover { background: var(--vscode-list-hoverBackground); }
    rs-filter-popup .buttons { display: flex; gap: 8px; justify-content: flex-end; margin-top: 4px; }
    rs-filter-popup .wrong { color: var(--vscode-errorForeground); }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private column = '';
  @state() private op: Choice = '=';
  @state() private first = '';
  @state() private second = '';
  @state() private problem = '';

  /** `range`: a range is asked for, from the smallest to the largest value. */
  open(anchor: EventTarget | null, column?: string, range = false): void {
    const { dataset, state } = this.model;
    this.setAttribute('aria-label', t('Add filter'));
    this.choose(column ?? state.active?.column ?? dataset?.columns[0]?.name ?? '');
    if (range) this.askRange();
    if (anchor instanceof HTMLElement) void this.openAt(anchor);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { dataset } = this.model;
    if (!this.isOpen || !dataset) return nothing;
    const chosenColumn = this.columnOfForm();
    const choices = chosenColumn ? choicesOf(chosenColumn.type) : [];
    const fields = this.op === 'is null' || this.op === 'is not null' ? 0 : this.op === 'between' ? 2 : 1;
    // A form with two fields and no native submit button does not submit on Enter.
    return html`<form @submit=${(event: Event) => this.submit(event)} @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Enter' && !event.isComposing && event.target instanceof HTMLInputElement) this.submit(event);
    }}>
      <label for="filter-column">${t('Column')}</label>
      <select id="filter-column" @change=${(event: Event) => this.choose(valueOf(event))}>${dataset.columns.map((column) => html`<option ?selected=${column.name === this.column} value=${column.name}>${column.name}</option>`)}</select>
      <label for="filter-op">${t('Condition')}</label>
      <select id="filter-op" @change=${(event: Event) => {
        this.op = valueOf(event) as Choice;
      }}>${choices.map(([choice, label]) => html`<option ?selected=${choice === this.op} value=${choice}>${label}</option>`)}</select>
      ${
        fields === 0
          ? nothing
          : html`<label for="filter-value">${fields === 2 ? t('From') : t('Value')}</label>
        <input id="filter-value" autocomplete="off" spellcheck="false" placeholder=${this.op === 'in' ? t('a, b, c') : this.op === 'on' ? '2026-03-14' : ''} .value=${this.first} @input=${(
          event: Event,
        ) => {
          this.first = valueOf(event);
          this.problem = '';
        }}>`
      }
      ${
        fields < 2
          ? nothing
          : html`<label for="filter-second">${t('To')}</label>
        <input id="filter-second" autocomplete="off" spellcheck="false" .value=${this.second} @input=${(
          event: Event,
        ) => {
          this.second = valueOf(event);
          this.problem = '';
        }}>`
      }
      ${fields === 0 ? nothing : this.suggestions()}
      ${this.problem === '' ? nothing : html`<p class="wide wrong" role="alert">${this.problem}</p>`}
      <div class="wide buttons">
        <vscode-button appearance="secondary" @click=${() => this.close(true)}>${t('Cancel')}</vscode-button>
        <vscode-button @click=${(event: Event) => this.submit(event)}>${t('Add')}</vscode-button>
      </div>
    </form>`;
  }

  private suggestions(): TemplateResult | typeof nothing {
    const index = this.model.dataset?.columns.findIndex((column) => column.name === this.column) ?? -1;
    const top =
      this.model.profiles
        .get(index)
        ?.top.filter(({ value }) => value !== null && value !== '')
        .slice(0, maxSuggestions) ?? [];
    if (top.length === 0 || this.op === 'on') return nothing;
    return html`<div class="wide values" role="group" aria-label=${t('Top values')}>${top.map(
      ({ value }) => html`
      <button type="button" class="cut" @click=${() => this.take(String(value))}>${String(value)}</button>`,
    )}</div>`;
  }

  private askRange(): void {
    const type = this.columnOfForm()?.type;
    const index = this.model.dataset?.columns.findIndex((column) => column.name === this.column) ?? -1;
    const histogram = this.model.profiles.get(index)?.histogram;
    const range =
      type && histogram?.kind === 'range' && histogram.of === undefined
        ? rangeOfBins(histogram, type, 0, histogram.counts.length - 1)
        : null;
    if (!range) return;
    this.op = 'between';
    [this.first, this.second] = range;
  }

  private take(value: string): void {
    this.problem = '';
    this.first = this.op === 'in' && this.first !== '' ? `${this.first}, ${value}` : value;
  }

  private columnOfForm(): Column | undefined {
    return this.model.dataset?.columns.find((column) => column.name === this.column);
  }

  private choose(column: string): void {
    this.column = column;
    const type = this.columnOfForm()?.type;
    this.op = type ? (choicesOf(type)[0]?.[0] ?? '=') : '=';
    this.first = '';
    this.second = '';
    this.problem = '';
  }

  private submit(event: Event): void {
    event.preventDefault();
    const { model } = this;
    const type = this.columnOfForm()?.type;
    if (!type) return;
    const condition = this.condition(type);
    try {
      typedCondition(condition, model.dataset?.columns ?? []);
    } catch (error) {
      this.problem = say(failureOf(error).message);
      return;
    }
    this.close(true);
    model.addCondition(condition);
  }

  private condition(type: LogicalType): Condition {
    const { column, op, first, second } = this;
    if (op === 'on')
      return type.kind === 'timestamp'
        ? onDay(column, first.trim(), digits[type.unit])
        : { column, op: '=', values: [first.trim()] };
    const values =
      op === 'is null' || op === 'is not null'
        ? []
        : op === 'between'
          ? [first, second]
          : op === 'in'
            ? first
                .split(',')
                .map((value) => value.trim())
                .filter((value) => value !== '')
            : [first];
    return { column, op, values };
  }
}

function choicesOf(type: LogicalType): [Choice, string][] {
  const nulls: [Choice, string][] = [
    ['is null', t('is null')],
    ['is not null', t('is not null')],
  ];
  if (isNested(type)) return type.kind === 'list' ? [['contains', t('contains')], ...nulls] : nulls;
  const order: [Choice, string][] = [
    ['<', '<'],
    ['<=', '≤'],
    ['>', '>'],
    ['>=', '≥'],
    ['between', t('between')],
  ];
  const equal: [Choice, string][] = isNumeric(type)
    ? [
        ['=', '='],
        ['!=', '≠'],
      ]
    : [
        ['=', t('is')],
        ['!=', t('is not')],
      ];
  if (type.kind === 'boolean') return [...equal, ...nulls];
  if (type.kind === 'timestamp') return [['on', t('on')], ...order, ...nulls];
  if (isNumeric(type) || type.kind === 'date' || type.kind === 'time')
    return [...equal, ...order, ['in', t('one of')], ...nulls];
  return [
    ...equal,
    ['contains', t('contains')],
    ['starts with', t('starts with')],
    ['in', t('one of')],
    ...order,
    ...nulls,
  ];
}

const valueOf = (event: Event): string =>
  event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement ? event.target.value : '';

declare global {
  interface HTMLElementTagNameMap {
    'rs-filter-popup': FilterPopup;
  }
}
