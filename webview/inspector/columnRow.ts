import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { isAllDistinct } from '../../src/core/table/allDistinct.ts';
import type { ColumnProblem } from '../../src/core/table/columnProblems.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import { epochText, isEpochColumn } from '../../src/core/table/epoch.ts';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import type { ColumnProfile, Scalar } from '../../src/core/table/profile.ts';
import { listParts } from '../../src/core/report/listText.ts';
import { roleIcons, roleNames } from '../../src/core/table/roleName.ts';
import { isNumeric, typeName } from '../../src/core/table/type.ts';
import { miniChart } from '../charts/mini.ts';
import { adopt } from '../element.ts';
import { alikeTexts, amountText, scalarText } from '../scalar.ts';
import { say, t } from '../strings.ts';

adopt(css`
  .columns-head, .column-row {
    display: grid;
    grid-template-columns: minmax(96px, 1.4fr) 120px 64px 88px 152px minmax(176px, 1.4fr);
    gap: 0 16px;
    align-items: center;
    padding: 0 16px;
  }
  .columns-head {
    height: 28px;
    background: var(--vscode-editor-background);
    font-size: 11px;
    color: var(--rs-muted);
    border-bottom: 1px solid var(--vscode-panel-border);
  }
  .columns-sticky { position: sticky; top: 0; z-index: 1; }
  .columns-head .spread, .column-row .spread { display: flex; justify-content: space-between; gap: 8px; }
  .column-row {
    position: absolute;
    left: 0;
    right: 0;
    height: 45px;
    font-size: 12px;
    border-bottom: 1px solid var(--rs-line);
    cursor: default;
  }
  .column-row:hover { background: var(--vscode-list-hoverBackground); }
  .column-row.chosen { background: var(--vscode-list-inactiveSelectionBackground); }
  .column-row.chosen .muted, .column-row.chosen .caption { color: inherit; }
  body.vscode-high-contrast .column-row.chosen { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .column-row .name { font-size: 13px; line-height: 18px; font-weight: 600; }
  .column-row .problem { color: var(--vscode-foreground); }
  .column-row.chosen .problem { color: inherit; }
  .column-row .problem .codicon { font-size: 12px; width: 12px; margin-right: 4px; vertical-align: -1px; }
  .column-row .mini { max-width: 100%; }
  .column-row .range { font: 11px/16px var(--vscode-editor-font-family); min-width: 0; }
  .column-row .range > div { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .column-row .top { font: 12px/16px var(--vscode-font-family); }
  .column-row .nulls { width: 60px; height: 4px; margin: 6px 0 0 auto; }
  .column-row .track { fill: var(--rs-line); }
  .role-chip {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    height: 20px;
    max-width: 100%;
    padding: 0 8px 0 5px;
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, var(--vscode-panel-border)));
    border-radius: 10px;
    font-size: 11px;
    white-space: nowrap;
  }
  .role-chip:hover { background: var(--vscode-toolbar-hoverBackground); }
  .role-chip .codicon { font-size: 12px; width: 12px; }
  .role-chip.unset { border-style: dashed; padding: 0 8px; color: var(--rs-muted); }
  .column-row.chosen .role-chip { border-color: currentColor; color: inherit; }
  @container (max-width: 879px) {
    .columns-head, .column-row { grid-template-columns: minmax(96px, 1fr) 108px 60px 80px 112px 176px; gap: 0 12px; }
  }
  @container (max-width: 719px) {
    .columns-head, .column-row { grid-template-columns: minmax(96px, 1fr) 108px 60px 80px 128px; gap: 0 12px; }
    .columns-head > :nth-child(6), .column-row > :nth-child(6) { display: none; }
  }
  @container (max-width: 559px) {
    .columns-head, .column-row { grid-template-columns: minmax(88px, 1fr) 96px 60px 80px; }
    .columns-head > :nth-child(5), .column-row > :nth-child(5) { display: none; }
  }
  @container (max-width: 391px) {
    .columns-head, .column-row { grid-template-columns: minmax(80px, 1fr) 60px 80px; }
    .columns-head > :nth-child(2), .column-row > :nth-child(2) { display: none; }
  }
`);

