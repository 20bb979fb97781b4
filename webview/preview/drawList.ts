import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inBatchSource } from '../../src/core/report/inBatchText.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { PreviewGroup, PreviewRow, PreviewUser, SamplingFacts } from '../../src/protocol/sampling.ts';
import { sourceGlyph } from '../charts/source.ts';
import { sourceMark } from '../charts/sourceMark.ts';
import type { Menu } from '../components/menu.ts';
import { t } from '../strings.ts';
import { batchSentences, batchText } from './batchTexts.ts';
import { drawCell, headingCell, setLeastWidth } from './drawCells.ts';
import { drawColumns, drawLayout, logId, longestIn, type DrawLayout } from './drawColumns.ts';
import { linesByPositive, linesBySource, type DrawLine } from './drawLines.ts';
import { LineList } from './lineList.ts';
import { historyDetails, historyLine } from './historyTexts.ts';
import type { PreviewModel } from './previewModel.ts';
import { originSentences, rowJson } from './origins.ts';
import { exactTime, factsOfItem, itemName, shortTime } from './texts.ts';
import { explanation, rejectedBefore, whyText } from './why.ts';

/** The rows of one user. Enter explains a draw or collapses a group. */
@customElement('rs-draw-list')
export class DrawList extends LineList<DrawLine> {
  static override sheets = [
    ...LineList.sheets,
    css`
    rs-draw-list .heading, rs-draw-list .line:not(.still) {
      display: grid;
      grid-template-columns: 18px var(--draw-columns);
      gap: 0 6px;
      padding: 0 12px;
    }
    rs-draw-list .line.group { padding-left: 6px; grid-template-columns: 24px var(--draw-columns); }
    rs-draw-list .line.group.plain, rs-draw-list .line.entry {
      padding-left: 6px;
      grid-template-columns: 24px minmax(0, 1fr) auto;
    }
    rs-draw-list .line.group > .caption { grid-column: var(--draw-caption) / -1; }
    rs-draw-list .line.plain > .caption, rs-draw-list .line.entry > .caption { grid-column: 3; }
    rs-draw-list.wide .scroll { overflow-x: auto; }
    rs-draw-list.wide .heading-group, rs-draw-list.wide .items { min-width: var(--draw-least); }
    rs-draw-list .heading-group { position: sticky; top: 0; z-index: 1; }
    rs-draw-list.wide .line.why-lines > div { max-width: calc(100cqi - 44px); }
    /* Widths in characters must equal those of the lines. */
    rs-draw-list.line-list .heading { font-size: 12px; }
    rs-draw-list .heading > span { font-size: 11px; }
    rs-draw-list .heading .copied { display: flex; align-items: center; gap: 3px; min-width: 0; }
    rs-draw-list .heading .copied.number { justify-content: flex-end; }
    rs-draw-list .heading .copied .codicon { flex: none; font-size: 12px; width: 12px; }
    rs-draw-list .null { font-style: italic; color: var(--rs-muted); }
    rs-draw-list .active .null { color: inherit; }
    rs-draw-list .group .name, rs-draw-list .entry .name { font-weight: 600; }
    rs-draw-list .fold { display: inline-flex; align-items: center; gap: 2px; }
    rs-draw-list .fold .codicon { font-size: 16px; width: 16px; }
    rs-draw-list .name { display: flex; align-items: center; gap: 6px; min-width: 0; }
    rs-draw-list .id { font: 11px/16px var(--vscode-editor-font-family); overflow: visible; }
    rs-draw-list .why {
      min-width: 0;
      display: flex;
      gap: 8px;
      color: var(--rs-muted);
      font-variant-numeric: tabular-nums;
    }
    rs-draw-list .active .why { color: inherit; }
    rs-draw-list .why .codicon { font-size: 12px; width: 12px; line-height: 16px; }
    rs-draw-list .line.why-lines { cursor: text; }
    rs-draw-list .line.why-lines > div {
      margin: 2px 12px 6px 30px;
      padding: 1px 8px;
      border-left-style: solid;
      border-left-width: 2px;
      line-height: 18px;
      white-space: normal;
      overflow-wrap: anywhere;
      font-variant-numeric: tabular-nums;
      user-select: text;
    }
    rs-draw-list .why-lines summary { cursor: pointer; color: var(--rs-muted); }
    rs-draw-list .why-exposure { border-left-color: var(--rs-exposure); } rs-draw-list .why-popularity { border-left-color: var(--rs-popularity); } rs-draw-list .why-random { border-left-color: var(--rs-random); } rs-draw-list .why-hard { border-left-color: var(--rs-hard); } rs-draw-list .why-cascade { border-left-color: var(--rs-cascade); } rs-draw-list .why-rejected { border-left-color: var(--rs-rejected); }
    rs-draw-list .why-batch { border-left-color: var(--rs-batch); }
    rs-draw-list .why-history { border-left-color: var(--rs-line); }
    rs-draw-list .steps :is(th, td) { padding: 0 12px 0 0; text-align: left; font-weight: 400; white-space: nowrap; } rs-draw-list .steps th { color: var(--rs-muted); font-size: 11px; }
    rs-draw-list .batch-text { grid-column: 2 / -1; min-width: 0; display: flex; gap: 8px; }
    rs-draw-list .line.short > div {
      display: flex;
      gap: 8px;
      align-items: center;
      height: 22px;
      padding: 0 12px;
      white-space: nowrap;
      color: var(--rs-muted);
    }
    rs-draw-list .line.short .codicon { font-size: 12px; width: 12px; }
    rs-draw-list .line.more { grid-template-columns: 1fr; padding-left: 30px; }
  `,
  ];
  @property({ attribute: false }) model!: PreviewModel;
  @property({ attribute: false }) user!: PreviewUser;
  @property({ attribute: false }) by: 'positive' | 'source' = 'positive';
  /** The context menu for a row. */
  @property({ attribute: false }) menu!: () => Menu;
  @state() private explained: ReadonlySet<string> = new Set();
  @state() private folded: ReadonlySet<string> = new Set();
  private longest: { readonly user: PreviewUser | null; readonly of: ReturnType<typeof longestIn> } = {
    user: null,
    of: () => 0,
  };
  /** The shown columns as of the last event `columns`. */
  private announced = '';
  private layout: DrawLayout = { columns: [], template: '', least: null };
  private cached: { readonly inputs: readonly unknown[]; readonly lines: readonly DrawLine[] } = {
    inputs: [],
    lines: [],
  };

