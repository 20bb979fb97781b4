import type { Question } from '../data/facts.ts';
import type { LintInput } from './lintInput.ts';
import { ruleRuns } from './ruleRuns.ts';

/**
 * The questions of the rules that apply to a config, each once, in the order of the rules. `facts` must know the
 * columns.
 */
export function questionsOf(input: LintInput): Question[] {
  const runsOf = ruleRuns(input);
  const questions = new Map<string, Question>();
  for (const rule of input.rules) {
    for (const { context } of rule.needs ? runsOf(rule) : []) {
      for (const need of rule.needs?.(context) ?? [])
        if ('question' in need) questions.set(JSON.stringify(need.question), need.question);
    }
  }
  return [...questions.values()];
}
