import { html, nothing, svg, type TemplateResult } from 'lit';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import { sourceInk } from '../charts/sourceMark.ts';
import { t } from '../strings.ts';
import type { GroupColumns } from './groupColumns.ts';
import type { LoadedHead } from './groupRows.ts';

export interface GroupHeadModel {
  readonly head: LoadedHead | null;
  readonly isOpen: boolean;
  readonly isActive: boolean;
  readonly isReachable: boolean;
  readonly columns: GroupColumns;
}

/** The head of a group: what its rows have in common, how many it has, its positive rate and its mix of negatives. */
export function groupHead({ head, isOpen, isActive, isReachable, columns }: GroupHeadModel): TemplateResult {
  return html`<div class="group-head ${isActive ? 'active' : ''}" role="gridcell" aria-colindex="1" tabindex=${isActive && isReachable ? 0 : -1} aria-selected=${isActive ? 'true' : 'false'}>
    <span class="codicon codicon-chevron-${isOpen ? 'down' : 'right'}" aria-hidden="true"></span>
    ${head === null ? html`<span class="group-waiting"></span>` : content(head, columns)}</div>`;
}

function content(head: LoadedHead, columns: GroupColumns): TemplateResult {
  const { rows, all, positives } = head;
  const title = columns.title === null ? null : head.text(columns.title);
  const keys = columns.keys.map(({ index, byDay }) => {
    const text = head.text(index);
    return byDay ? (text?.slice(0, 10) ?? null) : text;
  });
  const name = title !== null && title !== '' ? [title] : keys;
  const count =
    rows === all
      ? all === 1
        ? t('1 row')
        : t('{0} rows', formatCount(all))
      : t('{0} of {1} rows', formatCount(rows), formatCount(all));
  return html`<span class="group-name cut" title=${name.map((text) => text ?? 'null').join(' · ')}>${name.map((text, k) => html`${k > 0 ? ' · ' : nothing}${text === null ? html`<i>null</i>` : text}`)}</span>
    <span class="group-rows">${count}</span>
    <span class="group-rate" title=${positives === null ? nothing : t('{0} positive, {1} negative', formatCount(positives), formatCount(rows - positives))}>${positives === null || rows === 0 ? '' : formatPercent(positives / rows)}</span>
    ${mixBar(head)}
    ${columns.more.map((index) => html`<span class="group-more">${head.text(index) ?? ''}</span>`)}`;
}

function mixBar({ mix, sources, rows, positives }: LoadedHead): TemplateResult {
  const negatives = rows - (positives ?? 0);
  if (sources.length === 0 || negatives === 0)
    return html`<svg class="group-mix" width="100" height="8" aria-hidden="true"></svg>`;
  const other = negatives - mix.reduce((sum, n) => sum + n, 0);
  const width = 100;
  const parts = [
    ...mix.map((n, k) => ({ source: sources[k] ?? '', n, ink: sourceInk(sources[k] ?? '') })),
    { source: t('other'), n: other, ink: 'fill-other' },
  ].filter(({ n }) => n > 0);
  const text = parts.map(({ source, n }) => `${source} ${formatCount(n)}`).join(', ');
  let x = 0;
  return html`<svg class="group-mix" width=${width} height="8" role="img" aria-label=${t('Negatives: {0}', text)}>${parts.map(
    ({ n, ink }, k) => {
      const end = x + (n / negatives) * width;
      // 2 px between two parts, and no part is thinner than 2 px.
      const bar = svg`<rect class=${ink} x=${x} y="0" height="8" width=${Math.max(2, end - x - (k < parts.length - 1 ? 2 : 0))}></rect>`;
      x = end;
      return bar;
    },
  )}<title>${text}</title></svg>`;
}
