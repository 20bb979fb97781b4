import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Dataset, Notice } from '../../src/core/table/dataset.ts';
import { formatBytes, formatCompactCount, formatCount, formatPercent } from '../../src/core/table/format.ts';
import { labelKind, type LabelKind } from '../../src/core/table/label.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { severityNames } from '../../src/core/report/severityText.ts';
import type { AuditVerdict, Glance, SidebarEvents, SidebarNotifications } from '../../src/protocol/sidebar.ts';
import { boot } from '../boot.ts';
import type { Channel } from '../channel.ts';
import { LightElement } from '../element.ts';
import { moreNotices } from '../moreNotices.ts';
import { say, t } from '../strings.ts';
import { mixBar, partsOfRows, type Part } from './mixBar.ts';
import type { EntrySummary, FindingCounts, StageSummary } from '../../src/protocol/language.ts';

const maxNotices = 3;
const severities: readonly Notice['severity'][] = ['error', 'warning', 'info'];

/** Summary of the active sample file: what it is, how many positives, and the mix of its negatives. */
@customElement('rs-glance')
export class GlanceView extends LightElement {
  static override sheets = [
    css`
    body {
      background: var(--vscode-sideBar-background);
      --rs-muted: color-mix(in srgb, var(--vscode-foreground) 76%, var(--vscode-sideBar-background));
    }
    body.vscode-high-contrast { --rs-muted: var(--vscode-foreground); }
    main { overflow: auto; }
    rs-glance {
      display: flex;
      flex-direction: column;
      gap: 12px;
      padding: 8px 16px 12px 20px;
      min-width: 0;
      font-size: 12px;
      line-height: 16px;
    }
    rs-glance .title { font-size: 13px; line-height: 18px; font-weight: 600; direction: rtl; text-align: left; }
    rs-glance .title bdi { direction: ltr; unicode-bidi: isolate; }
    rs-glance dl { display: grid; grid-template-columns: 1fr auto; gap: 4px 12px; }
    rs-glance dt { color: var(--rs-muted); }
    rs-glance .notices li { display: flex; gap: 6px; padding: 2px 0; }
    rs-glance .notices .codicon { font-size: 14px; width: 14px; height: 16px; line-height: 16px; }
    rs-glance .verdict .codicon-pass { color: var(--vscode-testing-iconPassed); font-size: 14px; vertical-align: -2px; }
    rs-glance p.links { display: flex; gap: 12px; flex-wrap: wrap; }
    rs-glance .primary {
      height: 26px;
      border-radius: 2px;
      text-align: center;
      background: var(--vscode-button-background);
      color: var(--vscode-button-foreground);
      border: 1px solid var(--vscode-button-border, transparent);
    }
    rs-glance .primary:hover { background: var(--vscode-button-hoverBackground); }
    rs-glance .primary:focus-visible { outline-offset: 2px; }
    rs-glance .wait {
      height: 10px;
      border-radius: 2px;
      background: var(--vscode-list-inactiveSelectionBackground, var(--rs-line));
      width: 60%;
    }
    rs-glance .wait:nth-child(odd) { width: 84%; }
  `,
  ];
  @property({ attribute: false }) channel!: Channel<object, SidebarEvents, SidebarNotifications>;
  @state() private glance: Glance | null = null;

  protected override firstUpdated(): void {
    // If the content is higher than the view, the keyboard must be able to scroll it.
    this.parentElement?.setAttribute('tabindex', '0');
    this.channel.on('glance', (glance) => {
      this.glance = glance;
    });
    this.channel.notify('ready', null);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { glance } = this;
    switch (glance?.kind) {
      case undefined:
        return nothing;
      case 'nothing':
        return this.nothing(glance.tour);
      case 'loading':
        return html`${title(glance.path)}<div class="wait"></div><div class="wait"></div><div class="wait"></div><span class="said" role="status">${t('Opening the file')}</span>`;
      case 'failure':
        return html`${title(glance.path)}
        <ul class="notices"><li><span class="codicon codicon-error error-icon" aria-hidden="true"></span><span>${say(glance.failure.message)}${glance.failure.advice ? html`<br><span class="muted">${say(glance.failure.advice)}</span>` : nothing}</span></li></ul>
        <p class="links">${this.link(t('Try again'), 'refresh')}${this.link(t('Show Log'), 'showLog')}</p>`;
      case 'dataset':
        return this.sample(glance);
      case 'config':
        return glance.stage
          ? configGlance(title(glance.path, glance.stage.name), glance.stage, glance.counts)
          : html`${title(glance.path)}<p class="muted">${t('This config has no stage yet.')}</p>${findingLines(glance.counts)}`;
    }
  }

