import { message } from '../../../report/message.ts';
import { changed } from '../../examples/example.ts';
import { coarseCounting, coarseMixing } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { mixAt, partsOf } from '../../shares.ts';
import { distils } from '../../distillation.ts';

const withoutTeacher = ['    teacher: {column: teacher, kind: probability, on: exposed}\n', ''] as const;
const withoutApproach = ['    approach: mixed\n', ''] as const;

export const noApproach = defineRule({
  id: 'coarse/no-approach',
  kind: 'config',
  severity: 'warning',
  stages: ['coarse_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const parts = partsOf(stage, document);
    const at = mixAt(stage);
    if (!parts || !at || parts.length === 0 || distils(stage, document)) return;
    if (parts.some(({ source }) => source.inputs.some(({ dataset }) => dataset === 'candidates'))) return;
    yield {
      at,
      on: 'key',
      message: message('No negative is a candidate of its request, and there is no teacher'),
      details: [
        message(
          'Coarse ranking then trains on other items than it ranks. Add coarse_filtered and ranked_unexposed, or a teacher.',
        ),
      ],
    };
  },
  docs: {
    summary:
      'The negatives of coarse ranking come neither from the cascade nor from recall’s results, and serve no distillation',
    why: `Coarse ranking thins out what the recall channels returned for a request. Three ways of training fit that: **distillation**, on the samples of fine ranking with its scores as the
teacher; the **cascade**, whose negatives are candidates that a later stage dropped (\`ranked_unexposed\`, \`coarse_filtered\`); and mixes close to the **merged results** of the channels.

A mix of exposures and items from all over the corpus is none of them: the exposures are what fine ranking sees, the corpus is what recall sees, and the candidates in between,
which this stage must order, are missing.`,
    source: `The principle that training must hold what serving ranks, as for recall. Zhang et al., *Rethinking the Role of Pre-ranking in Large-scale E-Commerce Searching System* (ASMOL, arXiv
2305.13647), add candidates of fine and of coarse ranking for that reason. Other set-ups can work, so this is a warning.`,
    wrong: {
      text: coarseCounting(['exposed_unclicked: 10', 'global_random: 10'], withoutTeacher, withoutApproach),
      reportedAt: 'per_request',
    },
    right: { text: changed('coarse_ranking') },
    valid: [
      // The samples of fine ranking, for its scores.
      { text: coarseCounting(['exposed_unclicked: 10'], ['approach: mixed', 'approach: distillation']) },
      { text: coarseCounting(['exposed_unclicked: 10'], withoutApproach) },
      {
        text: coarseCounting(
          ['exposed_unclicked: 10', 'dropped: {source: coarse_filtered, count: 40}'],
          withoutTeacher,
          withoutApproach,
        ),
      },
      // Close to the channels' merged results.
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
  },
});
