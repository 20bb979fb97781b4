import { html, nothing, type TemplateResult } from 'lit';
import { distanceText, distanceTitles, nearness } from '../../src/core/report/distance.ts';
import { inBatchSource } from '../../src/core/report/inBatchText.ts';
import type { ComparedDistance } from '../../src/core/sampling/compareDistances.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { sourceGlyph } from '../charts/source.ts';
import { say, t } from '../strings.ts';

/** Distances of both sides to the input of the stage. Nothing if there are none. */
export function comparedDistances(
  distances: readonly ComparedDistance[],
  stage: Stage,
): TemplateResult | typeof nothing {
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
