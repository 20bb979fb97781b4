import { html, nothing, type TemplateResult } from 'lit';
import { logText, noEvents, percentileText } from '../../src/core/report/drawnText.ts';
import { nullText, sideMeaning } from '../../src/core/report/originText.ts';
import type { RowColumn } from '../../src/core/report/rowColumns.ts';
import type { PassedSide } from '../../src/core/config/definition/passThrough.ts';
import type { PreviewRow, SamplingFacts } from '../../src/protocol/sampling.ts';
import { ownValue } from '../../src/core/ownValue.ts';
import { withMinus } from '../scalar.ts';
import { say, t } from '../strings.ts';
import { attributeOf } from './attribute.ts';
import { attributeId, logId, percentileId, type DrawColumn } from './drawColumns.ts';
import { factsOfItem } from './texts.ts';

/** Maximum number of characters in a cell, and in its tooltip. */
const maxShown = 500;
const maxInTooltip = 2000;

/** Codicons of the sides. */
export const sideIcons: { readonly [S in PassedSide]: string } = {
  user: 'person',
  context: 'globe',
  item: 'tag',
  exposure: 'eye',
  candidate: 'list-ordered',
};

/** Explains the side of a column and names its data set; empty for a column that RecSample computes. */
export function sideTitle({ origin }: Pick<RowColumn, 'origin'>): string {
  return origin === null ? '' : `${say(sideMeaning(origin))} · data.${origin.from}`;
}

/** The heading of a column, with the icon of its side. */
export function headingCell({ id, label, file }: DrawColumn): TemplateResult {
  if (id === attributeId) return html`<span role="columnheader" class="attribute cut">${label}</span>`;
  if (file === null || id === logId)
    return html`<span role="columnheader" class="number ${id === logId ? 'log' : ''}">${label}</span>`;
  const title = sideTitle(file);
  return html`<span role="columnheader" class="copied ${file.isNumber ? 'number' : ''}" title=${title === '' ? label : `${label} · ${title}`}>${file.origin === null ? nothing : html`<span class="codicon codicon-${sideIcons[file.origin.side]}" aria-hidden="true"></span><span class="said">${t('side {0}', file.origin.side)}</span>`}<span class="cut">${label}</span></span>`;
}

/** Content of a cell. */
export function drawCell({ id, file }: DrawColumn, row: PreviewRow, facts: SamplingFacts | null): TemplateResult {
  if (id === attributeId)
    return html`<span role="gridcell" class="attribute cut">${attributeText(facts, row.item)}</span>`;
  if (id === percentileId)
    return html`<span role="gridcell" class="number">${percentileText(factsOfItem(facts, row.item)?.percentile, say(noEvents))}</span>`;
  if (id === logId)
    return html`<span role="gridcell" class="number log">${logText(row.logQ ?? (row.label === 1 ? row.logQMix : null))}</span>`;
  if (!file) return html`<span role="gridcell"></span>`;
  const { text, exact, reason } = file.cell(row);
  const classes = `copied ${file.isNumber ? 'number' : 'cut'}`;
  if (text === null) {
    const why = reason && file.origin ? say(nullText(reason, file.origin)) : nothing;
    return html`<span role="gridcell" class="${classes} null" title=${why}>null</span>`;
  }
  // A tooltip shows what is cut or rounded.
  const displayText = text === '' ? '""' : file.isNumber ? withMinus(text) : text.slice(0, maxShown);
  return html`<span role="gridcell" class=${classes} title=${!file.isNumber || exact !== text ? (exact?.slice(0, maxInTooltip) ?? nothing) : nothing}>${displayText}</span>`;
}

export function attributeText(facts: SamplingFacts | null, item: string): string {
  const attribute = attributeOf(facts);
  return attribute === null ? '' : (ownValue(factsOfItem(facts, item)?.attributes, attribute) ?? '');
}

/** Ids are never cut: if an item has no title, the column is as wide as the longest id. */
export function setLeastWidth(list: HTMLElement, facts: SamplingFacts | null): void {
  let longest = 0;
  for (const [id, { title }] of Object.entries(facts?.items ?? {}))
    if (title === null && id.length > longest) longest = id.length;
  list.classList.toggle('ids', longest > 0);
  if (longest === 0) list.style.removeProperty('--item-least');
  else list.style.setProperty('--item-least', `${Math.min(40, longest) * 6.7 + 4}px`);
}
