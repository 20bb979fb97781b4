import { css, html, svg, type TemplateResult } from 'lit';
import { formatPercent } from '../../src/core/table/format.ts';
import type { Scalar } from '../../src/core/table/profile.ts';
import { partWidths } from '../charts/bars.ts';
import { sourceGlyph } from '../charts/source.ts';
import { sourceInk } from '../charts/sourceMark.ts';
import { adopt } from '../element.ts';
import { t } from '../strings.ts';

adopt(css`
  .mix > svg { width: 100%; height: 8px; margin: 4px 0; }
  .mix li { display: flex; align-items: center; gap: 6px; font-size: 11px; line-height: 16px; }
  .mix .glyph { flex: none; }
`);

export interface Part {
  readonly name: string;
  /** The source; decides glyph and colour. */
  readonly source: string;
  /** Amount; its part of the bar is proportional to it. */
  readonly weight: number;
  /** Text to the right of the name. */
  readonly amount: string;
}

/** A bar of parts in the given order, and their names with amounts. */
export function mixBar(title: string, parts: readonly Part[]): TemplateResult {
  const visibleParts = parts.filter(({ weight }) => weight > 0);
  return html`<div class="mix"><div class="caption">${title}</div>
    <svg viewBox="0 0 220 8" preserveAspectRatio="none" role="img" aria-label=${`${title}: ${parts.map(({ name, amount }) => `${name} ${amount}`).join(', ')}`}>
      ${partWidths(
        visibleParts.map(({ weight }) => weight),
        220,
      ).map(
        (part, k) =>
          svg`<rect class=${sourceInk(visibleParts[k]?.source ?? '')} x=${part.x} width=${part.width} height="8"></rect>`,
      )}</svg>
    <ul>${parts.map(({ name, source, amount }) => html`<li>${sourceGlyph(source)}<span class="grow cut" title=${name}>${name}</span><span class="number">${amount}</span></li>`)}</ul></div>`;
}

/** Rows by source value, largest first. With more than eight values, the rest is one part. */
export function partsOfRows(rows: readonly { readonly value: Scalar; readonly count: number }[]): Part[] {
  const sorted = [...rows].sort((a, b) => b.count - a.count);
  const visibleParts =
    sorted.length <= 8
      ? sorted
      : [
          ...sorted.slice(0, 7),
          {
            value: t('{0} others', sorted.length - 7),
            count: sorted.slice(7).reduce((sum, { count }) => sum + count, 0),
          },
        ];
  const total = Math.max(
    1,
    visibleParts.reduce((sum, { count }) => sum + count, 0),
  );
  return visibleParts.map(({ value, count }) => ({
    name: String(value),
    source: String(value),
    weight: count,
    amount: formatPercent(count / total),
  }));
}
