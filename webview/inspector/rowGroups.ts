import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FileFacts, GroupColumn, SkippedGroups } from '../../src/core/table/dataset.ts';
import { isFiltered, viewKey, type View } from '../../src/core/table/filter.ts';
import { formatBytes, formatCount } from '../../src/core/table/format.ts';
import { failureOf } from '../../src/core/message/failure.ts';
import { isCancelled } from '../channel.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';
import { factTable, type FactColumn } from './factTable.ts';
import { fileColumn, sizeBar, storedName } from './fileCells.ts';
import type { InspectorModel } from './inspectorModel.ts';

type Group = NonNullable<FileFacts['parquet']>['rowGroups']['list'][number];
type Statistics = { readonly total: number; readonly list: readonly GroupColumn[] };

/** The row groups of a Parquet data set: which of them readers skip for the filter, and the statistics of each. */
@customElement('rs-row-groups')
export class RowGroups extends LightElement {
  static override sheets = [
    css`
    rs-row-groups .statistics { padding: 4px 0 12px 16px; }
    rs-row-groups .fact-table .open { display: inline-flex; align-items: center; white-space: nowrap; }
    rs-row-groups .fact-table tr.detail:hover { background: none; }
    rs-row-groups .skipped { color: var(--rs-muted); }
    rs-row-groups .about { margin: 0 0 4px; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @property({ attribute: false }) facts!: FileFacts;
  @state() private skipped: SkippedGroups | null = null;
  /** The open row group, its statistics, or why there are none. */
  @state() private open: {
    readonly key: string;
    readonly statistics: Statistics | null;
    readonly failure: string;
  } | null = null;
  private ofView = '';

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  protected override updated(): void {
    const { view, dataset } = this.model;
    const key = `${dataset?.fingerprint ?? ''} ${viewKey({ ...view, sort: [] })}`;
    if (key === this.ofView) return;
    this.ofView = key;
    this.open = null;
    void this.findSkipped(view, key);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { parquet } = this.facts;
    if (!parquet) return nothing;
    const { total, list } = parquet.rowGroups;
    const maxBytes = list.reduce((largest, group) => Math.max(largest, group.uncompressedBytes), 1);
    const { skipped } = this;
    const skips = new Set(skipped?.list.map(keyOf));
    const columns: FactColumn<Group>[] = [
      ...fileColumn<Group>(this.facts),
      {
        title: t('Row group'),
        number: true,
        cell: (group) => this.opener(group),
      },
      { title: t('Rows'), number: true, cell: (group) => formatCount(group.rows) },
      { title: t('Stored'), number: true, cell: (group) => formatBytes(group.compressedBytes) },
      { title: t('In memory'), number: true, cell: (group) => formatBytes(group.uncompressedBytes) },
      {
        title: t('Share'),
        cell: (group) => sizeBar(group.compressedBytes / maxBytes, group.uncompressedBytes / maxBytes),
      },
      ...(skipped === null
        ? []
        : [
            {
              title: t('With the filter'),
              cell: (group: Group) =>
                skips.has(keyOf(group)) ? html`<span class="skipped">${t('skipped')}</span>` : t('read'),
            },
          ]),
    ];
    return html`${
      skipped === null
        ? nothing
        : html`<p class="about muted" role="status">${t('Readers that trust statistics skip {0} of {1} row groups for the filter. RecSample reads all, because some writers store wrong statistics.', formatCount(skipped.total), formatCount(total))}</p>`
    }${factTable(list, columns, (group) => (this.open?.key === keyOf(group) ? this.statistics() : nothing))}`;
  }

  private opener(group: Group): TemplateResult {
    const isOpen = this.open?.key === keyOf(group);
    return html`<button class="link open" aria-expanded=${isOpen ? 'true' : 'false'} aria-label=${t('Statistics of row group {0}', group.index + 1)} @click=${() => void this.toggle(group)}><span class="codicon codicon-chevron-${isOpen ? 'down' : 'right'}" aria-hidden="true"></span>${formatCount(group.index + 1)}</button>`;
  }

  private statistics(): TemplateResult {
    const { statistics, failure } = this.open ?? {};
    if (failure) return html`<div class="statistics" role="alert">${failure}</div>`;
    if (!statistics) return html`<div class="statistics muted" role="status">${t('Reading statistics')}</div>`;
    const { columns: own = [] } = this.model.dataset ?? {};
    const text = (value: string | null): string | TemplateResult =>
      value ?? html`<span class="muted">${t('none')}</span>`;
    return html`<div class="statistics">${factTable<GroupColumn>(statistics.list, [
      { title: t('Column'), cell: ({ name }) => storedName(name, own) },
      { title: t('Smallest value'), mono: true, cell: ({ min }) => text(min) },
      { title: t('Largest value'), mono: true, cell: ({ max }) => text(max) },
      { title: 'NULL', number: true, cell: ({ nulls }) => (nulls === null ? text(null) : formatCount(nulls)) },
      { title: t('Stored'), number: true, cell: ({ compressedBytes }) => formatBytes(compressedBytes) },
    ])}${statistics.total > statistics.list.length ? html`<span class="caption">${t('the first {0} of {1}', formatCount(statistics.list.length), formatCount(statistics.total))}</span>` : nothing}</div>`;
  }

  private async toggle(group: Group): Promise<void> {
    const key = keyOf(group);
    if (this.open?.key === key) {
      this.open = null;
      return;
    }
    const show = (statistics: Statistics | null, failure = ''): void => {
      this.open = { key, statistics, failure };
    };
    const isStillOpen = (): boolean => this.open?.key === key;
    show(null);
    const { file, index } = group;
    try {
      const statistics = await this.model.request('rowGroup', { file, index });
      if (isStillOpen()) show(statistics);
    } catch (error) {
      if (isStillOpen() && !isCancelled(error)) show(null, say(failureOf(error).message));
    }
  }

  private async findSkipped(view: View, key: string): Promise<void> {
    this.skipped = null;
    if (!isFiltered(view.filter)) return;
    try {
      const skipped = await this.model.request('skippedGroups', { view });
      if (this.ofView === key) this.skipped = skipped;
    } catch {
      // The tab Rows says what is wrong with the filter.
    }
  }
}

const keyOf = ({ file, index }: { readonly file: number; readonly index: number }): string => `${file} ${index}`;

declare global {
  interface HTMLElementTagNameMap {
    'rs-row-groups': RowGroups;
  }
}
