import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { recallMixing, withoutInBatch } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { addEntryFix } from '../../shareFix.ts';
import { hasInBatch, isSome, largest, partsOf } from '../../shares.ts';

export const exposedOnly = defineRule({
  id: 'recall/exposed-only',
  kind: 'config',
  severity: 'error',
  stages: ['recall'],
  supersedes: ['recall/exposed-share', 'recall/no-global'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const parts = partsOf(stage, document);
    if (!parts || !isSome(parts) || hasInBatch(stage, document)) return;
    if (!parts.every(({ source }) => source.name === 'exposed_unclicked')) return;
    yield {
      at: largest(parts).entry.path,
      on: 'key',
      message: message('All negatives are exposed_unclicked: the model never sees items that were not shown'),
      details: [message('Recall ranks the whole corpus. Add global_random or popularity.')],
      fixes: addEntryFix('global_random', 0.5, { stage, document, parts }),
    };
  },
  docs: {
    summary: 'Exposed-unclicked items are the only negatives of recall',
    why: `Exposed items have passed recall, coarse ranking and fine ranking. They are a tiny part of the corpus, the
part that suits the user best. A recall model that has only seen such items learns to tell good items from slightly
better ones. It learns nothing about the other items, although it must rank all of them. This is sample selection bias.
Recall then often returns items that have little to do with the user, while metrics over exposures look fine.

Exposed-unclicked items are useful as a part of the negatives. In-batch negatives under \`training\` are another source.
If they are configured, this rule reports nothing, and \`recall/exposed-share\` checks the share.`,
    source: `Huang et al., *Embedding-based Retrieval in Facebook Search* (KDD 2020): with unclicked impressions as
negatives, recall was far worse than with random negatives. This is one search engine. The reason is general: training
must contain what serving ranks. So the severity is error, and the rule needs no limit.`,
    wrong: {
      text: recallMixing(['exposed_unclicked: {share: 1, seen: viewed, mature_after: 30m}'], withoutInBatch),
      reportedAt: 'exposed_unclicked',
      companions: ['recall/cold-items'],
    },
    right: { text: changed('recall') },
  },
});
