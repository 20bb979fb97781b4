import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import {
  expressionCompletions,
  type ExpressionCompletion,
  type FrequentValue,
} from '../../src/core/table/expression/completions.ts';
import { parseExpression, type ParsedExpression } from '../../src/core/table/expression/expression.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { typeName } from '../../src/core/table/type.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';
import type { InspectorModel } from './inspectorModel.ts';

/** The expression of the filter, with its error and proposals for the text at the caret. */
@customElement('rs-expression-field')
export class ExpressionField extends LightElement {
  static override sheets = [
    css`
    rs-expression-field { position: relative; }
    rs-expression-field input {
      width: 100%; height: 22px; padding: 0 6px; font: 12px var(--vscode-editor-font-family); color: var(--vscode-input-foreground); background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
    }
    rs-expression-field input:not(:placeholder-shown) { padding-right: 24px; }
    rs-expression-field input::placeholder {
      font-family: var(--vscode-font-family);
      color: var(--vscode-input-placeholderForeground);
      opacity: 1;
    }
    rs-expression-field input:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
    rs-expression-field input[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder); outline-color: var(--vscode-inputValidation-errorBorder); }
    rs-expression-field .clear {
      position: absolute;
      right: 2px;
      top: 2px;
      width: 18px;
      height: 18px;
      display: inline-flex;
      align-items: center;
      justify-content: center;
      border-radius: 3px;
      color: var(--vscode-input-foreground);
    }
    rs-expression-field .clear:hover { background: var(--vscode-toolbar-hoverBackground); }
    rs-expression-field .clear .codicon { font-size: 14px; }
    rs-expression-field .problem {
      position: absolute; z-index: 8; left: 0; top: 22px; width: max-content; min-width: 100%; max-width: min(480px, calc(100vw - 64px)); padding: 4px 8px; line-height: 16px;
      color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground)); background: var(--vscode-inputValidation-errorBackground); border: 1px solid var(--vscode-inputValidation-errorBorder);
    }
    rs-expression-field .problem code {
      display: block;
      font: 12px/16px var(--vscode-editor-font-family);
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      margin-bottom: 4px;
    }
    rs-expression-field .problem mark {
      color: inherit;
      background: none;
      text-decoration: underline wavy var(--vscode-editorError-foreground, currentColor);
      text-underline-offset: 3px;
    }
    rs-expression-field ul {
      position: absolute; z-index: 9; left: 0; top: 24px; min-width: 100%; width: max-content; max-width: min(420px, calc(100vw - 64px)); max-height: min(242px, calc(100vh - 120px)); overflow-y: auto; padding: 2px 0;
      color: var(--vscode-editorSuggestWidget-foreground, var(--vscode-foreground)); background: var(--vscode-editorSuggestWidget-background, var(--vscode-editorWidget-background));
      border: 1px solid var(--vscode-editorSuggestWidget-border, var(--vscode-widget-border, var(--vscode-contrastBorder))); border-radius: 3px; box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    }
    rs-expression-field li { display: flex; align-items: center; gap: 6px; height: 22px; padding: 0 8px; cursor: pointer; white-space: nowrap; }
    rs-expression-field li .codicon { font-size: 14px; flex: none; }
    rs-expression-field li .label { flex: 0 1 auto; min-width: 0; font-family: var(--vscode-editor-font-family); }
    rs-expression-field li .detail { margin-left: auto; padding-left: 16px; font-size: 11px; color: var(--rs-muted); flex: none; max-width: 50%; }
    rs-expression-field li:hover { background: var(--vscode-list-hoverBackground); }
    rs-expression-field li[aria-selected='true'] {
      background: var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground));
      color: var(--vscode-editorSuggestWidget-selectedForeground, var(--vscode-list-activeSelectionForeground));
    }
    rs-expression-field li[aria-selected='true'] .detail { color: inherit; }
    body.vscode-high-contrast rs-expression-field li[aria-selected='true'] { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private text: string | null = null;
  @state() private focused = false;
  /** True while the proposals are open. */
  @state() private proposes = false;
  /** Key of the proposal that Enter and Tab insert; null without a choice. Its index changes when values arrive. */
  @state() private chosenText: string | null = null;
  @query('input') private field!: HTMLInputElement;

  constructor() {
    super();
    new Watch(this, () => this.model);
    new Watch(this, () => this.model.profiles);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const text = this.value;
    const parsed = parseExpression(text, model.dataset?.columns ?? []);
    const items = this.items();
    const isOpen = items.length > 0;
    const chosenIndex = this.placeIn(items);
    return html`<input type="text" role="combobox" spellcheck="false" autocomplete="off" aria-label=${t('Expression')} placeholder=${t('Expression, e.g. {0}', example(model))} .value=${live(text)}
        aria-autocomplete="list" aria-expanded=${isOpen ? 'true' : 'false'} aria-controls=${isOpen ? 'expression-proposals' : nothing} aria-activedescendant=${isOpen && chosenIndex >= 0 ? `expression-proposal-${chosenIndex}` : nothing}
        aria-invalid=${parsed.ok ? 'false' : 'true'} aria-describedby=${parsed.ok || isOpen ? nothing : 'expression-problem'}
        @input=${(event: InputEvent) => this.typed(event)}
        @click=${() => this.closeProposals()}
        @focus=${() => {
          this.focused = true;
        }} @blur=${() => {
          this.focused = false;
          this.closeProposals();
        }} @keydown=${(event: KeyboardEvent) => this.key(event, parsed, items)}>
      ${text === '' ? nothing : html`<button class="clear" aria-label=${t('Clear the expression')} title=${t('Clear the expression')} @click=${() => this.clear()}><span class="codicon codicon-close" aria-hidden="true"></span></button>`}
      ${isOpen ? this.list(items) : parsed.ok || !this.focused ? nothing : problem(text, parsed)}`;
  }

  focusField(): void {
    this.field.focus();
    this.field.select();
  }

  /** Drops text that was not applied. */
  forget(): void {
    this.text = null;
  }

  private get value(): string {
    return this.text ?? this.model.view.filter.expression;
  }

  private list(items: readonly ExpressionCompletion[]): TemplateResult {
    return html`<ul id="expression-proposals" role="listbox" aria-label=${t('Proposals')} @pointerdown=${(event: Event) => event.preventDefault()}>${items.map(
      (
        item,
        place,
      ) => html`<li id="expression-proposal-${place}" role="option" aria-selected=${place === this.placeIn(items) ? 'true' : 'false'} @click=${() => this.insert(item)}>
        <span class="codicon codicon-${icons[item.kind]}" aria-hidden="true"></span><span class="label cut" title=${item.label}>${item.label}</span>${detailOf(item)}</li>`,
    )}</ul>`;
  }

  private items(): readonly ExpressionCompletion[] {
    if (!this.proposes || !this.focused) return [];
    return this.completions().items;
  }

  private completions(): ReturnType<typeof expressionCompletions> {
    const { model } = this;
    const columns = model.dataset?.columns ?? [];
    return expressionCompletions(this.value, this.field.selectionStart ?? this.value.length, columns, (name) =>
      this.frequent(columns.findIndex((column) => column.name === name)),
    );
  }

  private frequent(index: number): readonly FrequentValue[] | null {
    const profile = this.model.profiles.get(index);
    return (
      profile?.top
        .filter(({ value }) => value !== null)
        .map(({ value, count }) => ({ text: String(value), rows: count })) ?? null
    );
  }

  private typed({ target }: InputEvent): void {
    if (!(target instanceof HTMLInputElement)) return;
    this.text = target.value;
    this.propose();
  }

  /** Opens the proposals, and asks for the values that they may show. */
  private propose(): void {
    this.proposes = true;
    this.chosenText = null;
    const { model } = this;
    const { valuesOf } = this.completions();
    const index = model.dataset?.columns.findIndex(({ name }) => name === valuesOf) ?? -1;
    if (index >= 0) model.profiles.want('expression', [index]);
  }

  private closeProposals(): void {
    this.proposes = false;
    this.chosenText = null;
  }

  private insert({ insert, kind }: ExpressionCompletion): void {
    const { range } = this.completions();
    const { value } = this;
    this.text = value.slice(0, range.start) + insert + value.slice(range.end);
    const caret = range.start + insert.length;
    this.closeProposals();
    void this.updateComplete.then(() => {
      this.field.focus();
      this.field.setSelectionRange(caret, caret);
      // A function or an operator is followed by an operand, so propose again.
      if (kind === 'function' || kind === 'keyword') this.propose();
    });
  }

  private clear(): void {
    const { model } = this;
    this.text = null;
    model.setFilter({ ...model.view.filter, expression: '' });
    this.field.focus();
  }

  private key(event: KeyboardEvent, parsed: ParsedExpression, items: readonly ExpressionCompletion[]): void {
    const { model } = this;
    if (event.isComposing) return;
    const chosenIndex = this.placeIn(items);
    const item = items[chosenIndex];
    if ((event.key === 'Enter' || event.key === 'Tab') && item && !event.shiftKey) {
      event.preventDefault();
      this.insert(item);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (items.length === 0) this.propose();
      else this.choose(event.key === 'ArrowDown' ? chosenIndex + 1 : Math.max(chosenIndex, 0) - 1, items);
    } else if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      this.propose();
    } else if (event.key === 'Enter' && parsed.ok) {
      const expression = this.value.trim();
      this.text = null;
      this.closeProposals();
      model.setFilter({ ...model.view.filter, expression });
    } else if (event.key === 'Enter') this.closeProposals();
    else if (event.key === 'Escape' && items.length > 0) {
      event.stopPropagation();
      this.closeProposals();
    } else if (event.key === 'Escape' && this.text !== null) {
      event.stopPropagation();
      this.text = null;
    } else if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) this.closeProposals();
  }

  /** Index of the chosen proposal; −1 without a choice. */
  private placeIn(items: readonly ExpressionCompletion[]): number {
    const { chosenText } = this;
    return chosenText === null ? -1 : items.findIndex((item) => keyOf(item) === chosenText);
  }

  private choose(place: number, items: readonly ExpressionCompletion[]): void {
    const index = (place + items.length) % items.length;
    const item = items[index];
    this.chosenText = item ? keyOf(item) : null;
    void this.updateComplete.then(() =>
      this.querySelector(`#expression-proposal-${index}`)?.scrollIntoView({ block: 'nearest' }),
    );
  }
}

const keyOf = ({ kind, insert }: ExpressionCompletion): string => `${kind} ${insert}`;

const icons: Readonly<Record<ExpressionCompletion['kind'], string>> = {
  column: 'symbol-field',
  function: 'symbol-method',
  keyword: 'symbol-keyword',
  value: 'symbol-constant',
};

function detailOf(item: ExpressionCompletion): TemplateResult | typeof nothing {
  switch (item.kind) {
    case 'column':
      return html`<span class="detail cut">${typeName(item.type)}</span>`;
    case 'value':
      return html`<span class="detail">${t('{0} rows', formatCount(item.rows))}</span>`;
    default:
      return nothing;
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
    'rs-expression-field': ExpressionField;
  }
}
