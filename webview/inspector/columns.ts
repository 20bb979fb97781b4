import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatCount } from '../../src/core/table/format.ts';
import { LightElement } from '../element.ts';
import { MediaMatch } from '../narrow.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import './columnDetail.ts';
import { columnList, columnOrders, mostProfiled, profiledOrders, type ColumnOrder } from './columnOrder.ts';
import { columnHeading, columnRow } from './columnRow.ts';
import type { InspectorModel } from './inspectorModel.ts';

const rowHeight = 45;
const headingHeight = 28;
/** Extra rows drawn beyond the visible ones, so that scrolling shows no gap. */
const margin = 4;

/**
 * The tab Columns: one row per column with its profile, and the details of the chosen column. Only visible rows are
 * elements.
 */
@customElement('rs-columns')
export class Columns extends LightElement {
  static override sheets = [
    css`
    rs-columns { flex: 1; min-height: 0; display: flex; position: relative; }
    rs-columns > .list { flex: 1; min-width: 0; container-type: inline-size; display: flex; flex-direction: column; }
    rs-columns .scroll { flex: 1; min-height: 0; overflow-y: auto; overflow-x: hidden; position: relative; }
    rs-columns .items { position: relative; }
    rs-columns .nothing { padding: 16px; }
    rs-columns .tools { flex: none; display: flex; align-items: center; flex-wrap: wrap; gap: 4px 12px; min-height: 32px; padding: 4px 16px; font-size: 12px; border-bottom: 1px solid var(--vscode-panel-border); }
    rs-columns .tools label { display: flex; align-items: center; gap: 8px; }
    rs-columns .tools input, rs-columns .tools select { height: 22px; padding: 0 6px; font: inherit; border-radius: 2px; }
    rs-columns .tools input { width: 200px; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); }
    rs-columns .tools input::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; }
    rs-columns .tools select { max-width: 200px; color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, var(--vscode-panel-border))); }
    rs-columns .tools input:focus-visible, rs-columns .tools select:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private top = 0;
  @state() private height = 0;
  @state() private search = '';
  @state() private order: ColumnOrder = 'file';
  @query('.scroll') private scroller!: HTMLElement;
  private readonly resized = new ResizeObserver(() => {
    this.height = this.scroller.clientHeight - headingHeight;
  });
  private readonly narrow = new MediaMatch(this);
  private focusWanted = false;

  constructor() {
    super();
    new Watch(this, () => this.model);
    new Watch(this, () => this.model.profiles);
  }

  protected override firstUpdated(): void {
    this.resized.observe(this.scroller);
    this.reveal(this.chosen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.model.profiles.want('columns', []);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const columns = model.dataset?.columns ?? [];
    const list = this.listed();
    const first = Math.max(0, Math.floor(this.top / rowHeight) - margin);
    const end = Math.min(list.length, Math.ceil((this.top + this.height) / rowHeight) + margin);
    const shown = list.slice(first, Math.max(first, end));
    const { chosen } = this;
    // Tab must reach a row that exists as an element, even if the chosen row is scrolled away.
    const reachable = shown.includes(chosen) ? chosen : list[Math.min(first + margin, end - 1)];
    return html`<div class="list">${this.tools(list.length, columns.length)}
        <div class="scroll" data-region="main" role="grid" aria-label=${t('Columns')} aria-rowcount=${list.length + 1} @scroll=${() => {
          this.top = this.scroller.scrollTop;
        }} @keydown=${(event: KeyboardEvent) => this.key(event)}>
          ${columnHeading()}
          <div class="items" role="rowgroup">${repeat(
            shown,
            (index) => index,
            (index) => {
              const column = columns[index];
              return column
                ? columnRow({
                    column,
                    index,
                    place: list.indexOf(index, first),
                    profile: model.profiles.get(index),
                    chosen: index === chosen,
                    reachable: index === reachable,
                    choose: () => this.choose(index, true),
                    pickRole: () => void this.pickRole(column.name),
                  })
                : nothing;
            },
          )}</div>
          ${list.length === 0 ? html`<p class="nothing muted">${t('No column matches the search.')}</p>` : nothing}
        </div>
      </div>
      ${columns[chosen] && (model.state.profile || !this.narrow.matches) ? html`<rs-column-detail class="pane" data-region @close=${() => this.closePane()} .model=${model} .index=${chosen} @role=${() => void this.pickRole(columns[chosen]?.name ?? '')}></rs-column-detail>` : nothing}`;
  }

  protected override updated(): void {
    const list = this.listed();
    const items = this.querySelector<HTMLElement>('.items');
    if (items) items.style.height = `${list.length * rowHeight}px`;
    for (const row of this.querySelectorAll<HTMLElement>('.items > [data-index]'))
      row.style.transform = `translateY(${(Number(row.ariaRowIndex) - 2) * rowHeight}px)`;
    const { model } = this;
    if (model.profiles.failure) return;
    const first = Math.floor(this.top / rowHeight);
    const end = Math.ceil((this.top + this.height) / rowHeight);
    const all = profiledOrders.includes(this.order) ? list : [];
    const visible = [this.chosen, ...list.slice(first, end)].filter((index) => index < this.columnCount);
    model.profiles.want('columns', [...new Set([...visible, ...all])]);
    if (this.focusWanted) {
      this.focusWanted = false;
      this.querySelector<HTMLElement>(`[data-index="${this.chosen}"]`)?.focus({ preventScroll: true });
    }
  }

  private get columnCount(): number {
    return this.model.dataset?.columns.length ?? 0;
  }

  /** Indices of the columns that the search finds, in the chosen order. */
  private listed(): number[] {
    const { dataset, profiles } = this.model;
    return columnList(dataset?.columns ?? [], (index) => profiles.get(index), this.search, this.order);
  }

  private tools(found: number, all: number): TemplateResult {
    const choose = (event: Event): void => {
      this.order = columnOrders.find((one) => one === (event.target as HTMLSelectElement).value) ?? 'file';
      this.scroller.scrollTop = 0;
    };
    return html`<div class="tools"><input type="search" aria-label=${t('Find column')} placeholder=${t('Find column')} autocomplete="off" spellcheck="false" .value=${this.search} @input=${(
      event: Event,
    ) => {
      this.search = (event.target as HTMLInputElement).value;
      this.scroller.scrollTop = 0;
    }}>
      <label><span class="muted">${t('Order')}</span><select @change=${choose}>${columnOrders.map((order) => {
        const tooMany = profiledOrders.includes(order) && all > mostProfiled;
        return html`<option value=${order} ?selected=${order === this.order} ?disabled=${tooMany}>${tooMany ? t('{0} (at most {1} columns)', orderName(order), formatCount(mostProfiled)) : orderName(order)}</option>`;
      })}</select></label>
      <span class="muted" role="status">${found === all ? nothing : t('{0} of {1} columns', formatCount(found), formatCount(all))}</span></div>`;
  }

  private get chosen(): number {
    const {
      dataset,
      state: { selectedColumn },
    } = this.model;
    return Math.max(0, dataset?.columns.findIndex((column) => column.name === selectedColumn) ?? 0);
  }

  /** Closes the pane on a narrow page. Returns false if there is no pane. */
  closePane(): boolean {
    const { model } = this;
    if (!this.narrow.matches || !model.state.profile) return false;
    this.focusWanted = true;
    model.keep({ profile: false });
    return true;
  }

  /** `open`: also opens its pane if it is closed. */
  private choose(index: number, open = false): void {
    const column = this.model.dataset?.columns[index];
    if (!column) return;
    this.focusWanted = true;
    this.model.keep({ selectedColumn: column.name, ...(open ? { profile: true } : {}) });
    this.reveal(index);
  }

  private reveal(index: number): void {
    const { scroller } = this;
    const start = Math.max(0, this.listed().indexOf(index)) * rowHeight;
    if (start < scroller.scrollTop) scroller.scrollTop = start;
    else if (start + rowHeight > scroller.scrollTop + scroller.clientHeight - headingHeight)
      scroller.scrollTop = start + rowHeight - scroller.clientHeight + headingHeight;
    this.top = scroller.scrollTop;
  }

  private key(event: KeyboardEvent): void {
    const list = this.listed();
    const last = list.length - 1;
    const place = Math.max(0, list.indexOf(this.chosen));
    const page = Math.max(1, Math.floor(this.height / rowHeight) - 1);
    const { chosen } = this;
    const target: Record<string, number> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: last,
    };
    const next = target[event.key];
    if (next !== undefined) this.choose(list[Math.max(0, Math.min(next, last))] ?? -1);
    else if (
      event.key === 'Enter' &&
      event.target instanceof HTMLElement &&
      event.target.dataset['index'] !== undefined
    )
      void this.enterPane();
    else if (event.key.toLowerCase() === 'r' && !event.ctrlKey && !event.metaKey && !event.altKey)
      void this.pickRole(this.model.dataset?.columns[chosen]?.name ?? '');
    else return;
    event.preventDefault();
  }

  private async enterPane(): Promise<void> {
    this.model.keep({ profile: true });
    await this.updateComplete;
    const pane = this.querySelector('rs-column-detail');
    await pane?.updateComplete;
    pane?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  private async pickRole(column: string): Promise<void> {
    const changed = await this.model.channel.request('pickRole', { column }).catch(() => null);
    if (changed) this.model.takeRoles(changed);
  }
}

function orderName(order: ColumnOrder): string {
  switch (order) {
    case 'file':
      return t('as in the file');
    case 'name':
      return t('name');
    case 'role':
      return t('role');
    case 'nulls':
      return t('most nulls first');
    case 'distinct':
      return t('fewest distinct first');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-columns': Columns;
  }
}
