import * as vscode from 'vscode';
import type { ConfigSummary, EntrySummary, FindingCounts, StageSummary } from '../../protocol/language.ts';
import { formatAmount, formatCount, formatShare, locale } from '../language.ts';

/** `30 % = 3`, `10`, and what it is expected to draw: `30 % = 3 · ≈ 694 of 3,449`. */
export function describeEntry({ share, quota, draws }: Pick<EntrySummary, 'share' | 'quota' | 'draws'>): string {
  const amount = [
    ...(share === null ? [] : [formatShare(share)]),
    ...(quota === null ? [] : [formatAmount(quota)]),
  ].join(' = ');
  return draws === null
    ? amount
    : `${amount} · ${vscode.l10n.t('≈ {0} of {1}', formatCount(draws.drawn), formatCount(draws.requested))}`;
}

/** `20 per positive`. */
export function describeStage({ unit, total: asked, countKey }: StageSummary): string {
  if (unit === 'impression') return vscode.l10n.t('every exposure');
  if (asked === null) return '';
  return countKey === 'per_request'
    ? vscode.l10n.t('{0} per request', formatAmount(asked))
    : vscode.l10n.t('{0} per positive', formatAmount(asked));
}

export function describeStages({ stages }: ConfigSummary): string {
  return stages.length === 1 ? vscode.l10n.t('1 stage') : vscode.l10n.t('{0} stages', stages.length);
}

/** Like `describeCounts`. "No findings" is shown only if no rule lacks data. */
export function describeFindings(counts: FindingCounts, checked: boolean): string {
  return checked || totalFindings(counts) > 0 ? describeCounts(counts) : vscode.l10n.t('data not checked');
}

export function describeCounts({ error, warning, info }: FindingCounts): string {
  const texts = [
    ...(error === 0 ? [] : [error === 1 ? vscode.l10n.t('1 error') : vscode.l10n.t('{0} errors', formatCount(error))]),
    ...(warning === 0
      ? []
      : [warning === 1 ? vscode.l10n.t('1 warning') : vscode.l10n.t('{0} warnings', formatCount(warning))]),
    ...(info === 0 ? [] : [vscode.l10n.t('{0} info', formatCount(info))]),
  ];
  return texts.length === 0 ? vscode.l10n.t('no findings') : texts.join(locale() === 'zh-cn' ? '，' : ', ');
}

/** The same number that the Problems view counts. */
export function totalFindings({ error, warning, info }: FindingCounts): number {
  return error + warning + info;
}
