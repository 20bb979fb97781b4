import { isSoftmax } from '../../../config/assist/effective.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { smallBatches } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { logqFixes } from '../../logqFixes.ts';
import { hasInBatch, isSome, namesOf, partsOf, type Part } from '../../shares.ts';

/** True if the source draws popular items more often than others. With exponent 0 it does not. */
function followsPopularity({ source, entry: { options } }: Part): boolean {
  switch (source.name) {
    case 'popularity':
      return options['exponent'] !== 0;
    case 'exposed_random':
      return options['weight'] !== 'uniform';
    case 'same_attribute':
      return options['weight'] === 'popularity';
    default:
      return false;
  }
}

export const without = [', logq: shares', ''] as const;

export const logq = defineRule({
  id: 'recall/logq',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const training = stage.draft.training;
    if (!training || !isSoftmax(training)) return;
    const at = [...stage.path, 'training', 'logq'];
    const hasKey = document.has(at);
    if (training.logq === undefined ? hasKey : training.logq !== false) return;
    const popular = (partsOf(stage, document) ?? []).filter(followsPopularity);
    const names = [
      ...(isSome(popular) ? [namesOf(popular)] : []),
      ...(hasInBatch(stage, document) ? ['in_batch'] : []),
    ].join(', ');
    if (names === '') return;
    yield {
      at: hasKey ? at : [...stage.path, 'training', 'loss'],
      message: message('The negatives of the softmax follow popularity ({0}), but there is no log q correction', names),
      details: [
        message(
          'Without the correction, popular items get scores that are too low. Set logq, and make the trainer subtract the column logq_correction. With shares, every entry keeps its share; with corpus, the loss approximates the softmax over the corpus.',
        ),
      ],
      fixes: logqFixes(document, at),
    };
  },
  docs: {
    summary: 'A softmax loss has popularity or in-batch negatives, but no log q correction',
    why: `A sampled softmax approximates the softmax over the whole corpus. This holds only if the logits are corrected
for how often an item is drawn: logit − log q. Without this correction, popular items are punished for being drawn more
often. The model then ranks them below what users want.

With \`logq: shares\` or \`logq: corpus\`, RecSample writes the column \`logq_correction\` for every row, positives and
negatives. The trainer subtracts it from the logit; [Training](../../training.md#log-q-correction) compares the two. For
in-batch negatives, q is the item's share of the training positives. The rule checks what the config sets under
\`training\`. It reports nothing if no loss is set. It also reports nothing for pointwise and pairwise losses, which do
not approximate a softmax over the corpus.`,
    source: `Yi et al., *Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations* (RecSys 2019),
for in-batch negatives, with gains offline and online. The correction itself has been part of sampled softmax since
Bengio and Senécal (2003, 2008). It follows from the mathematics. But a system may not suffer without it, because less
weight on popular items may even be welcome. So the severity is warning.`,
    wrong: { text: changed('recall', without, smallBatches), reportedAt: 'sampled_softmax' },
    right: { text: changed('recall') },
  },
});
