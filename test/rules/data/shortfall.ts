import { changed } from '../../../src/core/policy/examples/example.ts';
import { keepingShortfalls } from '../../../src/core/policy/examples/mixes.ts';
import { drawn } from '../../../src/core/policy/rules/data/shortfall.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // Half is not less than half.
    {
      text: changed('recall', keepingShortfalls),
      answers: drawn([{ name: 'host_refused', asked: 73, drawn: 37, pool: 0, attempts: 0, list: 36, design: 1 }]),
    },
    {
      text: changed('recall', keepingShortfalls),
      answers: drawn([{ name: 'popularity', asked: 260, drawn: 256, pool: 4, attempts: 0, list: 0, design: 1 }], {
        users: 1000,
        allUsers: 2692,
      }),
    },
    {
      text: changed('recall', keepingShortfalls),
      answers: drawn([{ name: 'popularity', asked: 584, drawn: 500, pool: 84, attempts: 0, list: 0, design: 1 }]),
      options: { max: 0.5 },
    },
    // A few users miss all of them.
    {
      text: changed('recall', keepingShortfalls),
      answers: drawn([{ name: 'popularity', asked: 584, drawn: 554, pool: 30, attempts: 0, list: 0, design: 30 }]),
    },
    // The entry was renamed while the rows were counted.
    {
      text: changed('recall', keepingShortfalls),
      answers: drawn([{ name: 'gone', asked: 10, drawn: 0, pool: 10, attempts: 0, list: 0, design: 1 }]),
    },
    {
      text: changed('fine_ranking'),
      answers: drawn([{ name: 'exposed_unclicked', asked: 10, drawn: 0, pool: 0, attempts: 0, list: 10, design: 1 }]),
    },
    // The rows that it is short of come from the entry that refills.
    {
      text: changed('recall'),
      answers: drawn([{ name: 'host_refused', asked: 73, drawn: 0, pool: 0, attempts: 0, list: 73, design: 1 }]),
    },
    {
      text: changed('recall', keepingShortfalls),
      answers: drawn([{ name: 'host_refused', asked: 73, drawn: 5, pool: 0, attempts: 0, list: 68, design: 1 }]),
      options: { min_fill: 0 },
    },
    {
      text: changed('recall'),
      answers: drawn([
        { name: 'host_refused', asked: 73, drawn: 5, pool: 0, attempts: 0, list: 68, design: 1 },
        { name: 'global_random', asked: 214, drawn: 214, pool: 0, attempts: 0, list: 0, design: 1 },
      ]),
    },
  ],
  invalid: [
    // Less than half of the quota, although the config keeps shortfalls.
    {
      text: changed('recall', keepingShortfalls),
      reportedAt: 'host_refused',
      answers: drawn([{ name: 'host_refused', asked: 3449, drawn: 694, pool: 0, attempts: 0, list: 2755, design: 1 }], {
        users: 1000,
        allUsers: 12_000,
      }),
    },
    // More than half, in a config that does not say what happens: info.
    {
      text: changed('recall', ['      on_shortfall: refill\n      refill_from: global_random\n', '']),
      reportedAt: 'host_refused',
      answers: drawn([{ name: 'host_refused', asked: 73, drawn: 50, pool: 0, attempts: 0, list: 23, design: 1 }]),
    },
    // The entry of refill_from cannot fill the gap.
    {
      text: changed('recall', ['refill_from: global_random', 'refill_from: exposed_unclicked']),
      reportedAt: 'host_refused',
      answers: drawn([
        { name: 'host_refused', asked: 730, drawn: 50, pool: 0, attempts: 0, list: 680, design: 1 },
        { name: 'exposed_unclicked', asked: 1410, drawn: 800, pool: 0, attempts: 0, list: 610, design: 1 },
      ]),
    },
    {
      text: changed('recall'),
      reportedAt: 'global_random',
      after: 'mix:',
      answers: drawn([{ name: 'global_random', asked: 584, drawn: 400, pool: 184, attempts: 0, list: 0, design: 1 }]),
    },
    {
      text: changed('recall', keepingShortfalls),
      reportedAt: 'host_refused',
      answers: drawn([{ name: 'host_refused', asked: 73, drawn: 0, pool: 0, attempts: 0, list: 73, design: 1 }]),
    },
    {
      text: changed('recall', ['      on_shortfall: refill\n      refill_from: global_random\n', '']),
      reportedAt: 'host_refused',
      answers: drawn([{ name: 'host_refused', asked: 73, drawn: 5, pool: 0, attempts: 0, list: 68, design: 1 }]),
    },
    {
      text: changed('coarse_ranking'),
      reportedAt: 'coarse_filtered',
      after: 'per_request:',
      answers: drawn(
        [{ name: 'coarse_filtered', asked: 40_000, drawn: 0, pool: 0, attempts: 0, list: 40_000, design: 1 }],
        {
          users: 1000,
          allUsers: 2692,
        },
      ),
    },
  ],
};
