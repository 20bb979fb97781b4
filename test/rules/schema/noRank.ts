import { recallMixing } from '../../../src/core/policy/examples/mixes.ts';
import { files } from '../../../src/core/policy/examples/files.ts';
import { hard, candidates } from '../../../src/core/policy/rules/schema/noRank.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: recallMixing(hard),
      datasets: { candidates: files(candidates, { ranges: { recall_rank: { min: '1', max: '300' } } }) },
    },
    {
      text: recallMixing(hard),
      datasets: { candidates: files(candidates, { ranges: { recall_rank: { min: '12', max: '300' } } }) },
    },
  ],
  invalid: [
    {
      text: recallMixing(hard),
      datasets: { candidates: files(candidates, { ranges: { recall_rank: { min: '0', max: '299' } } }) },
      reportedAt: 'recall_rank',
    },
  ],
};