  protected override lines(): readonly DrawLine[] {
    const { user, by, explained, folded } = this;
    const inputs = [user, by, explained, folded];
    if (inputs.some((part, k) => part !== this.cached.inputs[k]) || this.cached.inputs.length === 0) {
      const entries = this.model.preview?.totals.entries ?? [];
      this.cached = {
        inputs: inputs,
        lines:
          by === 'source'
            ? linesBySource(user, entries, { explained, folded })
            : linesByPositive(user, { explained, folded }, this.model.preview?.sequences),
      };
    }
    return this.cached.lines;
  }

  protected override willUpdate(): void {
    super.willUpdate();
    setLeastWidth(this, this.facts);
    const { user, model } = this;
    const plan = model.sampler?.plan;
    if (this.longest.user !== user) this.longest = { user, of: longestIn(user) };
    this.layout = drawLayout(drawColumns(plan, model.preview), model.state?.columns ?? null, this.longest.of, {
      width: this.width === 0 ? this.clientWidth : this.width,
      exposures: plan?.unit === 'impression',
      ids: this.classList.contains('ids'),
    });
    const { template, least, columns } = this.layout;
    this.classList.toggle('wide', least !== null);
    const beforeCaption = 2 + columns.filter(({ id }) => id !== logId).length;
    this.style.setProperty('--draw-columns', template);
    this.style.setProperty('--draw-least', least ?? '0px');
    this.style.setProperty('--draw-caption', String(beforeCaption + 1));
  }

  protected override updated(): void {
    super.updated();
    const columnsKey = this.columns.join('\n');
    if (columnsKey === this.announced) return;
    this.announced = columnsKey;
    this.dispatchEvent(new Event('columns'));
  }

  /** Ids of the columns that are shown. */
  get columns(): readonly string[] {
    return this.layout.columns.map(({ id }) => id);
  }

  protected override label(): string {
    return t('Draws for {0}', this.user.user);
  }

  protected override heading(): TemplateResult {
    return html`<div class="heading" role="row" aria-rowindex="1"><span role="columnheader"><span class="said">${t('Source')}</span></span><span role="columnheader">${t('item')}</span>
      ${this.layout.columns.map(headingCell)}<span role="columnheader">${t('why this item')}</span></div>`;
  }

  protected override appearance(line: DrawLine): { classes: string; expanded: boolean | null } {
    switch (line.kind) {
      case 'group':
        return { classes: line.positive ? 'group' : 'group plain', expanded: line.open };
      case 'entry':
        return { classes: 'group entry', expanded: line.open };
      case 'row':
        return { classes: 'draw', expanded: line.open };
      case 'why':
        return { classes: 'why-lines', expanded: null };
      case 'batch':
      case 'history':
        return { classes: 'batch', expanded: line.open };
      case 'batch-why':
      case 'history-steps':
        return { classes: 'why-lines', expanded: null };
      case 'short':
        return { classes: 'short', expanded: null };
      case 'more':
        return { classes: 'more', expanded: null };
    }
  }