export interface ColumnRowModel {
  readonly column: Column;
  readonly index: number;
  /** 0-based position in the list. */
  readonly place: number;
  readonly profile: ColumnProfile | null;
  /** True if no profile is being loaded. */
  readonly isStopped: boolean;
  readonly problems: readonly ColumnProblem[];
  readonly chosen: boolean;
  /** True for the only row that Tab reaches. */
  readonly reachable: boolean;
  readonly choose: () => void;
  readonly pickRole: () => void;
}

export function columnHeading(): TemplateResult {
  return html`<div role="rowgroup" class="columns-sticky"><div class="columns-head" role="row" aria-rowindex="1">
    <span role="columnheader">${t('Column')}</span><span role="columnheader">${t('Role')}</span><span role="columnheader" class="number">${t('Nulls')}</span>
    <span role="columnheader" class="number">${t('Distinct')}</span><span role="columnheader">${t('Distribution')}</span>
    <span role="columnheader" class="spread"><span>${t('min')}</span><span>${t('median')}</span><span>${t('max')}</span></span></div></div>`;
}

export function columnRow({
  column,
  index,
  place,
  profile,
  isStopped,
  problems,
  chosen,
  reachable,
  choose,
  pickRole,
}: ColumnRowModel): TemplateResult {
  return html`<div class=${classMap({ 'column-row': true, chosen })} role="row" aria-rowindex=${place + 2} aria-selected=${chosen ? 'true' : 'false'} tabindex=${reachable ? 0 : -1} data-index=${index} @click=${choose}>
    <div role="gridcell" class="cut"><div class="name cut" title=${column.name}>${column.name}</div><div class="caption cut" title=${[typeName(column.type), ...problems.map(({ text }) => say(text))].join('\n')}>${problems.length === 0 ? nothing : problemMark(problems)}${typeName(column.type)}</div></div>
    <div role="gridcell">${roleChip(column, pickRole)}</div>
    ${column.type.kind === 'unreadable' ? html`<div role="gridcell"></div><div role="gridcell"></div><div role="gridcell"></div><div role="gridcell" class="cut" title=${say(column.type.reason)}>${t('not readable')}</div>` : profile ? profileCells(profile) : html`<div role="gridcell" class="number muted">${isStopped ? '–' : '…'}</div><div role="gridcell"></div><div role="gridcell"></div><div role="gridcell"></div>`}
  </div>`;
}

/** The worst problem, and how many more there are. */
function problemMark([worst, ...others]: readonly ColumnProblem[]): TemplateResult | typeof nothing {
  if (!worst) return nothing;
  const othersText = others.length === 0 ? '' : ` +${others.length}`;
  return html`<span class="problem"><span class="codicon codicon-warning warning-icon" aria-hidden="true"></span>${say(worst.short)}${othersText}</span> · `;
}

function roleChip({ name, role }: Column, pick: () => void): TemplateResult {
  const click = (event: Event): void => {
    event.stopPropagation();
    pick();
  };
  return role
    ? html`<button class="role-chip" tabindex="-1" title=${say(role.reason)} @click=${click}><span class="codicon codicon-${roleIcons[role.role]}" aria-hidden="true"></span><span class="cut">${say(roleNames[role.role])}</span></button>`
    : html`<button class="role-chip unset" tabindex="-1" aria-label=${t('Set role of {0}', name)} @click=${click}>${t('set role')}</button>`;
}

