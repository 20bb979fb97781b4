import type { ReadConfig } from '../config/read.ts';
import type { Facts } from '../data/facts.ts';
import type { Policy } from './policy.ts';
import type { PolicyProblem } from './policyProblem.ts';
import type { PlannedProblems, Rule } from './rule.ts';

/** Input of linting a config. */
export interface LintInput {
  readonly read: ReadConfig;
  readonly rules: readonly Rule[];
  readonly policy: Policy;
  /** What is wrong with the policy that the config requests: `problems` of `policyOfConfig`. */
  readonly policyProblems?: readonly PolicyProblem[];
  readonly facts: Facts;
  /** Default: no problems. */
  readonly planned?: PlannedProblems;
  /** The split of the sample file. Default: train. */
  readonly split?: 'train' | 'eval';
  readonly folder: string | null;
  readonly root: string | null;
}
