import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'recall',
        ['per_positive: 10', 'per_positive: ${n}'],
        ['seed: demo\n', 'seed: demo\nvars: {n: 10}\n'],
      ),
    },
  ],
};
