import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import type { ColumnProfile, Histogram, Scalar } from '../../src/core/table/profile.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import { scalarText } from '../scalar.ts';
import { t } from '../strings.ts';
import { barsPath, partWidths } from './bars.ts';
import { binType } from './bins.ts';
import { sourceInk } from './sourceMark.ts';

type Part = { readonly value: Scalar; readonly count: number };

/** The small chart of a column: bars, the parts of a label, or the mix of the sources. */
export function miniChart(profile: ColumnProfile, width: number, height: number): TemplateResult | typeof nothing {
  const picture = drawing(profile, width, height - 1);
  if (picture === nothing) return nothing;
  return html`<svg class="mini" role="img" aria-label=${describe(profile)} width=${width} height=${height} viewBox="0 0 ${width} ${height}">${picture}</svg>`;
}

function drawing(profile: ColumnProfile, width: number, height: number): SVGTemplateResult | typeof nothing {
  const { histogram } = profile;
  if (profile.type.kind === 'struct') return filledShare(profile, width, height);
  if (histogram.kind === 'none') return nothing;
  if (histogram.kind === 'parts') {
    return profile.role?.role === 'source'
      ? mix(histogram.parts, width, height)
      : columns(histogram.parts, width, height, profile.role?.role === 'label');
  }
  return svg`<path class="bars" d=${barsPath(histogram.counts, width, height)}></path>${ground(width, height)}`;
}

/** A struct has no distribution of its own: one bar for the rows that are not NULL, in a frame for all. */
function filledShare({ rows, nulls }: ColumnProfile, width: number, height: number): SVGTemplateResult {
  const thickness = Math.min(10, height);
  const share = rows === 0 ? 0 : (rows - nulls) / rows;
  const filled = share === 0 ? 0 : Math.max(1, share * (width - 1));
  return svg`<rect class="bars" x="0" y=${height - thickness} width=${filled} height=${thickness}></rect>
    <rect class="axis" fill="none" x="0.5" y=${height - thickness + 0.5} width=${width - 1} height=${thickness - 1}></rect>`;
}

/** Segments side by side, as one thick line at the bottom. */
function mix(parts: readonly Part[], width: number, height: number): SVGTemplateResult {
  const thickness = Math.min(10, height);
  const visibleParts = parts.filter((part) => part.count > 0);
  return svg`${partWidths(
    visibleParts.map((part) => part.count),
    width,
  ).map(
    (part, k) => svg`
    <rect class=${sourceInk(scalarText(visibleParts[k]?.value ?? null))} x=${part.x} y=${height - thickness} width=${part.width} height=${thickness}></rect>`,
  )}`;
}

function columns(parts: readonly Part[], width: number, height: number, isLabel: boolean): SVGTemplateResult {
  const bars = parts.map((part) => part.count);
  // Positives are few but important, so the last of two segments is drawn in a strong colour.
  const strong = isLabel && parts.length === 2 ? barsPath([0, valueAt(bars, 1)], width, scaled(bars, 1, height)) : '';
  const plainPath =
    strong === '' ? barsPath(bars, width, height) : barsPath([valueAt(bars, 0), 0], width, scaled(bars, 0, height));
  const drop = (k: number): string => `translate(0 ${height - scaled(bars, k, height)})`;
  return strong === ''
    ? svg`<path class="bars" d=${plainPath}></path>${ground(width, height)}`
    : svg`<path class="bars" d=${plainPath} transform=${drop(0)}></path><path class="bars strong" d=${strong} transform=${drop(1)}></path>${ground(width, height)}`;
}

const scaled = (bars: readonly number[], k: number, height: number): number =>
  Math.max(1, (height * valueAt(bars, k)) / Math.max(1, ...bars));

function ground(width: number, height: number): SVGTemplateResult {
  return svg`<line class="axis" x1="0" y1=${height + 0.5} x2=${width} y2=${height + 0.5}></line>`;
}

function describeRange(histogram: Extract<Histogram, { kind: 'range' }>, { name, type }: ColumnProfile): string {
  const [from, to] = [histogram.from, histogram.to].map((end) => scalarText(end, binType(histogram, type)));
  const bins = histogram.counts.length;
  if (histogram.of === 'length')
    return t('Lengths of {0} from {1} to {2} in {3} bins', name, from ?? '', to ?? '', bins);
  if (histogram.of === 'norm') return t('Norms of {0} from {1} to {2} in {3} bins', name, from ?? '', to ?? '', bins);
  return t('Distribution of {0} from {1} to {2} in {3} bins', name, from ?? '', to ?? '', bins);
}

/** The chart described in one sentence. */
export function describe(profile: ColumnProfile): string {
  const { histogram, name, rows, nulls } = profile;
  if (profile.type.kind === 'struct')
    return t('{0} of the rows of {1} are not NULL', formatPercent(rows === 0 ? 0 : (rows - nulls) / rows), name);
  switch (histogram.kind) {
    case 'none':
      return t('{0} has no values', name);
    case 'range':
      return describeRange(histogram, profile);
    case 'rank':
      return t(
        'Rows by the values of {0}, most frequent first; {1} distinct values',
        name,
        formatCount(profile.distinct.value),
      );
    case 'parts': {
      const total = histogram.parts.reduce((sum, part) => sum + part.count, 0);
      return t(
        'Shares of the values of {0}: {1}',
        name,
        histogram.parts
          .map((part) => `${scalarText(part.value, profile.type)} ${formatPercent(part.count / total)}`)
          .join(', '),
      );
    }
  }
}
