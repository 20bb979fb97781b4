import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { LightElement } from '../element.ts';
import { MediaMatch } from '../narrow.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import './columnDetail.ts';
import { columnList, needsFacts, problemsOf, type ColumnQuery } from './columnOrder.ts';
import { columnHeading, columnRow } from './columnRow.ts';
import { columnTools } from './columnTools.ts';
import type { InspectorModel } from './inspectorModel.ts';
import { pickRole } from './roles.ts';

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
    rs-columns .list:has(> .nothing) > .scroll { flex: none; }
    rs-columns .items { position: relative; }
    rs-columns .nothing { padding: 16px; display: flex; gap: 8px; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private top = 0;
  @state() private height = 0;
  @state() private search = '';
  @query('.scroll') private scroller!: HTMLElement;
  private readonly resized = new ResizeObserver(() => {
    this.height = this.scroller.clientHeight - headingHeight;
  });
  private readonly narrow = new MediaMatch(this);
  private focusWanted = false;
  /** Indices of the listed columns, in their order. */
  private listed: readonly number[] = [];

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
    this.model.profiles.wantFacts([]);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const columns = model.dataset?.columns ?? [];
    this.listed = columnList(columns, this.facts, this.query);
    const { listed, chosen } = this;
    const first = Math.max(0, Math.floor(this.top / rowHeight) - margin);
    const end = Math.min(listed.length, Math.ceil((this.top + this.height) / rowHeight) + margin);
    const visible = listed.slice(first, Math.max(first, end));
    // Tab must reach a row that exists as an element, even if the chosen row is scrolled away.
    const reachable = visible.includes(chosen) ? chosen : visible[Math.min(margin, visible.length - 1)];
    return html`<div class="list">${this.tools(columns.length)}
        <div class="scroll" data-region="main" role="grid" aria-label=${t('Columns')} aria-rowcount=${listed.length + 1} @scroll=${() => {
          this.top = this.scroller.scrollTop;
        }} @keydown=${(event: KeyboardEvent) => this.key(event)}>
          ${columnHeading()}
          <div class="items" role="rowgroup">${repeat(
            visible,
            (index) => index,
            (index, k) => {
              const column = columns[index];
              return column
                ? columnRow({
                    column,
                    index,
                    place: first + k,
                    profile: this.facts(index),
                    isStopped: this.model.profiles.stopped,
                    problems: problemsOf(columns, index, this.facts),
                    chosen: index === chosen,
                    reachable: index === reachable,
                    choose: () => this.choose(index, true),
                    pickRole: () => void pickRole(this.model, column.name),
                  })
                : nothing;
            },
          )}</div>
        </div>
        ${listed.length === 0 && columns.length > 0 ? this.emptyList(columns.length) : nothing}
      </div>
      ${columns[chosen] && (model.state.profile || !this.narrow.matches) ? html`<rs-column-detail class="pane" data-region @close=${() => this.closePane()} .model=${model} .index=${chosen} @role=${() => void pickRole(this.model, columns[chosen]?.name ?? '')}></rs-column-detail>` : nothing}`;
  }

  protected override updated(): void {
    const { listed } = this;
    const columns = this.model.dataset?.columns ?? [];
    const items = this.querySelector<HTMLElement>('.items');
    if (items) items.style.height = `${listed.length * rowHeight}px`;
    for (const row of this.querySelectorAll<HTMLElement>('.items > [data-index]'))
      row.style.transform = `translateY(${(Number(row.ariaRowIndex) - 2) * rowHeight}px)`;
    const { model } = this;
    if (model.profiles.failure) return;
    const first = Math.floor(this.top / rowHeight);
    const end = Math.ceil((this.top + this.height) / rowHeight);
    const visible = listed.slice(first, Math.max(first, end));
    model.profiles.want('columns', this.chosen < columns.length ? [this.chosen, ...visible] : visible);
    model.profiles.wantFacts(needsFacts(this.query) ? [...columns.keys()] : []);
    if (this.focusWanted) {
      this.focusWanted = false;
      this.querySelector<HTMLElement>(`[data-index="${this.chosen}"]`)?.focus({ preventScroll: true });
    }
  }

  private readonly facts = (index: number): ColumnProfile | null => this.model.profiles.facts(index);

  private get query(): ColumnQuery {
    const { columnOrder, onlyProblems } = this.model.state;
    return { search: this.search, order: columnOrder, onlyProblems };
  }

  private tools(all: number): TemplateResult {
    const { query, listed, facts } = this;
    return columnTools({
      ...query,
      found: listed.length,
      all,
      profiled: needsFacts(query)
        ? Array.from({ length: all }, (_, index) => facts(index)).filter((profile) => profile !== null).length
        : null,
      change: (change) => this.ask(change),
      leave: () => this.choose(listed.includes(this.chosen) ? this.chosen : listed[0]),
    });
  }

  private ask({ search, order, onlyProblems }: Partial<ColumnQuery>): void {
    if (search !== undefined) this.search = search;
    if (order !== undefined) this.model.keep({ columnOrder: order });
    if (onlyProblems !== undefined) this.model.keep({ onlyProblems });
    this.scroller.scrollTop = 0;
  }

  private emptyList(all: number): TemplateResult {
    const { search, onlyProblems } = this.query;
    const clear = html`<button class="link" @click=${() => this.ask({ search: '', onlyProblems: false })}>${t('Show all columns')}</button>`;
    if (search.trim() !== '') return html`<p class="nothing muted">${t('No column matches the search.')} ${clear}</p>`;
    const { stopped } = this.model.profiles;
    const isKnown = Array.from({ length: all }, (_, index) => this.facts(index)).every((profile) => profile !== null);
    if (!onlyProblems || (!isKnown && !stopped)) return html`<p class="nothing muted">${t('Profiling columns')}</p>`;
    if (isKnown) return html`<p class="nothing muted">${t('No column has a problem.')} ${clear}</p>`;
    return html`<p class="nothing muted">${t('Profiling was stopped')} <button class="link" @click=${() => this.model.profiles.retry()}>${t('Continue')}</button> ${clear}</p>`;
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
  private choose(index: number | undefined, open = false): void {
    const column = index === undefined ? undefined : this.model.dataset?.columns[index];
    if (index === undefined || !column) return;
    this.focusWanted = true;
    this.model.keep({ selectedColumn: column.name, ...(open ? { profile: true } : {}) });
    this.reveal(index);
  }

  private reveal(index: number): void {
    const { scroller } = this;
    const start = Math.max(0, this.listed.indexOf(index)) * rowHeight;
    if (start < scroller.scrollTop) scroller.scrollTop = start;
    else if (start + rowHeight > scroller.scrollTop + scroller.clientHeight - headingHeight)
      scroller.scrollTop = start + rowHeight - scroller.clientHeight + headingHeight;
    this.top = scroller.scrollTop;
  }

  private key(event: KeyboardEvent): void {
    const { listed, chosen } = this;
    const last = listed.length - 1;
    const index = listed.indexOf(chosen);
    const page = Math.max(1, Math.floor(this.height / rowHeight) - 1);
    const target: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: last,
    };
    const next = target[event.key];
    if (next !== undefined) this.choose(listed[Math.max(0, Math.min(next, last))]);
    else if (
      event.key === 'Enter' &&
      event.target instanceof HTMLElement &&
      event.target.dataset['index'] !== undefined
    )
      void this.enterPane();
    else if (event.key.toLowerCase() === 'r' && !event.ctrlKey && !event.metaKey && !event.altKey)
      void pickRole(this.model, this.model.dataset?.columns[chosen]?.name ?? '');
    else return;
    event.preventDefault();
  }

  private async enterPane(): Promise<void> {
    this.model.keep({ profile: true });
    await this.redrawn();
    const pane = this.querySelector('rs-column-detail');
    await pane?.updateComplete;
    pane?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-columns': Columns;
  }
}
