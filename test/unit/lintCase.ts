import { readConfig, type ReadConfig } from '../../src/core/config/read.ts';
import type { Range } from '../../src/core/config/span.ts';
import type { FactLevel } from '../../src/core/data/facts.ts';
import type { Finding, Fix } from '../../src/core/policy/finding.ts';
import type { LintInput } from '../../src/core/policy/lintInput.ts';
import { preset, type PresetName } from '../../src/core/policy/presets.ts';
import { policyOfConfig } from '../../src/core/policy/resolvePolicy.ts';
import { layered } from '../../src/core/policy/ruleSettings.ts';
import type { Case, WrongCase } from '../../src/core/policy/rule.ts';
import type { RuleId } from '../../src/core/policy/ruleId.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { lint, type LintResult } from '../../src/core/policy/run.ts';
import { Lines } from '../../src/core/config/lines.ts';
import { applyEdits } from '../../src/core/policy/safeEdits.ts';
import { render } from '../../src/core/message/message.ts';
import { demoFacts } from '../fixtures/demoFacts.ts';

/** Folders of the examples in the demo workspace. */
export const demoFolders = { folder: '/demo/configs', root: '/demo' } as const;

interface CaseOptions {
  readonly level?: FactLevel;
  readonly preset?: PresetName;
  /** The rule whose options the case sets. */
  readonly rule?: RuleId;
  /** The config of the text, if it is already read. */
  readonly read?: ReadConfig;
}

/** Many tests lint the same text several times in a row, such as under each preset: it is read once. */
let last: { readonly text: string; readonly read: ReadConfig } | undefined;

function readOnce(text: string): ReadConfig {
  if (last?.text !== text)
    last = { text, read: readConfig(text, { language: text.trimStart().startsWith('{') ? 'json' : 'yaml' }) };
  return last.read;
}

/** Lints the text of a case as a file of a demo workspace. */
export function lintCase(one: Case, options: CaseOptions = {}): LintResult {
  return lint(lintInput(one, options));
}

/** The input of `lintCase`. */
export function lintInput(
  { text, datasets, answers, planned = [], options }: Case,
  { level = 'data', preset: name = 'recommended', rule, read = readOnce(text) }: CaseOptions = {},
): LintInput {
  const { problems } = policyOfConfig(read, {
    ...demoFolders,
    readText: () => ({ failure: { code: 'not-found', message: { text: 'not found' } } }),
  });
  const base = preset(name, rules);
  const policy = options && rule ? layered(base, 'case', new Map([[rule, { options }]])) : base;
  return {
    read,
    rules,
    policy,
    policyProblems: problems,
    facts: demoFacts({ level, datasets, answers }),
    planned: () => planned,
    ...demoFolders,
  };
}

/** Where a case expects its finding. */
export function reportedRange({ text, reportedAt, after }: WrongCase): Range {
  const from = after === undefined ? 0 : text.indexOf(after) + after.length;
  const start = text.indexOf(reportedAt, from);
  if (start < 0 || (after !== undefined && !text.includes(after))) throw new Error(`${reportedAt} is not in the case`);
  if (after === undefined && text.indexOf(reportedAt, start + 1) >= 0)
    throw new Error(`${reportedAt} is more than once in the case: say after what`);
  return new Lines(text).range({ start, end: start + reportedAt.length });
}

export function fixed(text: string, { edits }: Fix): string {
  return applyEdits(text, edits);
}

/** `rule 12:4-12:9 message`, 1-based, for the output of a failing test. */
export function shown(findings: readonly Finding[]): string[] {
  return findings.map(
    ({ rule, severity, range: { start, end }, message }) =>
      `${rule} ${severity} ${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1} ${render(message)}`,
  );
}
