import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { causeNames, causesIn, reasonOfItems, reasonsIn } from '../../src/core/report/reasons.ts';
import { distanceText, distanceTitles, nearness } from '../../src/core/report/distance.ts';
import { inBatchSource, inBatchOrigin, inBatchShare } from '../../src/core/report/inBatchText.ts';
import { missingOf, requestedIn, requestedOf } from '../../src/core/sampling/requested.ts';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import type { Knob } from '../../src/protocol/preview.ts';
import type { EffectiveShares, EntryTotals, Preview, PreviewTotals } from '../../src/protocol/sampling.ts';
import { partWidths } from '../charts/bars.ts';
import { sourceGlyph } from '../charts/source.ts';
import { sourceInk, sourceMark } from '../charts/sourceMark.ts';
import { say, t } from '../strings.ts';
import { PreviewElement } from './previewElement.ts';
import type { PreviewModel } from './previewModel.ts';
import type { InBatchTotals } from '../../src/core/sampling/drawn.ts';

/** Totals for all chosen users: the configured and drawn mix, or rejections, shortfalls and distances. */
@customElement('rs-figures')
export class Figures extends PreviewElement {
  static override sheets = [
    css`
    rs-figures { display: contents; }
    rs-figures .bars-two {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 4px 8px;
      align-items: center;
      font-size: 11px;
    }
    rs-figures .bars-two svg { width: 100%; height: 8px; }
    rs-figures .pairs {
      display: grid;
      grid-template-columns: minmax(0, auto) minmax(24px, 1fr) auto;
      gap: 0 8px;
      align-items: center;
      font-size: 12px;
      line-height: 20px;
    }
    rs-figures .pairs.four { grid-template-columns: minmax(0, auto) minmax(24px, 1fr) auto auto; }
    rs-figures .pairs.two { grid-template-columns: minmax(0, 1fr) auto; }
    rs-figures .pairs > .name { display: flex; align-items: center; gap: 6px; min-width: 0; }
    rs-figures .pairs svg:not(.glyph) { width: 100%; height: 6px; }
    rs-figures .pairs .wide { grid-column: 1 / -1; line-height: 16px; margin-bottom: 4px; }
  `,
  ];

  /** The mix comes first in the tools, and the others last. */
  @property({ attribute: false }) isMix = false;

  protected override render(): TemplateResult | typeof nothing {
    const { preview: drawn, sampler, busy, state } = this.model;
    if (!drawn) return nothing;
    const preview = inOrderOfText(drawn, sampler?.knobs ?? []);
    const stage = state?.stage;
    const exposures = sampler?.plan?.unit === 'impression';
    // If the number of negatives is not known, a notice explains it.
    const asks = sampler?.plan?.amounts.kind !== 'none' && preview.totals.entries.length > 0;
    if (this.isMix)
      return asks || exposures
        ? html`<section aria-busy=${busy ? 'true' : 'false'}>${exposures ? exposed(preview) : mix(preview, this.model)}</section>`
        : nothing;
    return html`${preview.inBatch ? html`<section>${inBatchFigures(preview.inBatch, preview.totals)}</section>` : nothing}
      ${!asks || preview.totals.groups === 0 ? nothing : html`<section>${rejections(preview)}</section><section>${this.shortfalls(preview)}</section>${repeated(preview)}`}
      ${preview.totals.entries.some(({ distance }) => distance !== null) && stage ? html`<section>${distances(preview, stage)}</section>` : nothing}`;
  }

  private shortfalls({ totals, users }: Preview): TemplateResult {
    const short = totals.entries.filter((entry) => missingOf(entry) > 0);
    const missing = short.reduce((sum, entry) => sum + missingOf(entry), 0);
    const concerned = users
      .filter(({ groups }) => groups.some(({ shortfall }) => Object.keys(shortfall).length > 0))
      .map(({ user }) => user);
    if (missing === 0)
      return html`<h3 class="section-title">${t('Shortfall')}<span class="grow"></span><span class="caption">${t('none')} <span class="codicon codicon-check small" aria-hidden="true"></span></span></h3>`;
    return html`<h3 class="section-title">${t('Shortfall')}<span class="grow"></span><span class="caption number">${concerned.length === 1 ? t('{0} in 1 user', formatCount(missing)) : t('{0} in {1} users', formatCount(missing), concerned.length)}</span></h3>
      <div class="pairs">${short.map(
        ({
          name,
          source,
          shortfalls,
          shortGroups,
          ...entry
        }) => html`<span class="name">${sourceGlyph(source)}<span class="cut" title=${name}>${name}</span></span><span></span><span class="number">${formatCount(missingOf(entry))}</span>
        <span class="caption wide">${causesIn(shortfalls)
          .map((cause) => say(causeNames[cause]))
          .join('; ')}, ${shortGroups === 1 ? t('1 group') : t('{0} groups', formatCount(shortGroups))}</span>`,
      )}</div>
      ${concerned.length === 0 ? nothing : html`<button class="link caption" @click=${() => this.next(concerned)}>${t('Show users')}</button>`}`;
  }

