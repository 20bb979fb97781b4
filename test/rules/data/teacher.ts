import { changed } from '../../../src/core/policy/examples/example.ts';
import { file, values } from '../../../src/core/policy/rules/data/teacher.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('coarse_ranking'), datasets: { 'samples.coarse_ranking': file }, answers: values({}) },
    // Too few positives to be sure.
    {
      text: changed('coarse_ranking'),
      datasets: { 'samples.coarse_ranking': file },
      answers: values({ auc: 0.4, knownPositives: 5 }),
    },
    // A few users have all of them.
    {
      text: changed('coarse_ranking'),
      datasets: { 'samples.coarse_ranking': file },
      answers: values({ auc: 0.4, userError: 0.1 }),
    },
    {
      text: changed('coarse_ranking', ['    teacher: {column: teacher, kind: probability, on: exposed}\n', '']),
      datasets: { 'samples.coarse_ranking': file },
      answers: values({ auc: 0.26 }),
    },
  ],
  invalid: [
    {
      text: changed('coarse_ranking'),
      reportedAt: '../out/coarse_ranking.parquet',
      datasets: { 'samples.coarse_ranking': file },
      answers: values({ auc: null, knownPositives: 0, knownNegatives: 0, distinct: 0 }),
    },
    {
      text: changed('coarse_ranking'),
      reportedAt: '../out/coarse_ranking.parquet',
      datasets: { 'samples.coarse_ranking': file },
      answers: values({ auc: 0.5, distinct: 1 }),
    },
  ],
};
