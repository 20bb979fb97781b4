import type { Severity } from './finding.ts';
import type { Policy, RuleLevel } from './policy.ts';
import type { Rule } from './rule.ts';

/** The built-in policies. */
export const presetNames = ['recommended', 'strict'] as const;
export type PresetName = (typeof presetNames)[number];

export function isPresetName(name: string): name is PresetName {
  return (presetNames as readonly string[]).includes(name);
}

/** `recommended` uses every rule at its own severity; `strict` turns warnings into errors. */
export function preset(name: PresetName, rules: readonly Rule[]): Policy {
  const strict = name === 'strict';
  const levels = new Map<string, RuleLevel>(
    rules.map(({ id, severity }) => [
      id,
      { severity: strict ? strictly(severity) : severity, set: false, strict, options: {} },
    ]),
  );
  return { name, level: (rule) => levels.get(rule) ?? { severity: 'off', set: false, strict, options: {} } };
}

export function strictly(severity: Severity): Severity {
  return severity === 'warning' ? 'error' : severity;
}