  /** Selects the next of these users, starting at the chosen user. */
  private next(users: readonly string[]): void {
    const userIndex = users.indexOf(this.model.state?.user ?? '');
    const user = users[(userIndex + 1) % users.length];
    if (user !== undefined) this.model.users.choose(user);
  }
}

/** Entries in config order, not sorted by name. */
function inOrderOfText(preview: Preview, knobs: readonly Knob[]): Preview {
  const order = knobs.flatMap(({ kind, entry }) =>
    (kind === 'share' || kind === 'count') && entry !== null ? [entry] : [],
  );
  const { entries, entryBins, effective } = preview.totals;
  const rank = (k: number): number => {
    const index = order.indexOf(entries[k]?.name ?? '');
    return index < 0 ? order.length + k : index;
  };
  const places = entries.map((_, k) => k).sort((a, b) => rank(a) - rank(b));
  return {
    ...preview,
    totals: {
      ...preview.totals,
      entries: places.flatMap((k) => entries[k] ?? []),
      entryBins: places.map((k) => entryBins[k] ?? []),
      ...(effective ? { effective: { ...effective, entries: places.map((k) => valueAt(effective.entries, k)) } } : {}),
    },
  };
}

/** The mix as configured, as drawn, and as it counts in the loss. */
function mix({ totals, users }: Preview, model: PreviewModel): TemplateResult {
  const { entries, effective } = totals;
  const logq = model.sampler?.plan?.logq;
  const requested = requestedIn(entries);
  const drawnRows = entries.reduce((sum, entry) => sum + entry.drawn, 0);
  return html`<h3 class="section-title">${users.length === 1 ? t('Drawn for 1 user') : t('Drawn for {0} users', users.length)}<span class="grow"></span><span class="caption number">${t('{0} of {1}', formatCount(drawnRows), formatCount(requested))}</span></h3>
    <div class="bars-two"><span class="muted">${t('asked')}</span>${bar(t('asked'), entries, requestedOf)}<span class="muted">${t('drawn')}</span>${bar(t('drawn'), entries, ({ drawn }) => drawn)}${effective && logq ? html`<span class="muted">${t('effective')}</span>${effectiveBar(effective, entries)}` : nothing}</div>
    ${effective && logq ? html`<p class="caption">${t('Effective: each entry’s part of the loss at equal scores, with logq: {0}', logq)} <button class="link" @click=${() => model.act('showRule', { rule: 'recall/logq-lists' })}>${t('What this means')}</button></p>` : nothing}`;
}

/** Share of the loss by entry if all scores are equal; in-batch negatives come last. */
function effectiveBar({ entries: shares, inBatch }: EffectiveShares, entries: readonly EntryTotals[]): TemplateResult {
  const parts = [
    ...entries.map(({ name, source }, k) => ({ name, source, share: valueAt(shares, k) })),
    ...(inBatch === null ? [] : [{ name: inBatchSource, source: inBatchSource, share: inBatch }]),
  ].filter(({ share }) => share > 0);
  const label = `${t('effective')}: ${parts.map(({ name, share }) => `${name} ${formatPercent(share)}`).join(', ')}`;
  const widths = partWidths(
    parts.map(({ share }) => share),
    200,
  );
  return html`<svg role="img" aria-label=${label} viewBox="0 0 200 8" preserveAspectRatio="none">${svg`<title>${label}</title>`}${widths.map(({ x, width }, k) => svg`<rect class=${sourceInk(parts[k]?.source ?? '')} x=${x} width=${width} height="8"></rect>`)}</svg>`;
}

function bar(title: string, entries: readonly EntryTotals[], amount: (entry: EntryTotals) => number): TemplateResult {
  const parts = entries.filter((entry) => amount(entry) > 0);
  const total = Math.max(
    1,
    parts.reduce((sum, entry) => sum + amount(entry), 0),
  );
  const label = `${title}: ${parts.map((entry) => `${entry.name} ${formatCount(amount(entry))} (${formatPercent(amount(entry) / total)})`).join(', ')}`;
  return html`<svg role="img" aria-label=${label} viewBox="0 0 200 8" preserveAspectRatio="none">${svg`<title>${label}</title>`}${partWidths(parts.map(amount), 200).map(({ x, width }, k) => svg`<rect class=${sourceInk(parts[k]?.source ?? '')} x=${x} width=${width} height="8"></rect>`)}</svg>`;
}

function exposed({ totals, users }: Preview): TemplateResult {
  return html`<h3 class="section-title">${users.length === 1 ? t('Exposures of 1 user') : t('Exposures of {0} users', users.length)}</h3>
    <div class="pairs"><span>${t('positives')}</span><span></span><span class="number">${formatCount(totals.positives)}</span><span>${t('negatives')}</span><span></span><span class="number">${formatCount(totals.negatives)}</span>
    <span>${t('Positive rate')}</span><span></span><span class="number">${formatPercent(totals.positives / Math.max(1, totals.positives + totals.negatives))}</span></div>`;
}

