import { setValue } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { distils, isExposed } from '../../distillation.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { isSome, namesOf, partsOf } from '../../shares.ts';

export const distillSource = defineRule({
  id: 'coarse/distill-source',
  kind: 'config',
  severity: 'warning',
  stages: ['coarse_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const teacher = [...stage.path, 'teacher'];
    if (!distils(stage, document) || document.has([...teacher, 'on'])) return;
    const others = partsOf(stage, document)?.filter((part) => !isExposed(part)) ?? [];
    if (!isSome(others)) return;
    if (document.has(teacher)) {
      yield {
        at: teacher,
        on: 'key',
        message: message('teacher.on is not set for {0}', namesOf(others)),
        details: [
          message(
            'Such rows are not samples of fine ranking, and the teacher learned from such samples. Add on: exposed.',
          ),
        ],
        fixes: [
          {
            title: message('Trust the teacher on exposed rows only'),
            changes: setValue(document, [...teacher, 'on'], written('exposed', document.language)),
            safe: false,
          },
        ],
      };
    } else {
      const approach = [...stage.path, 'approach'];
      // A cascade needs candidates that a later stage dropped.
      const cascade = others.some(({ source }) => source.family === 'cascade');
      yield {
        at: approach,
        message: message('There is no teacher, so teacher.on is not set for {0}', namesOf(others)),
        details: [
          message(
            'Such rows are not samples of fine ranking. Add a teacher with on: exposed, or set approach to cascade.',
          ),
        ],
        fixes: cascade
          ? [
              {
                title: message('Set approach to cascade'),
                changes: setValue(document, approach, written('cascade', document.language)),
                safe: false,
              },
            ]
          : [],
      };
    }
  },
  docs: {
    summary: 'Distillation uses rows outside of fine-ranking samples, but `teacher.on` is not set',
    why: `The teacher of coarse ranking is fine ranking, which has learned from exposures. On exposures its scores are
worth learning. On candidates that were dropped earlier, or on items from the whole corpus, the teacher scores items
that it never saw. It may also have no score for them at all. The config must decide whether the student follows the
teacher on these rows. Otherwise the result of a join decides.

\`teacher.on: exposed\` masks the distillation loss to the exposed rows. The other rows then train on their labels
alone. \`on: all\` uses the scores everywhere, see \`coarse/distill-unexposed\`.`,
    source: `Zhang et al. (ASMOL, arXiv 2305.13647), §4.5, on where distillation is sound. The rule does not demand a
particular answer, only that the config gives one.`,
    wrong: {
      text: changed('coarse_ranking', [', on: exposed}', '}']),
      reportedAt: 'teacher',
      after: 'coarse_filtered: {count',
    },
    right: { text: changed('coarse_ranking') },
  },
});
