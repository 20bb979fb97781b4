import { coarseCounting, coarseMixing } from '../../../src/core/policy/examples/mixes.ts';
import { withoutTeacher, withoutApproach } from '../../../src/core/policy/rules/coarse/noApproach.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // Distillation on the samples of fine ranking.
    { text: coarseCounting(['exposed_unclicked: 10'], ['approach: mixed', 'approach: distillation']) },
    { text: coarseCounting(['exposed_unclicked: 10'], withoutApproach) },
    {
      text: coarseCounting(
        ['exposed_unclicked: 10', 'dropped: {source: coarse_filtered, count: 40}'],
        withoutTeacher,
        withoutApproach,
      ),
    },
    // Close to the merged results of the channels.
    {
      text: coarseCounting(
        ['exposed_unclicked: 10', 'hard_rank: {count: 40, ranks: [1, 300]}'],
        withoutTeacher,
        withoutApproach,
      ),
    },
    { text: coarseCounting(['exposed_unclicked: 10', 'coarse_filterd: 40'], withoutTeacher, withoutApproach) },
  ],
  invalid: [
    {
      text: coarseMixing(['exposed_unclicked: 0.5', 'global_random: 0.5'], withoutTeacher, withoutApproach),
      reportedAt: 'mix',
    },
    {
      text: coarseCounting(['exposed_unclicked: 10', 'global_random: 10'], withoutTeacher, [
        'approach: mixed',
        'approach: cascade',
      ]),
      reportedAt: 'per_request',
    },
  ],
};
