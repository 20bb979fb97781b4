import { readConfig } from '../../src/core/config/read.ts';
import type { Finding } from '../../src/core/policy/finding.ts';
import type { Policy, RuleLevel } from '../../src/core/policy/policy.ts';
import { policyOfConfig, type PolicyWorld, type ResolvedPolicy } from '../../src/core/policy/resolvePolicy.ts';
import { defineRule } from '../../src/core/policy/rule.ts';
import type { RuleId } from '../../src/core/policy/ruleId.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { message, render } from '../../src/core/message/message.ts';
import { shown } from './lintCase.ts';

const page = { summary: '', why: '', source: '', wrong: { text: '', reportedAt: '' }, right: { text: '' } };
const share = defineRule({
  id: 'recall/share',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  docs: page,
  check: () => [],
  options: {
    max: { kind: 'number', fallback: 0.5, min: 0, max: 1, doc: message('limit') },
    ranks: { kind: 'numbers', fallback: [101, 500], length: 2, min: 1, max: 1e6, doc: message('window') },
    names: { kind: 'texts', fallback: ['play_time'], doc: message('columns') },
  },
});
const note = defineRule({
  id: 'config/note',
  kind: 'config',
  severity: 'info',
  stages: 'document',
  docs: page,
  options: {},
  check: () => [],
});
export const known = [share, note, ...rules];

/** Files of a workspace by absolute path. */
export function world(
  files: Readonly<Record<string, string>> = {},
  more: Partial<PolicyWorld> = {},
): PolicyWorld & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    folder: '/w/configs',
    root: '/w',
    rules: known,
    reads,
    readText(path) {
      reads.push(path);
      const text = files[path];
      return text === undefined ? { failure: { code: 'not-found', message: message('not there') } } : { text };
    },
    ...more,
  };
}

export function ofConfig(
  policy: string,
  files: Readonly<Record<string, string>> = {},
  more: Partial<PolicyWorld> = {},
): ResolvedPolicy {
  return policyOfConfig(readConfig(`version: 1\npolicy: ${policy}\n`, { language: 'yaml' }), world(files, more));
}

export function told({ problems }: ResolvedPolicy): string[] {
  return problems.map(({ rule, message: text }) => `${rule} ${render(text)}`);
}

export function level(policy: Policy, id: RuleId = 'recall/share'): Pick<RuleLevel, 'severity' | 'options'> {
  const { severity, options } = policy.level(id);
  return { severity, options };
}

export const findingsIn = ({ files }: ResolvedPolicy): Record<string, string[]> =>
  Object.fromEntries(files.map(({ path, findings }) => [path, shown(findings as Finding[])]));
