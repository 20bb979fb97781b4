import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state, property } from 'lit/decorators.js';
import { formatCount } from '../../src/core/table/format.ts';
import { segmented } from '../components/segmented.ts';
import { t, say } from '../strings.ts';
import { type Kept, changeText, comparedLines, type ComparedLine } from './comparedLines.ts';
import { PreviewElement } from './previewElement.ts';
import { noEvents, percentileText } from '../../src/core/report/drawnText.ts';
import type { ComparedDraw, UserComparison } from '../../src/core/sampling/compare.ts';
import type { CompareAnswer } from '../../src/protocol/preview.ts';
import type { PreviewGroup, SamplingFacts } from '../../src/protocol/sampling.ts';
import { sourceGlyph } from '../charts/source.ts';
import { attributeOf } from './attribute.ts';
import { attributeText } from './drawCells.ts';
import { setLeastWidth } from './drawCells.ts';
import { chevron, itemCell } from './drawList.ts';
import { LineList } from './lineList.ts';
import type { PreviewModel } from './previewModel.ts';
import { exactTime, factsOfItem, shortTime } from './texts.ts';
import { ownValue } from '../../src/core/ownValue.ts';
import '../components/skeleton.ts';

/** The negatives of the chosen user on both sides: same, moved, removed, added. */
@customElement('rs-compared')
export class Compared extends PreviewElement {
  static override sheets = [
    css`
    rs-compared { flex: 1; min-width: 0; min-height: 0; display: flex; flex-direction: column; }
    rs-compared > header {
      flex: none;
      display: flex;
      align-items: center;
      gap: 8px;
      height: 36px;
      padding: 0 12px;
      border-bottom: 1px solid var(--vscode-panel-border);
      font-size: 12px;
    }
    rs-compared > .note { padding: 16px; }
  `,
  ];
  @state() private kept: Kept = 'all';
  @query('rs-compared-list') private list!: ComparedList | null;

  /** Moves to the next or the previous row that differs. */
  go(step: 1 | -1): void {
    this.list?.goToChange(step);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model, kept } = this;
    const { state, comparison } = model;
    const user = state?.user ?? null;
    if (user === null) return nothing;
    const compared = comparison?.comparison.users.find((each) => each.user === user);
    return html`<header data-region><span class="mono">${user}</span><span class="muted cut">${compared ? t('{0} of {1} the same', formatCount(compared.same), formatCount(Math.max(compared.a, compared.b))) : nothing}</span><span class="grow"></span>
        ${segmented(
          t('Rows shown'),
          [
            ['all', t('All')],
            ['changed', t('Changed')],
            ['moved', t('Moved')],
          ] as const,
          kept,
          (choice) => {
            this.kept = choice;
          },
        )}</header>
      ${
        !comparison || !compared
          ? model.busy
            ? html`<rs-skeleton></rs-skeleton>`
            : nothing
          : Math.max(compared.a, compared.b) === 0
            ? html`<p class="note muted" role="status">${t('Neither side draws a negative for this user.')}</p>`
            : kept !== 'all' && (kept === 'moved' ? compared.moved : compared.moved + compared.out + compared.in) === 0
              ? html`<p class="note muted" role="status">${t('No rows of this user changed in this way.')}</p>`
              : html`<rs-compared-list data-region="main" .model=${model} .answer=${comparison} .user=${compared} .kept=${kept}></rs-compared-list>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-compared': Compared;
  }
}

