import { inBatchShare, keepsShares } from '../../../config/assist/effective.ts';
import { insertPair, setValue } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { formatCount } from '../../../table/format.ts';
import { changed } from '../../examples/example.ts';
import { withoutWeight } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { shareOption } from '../../shareOption.ts';
import { inBatchNegatives, isAbove, partsOf, percent } from '../../shares.ts';

export const inBatchDominates = defineRule({
  id: 'recall/in-batch-dominates',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {
    max: shareOption(
      0.9,
      message('The largest part of the loss at equal scores that in-batch negatives may have without a weight.'),
    ),
  },
  *check({ stage, document, options }): Iterable<Report> {
    const training = stage.draft.training ?? {};
    if (!keepsShares(training) || training.in_batch?.weight !== undefined) return;
    const parts = partsOf(stage, document) ?? [];
    const inBatch = inBatchShare(stage);
    if (parts.length === 0 || stage.total === 0 || !isAbove(inBatch, options.max)) return;
    const at = [...stage.path, 'training', 'in_batch'];
    const weight = {
      title: message('Add {0}', 'weight: 0.3'),
      changes: [
        ...insertPair(document, at, 'weight', '0.3'),
        ...(training.logq === 'shares' ? [] : setValue(document, [...stage.path, 'training', 'logq'], 'shares')),
      ],
      safe: false,
    };
    yield {
      at,
      on: 'key',
      message: message(
        '{0} in-batch negatives get about {1} of the loss, the {2} drawn ones the rest',
        formatCount(inBatchNegatives(stage)),
        percent(inBatch),
        formatCount(stage.total ?? 0),
      ),
      details: [
        message(
          'At equal scores, the entries get: {0}. So the mix hardly matters. Set weight to the part that in-batch negatives should get, or remove the mix.',
          parts
            .map(({ entry, share }) => `${entry.name} ${percent((1 - inBatch) * share)}`)
            .sort()
            .join(', '),
        ),
      ],
      fixes: [weight],
    };
  },
  docs: {
    summary: 'In-batch negatives get more than `max` of the loss, so the mix of drawn negatives hardly matters',
    why: `A positive with 10 drawn negatives in a batch of 1,024 has 1,033 negatives in its softmax. While all scores
are equal, each of them has the same share of the loss. So the batch gets 99 %, and the whole mix 1 %. On a real log, a
change of the mix then changed NDCG from 0.1350 to 0.1355. Without the batch, the same change was from 0.067 to 0.127.

\`training.in_batch.weight: 0.3\` gives in-batch negatives 30 % of the loss at equal scores, and the drawn negatives
70 %, in the shares of the mix. It is one constant in \`logq_correction_batch\`, so the trainer needs no other code.
[How negatives are drawn](../../sampling.md#weight-of-in-batch-negatives) has the formula.

The share in the message is computed from the numbers of negatives. _Effective share_ in the preview and in the report
of \`sample\` is exact.

To train on the batch and only sharpen it with some drawn negatives, as many systems do, write the weight that you
want, such as 0.95, or suppress this rule.`,
    source: `Arithmetic: batch_size − 1 of batch_size − 1 + n negatives. Measured on real batches of a shuffled file:
exposures 0.41 %, popularity 0.73 %, random items 1.84 %, in-batch 97.0 %. Huang et al. (KDD 2020) mix in-batch and hard
negatives at about 100 : 1 on purpose, so a large share can be right. It should be a choice.`,
    wrong: { text: changed('recall', withoutWeight), reportedAt: 'in_batch' },
    right: { text: changed('recall') },
  },
});
