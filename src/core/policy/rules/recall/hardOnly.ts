import { message } from '../../../message/message.ts';
import { recallMixing, withoutInBatch } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { addEntryFix } from '../../shareFix.ts';
import { hasInBatch, isSome, largest, partsOf } from '../../shares.ts';

export const hardOnly = defineRule({
  id: 'recall/hard-only',
  kind: 'config',
  severity: 'error',
  stages: ['recall'],
  supersedes: ['recall/hard-share', 'recall/no-global'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const parts = partsOf(stage, document);
    if (
      !parts ||
      !isSome(parts) ||
      hasInBatch(stage, document) ||
      !parts.every(({ source }) => source.family === 'hard')
    )
      return;
    yield {
      at: largest(parts).entry.path,
      on: 'key',
      message: message('All negatives are hard: the model never sees easy items'),
      details: [
        message(
          'Nearly all items that recall ranks are easy. Draw most of the negatives from global_random or popularity.',
        ),
      ],
      fixes: addEntryFix('global_random', 0.8, { stage, document, parts }),
    };
  },
  docs: {
    summary: 'All negatives of recall are hard negatives',
    why: `Hard negatives come from the results of recall for the same request, so they resemble the positive. They
improve a model that can already tell related items from unrelated ones. Without easy negatives the model never learns
this. When serving, nearly every item is easy.

The hard sources are \`hard_rank\` and \`hard_score\`. In-batch negatives under \`training\` are easy, so the rule
reports nothing if they are configured.`,
    source: `Huang et al., *Embedding-based Retrieval in Facebook Search* (KDD 2020), §6.1.1: a model trained on hard
negatives alone could not beat a model trained on random negatives. In a mix, hard negatives helped. This is one search
engine, but the cause is general: training would not contain what serving ranks. So the severity is error.`,
    wrong: {
      text: recallMixing(['hard_rank: {share: 1, ranks: [101, 500]}'], withoutInBatch),
      reportedAt: 'hard_rank',
      companions: ['recall/exposed-missing'],
    },
    right: {
      text: recallMixing([
        'exposed_unclicked: {share: 0.3, seen: viewed, mature_after: 30m}',
        'popularity: {share: 0.4, count: click, window: 7d, group_by: region}',
        'global_random: 0.2',
        'hard_rank: {share: 0.1, ranks: [101, 500]}',
      ]),
    },
  },
});
