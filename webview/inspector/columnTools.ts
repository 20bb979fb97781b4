import { css, html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../src/core/table/format.ts';
import { columnOrders } from '../../src/protocol/inspector.ts';
import { adopt } from '../element.ts';
import { t } from '../strings.ts';
import { orderName, type ColumnQuery } from './columnOrder.ts';

adopt(css`
  .column-tools { flex: none; display: flex; align-items: center; flex-wrap: wrap; gap: 4px 12px; min-height: 32px; padding: 4px 16px; font-size: 12px; line-height: 16px; border-bottom: 1px solid var(--vscode-panel-border); }
  .column-tools label { display: flex; align-items: center; gap: 8px; }
  .column-tools input[type='search'], .column-tools select { height: 22px; padding: 0 6px; font: inherit; border-radius: 2px; }
  .column-tools input[type='search'] { width: 168px; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); }
  .column-tools input::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; }
  .column-tools select { max-width: 184px; color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, var(--vscode-panel-border))); }
  .column-tools :is(input, select):focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .column-tools input[type='checkbox'] { margin: 0; accent-color: var(--vscode-button-background); }
  body.vscode-high-contrast .column-tools input[type='checkbox'] { outline: 1px solid var(--vscode-contrastBorder); outline-offset: -1px; }
  .column-tools .found { margin-left: auto; font-variant-numeric: tabular-nums; }
`);

interface ColumnToolsModel extends ColumnQuery {
  readonly found: number;
  readonly all: number;
  /** Columns whose facts are known; null if the list does not depend on them. */
  readonly profiled: number | null;
  readonly change: (change: Partial<ColumnQuery>) => void;
  readonly leave: () => void;
}

/** Search, order and filter of the list of columns, and how many it shows. */
export function columnTools(tools: ColumnToolsModel): TemplateResult {
  const { search, order, onlyProblems, change } = tools;
  return html`<div class="column-tools" role="search" data-region>
    <input type="search" aria-label=${t('Find column')} placeholder=${t('Find column')} autocomplete="off" spellcheck="false" .value=${search}
      @input=${(event: Event) => change({ search: (event.target as HTMLInputElement).value })}
      @keydown=${(event: KeyboardEvent) => searchKey(event, tools)}>
    <label><span class="muted">${t('Order')}</span><select @change=${(event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      change({ order: columnOrders.find((one) => one === value) ?? 'file' });
    }}>${columnOrders.map((one) => html`<option value=${one} ?selected=${one === order}>${orderName(one)}</option>`)}</select></label>
    <label><input type="checkbox" .checked=${onlyProblems} @change=${(event: Event) => change({ onlyProblems: (event.target as HTMLInputElement).checked })}>${t('Only problems')}</label>
    <span class="found muted" role="status">${status(tools)}</span></div>`;
}

function searchKey(event: KeyboardEvent, { search, change, leave }: ColumnToolsModel): void {
  // During text composition, these keys choose among the candidates of the input method.
  if (event.isComposing) return;
  if (event.key === 'ArrowDown') leave();
  else if (event.key === 'Escape' && search !== '') change({ search: '' });
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function status({ found, all, profiled }: ColumnToolsModel): string | typeof nothing {
  const countText = t('{0} of {1} columns', formatCount(found), formatCount(all));
  if (profiled !== null && profiled < all) return `${countText}, ${t('{0} profiled', formatCount(profiled))}`;
  return found === all ? nothing : countText;
}
