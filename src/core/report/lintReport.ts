import type { FactLevel } from '../policy/facts.ts';
import { severities, type Finding, type RuleStatus, type Severity } from '../policy/finding.ts';
import type { Failure } from './failure.ts';

/** A config with what was found in it. */
export interface LintedConfig {
  /** As reports name it: relative to the caller's folder where it lies below, with `/`. */
  readonly path: string;
  /** In the order of the text. */
  readonly findings: readonly Finding[];
  /** In the order of the registry. */
  readonly rules: readonly RuleStatus[];
  /** True for a policy file of a config in which something is wrong. */
  readonly isPolicy?: true;
}

/** What `recsample lint` tells of some configs, before it becomes text, JSON or SARIF. */
export interface LintReport {
  /** How far the rules were allowed to look. */
  readonly level: FactLevel;
  /** In the order of their paths. */
  readonly configs: readonly LintedConfig[];
  /** Configs that could not be read or mended, and folders that could not be read. */
  readonly failures: readonly Failure[];
  /** Findings that were mended, and are not among the findings any more. */
  readonly fixed: number;
}

/** A finding with the config that it is of. */
export interface PlacedFinding extends Finding {
  readonly path: string;
}

/** All findings, config after config. */
export function findingsOf({ configs }: LintReport): PlacedFinding[] {
  return configs.flatMap(({ path, findings }) => findings.map((finding) => ({ ...finding, path })));
}

export type SeverityCounts = Readonly<Record<Severity, number>>;

/** How many findings there are of each severity. */
export function countsOf(findings: readonly Finding[]): SeverityCounts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** True where a finding is at least as bad as `worst`. */
export function reaches(counts: SeverityCounts, worst: Severity): boolean {
  return severities.slice(0, severities.indexOf(worst) + 1).some((severity) => counts[severity] > 0);
}

/**
 * What became of each rule over all configs: `found` where it found something in any of them, else `not-run` where it did not run in
 * any of them (with the first reason), else `passed`. In the order in which the configs name them.
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
