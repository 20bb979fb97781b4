import { html, nothing, type TemplateResult } from 'lit';
import { formatCompactCount, formatCount } from '../../src/core/table/format.ts';
import type { EntrySummary, FindingCounts, StageSummary } from '../../src/protocol/language.ts';
import { boot } from '../boot.ts';
import { t } from '../strings.ts';
import { mixBar, type Part } from './mixBar.ts';

/** Summary of a stage of a ratio config: negatives per group, their mix, and the findings of the config. */
export function configGlance(title: TemplateResult, stage: StageSummary, counts: FindingCounts): TemplateResult {
  return html`<div>${title}<div class="caption number-line">${[amount(stage), rows(stage)].flat().join(' · ')}</div></div>
    ${
      stage.entries.length === 0
        ? nothing
        : mixBar(
            mixTitle(stage),
            stage.entries.map((entry) => partOf(entry, stage)),
          )
    }
    ${findingLines(counts)}`;
}

function amount({ unit, total, countKey }: StageSummary): string[] {
  if (unit === 'impression') return [t('every exposure is a row')];
  if (total === null) return [];
  return [
    countKey === 'per_request'
      ? t('{0} negatives per request', digits(total))
      : t('{0} negatives per positive', digits(total)),
  ];
}

/** Shown if the positives were counted. Shortfalls reduce the number, so it is approximate. */
function rows({ rows: counted }: StageSummary): string[] {
  if (!counted) return [];
  const count = counted.count < 1_000_000 ? formatCount(counted.count) : formatCompactCount(counted.count, boot.locale);
  return [counted.atMost ? t('≤ {0} rows', count) : t('≈ {0} rows', count)];
}

function mixTitle({ entries }: StageSummary): string {
  const shares = entries.flatMap(({ share }) => (share === null ? [] : [share]));
  return shares.length === 0 ? t('Mix by count') : t('Mix, sum {0} of 1', digits(shares.reduce((a, b) => a + b, 0)));
}

function partOf({ name, source, share, quota }: EntrySummary, { unit }: StageSummary): Part {
  const percent = share === null ? null : `${digits(share * 100)} %`;
  return {
    name,
    source: source ?? '',
    weight: share ?? quota ?? 0,
    amount: percent ?? (quota === null || unit === 'impression' ? '–' : digits(quota)),
  };
}

/** Number of findings of each severity in a config, as the Problems view counts them. */
export function findingLines(counts: FindingCounts): TemplateResult | typeof nothing {
  const lines = [
    ['error', counts.error, counts.error === 1 ? t('1 error') : t('{0} errors', formatCount(counts.error))],
    ['warning', counts.warning, counts.warning === 1 ? t('1 warning') : t('{0} warnings', formatCount(counts.warning))],
    ['info', counts.info, t('{0} info', formatCount(counts.info))],
  ] as const;
  const shown = lines.filter(([, count]) => count > 0);
  if (shown.length === 0) return nothing;
  return html`<ul class="notices">${shown.map(([severity, , text]) => html`<li><span class="codicon codicon-${severity} ${severity}-icon" aria-hidden="true"></span><span>${text}</span></li>`)}</ul>`;
}

/** At most four digits in the user's language; this hides rounding errors of binary fractions in sums of shares. */
function digits(value: number): string {
  return value.toLocaleString(boot.locale, { maximumSignificantDigits: Math.max(4, String(Math.trunc(value)).length) });
}
