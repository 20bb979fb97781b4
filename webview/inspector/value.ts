import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Column } from '../../src/core/table/dataset.ts';
import { epochText, isEpochColumn } from '../../src/core/table/epoch.ts';
import { formatCount, formatFloat } from '../../src/core/table/format.ts';
import { isNested, isNumeric, isPlainNumber, typeName } from '../../src/core/table/type.ts';
import { vectorPaths } from '../charts/bars.ts';
import { sourceGlyph } from '../charts/source.ts';
import { characterCount, firstCharacters } from '../characters.ts';
import { LightElement, adopt } from '../element.ts';
import { isMono } from '../grid/cellContent.ts';
import { withMinus } from '../scalar.ts';
import { t } from '../strings.ts';
import { numbersOf, parseExactJson, NumberText } from './exactJson.ts';

/** A complete or partial text; `length` is the length of the complete text in characters (code points). */
export interface CellText {
  readonly text: string | null;
  readonly length: number;
}

/** Longer nested values are shown as text, in parts. */
export const longestTree = 1_000_000;
/** Characters of a long text shown at first. */
const firstPart = 2000;
/** Characters added by "more". */
export const nextPart = 64 * 1024;
const chart = { width: 276, height: 44 };

/** One value of a row with its column name: text, bars for a vector, or a tree for a nested value. */
@customElement('rs-value')
export class Value extends LightElement {
  static override sheets = [
    css`
    rs-value { display: block; }
    rs-value .pair {
      display: grid;
      grid-template-columns: 96px minmax(0, 1fr);
      gap: 8px;
      min-height: 22px;
      align-items: baseline;
      padding: 3px 0;
      line-height: 16px;
    }
    rs-value .pair .text { overflow-wrap: anywhere; white-space: pre-wrap; }
    rs-value .text.mono { font-size: 11px; }
    rs-value .text.absent { font-style: italic; color: var(--rs-muted); }
    rs-value .glyph { display: inline-block; margin-right: 6px; vertical-align: -2px; }
    rs-value .block {
      border-top: 1px solid var(--vscode-panel-border);
      margin-top: 8px;
      padding: 8px 0;
      display: flex;
      flex-direction: column;
      gap: 8px;
    }
    rs-value .block header { display: flex; gap: 8px; align-items: baseline; }
    rs-value .block .numbers { font: 11px/16px var(--vscode-editor-font-family); color: var(--rs-muted); }
    rs-value .vector { width: 100%; height: 44px; }
    rs-value .weak { fill-opacity: 0.5; }
    @media (max-width: 399px) { rs-value .pair { grid-template-columns: minmax(0, 1fr); gap: 0; } }
  `,
  ];
  @property({ attribute: false }) column!: Column;
  @property({ attribute: false }) cell: CellText | null = null;
  @property({ attribute: false }) more: ((offset: number) => Promise<CellText | null>) | null = null;
  @state() private text: string | null = null;
  /** Number of characters in `text`, and how many of them are shown. */
  private loaded = 0;
  @state() private shown = firstPart;
  private loading = false;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('cell')) return;
    this.text = this.cell?.text ?? null;
    this.loaded = characterCount(this.text ?? '');
    this.shown = firstPart;
    // A nested value can be parsed only when it is complete.
    if (this.cell && isNested(this.column.type) && this.missing > 0 && this.cell.length <= longestTree)
      void this.loadAll();
  }

  protected override render(): TemplateResult {
    const { column, cell, text } = this;
    if (!cell) return this.pair(html`<span class="text muted">…</span>`);
    if (text === null) return this.pair(html`<span class="text absent">null</span>`);
    if (isNested(column.type) && this.missing === 0) return this.nested(text);
    if (text === '') return this.pair(html`<span class="text absent">${t('empty string')}</span>`);
    const mono = isMono(column.type);
    const date = isEpochColumn(column) ? epochText(text) : null;
    const visibleText = firstCharacters(text, this.shown);
    const remaining = cell.length - Math.min(this.shown, this.loaded);
    return this.pair(html`<span class=${mono ? 'text mono' : 'text'}>${column.role?.role === 'source' ? sourceGlyph(text) : nothing}${isNumeric(column.type) ? withMinus(visibleText) : visibleText}${date === null ? nothing : html`<br><span class="muted">${date}</span>`}</span>
      ${remaining > 0 ? html`<span></span><button class="link" @click=${() => void this.showMore()}>${t('Show more ({0} characters)', formatCount(remaining))}</button>` : nothing}`);
  }

  private pair(value: TemplateResult): TemplateResult {
    return html`<div class="pair"><span class="muted cut" title=${this.column.name}>${this.column.name}</span>${value}</div>`;
  }

  private nested(text: string): TemplateResult {
    const { column } = this;
    const value = parseExactJson(text);
    if (value === undefined) return this.pair(html`<span class="text mono">${text}</span>`);
    const numbers = column.type.kind === 'list' && isPlainNumber(column.type.item) ? numbersOf(value) : null;
    return html`<div class="block"><header><strong>${column.name}</strong><span class="caption cut">${numbers ? vectorCaption(numbers) : typeName(column.type)}</span></header>
      ${numbers ? this.vector(numbers) : html`<div>${jsonTree(value)}</div>`}</div>`;
  }

  private vector(values: readonly number[]): TemplateResult {
    const { width, height } = chart;
    const { up, down } = vectorPaths(values, width, height);
    return html`<svg class="vector" role="img" aria-label=${t('{0}: {1}', this.column.name, vectorCaption(values))} viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">
        ${svg`<line class="gridline" x1="0" x2=${width} y1=${height / 2} y2=${height / 2}></line><path class="bars strong" d=${up}></path><path class="bars strong weak" d=${down}></path>`}</svg>
      <div class="numbers cut">[${values
        .slice(0, 12)
        .map((v) => formatFloat(v, 4))
        .join(', ')}${values.length > 12 ? ', …' : ''}]</div>`;
  }

  private get missing(): number {
    return (this.cell?.length ?? 0) - this.loaded;
  }

  private async showMore(): Promise<void> {
    if (this.shown >= this.loaded) await this.load();
    this.shown = Math.min(this.loaded, this.shown + nextPart);
  }

  private async loadAll(): Promise<void> {
    while (this.missing > 0 && (await this.load()));
  }

  private async load(): Promise<boolean> {
    if (this.loading || !this.more) return false;
    this.loading = true;
    const { cell } = this;
    const addition = await this.more(this.loaded);
    this.loading = false;
    if (this.cell !== cell || !addition?.text) return false;
    this.loaded += characterCount(addition.text);
    this.text = (this.text ?? '') + addition.text;
    return true;
  }
}

