import { changed } from '../../../src/core/policy/examples/example.ts';
import { coarseFile, absent } from '../../../src/core/policy/rules/data/notRecalled.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('coarse_ranking'),
      datasets: { 'samples.coarse_ranking': coarseFile },
      answers: absent(8),
    },
    // A single user may own all of them.
    {
      text: changed('coarse_ranking'),
      datasets: { 'samples.coarse_ranking': coarseFile },
      answers: absent(30, 40),
    },
    {
      text: changed('coarse_ranking'),
      datasets: { 'samples.coarse_ranking': coarseFile },
      answers: absent(400),
      options: { max: 0.1 },
    },
  ],
};
