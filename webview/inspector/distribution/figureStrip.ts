import { css, html, nothing, type TemplateResult } from 'lit';
import { auditValue } from '../../../src/core/report/auditValue.ts';
import { formatCount, formatPercent } from '../../../src/core/table/format.ts';
import { adopt } from '../../element.ts';
import { t } from '../../strings.ts';
import type { AuditRun } from '../audit/auditRun.ts';
import { columnIn, figureIn, rowsIn } from './readMetric.ts';

adopt(css`
  .figure-strip { display: flex; flex-wrap: wrap; gap: 8px 36px; margin: 0 0 20px; padding-bottom: 12px; border-bottom: 1px solid var(--vscode-panel-border); }
  .figure-strip dt, .figure-strip small { font-size: 11px; line-height: 16px; color: var(--rs-muted); display: block; }
  .figure-strip dd { margin: 0; font-size: 18px; line-height: 24px; font-variant-numeric: tabular-nums; }
`);

interface StripFigure {
  readonly label: string;
  readonly value: string;
  readonly caption: string;
}

/** The figures that describe the file in one line. */
export function figureStrip(audit: AuditRun): TemplateResult | typeof nothing {
  const figures = figuresOf(audit);
  if (figures.length === 0) return nothing;
  return html`<dl class="figure-strip">${figures.map(({ label, value, caption }) => html`<div><dt>${label}</dt><dd>${value}<small>${caption}</small></dd></div>`)}</dl>`;
}

function figuresOf(audit: AuditRun): StripFigure[] {
  const rows = audit.measured('rows');
  const valueOf = (id: string): number | null => figureIn(rows, id);
  const [all, positives, rate, users] = [
    valueOf('rows'),
    valueOf('positives'),
    valueOf('positive_rate'),
    valueOf('users'),
  ] as const;
  const spread = rowsIn(rows, 'spread').find(([name]) => name === 'negatives_per_positive');
  const coverage = audit.measured('coverage');
  const [covered, part] = [figureIn(coverage, 'covered'), figureIn(coverage, 'coverage')];
  const concentration = audit.measured('concentration');
  const [ofPositives, ofNegatives] = columnIn(concentration, 'distributions', 'top_share') ?? [];
  const hot = figureIn(concentration, 'hot_ratio');
  const figures: (StripFigure | null)[] = [
    all === null ? null : { label: t('Samples'), value: formatCount(all), caption: t('full scan') },
    positives === null
      ? null
      : {
          label: t('Positives'),
          value: formatCount(positives),
          caption: rate === null ? '' : t('{0} of the samples', formatPercent(rate)),
        },
    numberFigure(t('Negatives per positive'), figureIn(rows, 'negatives_per_positive'), (value) => ({
      value: auditValue(value, 'number'),
      caption: spread ? t('p5 {0} · p50 {1} · p95 {2}', ...[3, 4, 5].map((k) => String(spread[k] ?? '–'))) : '',
    })),
    users === null ? null : { label: t('Users'), value: formatCount(users), caption: '' },
    numberFigure(t('Items in negatives'), covered, (value) => ({
      value: formatCount(value),
      caption: part === null ? '' : t('{0} of the input', formatPercent(part)),
    })),
    typeof ofPositives === 'number' && typeof ofNegatives === 'number'
      ? {
          label: t('Rows of the top 1 % of the items'),
          value: `${formatPercent(ofPositives)} / ${formatPercent(ofNegatives)}`,
          caption: t('positives / negatives'),
        }
      : null,
    numberFigure(t('Hot ratio'), hot, (value) => ({
      value: auditValue(value, 'ratio'),
      caption: t('negatives ÷ positives'),
    })),
  ];
  return figures.filter((figure) => figure !== null);
}

function numberFigure(
  label: string,
  value: number | null,
  texts: (value: number) => Omit<StripFigure, 'label'>,
): StripFigure | null {
  return value === null ? null : { label, ...texts(value) };
}