  protected override line(line: DrawLine): TemplateResult {
    switch (line.kind) {
      case 'group':
        return line.positive ? this.positiveLine(line.group, line.positive, line) : this.requestLine(line.group, line);
      case 'entry':
        return html`<span role="gridcell" class="fold">${chevron(line.open)}</span><span role="gridcell" class="name">${sourceGlyph(line.source)}<span class="cut">${line.name}</span></span><span role="gridcell" class="caption number">${t('{0} of {1}', formatCount(line.drawn), formatCount(line.asked))}</span>`;
      case 'row':
        return this.row(line.group, line.row, line.ofPositive);
      case 'why':
        return html`<div role="gridcell" class="why-${sourceMark(line.row.source ?? '').family}">${explanation(line.row, line.group, this.facts).map((sentence) => html`<div>${sentence}</div>`)}${this.origins(line.row)}</div>`;
      case 'batch':
        return html`<span role="gridcell">${sourceGlyph(inBatchSource)}</span><span role="gridcell" class="batch-text"><span>${inBatchSource}</span><span class="why"><span class="cut" title=${batchText(line.inBatch)}>${batchText(line.inBatch)}</span></span></span>`;
      case 'batch-why':
        return html`<div role="gridcell" class="why-batch">${batchSentences(line.inBatch, this.facts).map((sentence) => html`<div>${sentence}</div>`)}</div>`;
      case 'history':
        return historyLine(line.of, this.timezone);
      case 'history-steps':
        return historyDetails(line.of, this.facts, this.timezone);
      case 'short':
        return html`<div role="gridcell"><span class="codicon codicon-circle-slash" aria-hidden="true"></span><span>${line.text}</span></div>`;
      case 'more':
        return html`<span role="gridcell" class="link">${t('Show {0} more groups', formatCount(line.left))}</span>`;
    }
  }

  protected override act(event: KeyboardEvent, line: DrawLine): boolean {
    switch (event.key) {
      case 'Enter':
        this.toggle(line);
        return true;
      case 'ArrowRight':
        if (event.shiftKey) return this.scrollAside(1);
        if (this.appearance(line).expanded === false) this.toggle(line);
        return true;
      case 'ArrowLeft':
        if (event.shiftKey) return this.scrollAside(-1);
        if (this.appearance(line).expanded === true) this.toggle(line);
        else this.move(this.activePlace, -1, ({ level }) => level < line.level);
        return true;
      case 'F10':
        if (!event.shiftKey) return false;
        this.openMenu(line);
        return true;
      case 'ContextMenu':
        this.openMenu(line);
        return true;
      default:
        return false;
    }
  }

  protected override press(event: MouseEvent, line: DrawLine): void {
    if (event.type === 'contextmenu') {
      event.preventDefault();
      this.openMenu(line, event);
    } else if (
      line.kind === 'more' ||
      ((line.kind === 'group' || line.kind === 'entry') &&
        event.target instanceof Element &&
        event.target.closest('.fold'))
    )
      this.toggle(line);
    else if (['row', 'batch', 'history'].includes(line.kind) && event.detail === 2) {
      // A double click also selects a word.
      document.getSelection()?.removeAllRanges();
      this.toggle(line);
    }
  }

  /** Scrolls to columns that are out of view. */
  private scrollAside(way: 1 | -1): boolean {
    this.querySelector('.scroll')?.scrollBy({ left: way * 80 });
    return true;
  }

  private get timezone(): string {
    return this.model.sampler?.plan?.timezone ?? 'UTC';
  }

  private get facts(): SamplingFacts | null {
    return this.model.preview?.facts ?? null;
  }

  private positiveLine(
    group: PreviewGroup,
    row: PreviewRow,
    { open, negatives, asked }: { open: boolean; negatives: number; asked: number },
  ): TemplateResult {
    const { facts } = this;
    const cells = this.layout.columns.filter(({ id }) => id !== logId);
    const { timezone } = this;
    return html`<span role="gridcell" class="fold">${chevron(open)}<span class="said">${t('positive')}</span></span><span role="gridcell" class="name"><span class="codicon codicon-check" aria-hidden="true"></span>${itemCell(facts, row.item)}</span>
      ${cells.map((column) => drawCell(column, row, facts))}
      <span role="gridcell" class="caption number" title=${exactTime(group.time)}>${shortTime(group.time, timezone)} · ${t('{0} of {1}', negatives, asked)}</span>`;
  }

  private requestLine(
    group: PreviewGroup,
    { open, negatives, asked }: { open: boolean; negatives: number; asked: number },
  ): TemplateResult {
    const { timezone } = this;
    const positives = group.rows.length - negatives;
    return html`<span role="gridcell" class="fold">${chevron(open)}</span><span role="gridcell" class="name">${group.request === null ? t('request') : html`<span class="id">${group.request}</span>`}</span>
      <span role="gridcell" class="caption number" title=${exactTime(group.time)}>${shortTime(group.time, timezone)} · ${positives === 0 ? t('no positive') : positives === 1 ? t('1 positive') : t('{0} positives', positives)} · ${t('{0} of {1}', negatives, asked)}</span>`;
  }

