import { changed } from '../../../src/core/policy/examples/example.ts';
import { withoutDownsampling } from '../../../src/core/policy/rules/fine/unit.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // Half typed, or missing: other rules report this.
    { text: changed('fine_ranking', ['unit: impression', 'unit: imp']) },
    { text: changed('fine_ranking', ['    unit: impression\n', '']) },
  ],
  invalid: [
    {
      text: changed(
        'fine_ranking',
        ['unit: impression', 'unit: request'],
        ['    negatives:\n', '    negatives:\n      per_request: 10\n'],
        withoutDownsampling,
      ),
      reportedAt: 'request',
      after: 'unit: ',
    },
  ],
};