/** Rows of one user on two sides, matched by item. */
@customElement('rs-compared-list')
class ComparedList extends LineList<ComparedLine> {
  static override sheets = [
    ...LineList.sheets,
    css`
    rs-compared-list .heading, rs-compared-list .line:not(.still) {
      display: grid;
      grid-template-columns: 20px minmax(var(--item-least, 96px), 1.5fr) minmax(0, 0.5fr) 54px 96px 96px minmax(128px, 1.2fr);
      gap: 0 6px;
      padding: 0 12px;
    }
    rs-compared-list .line.group {
      padding-left: 6px;
      grid-template-columns: 26px minmax(var(--item-least, 96px), 1.5fr) minmax(0, 0.5fr) 54px 96px 96px minmax(128px, 1.2fr);
    }
    rs-compared-list .line.group > .counts { grid-column: 6 / -1; }
    rs-compared-list .group .name { font-weight: 600; }
    rs-compared-list .name, rs-compared-list .fold { display: flex; align-items: center; gap: 6px; min-width: 0; }
    rs-compared-list .fold .codicon { font-size: 16px; width: 16px; }
    rs-compared-list .id { font: 11px/16px var(--vscode-editor-font-family); overflow: visible; }
    rs-compared-list .draw {
      display: flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
      font-variant-numeric: tabular-nums;
    }
    rs-compared-list .line.out:not(.active) { background: var(--vscode-diffEditor-removedLineBackground); }
    rs-compared-list .line.in:not(.active) { background: var(--vscode-diffEditor-insertedLineBackground); }
    rs-compared-list .sign { font-weight: 600; text-align: center; }
    rs-compared-list .sign .codicon { font-size: 12px; width: 12px; }
    rs-compared-list .side { display: flex; gap: 6px; align-items: center; }
    rs-compared-list .changed { color: var(--rs-muted); }
    rs-compared-list .active .changed, rs-compared-list .out .changed, rs-compared-list .in .changed { color: inherit; }
    @container (max-width: 619px) {
      rs-compared-list .heading, rs-compared-list .line:not(.still):not(.group) {
        grid-template-columns: 20px minmax(var(--item-least, 64px), 1.4fr) 88px 88px minmax(80px, 1fr);
      }
      rs-compared-list .line.group {
        grid-template-columns: 26px minmax(var(--item-least, 64px), 1.4fr) 88px 88px minmax(80px, 1fr);
      }
      rs-compared-list .line.group > .counts { grid-column: 4 / -1; }
      rs-compared-list .attribute, rs-compared-list .percentile { display: none; }
    }
  `,
  ];
  @property({ attribute: false }) model!: PreviewModel;
  @property({ attribute: false }) answer!: CompareAnswer;
  @property({ attribute: false }) user!: UserComparison;
  @property({ attribute: false }) kept: Kept = 'all';
  @state() private folded: ReadonlySet<string> = new Set();
  private cached: { readonly inputs: readonly unknown[]; readonly lines: readonly ComparedLine[] } = {
    inputs: [],
    lines: [],
  };
  private facts: SamplingFacts | null = null;

  /** Moves to the next or the previous row that only one side has, or that moved. */
  goToChange(step: 1 | -1): void {
    this.move(this.activePlace, step, (line) => line.kind === 'row' && line.row.change !== 'same');
  }

  protected override lines(): readonly ComparedLine[] {
    const { answer, user, kept, folded } = this;
    const inputs = [answer, user, kept, folded];
    if (this.cached.inputs.length === 0 || inputs.some((part, k) => part !== this.cached.inputs[k])) {
      this.cached = { inputs: inputs, lines: comparedLines(user, answer.a, answer.b, kept, folded) };
      const [a, b] = [answer.a.preview.facts, answer.b.preview.facts];
      this.facts = { ...b, items: { ...a.items, ...b.items } };
    }
    return this.cached.lines;
  }

  protected override updated(): void {
    super.updated();
    setLeastWidth(this, this.facts);
  }

  protected override label(): string {
    return t('Negatives of A and B for {0}', this.user.user);
  }

  protected override heading(): TemplateResult {
    return html`<div class="heading" role="row" aria-rowindex="1"><span role="columnheader"><span class="said">${t('change')}</span></span><span role="columnheader">${t('item')}</span><span role="columnheader" class="attribute cut">${attributeOf(this.facts) ?? t('attribute')}</span>
      <span role="columnheader" class="number percentile">${t('percentile')}</span><span role="columnheader" class="side"><span class="side-badge">A</span></span><span role="columnheader" class="side"><span class="side-badge">B</span></span><span role="columnheader" class="cut">${t('what changed')}</span></div>`;
  }

  protected override appearance(line: ComparedLine): { classes: string; expanded: boolean | null } {
    return line.kind === 'group'
      ? { classes: 'group', expanded: line.open }
      : { classes: line.row.change, expanded: null };
  }

