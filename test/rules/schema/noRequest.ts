import { recallMixing } from '../../../src/core/policy/examples/mixes.ts';
import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'recall',
        ['time: ts, request: request_id, position', 'time: ts, position'],
        ['seen: viewed, mature_after: 30m', 'seen: viewed, mature_after: 30m, scope: user'],
      ),
    },
  ],
  invalid: [
    {
      text: changed(
        'recall',
        ['time: ts, request: request_id, position', 'time: ts, position'],
        ['seen: viewed, mature_after: 30m', 'seen: viewed, mature_after: 30m, scope: request'],
      ),
      answers: {
        shortfalls: {
          users: 78,
          allUsers: 78,
          entries: [{ name: 'exposed_unclicked', asked: 900, drawn: 0, list: 900, pool: 0, attempts: 0, design: 1 }],
        },
      },
      reportedAt: 'columns',
      after: '../data/impressions/dt=*/*.parquet\n    ',
    },
    // The entry has only a share.
    {
      text: recallMixing(['exposed_unclicked: 0.4', 'global_random: 0.6']).replace('request: request_id, ', ''),
      reportedAt: 'columns',
      after: '../data/impressions/dt=*/*.parquet\n    ',
    },
  ],
};
