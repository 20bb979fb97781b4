import { changed } from '../../../src/core/policy/examples/example.ts';
import { samples } from '../../../src/core/policy/rules/data/neverExposed.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('fine_ranking') },
    {
      text: changed('recall'),
      answers: { 'never-exposed': { rows: 10, unexposed: 3, lostClicks: 3, examples: [] } },
    },
  ],
  invalid: [
    {
      text: changed('fine_ranking'),
      datasets: samples,
      answers: { 'never-exposed': { rows: 6000, unexposed: 0, lostClicks: 4, examples: [] } },
      reportedAt: '../out/fine_ranking.parquet',
    },
  ],
};
