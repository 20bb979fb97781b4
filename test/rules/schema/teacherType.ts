import { changed } from '../../../src/core/policy/examples/example.ts';
import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('coarse_ranking', [
        'teacher: {column: teacher, kind',
        'teacher: {column: fine_score, from: impressions, kind',
      ]),
      datasets: { impressions: files(`${impressionColumns} fine_score:double`) },
    },
  ],
  invalid: [
    {
      text: changed('coarse_ranking', [
        'teacher: {column: teacher, kind',
        'teacher: {column: fine_scores, from: impressions, kind',
      ]),
      reportedAt: 'fine_scores',
      datasets: { impressions: files(`${impressionColumns} fine_score:double`) },
    },
  ],
};
