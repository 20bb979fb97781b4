import type { ReadingRule } from '../config/problem.ts';
import type { Report, RuleContext } from './rule.ts';

/** The reading problems that one rule reports. */
export function* problemReports(rule: ReadingRule | 'config/path', { problems }: RuleContext): Iterable<Report> {
  for (const problem of problems)
    if (problem.rule === rule) yield { at: problem.span, message: problem.message, fixes: problem.fixes };
}
