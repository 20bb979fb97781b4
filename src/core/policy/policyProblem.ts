import type { Problem, ReadingRule } from '../config/problem.ts';

/** A fault of a policy, or of its name. The rules that report the same fault in configs report it. */
export interface PolicyProblem extends Omit<Problem, 'rule'> {
  readonly rule: ReadingRule | 'config/path';
}
