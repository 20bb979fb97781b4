import type { Severity } from './finding.ts';
import type { RuleId } from './ruleId.ts';

/** What holds for one rule under a policy. */
export interface RuleLevel {
  readonly severity: Severity | 'off';
  /** True where a policy file or the config said it, not a preset: it wins over the severity of a single report. */
  readonly set: boolean;
  /** True where warnings are errors, also those of a rule whose own severity is another. */
  readonly strict: boolean;
  /** Options that differ from the defaults, checked. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A policy with all that it extends worked in. */
export interface Policy {
  /** For reports: `recommended`, `strict`, the path of a file, or `config` for the one that a config holds itself. */
  readonly name: string;
  level(rule: RuleId): RuleLevel;
}
