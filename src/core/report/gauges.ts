import type { Figure, MetricOutcome } from '../audit/metric.ts';
import { message, type Message } from '../message/message.ts';
import type { Finding, RuleStatus, Severity } from '../policy/finding.ts';
import { auditValue } from './auditValue.ts';

/** A figure that shows if a sample is fit for training, and what it is compared with. */
export interface Gauge {
  readonly metric: string;
  readonly title: Message;
  readonly figure: Figure & { readonly value: number };
  /** The same figure for random samples of the stage's input. */
  readonly chance: (Figure & { readonly value: number }) | null;
  /** The rule option with the limit. `isLeast`: values below the limit are outside. */
  readonly limit: { readonly value: number; readonly isLeast: boolean } | null;
  /** The rule that checks the figure; null if there is none. */
  readonly rule: RuleStatus | null;
}

interface Definition {
  readonly metric: string;
  readonly figure: string;
  readonly title: Message;
  readonly chance?: string;
  readonly rule?: string;
  /** The option of the rule that is the limit of the figure. */
  readonly option?: string;
  readonly isLeast?: boolean;
}

const definitions: readonly Definition[] = [
  {
    metric: 'divergence',
    figure: 'js',
    title: message('JS divergence: negatives from input'),
    chance: 'js_by_chance',
  },
  { metric: 'concentration', figure: 'hot_ratio', title: message('Hot ratio: top 1 %, negatives ÷ positives') },
  { metric: 'coverage', figure: 'coverage', title: message('Coverage: input items among negatives') },
  {
    metric: 'false_negatives',
    figure: 'earlier',
    title: message('False negatives: chosen before'),
    rule: 'data/false-negative',
    option: 'max',
  },
  {
    metric: 'mix',
    figure: 'total_variation',
    title: message('Mix: total variation from the config'),
    rule: 'data/mix',
  },
  {
    metric: 'users',
    figure: 'top_share',
    title: message('Rows of the top 1 % of the users'),
    rule: 'data/user-skew',
    option: 'max',
  },
];

/** The gauges of an audit whose figures are known. */
export function gaugesOf(metrics: readonly MetricOutcome[], rules: readonly RuleStatus[]): Gauge[] {
  return definitions.flatMap(({ metric, figure: id, title, chance, rule, option, isLeast = false }): Gauge[] => {
    const figure = numberOf(metrics, metric, id);
    if (!figure) return [];
    const status = rules.find((ruleStatus) => ruleStatus.rule === rule) ?? null;
    const limit = option === undefined ? undefined : status?.limits?.[option];
    return [
      {
        metric,
        title,
        figure,
        chance: chance === undefined ? null : numberOf(metrics, metric, chance),
        limit: limit === undefined ? null : { value: limit, isLeast },
        rule: status,
      },
    ];
  });
}

/**
 * The verdict of the rule about the figure. Null without a rule, and if a rule passed although the figure is outside of
 * its limit, because the file is too small to prove anything.
 */
export function gaugeVerdict({ rule, figure, limit }: Gauge, findings: readonly Finding[]): 'passed' | Severity | null {
  switch (rule?.status) {
    case 'passed':
      return limit !== null && (limit.isLeast ? figure.value < limit.value : figure.value > limit.value)
        ? null
        : 'passed';
    case 'found':
      return findings.find((finding) => finding.rule === rule.rule)?.severity ?? 'warning';
    default:
      return null;
  }
}

/** What the figure is compared with: its interval, its value by chance, and the limit. `isShort`: without intervals. */
export function gaugeComparisons({ figure: { unit, low, high }, chance, limit }: Gauge, isShort = false): Message[] {
  const value = (number: number): string => auditValue(number, unit);
  return [
    ...(isShort || low === undefined || high === undefined
      ? []
      : [message('95 % interval {0} to {1}', value(low), value(high))]),
    ...(chance === null
      ? []
      : [
          isShort || chance.low === undefined || chance.high === undefined
            ? message('chance {0}', value(chance.value))
            : message('chance {0} ({1} to {2})', value(chance.value), value(chance.low), value(chance.high)),
        ]),
    ...(limit === null
      ? []
      : [limit.isLeast ? message('at least {0}', value(limit.value)) : message('limit {0}', value(limit.value))]),
  ];
}

function numberOf(metrics: readonly MetricOutcome[], metric: string, id: string): Gauge['chance'] {
  const outcome = metrics.find((metricOutcome) => metricOutcome.metric === metric);
  if (outcome?.state !== 'measured') return null;
  const figure = outcome.figures.find((candidate) => candidate.id === id);
  return figure && typeof figure.value === 'number' ? { ...figure, value: figure.value } : null;
}
