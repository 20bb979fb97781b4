import { changed } from '../../../src/core/policy/examples/example.ts';
import { origin } from '../../../src/core/policy/rules/data/digest.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall'),
      answers: origin({ data: [{ name: 'items', bytes: 44_238, files: 1 }] }),
    },
    // Only some of the days were read.
    {
      text: changed('recall'),
      answers: origin({ data: [{ name: 'impressions', bytes: 1000, files: 2 }] }),
    },
  ],
  invalid: [
    {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: origin({ data: [{ name: 'items', bytes: 40_000, files: 1 }] }),
    },
    {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: origin({
        settings: [
          { path: 'seed', recorded: 'other', present: 'demo' },
          { path: 'same_city.share', recorded: null, present: '0.05' },
        ],
      }),
    },
  ],
};
