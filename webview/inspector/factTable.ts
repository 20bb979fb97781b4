import { css, html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { adopt } from '../element.ts';

adopt(css`
  .fact-scroll { overflow-x: auto; }
  .fact-table { border-collapse: collapse; font-size: 12px; line-height: 16px; min-width: 560px; }
  .fact-table th {
    height: 24px;
    padding: 0 24px 0 0;
    font-weight: 400;
    font-size: 11px;
    color: var(--rs-muted);
    text-align: left;
    white-space: nowrap;
    border-bottom: 1px solid var(--vscode-panel-border);
  }
  .fact-table td {
    height: 22px;
    padding: 0 24px 0 0;
    white-space: nowrap;
    max-width: 420px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .fact-table .right { text-align: right; font-variant-numeric: tabular-nums; }
  .fact-table tbody tr:hover { background: var(--vscode-list-hoverBackground); }
  .fact-table tr.detail > td { max-width: none; height: auto; overflow: visible; }
  .size-bar { width: 120px; height: 8px; }
  .size-bar .faint { fill-opacity: 0.5; }
`);

export interface FactColumn<T> {
  readonly title: string;
  readonly number?: boolean;
  readonly mono?: boolean;
  readonly cell: (item: T) => string | TemplateResult;
}

/**
 * A plain table of facts; it scrolls sideways if the window is narrower.
 * @param detailOf content of a row below an item
 */
export function factTable<T>(
  items: readonly T[],
  columns: readonly FactColumn<T>[],
  detailOf: (item: T) => TemplateResult | typeof nothing = () => nothing,
): TemplateResult {
  return html`<div class="fact-scroll" tabindex="0" role="region" aria-label=${columns.map((column) => column.title).join(', ')}><table class="fact-table">
    <thead><tr>${columns.map((column) => html`<th scope="col" class=${column.number === true ? 'right' : ''}>${column.title}</th>`)}</tr></thead>
    <tbody>${items.map(
      (item) =>
        html`<tr>${columns.map((column) => {
          const content = column.cell(item);
          return html`<td class=${classMap({ right: column.number === true, mono: column.mono === true })} title=${typeof content === 'string' ? content : ''}>${content}</td>`;
        })}</tr>${detailRow(detailOf(item), columns.length)}`,
    )}</tbody></table></div>`;
}

function detailRow(content: TemplateResult | typeof nothing, columns: number): TemplateResult | typeof nothing {
  return content === nothing ? nothing : html`<tr class="detail"><td colspan=${columns}>${content}</td></tr>`;
}
