import { changed } from '../../../src/core/policy/examples/example.ts';
import { shownFor } from '../../../src/core/policy/rules/data/candidateStage.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // No entry reads the stages of the candidates.
    {
      text: changed('coarse_ranking', [
        ', ranked_unexposed: 10, coarse_filtered: {count: 40, by: channel}',
        ', global_random: 50',
      ]).replace('approach: mixed', 'approach: mixed\n    # recsample-disable-next-line coarse/global-random'),
      answers: shownFor(9120),
    },
  ],
  invalid: [{ text: changed('coarse_ranking'), reportedAt: 'reached', after: 'reached: ', answers: shownFor(1) }],
};
