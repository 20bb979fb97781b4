import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { dailyCount } from '../../src/core/source/options.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import type { Preview } from '../../src/protocol/sampling.ts';
import '../charts/curve.ts';
import { sourceInk } from '../charts/sourceMark.ts';
import { t } from '../strings.ts';
import { PreviewElement } from './previewElement.ts';
import type { PreviewModel } from './previewModel.ts';

/** How much the rows of the chosen users concentrate on hot items. */
@customElement('rs-popularity-figure')
export class PopularityFigure extends PreviewElement {
  static override sheets = [
    css`
    rs-popularity-figure { display: block; break-inside: avoid; }
    rs-popularity-figure:not(:empty) { margin-bottom: 8px; }
    rs-popularity-figure .chart:not(.large) .under { flex-wrap: wrap; gap: 0 8px; }
  `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { preview, sampler, state } = this.model;
    if (!preview || state?.users.length === 0) return nothing;
    if (preview.totals.groups === 0 || preview.facts.bins.to.length === 0) return nothing;
    return html`<h3 class="section-title">${t('Rows on the most popular items')}</h3>${curve(preview, sampler?.plan?.unit === 'impression')}${orderNote(this.model)}`;
  }
}

function curve({ totals, facts, inBatch }: Preview, exposures: boolean): TemplateResult {
  const { to, corpus } = facts.bins;
  const negatives = to.map((_, k) => totals.entryBins.reduce((sum, bins) => sum + valueAt(bins, k), 0));
  return html`<rs-curve tools scale .isSaved=${false} .caption=${t('most popular share of the corpus, on a log scale')} .to=${to} .lines=${[
    { name: t('corpus'), kind: 'corpus', counts: corpus },
    { name: exposures ? t('negatives') : t('draws'), kind: 'negatives', counts: negatives },
    { name: t('positives'), kind: 'positives', counts: totals.positiveBins },
    ...(inBatch ? [{ name: t('in-batch'), kind: 'batch', counts: inBatch.bins }] : []),
  ]} .areas=${totals.entries.map(({ name, source }, k) => ({ name, ink: sourceInk(source), counts: totals.entryBins[k] ?? [] }))}></rs-curve>`;
}

/** A note for entries whose weights depend on the day, because the curve has only one order of items. */
function orderNote({ sampler }: PreviewModel): TemplateResult | typeof nothing {
  const moving = (sampler?.plan?.entries ?? []).filter((entry) => dailyCount(entry) !== null);
  return moving.length === 0
    ? nothing
    : html`<p class="caption">${t('Items are ordered by their events up to the training cut. {0} counts only events before the day of each group.', moving.map(({ name }) => name).join(', '))}</p>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-popularity-figure': PopularityFigure;
  }
}