function rejections(preview: Preview): TemplateResult {
  const { totals } = preview;
  const { rejections: counts } = totals;
  const attempts = totals.entries.reduce((sum, entry) => sum + entry.attempts, 0);
  const reasons = reasonsIn(counts);
  const all = reasons.reduce((sum, reason) => sum + counts[reason], 0);
  const max = Math.max(1, ...reasons.map((reason) => counts[reason]));
  return html`<h3 class="section-title">${t('Rejected draws')}<span class="grow"></span><span class="caption number">${t('{0} of {1}', formatCount(all), formatCount(attempts))}</span></h3>
    <div class="pairs">${reasons.map((reason) => html`<span>${say(reasonOfItems(reason, preview))}</span>${share(counts[reason] / max, 'fill-other')}<span class="number">${formatCount(counts[reason])}</span>`)}</div>`;
}

/** Draws that `distinct` dropped. */
function repeated({ totals }: Preview): TemplateResult | typeof nothing {
  const dropped = totals.entries.filter((entry) => (entry.repeated ?? 0) > 0);
  if (dropped.length === 0) return nothing;
  return html`<section><h3 class="section-title">${t('Dropped by distinct')}</h3>
    <div class="pairs two">${dropped.map(({ name, source, repeated = 0 }) => html`<span class="name">${sourceGlyph(source)}<span class="cut" title=${name}>${name}</span></span><span class="number">${formatCount(repeated)}</span>`)}</div></section>`;
}

/** Distances to the input of the stage: of the exposures and of each entry, on one scale. */
function distances({ totals, inBatch, facts }: Preview, stage: Stage): TemplateResult {
  const { exposureDistance } = facts;
  const entries: readonly Pick<EntryTotals, 'name' | 'source' | 'distance'>[] = [
    ...totals.entries,
    ...(inBatch ? [{ name: inBatchSource, source: inBatchSource, distance: inBatch.distance }] : []),
  ];
  const word = (distance: number | null): string => {
    const message = nearness(distance, exposureDistance);
    return message === null ? '' : say(message);
  };
  return html`<h3 class="section-title">${say(distanceTitles[stage])}<span class="grow"></span><span class="caption">${t('JS, bits')}</span></h3>
    <div class="pairs four"><span>${t('exposures alone')}</span>${share(exposureDistance ?? 0, 'fill-other')}<span class="number">${distanceText(exposureDistance)}</span><span></span>${entries.map(({ name, source, distance }) => html`<span class="name">${sourceGlyph(source)}<span class="cut" title=${name}>${name}</span></span>${share(distance ?? 0, sourceInk(source))}<span class="number">${distanceText(distance)}</span><span class="muted">${word(distance)}</span>`)}</div>
    <p class="caption">${t('Jensen–Shannon divergence of the expected draws of all users: 0 is equal, 1 has nothing in common')}</p>`;
}

/** A bar for a share from 0 to 1; a non-zero share is always visible. */
function share(value: number, ink: string): TemplateResult {
  return html`<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${value <= 0 ? nothing : svg`<rect class=${ink} width=${Math.max(1.5, Math.min(1, value) * 100)} height="6"></rect>`}</svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-figures': Figures;
  }
}

/**
 * In-batch negatives that the trainer adds to the written rows, separate from the mix: how many, how many masked, how
 * many false.
 */
function inBatchFigures(inBatch: InBatchTotals, written: PreviewTotals): TemplateResult {
  const { negatives, masked, falseNegatives } = inBatch;
  const share = inBatchShare(inBatch, written);
  const label = t(
    'In training: {0} written negatives, {1} in-batch ({2})',
    formatCount(written.negatives),
    formatCount(negatives),
    formatPercent(share),
  );
  const [writtenBar, batchBar] = partWidths([written.negatives, negatives], 200);
  return html`<h3 class="section-title">${t('In-batch')}<span class="grow"></span><span class="caption">${t('made by the trainer')}</span></h3>
    <div class="bars-two"><span class="muted">${t('in training')}</span><svg role="img" aria-label=${label} viewBox="0 0 200 8" preserveAspectRatio="none">${svg`<title>${label}</title>
      ${writtenBar && written.negatives > 0 ? svg`<rect class="fill-other" x=${writtenBar.x} width=${writtenBar.width} height="8"></rect>` : nothing}${batchBar && negatives > 0 ? svg`<rect class="fill-${sourceMark(inBatchSource).family}" x=${batchBar.x} width=${batchBar.width} height="8"></rect>` : nothing}`}</svg></div>
    <div class="pairs two"><span class="name">${sourceGlyph(inBatchSource)}<span class="cut">${inBatchSource}</span></span><span class="number">${formatCount(negatives)} · ${formatPercent(share)}</span>
      <span>${t('the user chose it')}</span><span class="number">${formatCount(falseNegatives)}${negatives === 0 ? nothing : ` · ${formatPercent(falseNegatives / negatives)}`}</span>
      <span>${t('same item, masked')}</span><span class="number">${formatCount(masked)}</span></div>
    <p class="caption">${say(inBatchOrigin(inBatch))}</p>`;
}
