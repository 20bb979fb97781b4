import { changed } from '../../../src/core/policy/examples/example.ts';
import { samples, rates } from '../../../src/core/policy/rules/data/calibration.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('fine_ranking'), datasets: samples, answers: rates({}) },
    // Some of the users.
    {
      text: changed('fine_ranking'),
      datasets: samples,
      answers: rates({
        file: { positives: 50, negatives: 95 },
        weights: { positives: 50, negatives: 950, error: 0.1 },
      }),
    },
    // Too few rows to be sure.
    {
      text: changed('fine_ranking'),
      datasets: samples,
      answers: rates({ file: { positives: 500, negatives: 750 }, error: 0.2, weights: null }),
    },
    {
      text: changed('fine_ranking'),
      datasets: samples,
      answers: rates({ file: { positives: 500, negatives: 750 }, weights: null }),
      options: { max: 0.5 },
    },
  ],
  invalid: [
    // Calibrated by weight, but every row has the weight 1.
    {
      text: changed('fine_ranking'),
      datasets: samples,
      answers: rates({ weights: { positives: 500, negatives: 950, error: 0.03 } }),
      reportedAt: '../out/fine_ranking.parquet',
    },
    // An event has the weight 5: the rate by weight is wrong, although that by the formula would be right.
    {
      text: changed('fine_ranking', ['events: {click: 1}', 'events: {click: 5}']),
      datasets: samples,
      answers: rates({ weights: { positives: 2500, negatives: 9500, error: 0.03 } }),
      reportedAt: '../out/fine_ranking.parquet',
      companions: ['fine/event-weight'],
    },
    // The positives have no weight at all.
    {
      text: changed('fine_ranking'),
      datasets: samples,
      answers: rates({ weights: { positives: 0, negatives: 9500, error: 0.03 } }),
      reportedAt: '../out/fine_ranking.parquet',
    },
    // Calibrated by the formula and by weight.
    {
      text: changed('fine_ranking', ['calibration: weight', 'calibration: formula']),
      datasets: samples,
      answers: rates({ calibration: 'formula' }),
      reportedAt: '../out/fine_ranking.parquet',
    },
  ],
};