  private row(group: PreviewGroup, row: PreviewRow, ofPositive: boolean): TemplateResult {
    const { facts } = this;
    const rejected = rejectedBefore(row.why);
    return html`<span role="gridcell">${row.label === 1 ? html`<span class="codicon codicon-check" aria-hidden="true"></span><span class="said">${t('positive')}</span>` : html`${sourceGlyph(row.source ?? '')}<span class="said">${row.entry ?? row.source ?? ''}</span>`}</span>
      <span role="gridcell" class="name">${itemCell(facts, row.item)}</span>${this.layout.columns.map((column) => drawCell(column, row, facts))}
      <span role="gridcell" class="why"><span class="cut" title=${row.why.kind === 'exposure' ? `${exactTime(group.time)} · ${whyText(row, group)}` : nothing}>${row.why.kind === 'exposure' ? `${shortTime(group.time, this.timezone)} · ` : ''}${whyText(row, group)}${ofPositive && group.item !== null ? ` · ${t('for {0}', itemName(facts, group.item))}` : ''}</span>
        ${rejected === 0 ? nothing : html`<span title=${rejected === 1 ? t('1 earlier draw was rejected') : t('{0} earlier draws were rejected', rejected)}><span class="codicon codicon-circle-slash" aria-hidden="true"></span>${rejected}<span class="said">${t('rejected')}</span></span>`}</span>`;
  }

  /** Where the values of a row come from, folded: few readers ask, and it may be many lines. */
  private origins(row: PreviewRow): TemplateResult | typeof nothing {
    const { sampler, preview } = this.model;
    const sentences = originSentences(row, sampler?.plan, preview?.passed);
    if (sentences.length === 0) return nothing;
    // The list measures a line when it draws it. The keys of the list act on its lines, not in them.
    return html`<details @toggle=${() => this.requestUpdate()} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}><summary>${t('Values and where they come from ({0})', formatCount(sentences.length))}</summary>${sentences.map((sentence) => html`<div>${sentence}</div>`)}</details>`;
  }

  private toggle(line: DrawLine): void {
    if (line.kind === 'more') this.model.showAllGroups(this.user.user);
    else if (line.kind === 'group' || line.kind === 'entry') this.folded = toggled(this.folded, line.key);
    else if (line.kind === 'row' || line.kind === 'batch' || line.kind === 'history') this.explain(line.key);
  }

  private explain(key: string): void {
    this.explained = toggled(this.explained, key);
    if (!this.explained.has(key)) return;
    this.model.channel.notify('explained', null);
    this.revealUnfolded();
  }

  private openMenu(line: DrawLine, at?: MouseEvent): void {
    const { model, user } = this;
    const row = line.kind === 'row' ? line.row : line.kind === 'group' ? line.positive : null;
    const group = line.kind === 'row' || line.kind === 'group' ? line.group : null;
    if (!row || !group) return;
    const { key } = line;
    const open = this.explained.has(key);
    const box = this.element(line.key)?.getBoundingClientRect();
    void this.menu().show(
      at?.clientX ?? (box?.left ?? 0) + 32,
      at?.clientY ?? box?.bottom ?? 0,
      [
        {
          label: open ? t('Hide the explanation') : t('Explain this row'),
          ...(line.kind === 'row' ? { shortcut: 'Enter' } : {}),
          run: () => this.explain(key),
        },
        { label: t('Explain the pair of user and item'), run: () => model.explain(user.user, row.item) },
        {
          label: t('Copy item id'),
          hasSeparator: true,
          run: () => model.act('copyText', { text: row.item }, () => model.say(t('Copied'))),
        },
        {
          label: t('Copy as JSON'),
          run: () =>
            model.act(
              'copyText',
              { text: rowJson(row, { user: user.user, time: group.time }, model.preview?.passed) },
              () => model.say(t('Copied')),
            ),
        },
      ],
      () => this.choose(line.key),
    );
  }
}

/** The title with the id as tooltip; without a title, the complete id. */
export function itemCell(facts: SamplingFacts | null, item: string): TemplateResult {
  const title = factsOfItem(facts, item)?.title ?? null;
  return title === null
    ? html`<span class="id">${item}</span>`
    : html`<span class="cut" title=${`${title} · ${item}`}>${title}</span>`;
}

export function chevron(open: boolean): TemplateResult {
  return html`<span class="codicon codicon-chevron-${open ? 'down' : 'right'}" aria-hidden="true"></span>`;
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-draw-list': DrawList;
  }
}
