import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { LightElement } from '../element.ts';
import { MediaMatch } from '../narrow.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import './columnDetail.ts';
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
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private top = 0;
  @state() private height = 0;
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
    const first = Math.max(0, Math.floor(this.top / rowHeight) - margin);
    const end = Math.min(columns.length, Math.ceil((this.top + this.height) / rowHeight) + margin);
    const shown = Array.from({ length: Math.max(0, end - first) }, (_, k) => first + k);
    const { chosen } = this;
    // Tab must reach a row that exists as an element, even if the chosen row is scrolled away.
    const reachable = chosen >= first && chosen < end ? chosen : Math.min(first + margin, end - 1);
    return html`<div class="list" data-region="main" role="grid" aria-label=${t('Columns')} aria-rowcount=${columns.length + 1}>
        <div class="scroll" role="presentation" @scroll=${() => {
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
                    profile: model.profiles.get(index),
                    chosen: index === chosen,
                    reachable: index === reachable,
                    choose: () => this.choose(index, true),
                    pickRole: () => void this.pickRole(column.name),
                  })
                : nothing;
            },
          )}</div>
        </div>
      </div>
      ${columns[chosen] && (model.state.profile || !this.narrow.matches) ? html`<rs-column-detail class="pane" data-region @close=${() => this.closePane()} .model=${model} .index=${chosen} @role=${() => void this.pickRole(columns[chosen]?.name ?? '')}></rs-column-detail>` : nothing}`;
  }

  protected override updated(): void {
    const columns = this.model.dataset?.columns ?? [];
    const items = this.querySelector<HTMLElement>('.items');
    if (items) items.style.height = `${columns.length * rowHeight}px`;
    for (const row of this.querySelectorAll<HTMLElement>('.items > [data-index]'))
      row.style.transform = `translateY(${Number(row.dataset['index']) * rowHeight}px)`;
    const { model } = this;
    if (model.profiles.failure) return;
    const first = Math.floor(this.top / rowHeight);
    const end = Math.min(columns.length, Math.ceil((this.top + this.height) / rowHeight));
    model.profiles.want(
      'columns',
      [this.chosen, ...Array.from({ length: Math.max(0, end - first) }, (_, k) => first + k)].filter(
        (index) => index < columns.length,
      ),
    );
    if (this.focusWanted) {
      this.focusWanted = false;
      this.querySelector<HTMLElement>(`[data-index="${this.chosen}"]`)?.focus({ preventScroll: true });
    }
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
    const start = index * rowHeight;
    if (start < scroller.scrollTop) scroller.scrollTop = start;
    else if (start + rowHeight > scroller.scrollTop + scroller.clientHeight - headingHeight)
      scroller.scrollTop = start + rowHeight - scroller.clientHeight + headingHeight;
    this.top = scroller.scrollTop;
  }

  private key(event: KeyboardEvent): void {
    const last = (this.model.dataset?.columns.length ?? 1) - 1;
    const page = Math.max(1, Math.floor(this.height / rowHeight) - 1);
    const { chosen } = this;
    const target: Record<string, number> = {
      ArrowDown: chosen + 1,
      ArrowUp: chosen - 1,
      PageDown: chosen + page,
      PageUp: chosen - page,
      Home: 0,
      End: last,
    };
    const next = target[event.key];
    if (next !== undefined) this.choose(Math.max(0, Math.min(next, last)));
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

declare global {
  interface HTMLElementTagNameMap {
    'rs-columns': Columns;
  }
}
