import { css, html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { isNested, typeName } from '../../src/core/table/type.ts';
import { miniChart } from '../charts/mini.ts';
import { adopt } from '../element.ts';
import { scalarText } from '../scalar.ts';
import { t } from '../strings.ts';
import { profileFigures } from './profileFigures.ts';

adopt(css`
  .field-list { margin-top: 4px; }
  .field-list summary {
    display: grid; grid-template-columns: 16px minmax(0, 1fr) 56px 96px; gap: 0 8px; align-items: center; min-height: 34px; cursor: pointer; border-radius: 2px; list-style: none;
  }
  .field-list summary:hover { background: var(--vscode-list-hoverBackground); }
  .field-list summary::-webkit-details-marker { display: none; }
  .field-list details[open] > summary .codicon { rotate: 90deg; }
  .field-list .top-values { margin: 0 0 8px; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 16px; }
`);

/** The fields of a struct: NULLs and a small chart each; a field opens its figures and most frequent values. */
export function fieldList({ list, total }: NonNullable<ColumnProfile['fields']>): TemplateResult {
  return html`<div class="section"><h3>${t('Fields')}</h3><span class="caption">${t('share of rows that are NULL')}</span>
    <div class="field-list">${list.map(field)}</div>
    ${total > list.length ? html`<p class="caption">${t('The first {0} of {1} fields', formatCount(list.length), formatCount(total))}</p>` : nothing}</div>`;
}

function field(profile: ColumnProfile): TemplateResult {
  const { name, type, rows, nulls, top } = profile;
  const share = formatPercent(rows === 0 ? 0 : nulls / rows);
  return html`<details><summary>
      <span class="codicon codicon-chevron-right" aria-hidden="true"></span>
      <span class="cut"><strong title=${name}>${name}</strong><br><span class="caption" title=${typeName(type)}>${typeName(type)}</span></span>
      <span class="number" title=${t('{0} nulls', formatCount(nulls))}>${nulls === 0 ? '0' : share}</span>
      <span>${miniChart(profile, 96, 24)}</span></summary>
    <div class="figures">${profileFigures(profile).map(([label, value, wide]) => html`<div class=${wide ? 'wide' : ''}><span class="muted">${label}</span><span class="number cut" title=${value}>${value}</span></div>`)}</div>
    ${
      top.length === 0 || isNested(type)
        ? nothing
        : html`<dl class="top-values" aria-label=${t('Top values')}>${top
            .slice(0, 5)
            .map(
              ({ value, count }) =>
                html`<dt class="cut">${value === '' ? '""' : scalarText(value, type)}</dt><dd class="number">${formatCount(count)}</dd>`,
            )}</dl>`
    }</details>`;
}
