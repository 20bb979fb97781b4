import { setValue } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { usualScope } from '../../../source/sources/exposedUnclicked.ts';
import { recallMixing } from '../../examples/mixes.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const laterExposures = defineRule({
  id: 'config/later-exposures',
  kind: 'config',
  severity: 'warning',
  stages: 'document',
  options: {},
  *check({ stages, document }): Iterable<Report> {
    for (const stage of stages)
      for (const { path, source, options } of stage.entries) {
        if (source?.name !== 'exposed_unclicked' || options.before !== false) continue;
        if (stage.unit === 'impression' || (options.scope ?? usualScope(stage.unit)) === 'request') continue;
        const at = [...path, 'before'];
        yield {
          at,
          on: 'value',
          stage: stage.name,
          message: message('Negatives may be items that the user saw only after the positive'),
          details: [
            message(
              'At the time of the request, the user had not passed over them. The report of a sample file and the preview count them.',
            ),
          ],
          fixes: [
            {
              title: message('Set {0}', 'before: true'),
              changes: setValue(document, at, 'true'),
              safe: false,
            },
          ],
        };
      }
  },
  docs: {
    summary: 'Exposures after the positive are negatives',
    why: `With \`before: false\`, \`exposed_unclicked\` draws from all exposures of the user in the window, also from those
after the positive. The user had not seen these items yet, so the row does not say that the user preferred the positive
to them. It also tells the model which items the recommender shows this user later. On MovieLens 100K, 44 % of such
negatives were first shown after their positive.

The default takes exposures of the same request, then items that were first shown to the user before the request. Choose
\`before: false\` only if users have too few earlier exposures, and if you know why later ones are good negatives.`,
    source: `Data from the future leaks into training. Ji et al., *A Critical Study on Data Leakage in Recommender
System Offline Evaluation* (TOIS 2023), show the effect of such leaks.`,
    wrong: {
      text: recallMixing(['exposed_unclicked: {share: 0.4, before: false}', 'global_random: 0.6']),
      reportedAt: 'false',
    },
    right: { text: changed('recall') },
  },
});
