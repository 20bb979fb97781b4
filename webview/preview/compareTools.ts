import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { formatCount } from '../../src/core/table/format.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import type { PreviewAnswer } from '../../src/protocol/preview.ts';
import { inBinsOf } from '../charts/popularity.ts';
import { sourceGlyph } from '../charts/source.ts';
import { sourceInk, sourceMark } from '../charts/sourceMark.ts';
import { t, say } from '../strings.ts';
import { PreviewElement } from './previewElement.ts';
import { distanceText, distanceTitles, nearness } from '../../src/core/report/distance.ts';
import { inBatchSource } from '../../src/core/report/inBatchText.ts';
import type { ComparedDistance } from '../../src/core/sampling/compareDistances.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import '../charts/curve.ts';
import '../charts/difference.ts';

/** Charts of both sides: popularity of their negatives, the difference, and how much of each entry stays. */
@customElement('rs-compare-tools')
export class CompareTools extends PreviewElement {
  static override sheets = [
    css`
    rs-compare-tools { display: contents; }
    rs-compare-tools .same {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(24px, 80px) auto;
      gap: 0 10px;
      align-items: center;
      font-size: 12px;
      line-height: 20px;
    }
    rs-compare-tools .name { display: flex; align-items: center; gap: 6px; min-width: 0; }
    rs-compare-tools .same svg.part { width: 100%; height: 8px; }
    rs-compare-tools .same .outline { fill: none; stroke-width: 1; }
    rs-compare-tools .distances { width: 100%; table-layout: fixed; border-spacing: 0; font-size: 12px; line-height: 20px; }
    rs-compare-tools .distances th { padding: 0; font-weight: normal; text-align: left; }
    rs-compare-tools .distances th[scope='col'] { text-align: center; color: var(--vscode-descriptionForeground); }
    rs-compare-tools .distances .figure { width: 36px; }
    rs-compare-tools .distances .word { width: 52px; }
    rs-compare-tools .distances td { padding: 0 0 0 6px; white-space: nowrap; }
  `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { comparison: answer } = this.model;
    if (!answer) return nothing;
    const { a, b, comparison } = answer;
    const stage = b.sampler.plan?.stage;
    const { to, corpus } = b.preview.facts.bins;
    // A may have been drawn from another corpus.
    const ofA = inBinsOf(b.preview.facts.bins, a.preview.facts.bins, negatives(a));
    const ofB = negatives(b);
    const max = Math.max(1, ...comparison.entries.map(({ larger }) => larger));
    const charts = html`<section><h3 class="section-title">${t('Rows on the most popular items')}</h3>
        <rs-curve scale .plotHeight=${168} .to=${to} .lines=${[
          { name: t('corpus'), kind: 'corpus', counts: corpus },
          { name: t('positives'), kind: 'positives', counts: b.preview.totals.positiveBins },
          { name: 'A', kind: 'a', counts: ofA },
          { name: 'B', kind: 'b', counts: ofB },
        ]}></rs-curve></section>
      <section><h3 class="section-title">${t('B minus A')}<span class="caption">${t('percentage points per ¼ decade')}</span></h3><rs-difference .to=${to} .a=${ofA} .b=${ofB}></rs-difference></section>`;
    return html`${to.length === 0 ? nothing : charts}
      <section><h3 class="section-title">${t('Same negatives by entry')}<span class="grow"></span><span class="caption">${t('same / larger of A, B')}</span></h3>
        <div class="same">${comparison.entries.map(({ name, source, same, larger }) => html`<span class="name">${sourceGlyph(source)}<span class="cut" title=${name}>${name}</span></span>${overlapBar(same / max, larger / max, source)}<span class="number">${formatCount(same)}<span class="muted"> / ${formatCount(larger)}</span></span>`)}</div></section>
      ${stage === undefined ? nothing : comparedDistances(comparison.distances, stage)}`;
  }
}

/** Filled: the same on both sides. Outlined: the larger of the two. */
function overlapBar(same: number, larger: number, source: string): TemplateResult {
  return html`<svg class="part" viewBox="0 0 80 8" preserveAspectRatio="none" aria-hidden="true">${same <= 0 ? nothing : svg`<rect class=${sourceInk(source)} width=${Math.max(1, same * 80)} height="8"></rect>`}${larger <= 0 ? nothing : svg`<rect class="outline line-${sourceMark(source).family}" x="0.5" y="0.5" width=${Math.max(0.5, larger * 80 - 1)} height="7"></rect>`}</svg>`;
}

function negatives({ preview: { facts, totals } }: PreviewAnswer): number[] {
  return facts.bins.to.map((_, k) => totals.entryBins.reduce((sum, bins) => sum + valueAt(bins, k), 0));
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-compare-tools': CompareTools;
  }
}

/** Distances of both sides to the input of the stage. Nothing if there are none. */
function comparedDistances(distances: readonly ComparedDistance[], stage: Stage): TemplateResult | typeof nothing {
  if (distances.length === 0) return nothing;
  const exposures = distances.find(({ of }) => of === 'exposures');
  const cells = (distance: number | null, ofExposures: number | null | undefined): TemplateResult => {
    const word = nearness(distance, ofExposures ?? null);
    return html`<td class="number">${distanceText(distance)}</td><td class="muted">${word === null ? nothing : say(word)}</td>`;
  };
  const row = ({ of, name, source, a, b }: ComparedDistance): TemplateResult => {
    const isExposures = of === 'exposures';
    const title = name ?? (isExposures ? t('exposures alone') : inBatchSource);
    return html`<tr><th scope="row"><span class="name">${isExposures ? nothing : sourceGlyph(source ?? inBatchSource)}<span class="cut" title=${title}>${title}</span></span></th>${cells(a, isExposures ? null : exposures?.a)}${cells(b, isExposures ? null : exposures?.b)}</tr>`;
  };
  return html`<section><h3 class="section-title">${say(distanceTitles[stage])}<span class="grow"></span><span class="caption">${t('JS, bits')}</span></h3>
    <table class="distances"><colgroup><col><col class="figure"><col class="word"><col class="figure"><col class="word"></colgroup><thead><tr><td></td><th scope="col" colspan="2">A</th><th scope="col" colspan="2">B</th></tr></thead><tbody>${distances.map(row)}</tbody></table>
    <p class="caption">${t('Jensen–Shannon divergence of the expected draws of all users: 0 is equal, 1 has nothing in common')}</p></section>`;
}
