import type { Case, WrongCase } from '../../src/core/policy/rule.ts';

/**
 * More cases of a rule, besides the examples of its page: configs that it must accept, and configs that it must report.
 * The file has the group and the name of the file of the rule.
 */
export interface RuleCases {
  readonly valid?: readonly Case[];
  readonly invalid?: readonly WrongCase[];
}
