import type { ConfigDocument } from '../config/document.ts';
import type { ConfigPath } from '../config/tree.ts';
import { message, type Message } from '../message/message.ts';
import type { Finding, RuleStatus } from './finding.ts';
import type { LintInput } from './lintInput.ts';
import { applies, missingFact, type Need } from '../data/need.ts';
import type { Outcome } from './outcome.ts';
import { findingOf } from './report.ts';
import type { Rule } from './rule.ts';
import { ruleRuns, type RuleRun } from './ruleRuns.ts';
import { suppress, unusedSuppression } from './suppression.ts';

export interface LintResult {
  /** In text order. */
  readonly findings: readonly Finding[];
  /** In the order of the registry. */
  readonly rules: readonly RuleStatus[];
}

/**
 * Runs every active rule on a config. Never throws because of a config's content; the work is bounded by config ×
 * rules.
 */
export function lint(input: LintInput): LintResult {
  const steps = lintSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Same as `lint`, with one step per rule and one for the comments, so that the caller can do other work in between. */
export function* lintSteps(input: LintInput): Generator<void, LintResult, void> {
  const {
    read: { document },
    policy,
    rules,
  } = input;
  const runsOf = ruleRuns(input);
  const outcomes: Outcome[] = [];
  for (const rule of rules) {
    const outcome = run(rule, runsOf(rule), input);
    if (outcome) outcomes.push(outcome);
    yield;
  }
  supersede(outcomes);
  const unused = suppress(outcomes, document, rules);
  dropExplained(outcomes, document);
  yield;
  for (const outcome of outcomes) {
    const { rule } = outcome;
    if (rule.id === unusedSuppression)
      outcome.findings = unused.map((report) =>
        findingOf(report, { rule, level: policy.level(rule.id), stage: null, document }),
      );
  }
  return {
    findings: ordered(outcomes.flatMap(({ findings }) => findings)),
    rules: outcomes.map((outcome): RuleStatus => {
      const { rule, findings, because, failed, nothingToCompare } = outcome;
      const limits = limitsOf(rule, runsOf(rule));
      const status = { rule: rule.id, ...(limits ? { limits } : {}) };
      if (findings.length > 0) return { ...status, status: 'found' };
      if (!because) return { ...status, status: 'passed' };
      if (!failed) return { ...status, status: 'passed', because };
      return { ...status, status: 'not-run', because, ...(nothingToCompare === true ? { nothingToCompare } : {}) };
    }),
  };
}

/** The numbers among the options of a data rule; null if there are none. */
function limitsOf({ kind }: Rule, [run]: readonly RuleRun[]): RuleStatus['limits'] | null {
  if (kind !== 'data' || !run) return null;
  const options: Readonly<Record<string, unknown>> = run.context.options;
  const numbers = Object.entries(options).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, value]] : [],
  );
  return numbers.length === 0 ? null : (Object.fromEntries(numbers) as Record<string, number>);
}

/** Null if the rule has nothing to check. If a rule throws, its findings are dropped, because they may be wrong. */
function run(rule: Rule, runs: readonly RuleRun[], { facts, policy, read: { document } }: LintInput): Outcome | null {
  const level = policy.level(rule.id);
  const findings: Finding[] = [];
  const unless = new Map<Finding, readonly ConfigPath[]>();
  let applied = false;
  let lacks: Message | null = null;
  let nothing: Message | null = null;
  try {
    for (const { stage, context } of runs) {
      const needs = rule.needs?.(context) ?? [];
      if (rule.needs && (needs.length === 0 || !needs.every((need) => applies(need, facts)))) continue;
      applied = true;
      const lack = needs.map((need) => missingFact(need, facts)).find((reason) => reason !== null) ?? null;
      const emptyReason = lack === null ? (withoutIn(needs) ?? rule.comparesNothing?.(context) ?? null) : null;
      lacks ??= lack;
      nothing ??= emptyReason;
      if (lack ?? emptyReason) continue;
      for (const report of rule.check(context)) {
        const finding = findingOf(report, { rule, level, stage, document });
        findings.push(finding);
        if (report.unless) unless.set(finding, report.unless);
      }
    }
  } catch (error) {
    return {
      rule,
      findings: [],
      because: message('internal error: {0}', error instanceof Error ? error.message : String(error)),
      failed: true,
    };
  }
  if (!applied) return null;
  const because = lacks ?? nothing;
  return {
    rule,
    findings: deduplicated(findings),
    unless,
    because,
    failed: because !== null,
    nothingToCompare: lacks === null && nothing !== null,
  };
}

function withoutIn(needs: readonly Need[]): Message | null {
  const missingNeed = needs.find((need) => 'without' in need);
  return missingNeed?.without ?? null;
}

/** Drops findings that an error of another rule explains. */
function dropExplained(outcomes: readonly Outcome[], document: ConfigDocument): void {
  const errors = outcomes.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));
  for (const outcome of outcomes)
    outcome.findings = outcome.findings.filter(
      (finding) =>
        !outcome.unless?.get(finding)?.some((path) => {
          const { start, end } = document.locate(path).span;
          const isWithin = ({ range }: Finding): boolean =>
            document.lines.offset(range.start) <= end && document.lines.offset(range.end) >= start;
          return errors.some((error) => error.rule !== finding.rule && isWithin(error));
        }),
    );
}

/** Content of an anchor appears at every alias, but is reported once. */
function deduplicated(findings: readonly Finding[]): Finding[] {
  const keys = new Set<string>();
  return findings.filter(({ range, message: { text, args } }) => {
    const key = JSON.stringify([range, text, args]);
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
}

/** Drops findings if a superseding rule reports the same stage. */
function supersede(outcomes: readonly Outcome[]): void {
  const byId = new Map<string, Outcome>(outcomes.map((outcome) => [outcome.rule.id, outcome]));
  // All rules are compared before any finding is dropped, so that the order of the registry has no effect.
  const reported = outcomes.map(({ rule, findings }) => ({
    rule,
    stages: new Set(findings.map(({ stage }) => stage)),
  }));
  for (const { rule, stages } of reported) {
    if (stages.size === 0) continue;
    for (const id of rule.supersedes ?? []) {
      const other = byId.get(id);
      if (!other || other.findings.length === 0) continue;
      other.findings = other.findings.filter(({ stage }) => !stages.has(stage));
      if (other.findings.length === 0)
        Object.assign(other, { because: message('{0} already reports this', rule.id), failed: true });
    }
  }
}

function ordered(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character ||
      (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  );
}
