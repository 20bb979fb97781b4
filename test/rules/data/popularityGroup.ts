import { changed } from '../../../src/core/policy/examples/example.ts';
import { grouped, groups } from '../../../src/core/policy/rules/data/popularityGroup.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: groups(0.42) },
    { text: changed('recall', [grouped, ''], [', attributes: [region, activity]', '']), answers: groups(0.42) },
  ],
};
