import type { FactLevel } from '../data/facts.ts';
import { severities, type Finding, type RuleStatus, type Severity } from '../policy/finding.ts';
import type { Failure } from '../message/failure.ts';

/** A config with its findings. */
export interface LintedConfig {
  /** Path for reports: relative to the caller's folder if it is below that folder, with `/`. */
  readonly path: string;
  /** In text order. */
  readonly findings: readonly Finding[];
  /** In the order of the registry. */
  readonly rules: readonly RuleStatus[];
  /** True for the policy file of a config, if it has findings. */
  readonly isPolicy?: true;
}

/** Report of `recsample lint` on some configs, before it becomes text, JSON or SARIF. */
export interface LintReport {
  /** How much data the rules were allowed to read. */
  readonly level: FactLevel;
  /** Sorted by path. */
  readonly configs: readonly LintedConfig[];
  /** Configs that could not be read or fixed, and folders that could not be read. */
  readonly failures: readonly Failure[];
  /** Number of fixed findings; they are not among the findings. */
  readonly fixed: number;
}

/** A finding with the path of its config. */
export interface PlacedFinding extends Finding {
  readonly path: string;
}

/** All findings, config by config. */
export function findingsOf({ configs }: LintReport): PlacedFinding[] {
  return configs.flatMap(({ path, findings }) => findings.map((finding) => ({ ...finding, path })));
}

export type SeverityCounts = Readonly<Record<Severity, number>>;

/** Number of findings by severity. */
export function countsOf(findings: readonly Finding[]): SeverityCounts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** True if a finding is at least as severe as `worst`. */
export function reaches(counts: SeverityCounts, worst: Severity): boolean {
  return severities.slice(0, severities.indexOf(worst) + 1).some((severity) => counts[severity] > 0);
}

/**
 * Status of each rule over all configs: `found` if any config has a finding of it, else `not-run` if it did not run for
 * any config (with the first reason), else `passed`. In the order in which the configs list the rules.
 */
export function rulesOf({ configs }: LintReport): RuleStatus[] {
  const statuses = new Map<string, RuleStatus>();
  const order: readonly RuleStatus['status'][] = ['passed', 'not-run', 'found'];
  for (const status of configs.flatMap(({ rules }) => rules)) {
    const before = statuses.get(status.rule);
    if (!before || order.indexOf(status.status) > order.indexOf(before.status)) statuses.set(status.rule, status);
  }
  return [...statuses.values()];
}
