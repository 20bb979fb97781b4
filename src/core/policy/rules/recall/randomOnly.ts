import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { recallMixing, withoutInBatch } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { addEntryFix } from '../../shareFix.ts';
import { hasInBatch, isSome, largest, partsOf } from '../../shares.ts';

export const randomOnly = defineRule({
  id: 'recall/random-only',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const parts = partsOf(stage, document);
    if (
      !parts ||
      !isSome(parts) ||
      hasInBatch(stage, document) ||
      !parts.every(({ source }) => source.name === 'global_random')
    )
      return;
    yield {
      at: largest(parts).entry.path,
      on: 'key',
      message: message('All negatives are uniform random: most are too easy'),
      details: [
        message(
          'Popular items are hardly ever negatives, so the model favours them. Mix in popularity and exposed_unclicked.',
        ),
      ],
      fixes: addEntryFix('exposed_unclicked', 0.3, { stage, document, parts }),
    };
  },
  docs: {
    summary: 'All negatives of recall are drawn uniformly from the corpus',
    why: `A uniform draw from a large corpus is nearly always an item that no similar user would want. After a few
epochs such negatives teach nothing. Positives follow popularity, but these negatives do not. So popularity alone
becomes a sign of a positive. The model learns to return the most popular items to everyone, and niche items lose.

Draws by popularity correct this: popular items are then negatives about as often as they are positives.
Exposed-unclicked items and a few hard negatives teach the fine distinctions. In-batch negatives already follow
popularity, and uniform negatives complement them well. So the rule reports nothing if in-batch negatives are
configured.`,
    source: `The reasoning is that of negative sampling since word2vec (Mikolov et al., NIPS 2013). Its noise
distribution is the counts to the power 0.75, because it beat the uniform distribution in their tests. Huang et al. (KDD
2020) got a sound baseline from random negatives alone and then gained from harder ones. So uniform draws work, but are
seldom the best; the severity is warning.`,
    wrong: {
      text: recallMixing(['global_random: 1'], withoutInBatch),
      reportedAt: 'global_random',
      companions: ['recall/exposed-missing'],
    },
    right: { text: changed('recall') },
  },
});
