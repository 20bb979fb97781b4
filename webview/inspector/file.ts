import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FileFacts, KeyValue } from '../../src/core/table/dataset.ts';
import { formatBytes, formatCount, formatPercent } from '../../src/core/table/format.ts';
import { traitsOf } from '../../src/core/table/sampleName.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import { isCancelled } from '../channel.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import { badRowList } from './badRows.ts';
import { factTable, type FactColumn } from './factTable.ts';
import { fileColumn, sizeBar, storedName } from './fileCells.ts';
import type { InspectorModel } from './inspectorModel.ts';
import { ownValue } from '../../src/core/ownValue.ts';
import '../components/failure.ts';
import './rowGroups.ts';

/** The tab File: how the data set is stored on disk. */
@customElement('rs-file')
export class FileView extends LightElement {
  static override sheets = [
    css`
    rs-file {
      flex: 1;
      min-height: 0;
      overflow: auto;
      padding: 16px;
      display: block;
      font-size: 12px;
      line-height: 16px;
    }
    rs-file section { margin-bottom: 24px; }
    rs-file .head { display: flex; align-items: baseline; gap: 8px; margin-bottom: 4px; }
    rs-file h2 { font-size: 13px; line-height: 20px; }
    rs-file dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 24px; }
    rs-file dt { color: var(--rs-muted); }
    rs-file dd { overflow-wrap: anywhere; }
    rs-file .report { margin: 0; overflow-x: auto; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private facts: FileFacts | null = null;
  @state() private failure: Failure | null = null;
  @state() private report: string | null = null;
  private stop: (() => void) | null = null;
  private ofFile = '';

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = this.model.channel.on('reported', () => void this.loadReport());
  }

  override disconnectedCallback(): void {
    this.stop?.();
    super.disconnectedCallback();
  }

  protected override updated(): void {
    const fingerprint = this.model.dataset?.fingerprint ?? '';
    if (fingerprint === this.ofFile) return;
    this.ofFile = fingerprint;
    void this.load();
  }

  protected override render(): TemplateResult {
    const { facts, failure, model } = this;
    if (failure)
      return html`<rs-failure .failure=${failure} .actions=${[{ label: t('Try again'), kind: 'primary', run: () => void this.load() }]}></rs-failure>`;
    const { dataset } = model;
    if (!facts || !dataset) return html`<p class="muted" role="status">${t('Reading file information')}</p>`;
    return html`
      <section data-region="main"><div class="head"><h2>${t('Storage')}</h2></div>
        <dl><dt>${t('Path')}</dt><dd class="mono" tabindex="0">${dataset.path}</dd>
          <dt>${t('Format')}</dt><dd>${traitsOf(dataset.format).label}${dataset.compression === 'none' ? nothing : html`, ${dataset.compression}`}</dd>
          <dt>${t('Size')}</dt><dd>${formatBytes(dataset.bytes)} <span class="muted">(${t('{0} bytes', formatCount(dataset.bytes))})</span></dd>
          ${facts.parquet ? html`<dt>${t('Written by')}</dt><dd>${facts.parquet.createdBy}</dd><dt>${t('Parquet version')}</dt><dd>${facts.parquet.version}</dd>` : nothing}
          ${facts.arrow ? html`<dt>${t('Layout')}</dt><dd>${facts.arrow.kind}</dd><dt>${t('Arrow version')}</dt><dd>${facts.arrow.version}</dd><dt>${t('Codec')}</dt><dd>${facts.arrow.codecs.join(', ')}</dd>` : nothing}
          ${facts.text ? this.dialect(facts.text) : nothing}
          ${facts.partitionColumns.length === 0 ? nothing : html`<dt>${t('Partitioned by')}</dt><dd class="mono">${facts.partitionColumns.join(', ')}</dd>`}</dl></section>
      ${this.report === null ? nothing : html`<section><div class="head"><h2>${t('Report of the generation')}</h2></div><pre class="mono report" tabindex="0">${this.report}</pre></section>`}
      ${facts.files.total < 2 && facts.partitionColumns.length === 0 ? nothing : this.section(t('Files'), facts.files, this.files(facts))}
      ${
        facts.parquet
          ? html`${this.section(t('Columns as stored'), facts.parquet.columns, this.storedColumns(facts.parquet))}
        ${this.section(t('Row groups'), facts.parquet.rowGroups, html`<rs-row-groups .model=${model} .facts=${facts}></rs-row-groups>`)}
        ${this.keyValues(facts.parquet)}`
          : nothing
      }
      ${facts.arrow ? this.arrow(facts, facts.arrow) : nothing}
      ${
        facts.text && facts.text.badRows.total > 0
          ? this.section(
              t('Bad rows'),
              facts.text.badRows,
              badRowList(
                facts.text.badRows.list,
                ({ path, line }) => void model.channel.request('showLine', { path, line }).catch(() => undefined),
              ),
            )
          : nothing
      }`;
  }

  private section(
    title: string,
    { total, list }: { readonly total: number; readonly list: readonly unknown[] },
    content: TemplateResult,
  ): TemplateResult {
    return html`<section><div class="head"><h2>${title}</h2><span class="caption">${total > list.length ? t('the first {0} of {1}', formatCount(list.length), formatCount(total)) : formatCount(total)}</span></div>${content}</section>`;
  }

  private dialect(text: NonNullable<FileFacts['text']>): TemplateResult {
    return html`<dt>${t('Encoding')}</dt><dd>${text.encoding}</dd><dt>${t('Delimiter')}</dt><dd class="mono">${visible(text.delimiter)}</dd><dt>${t('Quote')}</dt><dd class="mono">${visible(text.quote)}</dd>
      <dt>${t('Line end')}</dt><dd class="mono">${visible(text.newline)}</dd><dt>${t('Header')}</dt><dd>${text.header ? t('yes') : t('no')}</dd>`;
  }

  private files({ files, partitionColumns }: FileFacts): TemplateResult {
    type Entry = FileFacts['files']['list'][number];
    const root = this.model.dataset?.path ?? '';
    const columns: FactColumn<Entry>[] = [
      {
        title: t('Path'),
        mono: true,
        cell: (file) => (file.path.startsWith(`${root}/`) ? file.path.slice(root.length + 1) : file.path),
      },
      ...partitionColumns.map((name): FactColumn<Entry> => ({
        title: name,
        mono: true,
        cell: (file) => ownValue(file.partition, name) ?? '',
      })),
      { title: t('Rows'), number: true, cell: (file) => (file.rows === null ? '' : formatCount(file.rows)) },
      { title: t('Size'), number: true, cell: (file) => formatBytes(file.bytes) },
      { title: t('Modified'), cell: (file) => localTime(file.modified) },
    ];
    return factTable(files.list, columns);
  }

  private keyValues({
    keyValues,
  }: Pick<NonNullable<FileFacts['parquet']>, 'keyValues'>): TemplateResult | typeof nothing {
    return keyValues.total === 0
      ? nothing
      : this.section(
          t('Key-value metadata'),
          keyValues,
          html`<rs-key-values .entries=${keyValues.list}></rs-key-values>`,
        );
  }

  private arrow(facts: FileFacts, arrow: NonNullable<FileFacts['arrow']>): TemplateResult {
    type Stored = (typeof arrow)['columns']['list'][number];
    type Batch = (typeof arrow)['batches']['list'][number];
    const columns = factTable<Stored>(arrow.columns.list, [
      { title: t('Column'), cell: ({ name }) => name },
      { title: t('Arrow type'), mono: true, cell: ({ type }) => type },
      { title: t('Nullable'), cell: ({ isNullable }) => (isNullable ? t('yes') : t('no')) },
    ]);
    const batches = factTable<Batch>(arrow.batches.list, [
      ...fileColumn<Batch>(facts),
      { title: t('Record batch'), number: true, cell: ({ index }) => formatCount(index + 1) },
      { title: t('Rows'), number: true, cell: ({ rows }) => formatCount(rows) },
      { title: t('Stored'), number: true, cell: ({ bytes }) => formatBytes(bytes) },
    ]);
    return html`${this.section(t('Columns as stored'), arrow.columns, columns)}
      ${this.section(t('Record batches'), arrow.batches, batches)} ${this.keyValues(arrow)}`;
  }

  private storedColumns({ columns }: NonNullable<FileFacts['parquet']>): TemplateResult {
    type Stored = NonNullable<FileFacts['parquet']>['columns']['list'][number];
    const maxBytes = Math.max(...columns.list.map((column) => column.uncompressedBytes), 1);
    return factTable<Stored>(columns.list, [
      { title: t('Column'), cell: (column) => storedName(column.name, this.model.dataset?.columns ?? []) },
      { title: t('Physical type'), mono: true, cell: (column) => column.physicalType },
      { title: t('Codec'), cell: (column) => column.codecs.join(', ') },
      { title: t('Encodings'), cell: (column) => column.encodings.join(', ') },
      { title: t('Statistics'), cell: (column) => (column.statistics ? t('yes') : t('no')) },
      { title: t('Stored'), number: true, cell: (column) => formatBytes(column.compressedBytes) },
      { title: t('In memory'), number: true, cell: (column) => formatBytes(column.uncompressedBytes) },
      {
        title: t('Ratio'),
        number: true,
        cell: (column) => formatPercent(column.compressedBytes / Math.max(1, column.uncompressedBytes)),
      },
      {
        title: t('Share'),
        cell: (column) => sizeBar(column.compressedBytes / maxBytes, column.uncompressedBytes / maxBytes),
      },
    ]);
  }

  private async load(): Promise<void> {
    this.failure = null;
    this.facts = null;
    void this.loadReport();
    try {
      this.facts = await this.model.request('facts', {});
    } catch (error) {
      if (!isCancelled(error)) this.failure = failureOf(error);
    }
  }

  /** The request can fail only while the page closes, so no failure is shown. */
  private async loadReport(): Promise<void> {
    this.report = await this.model.channel.request('report', null).catch(() => null);
  }
}

/** `2026-03-14 02:41` in the user's time zone. */
function localTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Shows an invisible character of a text file as its escape sequence. */
function visible(sign: string): string {
  return sign === '' ? t('none') : JSON.stringify(sign).slice(1, -1).replaceAll('\\"', '"');
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-file': FileView;
  }
}

/** Longer values are collapsed at first. */
const foldedLength = 160;

/** The key-value metadata of a Parquet file; long values can be expanded. */
@customElement('rs-key-values')
class KeyValues extends LightElement {
  static override sheets = [
    css`
    rs-key-values > dl {
      grid-template-columns: minmax(96px, max-content) minmax(0, 1fr);
      border-top: 1px solid var(--vscode-panel-border);
      padding-top: 8px;
    }
    rs-key-values .value { white-space: pre-wrap; }
  `,
  ];
  @property({ attribute: false }) entries: readonly KeyValue[] = [];
  @state() private unfolded: ReadonlySet<number> = new Set();

  protected override render(): TemplateResult {
    return html`<dl>${this.entries.map(({ key, value, bytes }, k) => {
      const long = value.length > foldedLength;
      const open = this.unfolded.has(k);
      return html`<dt class="mono">${key}</dt><dd class="mono"><span class="value">${long && !open ? `${value.slice(0, foldedLength)}…` : value}</span>
        ${long ? html` <button class="link" aria-expanded=${open ? 'true' : 'false'} @click=${() => this.toggle(k)}>${open ? t('Fold') : t('Unfold')}</button>` : nothing}
        ${bytes === undefined ? nothing : html` <span class="muted">${t('cut for display, {0} in the file', formatBytes(bytes))}</span>`}</dd>`;
    })}</dl>`;
  }

  private toggle(place: number): void {
    const unfolded = new Set(this.unfolded);
    if (!unfolded.delete(place)) unfolded.add(place);
    this.unfolded = unfolded;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-key-values': KeyValues;
  }
}
