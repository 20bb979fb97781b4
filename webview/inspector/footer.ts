import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatCount, formatFloat } from '../../src/core/table/format.ts';
import { LightElement } from '../element.ts';
import type { GridView } from '../grid/gridView.ts';
import { isSingle, type Rectangle } from '../grid/selection.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import type { InspectorModel } from './inspectorModel.ts';
import type { Layout } from '../grid/layout.ts';
import type { Pages } from '../grid/pages.ts';

/** The position, the selection and the available keys. Also asks for a row number in its own line. */
@customElement('rs-footer')
export class Footer extends LightElement {
  static override sheets = [
    css`
    rs-footer {
      flex: none; height: 26px; display: flex; align-items: center; gap: 16px; padding: 0 16px; border-top: 1px solid var(--vscode-panel-border); white-space: nowrap; overflow: hidden;
      font-size: 11px; line-height: 16px; color: var(--rs-muted); font-variant-numeric: tabular-nums;
    }
    rs-footer .hints { margin-left: auto; display: flex; gap: 16px; }
    rs-footer input {
      width: 128px; height: 20px; padding: 0 6px; font: 12px var(--vscode-font-family); font-variant-numeric: tabular-nums; color: var(--vscode-input-foreground);
      background: var(--vscode-input-background); border: 1px solid var(--vscode-focusBorder); border-radius: 2px; outline: none;
    }
    rs-footer label { display: flex; align-items: center; gap: 8px; }
    @media (max-width: 559px) { rs-footer .hints { display: none; } }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @property({ attribute: false }) grid: GridView | null = null;
  @state() private asking = false;

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  protected override render(): TemplateResult {
    const { model, grid } = this;
    const { rows, said } = model;
    if (rows === 0 || model.viewFailure || !grid) return html`<span role="status">${said}</span>`;
    const source = model.pages.sourceRow(model.activeRow);
    const total = rows === null ? t('counting') : formatCount(rows);
    return html`
      ${this.asking ? this.field() : html`<span>${this.place(total)}</span>`}
      ${source === null || source === model.positionOf(model.activeRow) ? nothing : html`<span>${t('row {0} in the file', formatCount(source + 1))}</span>`}
      ${model.positionOf(model.activeRow) === null ? nothing : html`<span>${this.selected(grid)}</span>`}
      <span role="status" class="cut">${said}</span>
      <span class="hints">
        ${
          model.groups
            ? html`<span><kbd>←</kbd> <kbd>→</kbd> ${t('close, open group')}</span><span class="wide-only"><kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd> ${t('next group')}</span>`
            : nothing
        }
        <span class="wide-only"><kbd>Ctrl</kbd> <kbd>C</kbd> ${t('copy')}</span>
        <span class="wide-only"><kbd>Ctrl</kbd> <kbd>G</kbd> ${t('go to row')}</span>
        <span class="wide-only"><kbd>F</kbd> ${t('filter by this value')}</span>
        <span><kbd>${t('Space')}</kbd> ${t('detail')}</span>
        <span class="wide-only"><kbd>I</kbd> ${t('column profile')}</span>
        ${model.state.detail || model.state.columnPane ? html`<span class="narrow-only"><kbd>Esc</kbd> ${t('close')}</span>` : nothing}
      </span>`;
  }

  /** Shows the field for a row number and focuses it. */
  askForRow(): void {
    this.asking = true;
    void this.updateComplete.then(() => this.querySelector('input')?.focus());
  }

  private place(total: string): string {
    const { groups, activeRow } = this.model;
    const line = groups?.lineAt(activeRow);
    if (!groups || line?.kind === 'row') {
      const position = this.model.positionOf(activeRow) ?? 0;
      return t('Row {0} of {1}', formatCount(position + 1), total);
    }
    const all = groups.total === null ? t('counting') : formatCount(groups.total);
    return t('Group {0} of {1}', formatCount((line?.group ?? 0) + 1), all);
  }

  private field(): TemplateResult {
    return html`<label>${this.model.groups ? t('Go to group') : t('Go to row')}<input inputmode="numeric" autocomplete="off" @keydown=${(event: KeyboardEvent) => this.key(event)} @blur=${() => {
      this.asking = false;
    }}></label>`;
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    const text = event.target instanceof HTMLInputElement ? event.target.value.replace(/[,\s_]/g, '') : '';
    this.asking = false;
    const { groups } = this.model;
    const number = Number(text) - 1;
    if (event.key === 'Enter' && /^\d+$/.test(text))
      this.grid?.goToRow(groups ? groups.lineOf(Math.min(Math.max(0, number), (groups.total ?? 1) - 1)) : number);
    else this.grid?.focusCell();
  }

  private selected(grid: GridView): TemplateResult {
    const r = grid.selected;
    const cells = (r.bottom - r.top + 1) * (r.right - r.left + 1);
    if (isSingle(r)) return html`${t('1 cell selected')}`;
    const summary = summarize(this.model.pages, grid.layout, r);
    return html`${t('{0} cells selected', formatCount(cells))}${summary === null ? nothing : html` · ${t('sum {0}', formatFloat(summary.sum, 12))} · ${t('mean {0}', formatFloat(summary.mean))}`}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-footer': Footer;
  }
}

/** Above this number of cells, no sum is computed while the user drags the selection. */
const maxSummedCells = 10_000;

/**
 * Sum and mean of the numbers in a selection. Null if a cell is not loaded, if a type cannot be summed exactly as a
 * number (64-bit integers, decimals, texts), or if there are no numbers.
 */
function summarize(
  pages: Pages,
  { lanes }: Layout,
  { top, bottom, left, right }: Rectangle,
): { sum: number; mean: number } | null {
  if ((bottom - top + 1) * (right - left + 1) > maxSummedCells) return null;
  let sum = 0;
  let count = 0;
  for (const lane of lanes.slice(left, right + 1)) {
    for (let row = top; row <= bottom; row++) {
      const cell = pages.cell(row, lane.index);
      if (!cell || (cell.number === null && cell.text !== null)) return null;
      if (cell.number === null || !Number.isFinite(cell.number)) continue;
      sum += cell.number;
      count++;
    }
  }
  return count === 0 ? null : { sum, mean: sum / count };
}
