import { changed } from '../../../src/core/policy/examples/example.ts';
import { items, sameCity } from '../../../src/core/policy/rules/config/itemsOfLog.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'recall',
        [items, '  items: {from: impressions, created: first_seen}\n'],
        [sameCity, ''],
        [', pass_through: [city, category]', ''],
        ['share: 0.4, exponent', 'share: 0.45, exponent'],
      ),
    },
  ],
  invalid: [],
};