  protected override line(line: ComparedLine): TemplateResult {
    return line.kind === 'group' ? this.group(line) : this.row(line);
  }

  protected override act({ key }: KeyboardEvent, line: ComparedLine): boolean {
    if (key === 'ArrowLeft' && line.kind === 'row') this.move(this.activePlace, -1, ({ level }) => level < line.level);
    else if (
      line.kind === 'group' &&
      (key === 'Enter' || (key === 'ArrowLeft' && line.open) || (key === 'ArrowRight' && !line.open))
    )
      this.toggle(line.key);
    else return false;
    return true;
  }

  protected override press({ target }: MouseEvent, line: ComparedLine): void {
    if (line.kind === 'group' && target instanceof Element && target.closest('.fold')) this.toggle(line.key);
  }

  private group({ group, drawn, open }: Extract<ComparedLine, { kind: 'group' }>): TemplateResult {
    const { facts } = this;
    const item = drawn?.item ?? null;
    const counts = [
      ...(group.same > group.moved ? [t('{0} same', group.same - group.moved)] : []),
      ...(group.moved > 0 ? [t('{0} moved', group.moved)] : []),
      ...(group.out > 0 ? [t('{0} out', group.out)] : []),
      ...(group.in > 0 ? [t('{0} in', group.in)] : []),
    ].join(' · ');
    return html`<span role="gridcell" class="fold">${chevron(open)}</span>
      <span role="gridcell" class="name">${item === null ? html`<span class="id">${drawn?.request ?? ''}</span>` : html`<span class="codicon codicon-check" aria-hidden="true"></span>${itemCell(facts, item)}`}</span>
      <span role="gridcell" class="attribute cut">${item === null ? '' : attributeText(facts, item)}</span><span role="gridcell" class="number percentile">${item === null ? '' : percentileText(factsOfItem(facts, item)?.percentile, say(noEvents))}</span>
      <span role="gridcell" class="caption cut" title=${drawn ? exactTime(drawn.time) : ''}>${drawn ? shortTime(drawn.time, this.answer.b.sampler.plan?.timezone ?? 'UTC') : nothing}</span><span role="gridcell" class="caption number counts">${counts}</span>`;
  }

  private row(line: Extract<ComparedLine, { kind: 'row' }>): TemplateResult {
    const { facts } = this;
    const { row, a, b } = line;
    return html`<span role="gridcell" class="sign">${sign(row.change)}</span><span role="gridcell" class="name">${itemCell(facts, row.item)}</span><span role="gridcell" class="attribute cut">${attributeText(facts, row.item)}</span>
      <span role="gridcell" class="number percentile">${percentileText(factsOfItem(facts, row.item)?.percentile, say(noEvents))}</span>${drawCell(row.a, a)}${drawCell(row.b, b)}<span role="gridcell" class="changed cut">${changeText(line, this.answer.comparison)}</span>`;
  }

  private toggle(key: string): void {
    const folded = new Set(this.folded);
    if (!folded.delete(key)) folded.add(key);
    this.folded = folded;
  }
}

function sign(change: 'same' | 'moved' | 'out' | 'in'): TemplateResult {
  switch (change) {
    case 'same':
      return html`<span class="said">${t('same')}</span>`;
    case 'moved':
      return html`<span class="codicon codicon-arrow-swap" aria-hidden="true"></span><span class="said">${t('moved')}</span>`;
    case 'out':
      return html`<span aria-hidden="true">−</span><span class="said">${t('out')}</span>`;
    case 'in':
      return html`<span aria-hidden="true">+</span><span class="said">${t('in')}</span>`;
  }
}

function drawCell(draw: ComparedDraw | null, group: PreviewGroup | null): TemplateResult {
  if (!draw) return html`<span role="gridcell"></span>`;
  return html`<span role="gridcell" class="draw" title=${draw.entry}>${sourceGlyph(draw.source)}<span class="said">${draw.entry}</span><span class="cut">${t('draw {0} of {1}', draw.draw + 1, ownValue(group?.quotas, draw.entry) ?? draw.draw + 1)}</span></span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-compared-list': ComparedList;
  }
}
