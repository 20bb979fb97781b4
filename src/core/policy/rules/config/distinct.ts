import { removePair } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const distinct = defineRule({
  id: 'config/distinct',
  kind: 'config',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const { negatives, training } = stage.draft;
    if (negatives?.distinct !== true) return;
    const at = [...stage.path, 'negatives', 'distinct'];
    const fixes = [{ title: message('Remove {0}', 'distinct'), changes: removePair(document, at), safe: false }];
    if (stage.unit === 'impression')
      yield {
        at,
        on: 'key',
        severity: 'warning',
        message: message('The unit impression draws nothing: distinct has no effect'),
        fixes,
      };
    else if ((training?.logq ?? false) !== false)
      yield {
        at,
        on: 'key',
        message: message('distinct is not allowed with training.logq'),
        details: [
          message(
            'logq_correction counts every entry that draws the item, so it needs all rows. Separate the entries by ranks, skip or top, or remove one of the two keys.',
          ),
        ],
        fixes,
      };
  },
  docs: {
    summary: '`distinct` is set with `training.logq`, or in a stage that draws nothing',
    why: `\`distinct\` drops an item that an earlier entry of the group has already drawn. The log q correction of an
item uses the expected rows of all entries that can draw it. If some of these rows are missing, the correction is too
large, and the model scores items of several entries too high.

Either keep both rows and correct the logits, or drop the second rows and train without the correction.
A preview of a config with this error keeps both rows. The unit \`impression\` draws nothing, so \`distinct\` has no
effect there. That finding is a warning.`,
    source: 'The definition of the correction: [How negatives are drawn](../../sampling.md#log-q-correction).',
    wrong: {
      text: changed('recall', ['      per_positive: 10\n', '      per_positive: 10\n      distinct: true\n']),
      reportedAt: 'distinct',
    },
    right: {
      text: changed('coarse_ranking', ['    negatives:\n', '    negatives:\n      distinct: true\n']),
    },
  },
});
