import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { columnChange } from '../../src/core/report/compareColumnsText.ts';
import { requestedIn } from '../../src/core/sampling/requested.ts';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import { valueAt } from '../../src/core/valueAt.ts';
import type { PreviewAnswer } from '../../src/protocol/preview.ts';
import { shareWithin } from '../charts/popularity.ts';
import { say, t } from '../strings.ts';
import { PreviewElement } from './previewElement.ts';

/** Five figures for the effect of a change, and the change itself. */
@customElement('rs-compare-figures')
export class CompareFigures extends PreviewElement {
  static override sheets = [
    css`
    rs-compare-figures { flex: none; display: block; border-bottom: 1px solid var(--vscode-panel-border); }
    rs-compare-figures > div { display: flex; flex-wrap: wrap; gap: 4px 32px; padding: 8px 12px; min-height: 80px; }
    rs-compare-figures .value {
      font-size: 18px;
      line-height: 24px;
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    rs-compare-figures .changes {
      flex: 1 1 220px;
      padding-left: 16px;
      border-left: 1px solid var(--vscode-panel-border);
      max-height: 84px;
      overflow: auto;
      font-size: 11px;
      line-height: 18px;
    }
    rs-compare-figures .changes .mono { font-size: 11px; overflow-wrap: anywhere; }
    @media (max-width: 799px) { rs-compare-figures .changes { padding-left: 0; border-left: 0; } }
  `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { comparison } = this.model;
    if (!comparison) return nothing;
    const {
      a,
      b,
      comparison: { totals, users, changes, columns },
    } = comparison;
    const larger = Math.max(totals.a, totals.b);
    const arrow = html`<span class="muted">→</span>`;
    return html`<div>
      ${figure(t('Same negatives'), html`${larger === 0 ? '–' : formatPercent(totals.same / larger)}`, t('{0} of {1}', formatCount(totals.same), formatCount(larger)))}
      ${figure(t('Out / in'), html`${formatCount(totals.out)} / ${formatCount(totals.in)}`, `${users.length === 1 ? t('1 user') : t('{0} users', users.length)}, ${t('{0} groups', formatCount(b.preview.totals.groups))}`)}
      ${figure(t('Moved'), html`${formatCount(totals.moved)}`, t('same item, different draw'))}
      ${figure(t('Top 1 % items'), html`${topShare(a)} ${arrow} ${topShare(b)}`, t('share of negatives'))}
      ${figure(b.sampler.plan?.unit === 'request' ? t('Negatives per request') : t('Negatives per positive'), html`${perGroup(a)} ${arrow} ${perGroup(b)}`, requestedText(a, b))}
      <div class="changes" tabindex="0" role="region" aria-label=${t('Changes of the plan')}><div class="caption">${changes.length === 0 ? t('No change of the plan, A to B') : changes.length === 1 ? t('1 change, A to B') : t('{0} changes, A to B', changes.length)}</div>
        ${changes.map(({ path, a, b }) => html`<div class="mono">${path} <span class="muted">${a ?? t('none')} →</span> ${b ?? t('none')}</div>`)}
        ${columns.length === 0 ? nothing : html`<div class="caption">${t('Pass-through columns')}</div>${columns.map((column) => html`<div class="mono">${column.name} <span class="muted">${say(columnChange(column))}</span></div>`)}`}</div></div>`;
  }
}

function figure(name: string, value: TemplateResult, note: string): TemplateResult {
  return html`<div><div class="caption">${name}</div><div class="value">${value}</div><div class="caption">${note}</div></div>`;
}

function topShare({ preview: { facts, totals } }: PreviewAnswer): string {
  const negatives = facts.bins.to.map((_, k) => totals.entryBins.reduce((sum, bins) => sum + valueAt(bins, k), 0));
  return totals.negatives === 0 || negatives.length === 0
    ? '–'
    : formatPercent(shareWithin(facts.bins, negatives, 0.01));
}

const perGroup = ({ preview: { totals } }: PreviewAnswer): string =>
  totals.groups === 0 ? '–' : (totals.negatives / totals.groups).toFixed(2);

function requestedText(a: PreviewAnswer, b: PreviewAnswer): string {
  const perGroupOf = ({ preview: { totals } }: PreviewAnswer): string =>
    totals.groups === 0 ? '–' : String(Number((requestedIn(totals.entries) / totals.groups).toFixed(2)));
  return perGroupOf(a) === perGroupOf(b)
    ? t('{0} asked', perGroupOf(a))
    : t('{0} and {1} asked', perGroupOf(a), perGroupOf(b));
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-compare-figures': CompareFigures;
  }
}
