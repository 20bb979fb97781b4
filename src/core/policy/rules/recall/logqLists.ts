import { isSoftmax } from '../../../config/assist/effective.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { smallBatches } from '../../examples/mixes.ts';
import { logqFixes } from '../../logqFixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { isSome, namesOf, partsOf } from '../../shares.ts';

export const asTrue = ['logq: shares', 'logq: true'] as const;

export const logqLists = defineRule({
  id: 'recall/logq-lists',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const training = stage.draft.training;
    if (training?.logq !== true || !isSoftmax(training)) return;
    const lists = (partsOf(stage, document) ?? []).filter(({ source }) => source.draws === 'list');
    if (!isSome(lists)) return;
    const at = [...stage.path, 'training', 'logq'];
    yield {
      at,
      message: message('logq: true means corpus: the loss then hardly counts {0}', namesOf(lists)),
      details: [
        message(
          'An item of a short list is drawn almost surely, so the correction gives it almost no weight. Write shares to keep the shares of the mix, or corpus if this is intended.',
        ),
      ],
      fixes: logqFixes(document, at),
    };
  },
  docs: {
    summary: '`logq: true` with list entries: the loss almost ignores these entries',
    why: `\`logq: true\` means \`logq: corpus\`. The trainer then subtracts log(m/n), the log of the probability that
one row of the group is this item. This makes the loss an estimate of the softmax over all items that the mix can draw.
An item of a list, such as an unclicked exposure, is drawn almost surely. So it weighs as much as one item of the whole
corpus. The shares of the mix have no effect: on a real log, exposures were 29 % of the rows and 1 % of the softmax.

That is right for an unbiased estimate of the softmax over the corpus. If the lists are in the mix because they teach
something, use \`logq: shares\`. It corrects the pools and leaves every entry its share. Both values are written out, so
the rule reports nothing for them. [Training](../../training.md#log-q-correction) compares them.

The rule reports only losses with a softmax. It reports nothing if the mix has only pools.`,
    source: `It follows from the formula. With one row each of an exposure from a list of 1, a popular item and a random
item of 4, the exposure has 9 % of the softmax with \`corpus\` and 32 % with \`shares\` (the example of
[How negatives are drawn](../../sampling.md#log-q-correction)).`,
    wrong: { text: changed('recall', asTrue, smallBatches), reportedAt: 'true', after: 'logq: ' },
    right: { text: changed('recall') },
  },
});