  /** A demo workspace offers its tour. Another one offers to inspect the user's own log, and the demo second. */
  private nothing(tour: Extract<Glance, { kind: 'nothing' }>['tour']): TemplateResult {
    return html`<p>${t('Open a sample file to see it here at a glance.')}</p>
      ${tour === null ? nothing : html`<button class="primary" @click=${() => this.channel.notify('openTour', null)}>${tourText(tour)}</button>`}
      ${tour === null || tour.done === 0 ? nothing : html`<p class="caption">${t('{0} of {1} steps done', tour.done, tour.of)}</p>`}
      <p class="links">${this.link(tour === null ? t('Inspect Your Log') : t('Choose a sample file'), 'chooseFile')}
      ${tour === null ? this.link(t('Open Demo Workspace'), 'openDemo') : nothing}</p>
      <p class="caption">${t('Reads Parquet, Arrow, CSV, TSV and JSONL. Nothing leaves this machine.')}</p>`;
  }

  private sample({
    path,
    dataset,
    label,
    source,
    filtered,
    audit,
  }: Extract<Glance, { kind: 'dataset' }>): TemplateResult {
    const labels = label ? labelsOf(label) : null;
    const negatives =
      source?.histogram.kind === 'parts'
        ? source.histogram.parts.filter((part) => part.value !== null && part.value !== '' && part.value !== 'positive')
        : [];
    return html`<div>${title(path)}<div class="caption number-line">${facts(dataset, filtered)}</div>${filtered ? html`<div class="caption">${t('of the filtered rows')}</div>` : nothing}</div>
      ${
        labels === null
          ? nothing
          : html`<dl>
        <dt>${t('Positives')}</dt><dd class="number">${formatCount(labels.positive)}</dd>
        <dt>${t('Positive rate')}</dt><dd class="number">${rate(labels)}</dd></dl>`
      }
      ${negatives.length === 0 ? nothing : mixBar(t('Mix of negatives'), partsOfRows(negatives))}
      ${audit === null ? nothing : this.verdict(audit)}
      ${this.notices(dataset)}`;
  }

  /** Audit findings for the current content of the file. */
  private verdict({ isChecked, counts, worst }: AuditVerdict): TemplateResult {
    const findingCount = counts.error + counts.warning + counts.info;
    const text = !isChecked
      ? t('Audited without a config')
      : findingCount === 0
        ? t('The audit found nothing')
        : findingCount === 1
          ? t('1 finding in Audit')
          : t('{0} findings in Audit', formatCount(findingCount));
    return html`<div class="verdict">${
      worst.length === 0
        ? nothing
        : html`<div class="caption">${t('Worst findings')}</div><ul class="notices">${worst.map(({ severity, message }) => html`<li><span class="codicon codicon-${severity} ${severity}-icon" role="img" aria-label=${say(severityNames[severity])}></span><span>${say(message)}</span></li>`)}</ul>`
    }${isChecked && findingCount === 0 ? html`<span class="codicon codicon-pass" aria-hidden="true"></span> ` : nothing}${this.link(text, 'showAudit')}</div>`;
  }

