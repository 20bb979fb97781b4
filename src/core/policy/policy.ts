import type { Severity } from './finding.ts';
import type { RuleId } from './ruleId.ts';

/** Settings of one rule under a policy. */
export interface RuleLevel {
  readonly severity: Severity | 'off';
  /**
   * True if a policy file or the config sets the severity, not a preset. It then overrides the severity of a single
   * report.
   */
  readonly set: boolean;
  /** True if warnings become errors, even single warnings of a rule with another severity. */
  readonly strict: boolean;
  /** Validated options that differ from the defaults. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A policy with everything it extends merged. */
export interface Policy {
  /** Name for reports: `recommended`, `strict`, the path of a file, or `config` for a policy inside a config. */
  readonly name: string;
  level(rule: RuleId): RuleLevel;
}
