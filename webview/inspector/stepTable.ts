import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { spanText } from '../../src/core/report/sequenceSteps.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { typeName } from '../../src/core/table/type.ts';
import { characterCount } from '../characters.ts';
import { LightElement } from '../element.ts';
import { isMono } from '../grid/cellContent.ts';
import { t } from '../strings.ts';
import { parseExactJson } from './exactJson.ts';
import { elementText, orderedSteps, type Step } from './steps.ts';
import { longestTree, type CellText } from './value.ts';

/** Steps that are shown first, and that each "more" adds. */
const tablePart = 20;

/** A list of a sequence in one row. `name`: what it holds of each step. */
export interface StepList {
  readonly name: string;
  readonly column: Column;
  readonly cell: CellText | null;
  readonly more: (offset: number) => Promise<CellText | null>;
}

/** The lists of a sequence in one row as a table: a line for each step, the newest first, and a line at the row's time. */
@customElement('rs-steps')
export class Steps extends LightElement {
  static override sheets = [
    css`
    rs-steps { display: block; border-top: 1px solid var(--vscode-panel-border); margin-top: 8px; padding: 8px 0; }
    rs-steps header { display: flex; gap: 8px; align-items: baseline; margin-bottom: 4px; }
    rs-steps .scroll { overflow-x: auto; }
    rs-steps table { border-collapse: collapse; min-width: 100%; }
    rs-steps th { text-align: left; font-weight: 400; font-size: 11px; color: var(--rs-muted); white-space: nowrap; }
    rs-steps th, rs-steps td { padding: 2px 12px 2px 0; height: 18px; white-space: nowrap; max-width: 220px; overflow: hidden; text-overflow: ellipsis; }
    rs-steps td.mono { font-size: 11px; }
    rs-steps .position { text-align: right; color: var(--rs-muted); font-variant-numeric: tabular-nums; }
    rs-steps .absent { font-style: italic; color: var(--rs-muted); }
    rs-steps tr.cut-line td { border-top: 2px solid var(--vscode-foreground); max-width: none; font-size: 11px; color: var(--rs-muted); }
    rs-steps tr.late td { font-weight: 600; }
    rs-steps .note { display: flex; gap: 6px; margin: 0 0 4px; }
    rs-steps .note .codicon { font-size: 14px; line-height: 16px; }
  `,
  ];
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) lists: readonly StepList[] = [];
  /** Index of the list of times; -1 without one. */
  @property({ attribute: false }) time = -1;
  /** The time of the row as text; null if it is not known. */
  @property({ attribute: false }) rowTime: string | null = null;
  /** Elements of each list; null while they are loaded, undefined if a list is too long or no list. */
  @state() private elements: readonly (readonly unknown[])[] | null | undefined = null;
  @state() private shown = tablePart;

  protected override willUpdate(changed: PropertyValues<Steps>): void {
    const before = changed.get('lists');
    if (!before || this.lists.every(({ cell }, k) => cell === before[k]?.cell)) return;
    this.elements = null;
    this.shown = tablePart;
    void this.load();
  }

  private async load(): Promise<void> {
    const { lists } = this;
    if (lists.some(({ cell }) => cell === null)) return;
    const texts = await Promise.all(lists.map(wholeText));
    if (lists.some(({ cell }, k) => cell !== this.lists[k]?.cell)) return;
    const values = texts.map((text) => (text === null ? [] : text === undefined ? undefined : parseExactJson(text)));
    this.elements = values.every((value) => Array.isArray(value)) ? (values as unknown[][]) : undefined;
  }

  protected override render(): TemplateResult {
    const { name, elements } = this;
    const caption = elements ? this.caption(elements) : elements === null ? '…' : t('too long to be shown as steps');
    return html`<header><strong>${name}</strong><span class="caption">${caption}</span></header>${elements ? this.body(elements) : nothing}`;
  }

  private caption(elements: readonly (readonly unknown[])[]): string {
    if (this.lists.every(({ cell }) => cell?.text === null)) return 'null';
    const count = Math.max(...elements.map(({ length }) => length));
    return count === 0 ? t('no steps') : count === 1 ? t('1 step') : t('{0} steps', formatCount(count));
  }

  private body(elements: readonly (readonly unknown[])[]): TemplateResult | typeof nothing {
    const steps = orderedSteps(elements, this.time, this.rowTime);
    if (steps.length === 0) return nothing;
    const late = steps.filter(({ isLate }) => isLate).length;
    const isUneven = elements.some(({ length }) => length !== elements[0]?.length);
    // Late steps are before the line, so it is always visible.
    const visible = steps.slice(0, late + this.shown);
    const hasAge = steps.some(({ age }) => age !== null);
    return html`${isUneven ? warning(t('The lists differ in length, so elements are not of the same steps.')) : nothing}
      ${late > 0 ? warning(t('Steps at or after the time of the row: {0}', formatCount(late))) : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label=${t('Steps of {0}', this.name)}><table>
        <thead><tr><th scope="col" class="position" title=${t('Position in the list, from 0')}>#</th>${hasAge ? html`<th scope="col">${t('before')}</th>` : nothing}${this.lists.map(({ name, column }) => html`<th scope="col" title=${`${column.name} · ${typeName(column.type)}`}>${name}</th>`)}</tr></thead>
        <tbody>${visible.slice(0, late).map((step) => this.line(step, elements, hasAge))}${hasAge ? html`<tr class="cut-line"><td colspan=${this.lists.length + 2}>${t('time of the row: {0}', this.rowTime ?? '')}</td></tr>` : nothing}${visible.slice(late).map((step) => this.line(step, elements, hasAge))}</tbody></table></div>
      ${visible.length < steps.length ? html`<button class="link" @click=${() => (this.shown *= 5)}>${t('and {0} more', formatCount(steps.length - visible.length))}</button>` : nothing}`;
  }

  private line(
    { index, age, isLate }: Step,
    elements: readonly (readonly unknown[])[],
    hasAge: boolean,
  ): TemplateResult {
    return html`<tr class=${isLate ? 'late' : ''}><td class="position">${index}</td>${hasAge ? html`<td>${age === null ? '' : age < 0 ? t('{0} after', spanText(-age)) : spanText(age)}</td>` : nothing}${this.lists.map(
      ({ column }, k) => {
        const element = elements[k]?.[index];
        const text = elementText(element);
        if (element === undefined) return html`<td></td>`;
        if (text === null) return html`<td class="absent">null</td>`;
        return html`<td class=${column.type.kind === 'list' && isMono(column.type.item) ? 'mono' : ''} title=${text}>${text}</td>`;
      },
    )}</tr>`;
  }
}

function warning(text: string): TemplateResult {
  return html`<p class="note"><span class="codicon codicon-warning warning-icon" aria-hidden="true"></span><span>${text}</span></p>`;
}

/** The whole text of a list; null for NULL, undefined if it is too long or could not be read. */
async function wholeText({ cell, more }: StepList): Promise<string | null | undefined> {
  if (cell === null || cell.text === null) return null;
  if (cell.length > longestTree) return undefined;
  let { text } = cell;
  for (let loaded = characterCount(text); loaded < cell.length; loaded = characterCount(text)) {
    const part = await more(loaded);
    if (!part?.text) return undefined;
    text += part.text;
  }
  return text;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-steps': Steps;
  }
}