function vectorCaption(values: readonly number[]): string {
  return t(
    '{0} numbers · norm {1}',
    formatCount(values.length),
    formatFloat(Math.hypot(...values.slice(0, 65_536)), 4),
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-value': Value;
  }
}

adopt(css`
  .json { font: 11px/18px var(--vscode-editor-font-family); overflow-wrap: anywhere; }
  .json details > div {
    padding-left: 12px;
    margin-left: 4px;
    border-left: 1px solid var(--vscode-tree-indentGuidesStroke, var(--vscode-panel-border));
  }
  .json summary { cursor: pointer; list-style-position: outside; margin-left: 12px; }
  .json .leaf { padding-left: 12px; }
  .json .key { color: var(--rs-muted); }
`);

const maxShown = 200;
const openDepth = 2;

/** A nested value as a tree; strings, numbers and nulls look different, as in JSON. */
function jsonTree(value: unknown): TemplateResult {
  return html`<div class="json">${node(null, value, 0)}</div>`;
}

function node(key: string | null, value: unknown, depth: number): TemplateResult {
  const label = key === null ? nothing : html`<span class="key">${key}:</span> `;
  if (value instanceof NumberText) return html`<div class="leaf">${label}${value.source}</div>`;
  if (typeof value !== 'object' || value === null)
    return html`<div class="leaf">${label}${JSON.stringify(value)}</div>`;
  const entries = Object.entries(value);
  const size = Array.isArray(value) ? `[${formatCount(entries.length)}]` : `{${formatCount(entries.length)}}`;
  if (entries.length === 0) return html`<div class="leaf">${label}${Array.isArray(value) ? '[]' : '{}'}</div>`;
  return html`<details ?open=${depth < openDepth && entries.length <= 20}><summary>${label}${size}</summary><div>
    ${entries.slice(0, maxShown).map(([k, v]) => node(k, v, depth + 1))}
    ${entries.length > maxShown ? html`<div class="leaf key">${t('{0} more', formatCount(entries.length - maxShown))}</div>` : nothing}</div></details>`;
}
