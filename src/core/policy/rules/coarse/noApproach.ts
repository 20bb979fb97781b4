import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { coarseCounting } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { mixAt, partsOf } from '../../shares.ts';
import { distils } from '../../distillation.ts';

export const withoutTeacher = ['    teacher: {column: teacher, kind: probability, on: exposed}\n', ''] as const;
export const withoutApproach = ['    approach: mixed\n', ''] as const;

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
      'The negatives of coarse ranking come neither from the cascade nor from recall, and there is no distillation',
    why: `Coarse ranking reduces what the recall channels returned for a request. Three ways of training fit this
task:

- **Distillation** trains on the samples of fine ranking, with the scores of fine ranking as the teacher.
- The **cascade** uses negatives that a later stage dropped (\`ranked_unexposed\`, \`coarse_filtered\`).
- A mix that is close to the **merged results** of the channels also fits.

A mix of exposures and items from the whole corpus does not fit. Fine ranking sees the exposures, and recall sees the
corpus. The candidates in between, which this stage must order, are missing.`,
    source: `The principle that training must contain what serving ranks, as for recall. For this reason Zhang et al.,
*Rethinking the Role of Pre-ranking in Large-scale E-Commerce Searching System* (ASMOL, arXiv 2305.13647), add
candidates of fine and coarse ranking. Other setups can work, so the severity is warning.`,
    wrong: {
      text: coarseCounting(['exposed_unclicked: 10', 'global_random: 10'], withoutTeacher, withoutApproach),
      reportedAt: 'per_request',
    },
    right: { text: changed('coarse_ranking') },
  },
});
