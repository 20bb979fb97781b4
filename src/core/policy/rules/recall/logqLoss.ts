import { removePair } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { withoutInBatch } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';

export const logqLoss = defineRule({
  id: 'recall/logq-loss',
  kind: 'config',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const { loss, logq } = stage.draft.training ?? {};
    if ((loss !== 'pointwise' && loss !== 'pairwise') || logq === undefined || logq === false) return;
    const at = [...stage.path, 'training', 'logq'];
    yield {
      at,
      on: 'key',
      message: message('logq corrects a softmax, but the loss is {0}', loss),
      details: [
        message(
          'These losses do not subtract logq_correction. Remove logq, or use sampled_softmax. What popularity sampling does to each loss is in docs/training.md.',
        ),
      ],
      fixes: [{ title: message('Remove {0}', 'logq'), changes: removePair(document, at), safe: false }],
    };
  },
  docs: {
    summary: 'A pointwise or pairwise loss has `logq`, which corrects a softmax',
    why: `\`logq_correction\` makes the denominator of a sampled softmax right. A pointwise loss (logistic loss) and a
pairwise loss (BPR) have no denominator, and their usual code does not read the column. Then \`logq\` only suggests that
popularity was corrected.

Popularity sampling changes these losses in another way. Logistic loss learns log(P(i) / (n·q(i))) as the score, so
popular items are ranked lower than by P(i). BPR compares each positive with popular items more often. See
[Training](../../training.md#pointwise-and-pairwise-losses).

There is one exception: noise-contrastive estimation subtracts log(n·q) from the logits of a logistic loss. If your
trainer does this, use \`log_q_mix\`, which does not need \`logq\`, or suppress this rule.`,
    source: `It follows from the losses. Levy and Goldberg, *Neural Word Embedding as Implicit Matrix Factorization*
(NIPS 2014), derive the optimum of logistic loss with sampled negatives. Gutmann and Hyvärinen (AISTATS 2010) describe
noise-contrastive estimation.`,
    wrong: {
      text: changed('recall', ['loss: sampled_softmax', 'loss: pointwise'], withoutInBatch),
      reportedAt: 'logq',
    },
    right: { text: changed('recall') },
  },
});
