import { removePair, setValue } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const inBatchWeight = defineRule({
  id: 'recall/in-batch-weight',
  kind: 'config',
  severity: 'error',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const { in_batch: inBatch, logq, loss } = stage.draft.training ?? {};
    if (inBatch?.weight === undefined) return;
    const at = [...stage.path, 'training', 'in_batch', 'weight'];
    const remove = { title: message('Remove {0}', 'weight'), changes: removePair(document, at), safe: false };
    if (loss === 'pointwise' || loss === 'pairwise') {
      yield {
        at,
        on: 'key',
        message: message('The weight of in-batch negatives needs a softmax, but the loss is {0}', loss),
        fixes: [remove],
      };
    } else if (logq !== 'shares') {
      yield {
        at,
        on: 'key',
        message: message('The weight of in-batch negatives needs logq: shares'),
        details: [
          message(
            'It is a part of the column logq_correction_batch. With corpus, the loss is the softmax over the corpus, which no weight may change.',
          ),
        ],
        fixes: [
          {
            title: message('Change to {0}', 'logq: shares'),
            changes: setValue(document, [...stage.path, 'training', 'logq'], 'shares'),
            safe: false,
          },
          remove,
        ],
      };
    } else if (stage.total === 0) {
      yield {
        at,
        on: 'key',
        message: message('The weight of in-batch negatives has no effect: no negatives are drawn'),
        fixes: [remove],
      };
    }
  },
  docs: {
    summary: '`in_batch.weight` is set without `logq: shares`, without a softmax or without drawn negatives',
    why: `The weight is the part of the loss that in-batch negatives get at equal scores; the drawn negatives get the
rest. Only \`logq: shares\` defines such parts: each entry keeps its share of the mix. With \`logq: corpus\`, the loss
is an estimate of the softmax over the corpus, and a weight would bias it. Without a correction, there is no column
\`logq_correction_batch\` that could contain the weight. Pairwise and pointwise losses have no common denominator.

If a config with this error is previewed, the weight is left out.`,
    source: 'The definition of the weight: [How negatives are drawn](../../sampling.md#weight-of-in-batch-negatives).',
    wrong: { text: changed('recall', ['logq: shares', 'logq: corpus']), reportedAt: 'weight' },
    right: { text: changed('recall') },
  },
});
