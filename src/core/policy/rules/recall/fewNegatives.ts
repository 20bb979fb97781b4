import { setValue } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { withoutInBatch } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { hasInBatch } from '../../shares.ts';

export const fewNegatives = defineRule({
  id: 'recall/few-negatives',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {
    min: {
      kind: 'number',
      fallback: 3,
      min: 1,
      max: 1e6,
      doc: message(
        'The smallest number of negatives per positive. For large corpora, word2vec recommends 2 to 5, its lowest range; 3 is within it.',
      ),
    },
  },
  *check({ stage, document, options }): Iterable<Report> {
    // A pair has exactly one negative, and the trainer decides how many pairs it uses.
    if (stage.unit !== 'positive' || stage.draft.training?.loss === 'pairwise' || hasInBatch(stage, document)) return;
    if (stage.total === null || !stage.countKeys.includes('per_positive') || stage.total >= options.min) return;
    const at = [...stage.path, 'negatives', 'per_positive'];
    const minCount = Math.ceil(options.min);
    yield {
      at,
      message: message(
        '{0} per positive is below {1}: the model sees little of the corpus. Draw more, or add in-batch negatives',
        stage.total,
        options.min,
      ),
      fixes:
        stage.amounts === 'counts'
          ? []
          : [
              {
                title: message('Draw {0} per positive', minCount),
                changes: setValue(document, at, String(minCount)),
                safe: false,
              },
            ],
    };
  },
  docs: {
    summary: 'Recall has fewer than `min` negatives per positive and no in-batch negatives',
    why: `The model compares every positive only with its own negatives. With one or two negatives, an epoch covers a
small part of the corpus, and the gradient is noisy. For most items the model then stays close to its initial values.
More negatives cost rows, but no labels.

In-batch negatives are free, so the rule reports nothing if they are configured. It also reports nothing for a pairwise
loss, whose unit is one positive and one negative.`,
    source: `Mikolov et al. (NIPS 2013) recommend 5 to 20 negatives for small text corpora and 2 to 5 for large ones.
Covington et al. (RecSys 2016) use several thousand for recall on YouTube. 3 is a lower limit, not a recommendation.`,
    wrong: {
      text: changed('recall', ['per_positive: 10', 'per_positive: 2'], withoutInBatch),
      reportedAt: '2',
      after: 'per_positive: ',
    },
    right: { text: changed('recall', withoutInBatch) },
  },
});
