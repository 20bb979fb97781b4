import { setValue } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { inUserOrder } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';

const order = ['output', 'order'];

export const inBatchOrder = defineRule({
  id: 'recall/in-batch-order',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {},
  *check({ config: { output }, stage, document }): Iterable<Report> {
    const inBatch = stage.draft.training?.in_batch;
    if (stage.unit !== 'positive' || inBatch === undefined || (output?.order ?? 'user') !== 'user') return;
    yield {
      at: document.has(order) ? order : [...stage.path, 'training', 'in_batch'],
      ...(document.has(order) ? {} : { on: 'key' as const }),
      message: message('The rows are in the order of users, so a batch has the positives of few users'),
      details: [
        message(
          'A user’s own positives are then in-batch negatives of each other. Write order: shuffled, unless the trainer shuffles the whole file itself.',
        ),
      ],
      fixes: [
        {
          title: message('Change to {0}', 'order: shuffled'),
          changes: setValue(document, order, 'shuffled'),
          safe: false,
        },
      ],
    };
  },
  docs: {
    summary: 'The stage has in-batch negatives, but the file is sorted by user',
    why: `The default order of a sample file is by user. A trainer that reads it front to back cuts batches of few users,
and the positives of a user become negatives of each other. On a real log, a batch of 1,024 had 18 users instead of 456,
and 15.1 % of the loss was on items that the user had clicked.

\`output.order: shuffled\` mixes the groups, in an order that depends on seed and epoch. A shuffle buffer of the trainer
is not enough if it is smaller than the file. Even in a shuffled file, a batch can hold two positives of a user. The
snippet of [Training](../../training.md#sampled-softmax) masks them.`,
    source: `Counted on a public log of ratings (MovieLens 100K). Yi et al. (RecSys 2019) assume that the items of a
batch are independent draws, so that the share of an item is its probability.`,
    wrong: { text: changed('recall', inUserOrder), reportedAt: 'in_batch' },
    right: { text: changed('recall') },
  },
});
