import { setValue } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { isExposed } from '../../distillation.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { isSome, namesOf, partsOf } from '../../shares.ts';

export const onAll = ['on: exposed', 'on: all'] as const;

export const distillUnexposed = defineRule({
  id: 'coarse/distill-unexposed',
  kind: 'config',
  severity: 'warning',
  stages: ['coarse_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    if (stage.draft.teacher?.on !== 'all') return;
    const unexposed = partsOf(stage, document)?.filter((part) => !isExposed(part)) ?? [];
    if (!isSome(unexposed)) return;
    const at = [...stage.path, 'teacher', 'on'];
    yield {
      at,
      message: message('The teacher is trusted on rows that were never shown: {0}', namesOf(unexposed)),
      details: [message('The teacher has not learned from such rows. Use on: exposed.')],
      fixes: [
        {
          title: message('Trust the teacher on exposed rows only'),
          changes: setValue(document, at, written('exposed', document.language)),
          safe: false,
        },
      ],
    };
  },
  docs: {
    summary: 'The teacher is trusted on rows that were not exposed',
    why: `Fine ranking learns from exposures. For candidates that were never exposed, its score is a guess outside its
training data. The score is often too high for items that coarse ranking dropped with good reason. A student that
follows the teacher there copies these errors, exactly where it should do better than the teacher.

With \`on: exposed\`, the unexposed rows still train on their labels.`,
    source: `Zhang et al. (ASMOL, arXiv 2305.13647), §4.5, limit distillation to exposures in their search engine. A
teacher that was itself trained on unexposed rows may be an exception, so the severity is warning.`,
    wrong: { text: changed('coarse_ranking', onAll), reportedAt: 'all', after: 'probability, on: ' },
    right: { text: changed('coarse_ranking') },
  },
});
