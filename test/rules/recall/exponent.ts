import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['exponent: 0.75, ', '']) },
    { text: changed('recall', ['exponent: 0.75', 'exponent: 0.01']) },
    { text: changed('recall', ['exponent: 0.75', 'exponent: 0.99']) },
  ],
  invalid: [
    { text: changed('recall', ['exponent: 0.75', 'exponent: 0.0']), reportedAt: '0.0', after: 'exponent: ' },
    {
      text: changed(
        'recall',
        ['        popularity: {share', '        hot: {source: popularity, share'],
        ['exponent: 0.75', 'exponent: 1.0'],
      ),
      reportedAt: '1.0',
      after: 'exponent: ',
    },
  ],
};
