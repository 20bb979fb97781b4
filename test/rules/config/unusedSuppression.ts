import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', ['seed: demo\n', '']).replace(
        'version: 1',
        'version: 1 # recsample-disable-line config/no-seed',
      ),
    },
    {
      text: changed(
        'recall',
        ['version: 1\nseed: demo\n', '# recsample-disable config/no-seed, config/share-sum\nversion: 1\n'],
        ['global_random: 0.2', 'global_random: 0.3'],
      ),
    },
    { text: changed('recall', ['seed: demo', 'seed: "# recsample-disable"']) },
    { text: changed('recall', ['seed: demo', 'seed: |\n  # recsample-disable config/unit']) },
  ],
  invalid: [
    {
      text: changed('recall', ['per_positive: 10', 'per_request: 10 # recsample-disable-line config/unot']),
      reportedAt: '# recsample-disable-line config/unot',
      companions: ['config/unit'],
    },
    {
      text: changed('recall', [
        'per_positive: 10',
        'per_request: 10 # recsample-disable-line config/unit, config/range -- a reason',
      ]),
      reportedAt: 'config/range',
    },
    {
      text: changed('recall', ['per_positive: 10', 'per_positive: 10 # recsample-disable-line']),
      reportedAt: '# recsample-disable-line',
    },
    { text: changed('recall', ['output:', '# recsample-enable\noutput:']), reportedAt: '# recsample-enable' },
    {
      text: changed('recall', ['per_positive: 10', 'per_positive: 10 # recsample-disable-line config/syntax']),
      reportedAt: '# recsample-disable-line config/syntax',
    },
  ],
};
