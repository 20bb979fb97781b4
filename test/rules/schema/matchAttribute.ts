import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'recall',
        ['attributes: [city, category]', 'attributes: [city, category, reviews]'],
        ['match: [city]', 'match: [city, reviews]'],
      ),
    },
  ],
  invalid: [
    {
      text: changed(
        'recall',
        ['attributes: [city, category]', 'attributes: [city, category, created_at]'],
        ['match: [city]', 'match: [city, created_at]'],
      ),
      reportedAt: 'created_at',
      after: 'match: [city, ',
    },
  ],
};
