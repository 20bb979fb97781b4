import type { ConfigDocument } from '../config/document.ts';
import type { Lines } from '../config/lines.ts';
import type { TextFix } from '../config/problem.ts';
import type { Span } from '../config/span.ts';
import type { StageView } from '../config/entries.ts';
import type { Finding, Fix, Severity } from './finding.ts';
import type { Policy, RuleLevel } from './policy.ts';
import type { PolicyProblem } from './policyProblem.ts';
import { strictly } from './presets.ts';
import type { Report, Rule } from './rule.ts';

/** Converts a report of a rule to a finding, with the severity from the policy. The rule must not be off. */
export function findingOf(
  report: Report,
  {
    rule,
    level,
    stage,
    document,
  }: {
    readonly rule: Rule;
    readonly level: RuleLevel;
    readonly stage: StageView | null;
    readonly document: ConfigDocument;
  },
): Finding {
  return {
    rule: rule.id,
    severity: severityOf(report, rule, level),
    message: report.message,
    stage: report.stage ?? stage?.name ?? null,
    range: document.lines.range(spanOf(report, document)),
    fixes: (report.fixes ?? []).map((fix) => editsOf(fix, document.lines)),
    elsewhere: (report.elsewhere ?? []).map(({ at, fix }) => ({
      range: document.lines.range(document.locate(at).span),
      fix: fix && editsOf(fix, document.lines),
    })),
    unnecessary: report.unnecessary ?? false,
    details: report.details ?? [],
  };
}

/** Converts a problem of a policy file to a finding in that file; null if the policy itself turns the rule off. */
export function findingOfProblem(
  { rule, span, message, fixes }: PolicyProblem,
  { lines }: ConfigDocument,
  policy: Policy,
): Finding | null {
  const { severity } = policy.level(rule);
  if (severity === 'off' && rule !== 'config/syntax') return null;
  return {
    rule,
    severity: severity === 'off' ? 'error' : severity,
    message,
    stage: null,
    range: lines.range(span),
    fixes: fixes.map((fix) => editsOf(fix, lines)),
    elsewhere: [],
    unnecessary: false,
    details: [],
  };
}

/** A policy that sets the severity of the rule overrides that of a single report. */
function severityOf({ severity }: Report, rule: Rule, level: RuleLevel): Severity {
  const severityOfRule = level.severity === 'off' ? rule.severity : level.severity;
  if (level.set || severity === undefined) return severityOfRule;
  return level.strict ? strictly(severity) : severity;
}

/** Converts a fix of the text to edits of its lines. */
export function editsOf({ title, changes, safe }: TextFix, lines: Lines): Fix {
  return { title, safe, edits: changes.map(({ span, text }) => ({ range: lines.range(span), text })) };
}

function spanOf({ at, on = 'value' }: Report, document: ConfigDocument): Span {
  if ('start' in at) return at;
  const { key, value, span } = document.locate(at);
  return on === 'key' ? (key ?? span) : (value?.span ?? span);
}