function profileCells(profile: ColumnProfile): TemplateResult {
  const { nulls, rows, distinct } = profile;
  const share = rows === 0 ? 0 : nulls / rows;
  return html`
    <div role="gridcell" class="number" title=${t('{0} nulls', formatCount(nulls))}>${nulls === 0 ? '0' : formatPercent(share)}
      <svg class="nulls" viewBox="0 0 60 4" preserveAspectRatio="none" aria-hidden="true">${svg`<rect class="track" width="60" height="4"></rect>${share === 0 ? nothing : svg`<rect class="bars strong" x=${60 - Math.max(1, share * 60)} width=${Math.max(1, share * 60)} height="4"></rect>`}`}</svg></div>
    <div role="gridcell" class="number"><div>${distinct.exact ? '' : '≈ '}${formatCount(distinct.value)}</div>${distinct.exact ? nothing : html`<div class="caption">${t('estimate')}</div>`}</div>
    <div role="gridcell">${miniChart(profile, 152, 28)}</div>
    <div role="gridcell" class="range">${rangeCell(profile)}</div>`;
}

/**
 * The most informative summary of the values: three numbers, minimum and maximum of long values, or the most frequent
 * values.
 */
function rangeCell(profile: ColumnProfile): TemplateResult | typeof nothing {
  const { type, quantiles, min, max, of, top, rows, nulls } = profile;
  const share = (count: number): string => formatPercent(count / Math.max(1, rows - nulls));
  const [first, second] = top;
  if (profile.role?.role === 'label' && first && second && top.length === 2) {
    return html`<div class="spread">${[...top].sort((a, b) => Number(a.value) - Number(b.value)).map((part) => html`<span>${scalarText(part.value, type)}: ${share(part.count)}</span>`)}</div>`;
  }
  if (isCategory(profile) && isAllDistinct(profile)) return html`<div class="top">${t('all distinct')}</div>`;
  if (first && isCategory(profile)) {
    return html`<div class="spread top"><span class="cut">${t('top: {0}', scalarText(first.value, type))}</span><span class="number">${share(first.count)}</span></div>`;
  }
  const dates = isEpochColumn(profile) ? [min, max].map((value) => epochText(String(value))) : [];
  if (dates.length > 0 && dates.every((date) => date !== null))
    return html`${[min, max].map((value, k) => html`<div title=${scalarText(value, type)}>${dates[k]}</div>`)}`;
  if (type.kind === 'list') {
    const [lengths, ...others] = listParts(profile).map(say);
    return html`<div class="top cut" title=${lengths ?? ''}>${lengths ?? ''}</div><div class="top muted">${normText(profile) ?? others.join(' · ')}</div>`;
  }
  if (quantiles && of === 'length') {
    const [low, middle, high] = [quantiles.p5, quantiles.p50, quantiles.p95].map(amountText);
    return html`<div class="top">${t('median {0} characters', middle ?? '')}</div>
      <div class="top muted">${t('90 % between {0} and {1}', low ?? '', high ?? '')}</div>`;
  }
  if (quantiles && isNumeric(type) && (type.kind === 'float' || (isShort(min) && isShort(max)))) {
    return html`<div class="spread">${alikeTexts([min, quantiles.p50, max].map(fewDigits), type).map((text) => html`<span>${text}</span>`)}</div>`;
  }
  return min === null ? nothing : html`<div>${scalarText(min, type)}</div><div>${scalarText(max, type)}</div>`;
}

/** The range of the norms of vectors, whose lengths are all the same; null for others. */
function normText({ histogram }: ColumnProfile): string | null {
  if (histogram.kind !== 'range' || histogram.of !== 'norm') return null;
  const [from, to] = [histogram.from, histogram.to].map((end) => scalarText(end, { kind: 'float', bits: 64 }));
  return t('norm {0}', `${from ?? ''} … ${to ?? ''}`);
}

/** True for few distinct values, or values without an order: the most frequent one is more informative than lengths. */
function isCategory({ type, distinct }: ColumnProfile): boolean {
  return (
    type.kind === 'boolean' ||
    type.kind === 'enum' ||
    (type.kind === 'string' && distinct.exact && distinct.value <= 1000)
  );
}

/** A float with five digits, because three are shown side by side. The panel shows more. */
const fewDigits = (value: Scalar): Scalar =>
  typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(5)) : value;

const isShort = (value: Scalar): boolean => String(value).length <= 11;
