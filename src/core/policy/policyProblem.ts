import type { Problem, ReadingRule } from '../config/problem.ts';

/** Something that is wrong with a policy, or with the name of one; reported by the rules that report the same about configs. */
export interface PolicyProblem extends Omit<Problem, 'rule'> {
  readonly rule: ReadingRule | 'config/path';
}