  private notices({ notices }: Dataset): TemplateResult | typeof nothing {
    if (notices.length === 0) return nothing;
    const worst = [...notices]
      .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
      .slice(0, maxNotices);
    return html`<div><div class="caption">${t('Notices')}</div><ul class="notices">${worst.map((notice) => html`<li><span class="codicon codicon-${notice.severity} ${notice.severity}-icon" aria-hidden="true"></span><span>${say(notice.message)}</span></li>`)}</ul>
      ${notices.length > worst.length ? html`<span class="caption">${moreNotices(notices.length - worst.length)}</span>` : nothing}</div>`;
  }

  private link(label: string, event: 'refresh' | 'showLog' | 'chooseFile' | 'openDemo' | 'showAudit'): TemplateResult {
    return html`<button class="link" @click=${() => this.channel.notify(event, null)}>${label}</button>`;
  }
}

/**
 * The last two parts of the path, or the file name and the stage. What does not fit is cut on the left, where the text
 * varies least.
 */
function title(path: string, part?: string): TemplateResult {
  const names = path.split(/[\\/]/).filter((name) => name !== '');
  return html`<div class="title cut" title=${path}><bdi>${part === undefined ? names.slice(-2).join('/') : `${names.at(-1) ?? path} › ${part}`}</bdi></div>`;
}

function facts({ rows, columns, bytes }: Dataset, filtered: Extract<Glance, { kind: 'dataset' }>['filtered']): string {
  const count = (n: number): string => (n < 1_000_000 ? formatCount(n) : formatCompactCount(n, boot.locale));
  return [
    rows === null
      ? t('counting rows')
      : filtered
        ? t('{0} of {1} rows', filtered.rows === null ? '…' : count(filtered.rows), count(rows))
        : t('{0} rows', count(rows)),
    t('{0} columns', formatCount(columns.length)),
    formatBytes(bytes),
  ].join(' · ');
}

function rate({ positive, negative }: { readonly positive: number; readonly negative: number }): string {
  return positive + negative === 0 ? '–' : formatPercent(positive / (positive + negative));
}

/** Rows by label; null if there is a value other than 0 and 1, such as a rating. NULL and NaN are not labels. */
function labelsOf({
  histogram,
  top,
  distinct,
}: ColumnProfile): { readonly positive: number; readonly negative: number } | null {
  const parts = histogram.kind === 'parts' ? histogram.parts : top.length === distinct.value ? top : null;
  if (!parts || parts.some(({ value }) => labelKind(value) === 'other')) return null;
  const rows = (kind: LabelKind): number =>
    parts.reduce((sum, { value, count }) => (labelKind(value) === kind ? sum + count : sum), 0);
  return { positive: rows('positive'), negative: rows('negative') };
}

function tourText({ done, of }: NonNullable<Extract<Glance, { kind: 'nothing' }>['tour']>): string {
  if (done === of) return t('Open the Tour');
  return done === 0 ? t('Start the Tour') : t('Continue the Tour');
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-glance': GlanceView;
  }
}

/** Summary of a stage of a ratio config: negatives per group, their mix, and the findings of the config. */
function configGlance(title: TemplateResult, stage: StageSummary, counts: FindingCounts): TemplateResult {
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
function findingLines(counts: FindingCounts): TemplateResult | typeof nothing {
  const lines = [
    ['error', counts.error, counts.error === 1 ? t('1 error') : t('{0} errors', formatCount(counts.error))],
    ['warning', counts.warning, counts.warning === 1 ? t('1 warning') : t('{0} warnings', formatCount(counts.warning))],
    ['info', counts.info, t('{0} info', formatCount(counts.info))],
  ] as const;
  const visibleLines = lines.filter(([, count]) => count > 0);
  if (visibleLines.length === 0) return nothing;
  return html`<ul class="notices">${visibleLines.map(([severity, , text]) => html`<li><span class="codicon codicon-${severity} ${severity}-icon" aria-hidden="true"></span><span>${text}</span></li>`)}</ul>`;
}

/** At most four digits in the user's language; this hides rounding errors of binary fractions in sums of shares. */
function digits(value: number): string {
  return value.toLocaleString(boot.locale, { maximumSignificantDigits: Math.max(4, String(Math.trunc(value)).length) });
}
