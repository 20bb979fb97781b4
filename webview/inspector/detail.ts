import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { tableSequences, type SampleSequence } from '../../src/core/data/sampleSequences.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import { viewKey } from '../../src/core/table/filter.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { decodePage } from '../../src/core/table/page.ts';
import { failureOf } from '../../src/core/message/failure.ts';
import { isCancelled } from '../channel.ts';
import { characterCount } from '../characters.ts';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';
import type { InspectorModel } from './inspectorModel.ts';
import './value.ts';
import './stepTable.ts';
import type { StepList } from './stepTable.ts';
import { nextPart, type CellText } from './value.ts';

/** Number of columns listed at first, and with each "more". */
const step = 100;
/** Minimum number of columns for which a search field is shown. */
const searchable = 24;

/**
 * All values of one row in full, including the lists, structs and long texts that a cell cuts. Fires `step` (±1) and
 * `close`.
 */
@customElement('rs-detail')
export class Detail extends LightElement {
  static override sheets = [
    css`
    rs-detail { display: flex; flex-direction: column; font-size: 12px; }
    rs-detail > header {
      display: flex;
      align-items: center;
      gap: 4px;
      height: 36px;
      padding: 0 8px 0 16px;
      flex: none;
    }
    rs-detail > header h2 { font-variant-numeric: tabular-nums; }
    rs-detail .search {
      margin: 0 16px 8px;
      height: 24px;
      padding: 0 6px;
      font: 12px var(--vscode-font-family);
      color: var(--vscode-input-foreground);
      background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
      border-radius: 2px;
    }
    rs-detail .values { flex: 1; min-height: 0; overflow: auto; padding: 0 16px 12px; }
    rs-detail footer {
      flex: none;
      display: flex;
      gap: 12px;
      align-items: center;
      min-height: 28px;
      padding: 4px 16px;
      border-top: 1px solid var(--vscode-panel-border);
    }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  /** Position of the row in the view. */
  @property({ attribute: false }) row = 0;
  /** 0-based row in the file; null while it is not known. */
  @property({ attribute: false }) source: number | null = null;
  @state() private cells: ReadonlyMap<number, CellText> = new Map();
  @state() private listed = step;
  @state() private search = '';
  @state() private problem = '';
  private asked = '';
  private columnsAsked: readonly Column[] | null = null;
  private abort = new AbortController();

  constructor() {
    super();
    new Watch(this, () => this.model);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.abort.abort();
    this.asked = '';
  }

  protected override updated(_changed: PropertyValues): void {
    const columns = this.columns();
    const { dataset, view } = this.model;
    const key = JSON.stringify([this.row, viewKey(view), dataset?.fingerprint, columns.length, this.search]);
    if (key === this.asked && dataset?.columns === this.columnsAsked) return;
    // Changed columns may have other indices, so no value read before is kept.
    const another = !this.asked.startsWith(`[${this.row},`) || dataset?.columns !== this.columnsAsked;
    this.columnsAsked = dataset?.columns ?? null;
    this.asked = key;
    void this.load(this.neededColumns(columns), another);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const all = model.dataset?.columns.length ?? 0;
    const matches = this.matchingColumns();
    return html`
      <header><h2>${t('Row {0}', formatCount((this.source ?? this.row) + 1))}</h2><span class="grow"></span>
        <button class="tool" aria-label=${t('Previous row')} title=${t('Previous row')} ?disabled=${this.row === 0} @click=${() => this.step(-1)}><span class="codicon codicon-arrow-up" aria-hidden="true"></span></button>
        <button class="tool" aria-label=${t('Next row')} title=${t('Next row')} ?disabled=${model.rows !== null && this.row >= model.rows - 1} @click=${() => this.step(1)}><span class="codicon codicon-arrow-down" aria-hidden="true"></span></button>
        <button class="tool" aria-label=${t('Close')} title=${t('Close')} @click=${() => this.dispatchEvent(new CustomEvent('close'))}><span class="codicon codicon-close" aria-hidden="true"></span></button></header>
      ${
        all < searchable
          ? nothing
          : html`<input class="search" aria-label=${t('Find column')} placeholder=${t('Find column')} autocomplete="off" spellcheck="false" @input=${(
              event: Event,
            ) => {
              if (event.target instanceof HTMLInputElement) this.search = event.target.value;
            }}>`
      }
      <div class="values" tabindex="0" role="region" aria-label=${t('Values of the row')} @keydown=${(event: KeyboardEvent) => this.key(event)}>
        ${this.problem === '' ? nothing : html`<p role="alert">${this.problem}</p>`}
        ${this.values()}
        ${
          matches.length <= this.listed
            ? nothing
            : html`<button class="link" @click=${() => {
                this.listed += step;
              }}>${t('{0} more columns', formatCount(matches.length - this.listed))}</button>`
        }
      </div>
      <footer><button class="link" @click=${() => void this.copyJson()}>${t('Copy as JSON')}</button></footer>`;
  }

  /** A value for each column; the lists of a sequence are one table at the place of the first. */
  private values(): unknown {
    const sequences = this.sequences();
    const drawn = new Set<SampleSequence>();
    return repeat(
      this.readable(),
      ({ index }) => `${this.row}:${index}`,
      ({ index, column }) => {
        const sequence = sequences.find(({ lists }) => lists.includes(column.name));
        if (!sequence)
          return html`<rs-value .column=${column} .cell=${this.cells.get(index) ?? null} .more=${(offset: number) => this.fetchPart(index, offset)}></rs-value>`;
        if (drawn.has(sequence)) return nothing;
        drawn.add(sequence);
        return this.steps(sequence);
      },
    );
  }

  private steps({ name, lists, time }: SampleSequence): TemplateResult {
    const columns = this.model.dataset?.columns ?? [];
    const prefix = `${name}__`;
    // The times are last: the age of each step comes first.
    const ordered = [...lists.filter((list) => list !== time?.name), ...(time ? [time.name] : [])];
    const stepLists = ordered.flatMap((list): StepList[] => {
      const index = columns.findIndex((column) => column.name === list);
      const column = columns[index];
      if (!column) return [];
      const step = list.startsWith(prefix) ? list.slice(prefix.length) : list;
      return [
        { name: step, column, cell: this.cells.get(index) ?? null, more: (offset) => this.fetchPart(index, offset) },
      ];
    });
    const rowTime = this.cells.get(columns.findIndex(({ role }) => role?.role === 'time'))?.text ?? null;
    return html`<rs-steps .name=${name} .lists=${stepLists} .time=${time ? stepLists.length - 1 : -1} .rowTime=${rowTime}></rs-steps>`;
  }

  private sequences(): readonly SampleSequence[] {
    return tableSequences(this.model.dataset?.columns ?? []);
  }

  /** The listed columns, and for a sequence among them its other lists and the time of the row. */
  private neededColumns(listed: readonly { index: number; column: Column }[]): number[] {
    const needed = new Set(listed.map(({ index }) => index));
    const sequences = this.sequences().filter(({ lists }) => listed.some(({ column }) => lists.includes(column.name)));
    const lists = new Set(sequences.flatMap((sequence) => sequence.lists));
    this.model.dataset?.columns.forEach(({ name, role }, index) => {
      if (lists.has(name) || (lists.size > 0 && role?.role === 'time')) needed.add(index);
    });
    return [...needed].sort((a, b) => a - b);
  }

  private matchingColumns(): { index: number; column: Column }[] {
    const query = this.search.trim().toLowerCase();
    return (this.model.dataset?.columns ?? [])
      .map((column, index) => ({ index, column }))
      .filter(({ column }) => query === '' || column.name.toLowerCase().includes(query));
  }
  private columns(): { index: number; column: Column }[] {
    return this.matchingColumns().slice(0, this.listed);
  }

  /** If the row could not be read, only the loaded values are listed. */
  private readable(): { index: number; column: Column }[] {
    return this.problem === '' ? this.columns() : this.columns().filter(({ index }) => this.cells.has(index));
  }

  private async load(columns: readonly number[], another: boolean): Promise<void> {
    this.abort.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    const missing = another ? columns : columns.filter((index) => !this.cells.has(index));
    if (missing.length === 0) return;
    try {
      const { arrow } = await this.model.request(
        'page',
        { view: this.model.view, first: this.row, count: 1, columns: missing },
        signal,
      );
      if (signal.aborted) return;
      const page = decodePage(arrow);
      const cells = new Map(another ? [] : this.cells);
      if (page.length > 0)
        missing.forEach((index, k) =>
          cells.set(index, {
            text: page.text(0, k),
            length: page.clipped(0, k) ?? characterCount(page.text(0, k) ?? ''),
          }),
        );
      this.cells = cells;
      this.problem = '';
    } catch (error) {
      if (isCancelled(error)) return;
      this.problem = say(failureOf(error).message);
      // Values of the previous row do not belong to this row.
      if (another) this.cells = new Map();
    }
  }

  /** Fetches the next part of a long value. */
  private async fetchPart(column: number, offset: number): Promise<CellText | null> {
    try {
      return await this.model.request(
        'cell',
        { view: this.model.view, row: this.row, column, offset, limit: nextPart },
        this.abort.signal,
      );
    } catch (error) {
      if (!isCancelled(error)) this.problem = say(failureOf(error).message);
      return null;
    }
  }

  private async copyJson(): Promise<void> {
    const { model, row } = this;
    const columns = model.dataset?.columns.map((_, index) => index) ?? [];
    try {
      const { text } = await model.request('copy', {
        view: model.view,
        first: row,
        count: 1,
        columns,
        headers: true,
        format: 'json',
      });
      await model.request('copyText', { text });
      model.say(t('Copied the row as JSON'));
    } catch (error) {
      if (!isCancelled(error)) model.say(say(failureOf(error).message));
    }
  }

  private step(by: number): void {
    this.dispatchEvent(new CustomEvent('step', { detail: by }));
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.dispatchEvent(new CustomEvent('close'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-detail': Detail;
  }
}
