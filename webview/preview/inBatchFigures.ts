import { html, nothing, svg, type TemplateResult } from 'lit';
import { inBatchOrigin, inBatchShare, inBatchSource } from '../../src/core/report/inBatchText.ts';
import type { InBatchTotals } from '../../src/core/sampling/drawn.ts';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import type { PreviewTotals } from '../../src/protocol/sampling.ts';
import { partWidths } from '../charts/bars.ts';
import { sourceGlyph } from '../charts/source.ts';
import { sourceMark } from '../charts/sourceMark.ts';
import { say, t } from '../strings.ts';

/**
 * In-batch negatives that the trainer adds to the written rows, separate from the mix: how many, how many masked, how
 * many false.
 */
export function inBatchFigures(inBatch: InBatchTotals, written: PreviewTotals): TemplateResult {
  const { negatives, masked, falseNegatives } = inBatch;
  const share = inBatchShare(inBatch, written);
  const label = t(
    'In training: {0} written negatives, {1} in-batch ({2})',
    formatCount(written.negatives),
    formatCount(negatives),
    formatPercent(share),
  );
  const [own, made] = partWidths([written.negatives, negatives], 200);
  return html`<h3 class="section-title">${t('In-batch')}<span class="grow"></span><span class="caption">${t('made by the trainer')}</span></h3>
    <div class="bars-two"><span class="muted">${t('in training')}</span><svg role="img" aria-label=${label} viewBox="0 0 200 8" preserveAspectRatio="none">${svg`<title>${label}</title>
      ${own && written.negatives > 0 ? svg`<rect class="fill-other" x=${own.x} width=${own.width} height="8"></rect>` : nothing}${made && negatives > 0 ? svg`<rect class="fill-${sourceMark(inBatchSource).family}" x=${made.x} width=${made.width} height="8"></rect>` : nothing}`}</svg></div>
    <div class="pairs two"><span class="name">${sourceGlyph(inBatchSource)}<span class="cut">${inBatchSource}</span></span><span class="number">${formatCount(negatives)} · ${formatPercent(share)}</span>
      <span>${t('the user chose it')}</span><span class="number">${formatCount(falseNegatives)}${negatives === 0 ? nothing : ` · ${formatPercent(falseNegatives / negatives)}`}</span>
      <span>${t('same item, masked')}</span><span class="number">${formatCount(masked)}</span></div>
    <p class="caption">${say(inBatchOrigin(inBatch))}</p>`;
}
