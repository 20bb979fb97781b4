import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', [
        'columns: {user: user_id, attributes: [region, activity]}',
        'columns: &users {user: user_id, attributes: [region, activity]}',
      ]),
    },
    { text: changed('recall').replaceAll('\n', '\r\n') },
    { text: `\uFEFF${changed('recall')}` },
    { text: changed('recall', ['match: [city]', 'match:[city]']) },
  ],
  invalid: [
    { text: changed('recall', ['global_random: 0.2', 'global_random:0.2']), reportedAt: 'global_random:0.2' },
    {
      text: changed('recall', ['exposed_unclicked: {share: 0.3,', 'exposed_unclicked: {share:0.3,']),
      reportedAt: 'share:0.3',
    },
    { text: changed('recall', ['    unit: positive', '    unit:positive']), reportedAt: 'unit:positive' },
    { text: changed('recall', ['output: {', 'output:{']), reportedAt: 'output:' },
  ],
};
