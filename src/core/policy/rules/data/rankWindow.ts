import { exceeds } from '../../../statistics/rate.ts';
import { dataColumn, samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message } from '../../../message/message.ts';
import { candidateNeeds } from '../../candidateNeeds.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { files } from '../../examples/files.ts';
import { recallMixing } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { rateLine } from '../../rateLine.ts';
import { shareOption } from '../../shareOption.ts';

/** The example of recall with hard negatives, and a sample file with requests. */
export const text = recallMixing(
  [
    'exposed_unclicked: 0.3',
    'popularity: {share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}',
    'global_random: 0.2',
    'hard_rank: {share: 0.1, ranks: [101, 500]}',
  ],
  ['positive_item: positive_item, time: ts,', 'positive_item: positive_item, request: request, time: ts,'],
);
export const file = files(
  'user_id:int64 item_id:int64 title:string city:string category:string label:int8 source:string positive_item:int64 request:int64 ts:timestamp draw:int32 log_q:double',
);

export const outside = (hits: number): Pick<Answers, 'candidate-rows'> => ({
  'candidate-rows': {
    entries: [
      {
        name: 'hard_rank',
        ranks: [101, 500],
        channel: null,
        absentChannels: null,
        absent: { rows: 1000, hits: 0, design: 1 },
        outside: { rows: 1000, hits, design: 1 },
        absentExamples: [],
        outsideExamples: [{ user_id: '7203685477500600529', item_id: '4820193308562714772', request: '812' }],
      },
    ],
  },
});

export const rankWindow = defineRule({
  id: 'data/rank-window',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    max: shareOption(
      0.001,
      message(
        'The largest share of the negatives of an entry whose rank may be outside of its ranks. A larger share is reported with 99 % confidence. Our choice.',
      ),
    ),
  },
  needs: (context) =>
    context.stage.entries.some(({ source }) => source?.name === 'hard_rank') &&
    dataColumn(context.config, 'candidates', 'rank') !== undefined
      ? candidateNeeds(context)
      : [],
  comparesNothing: nothingIn('candidate-rows', ({ entries }) =>
    noRows(...entries.map(({ ranks, outside }) => (ranks === null ? 0 : outside.rows))),
  ),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'candidate-rows', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    for (const { name, ranks, outside: rate, outsideExamples } of answer.value.entries) {
      if (ranks === null || !exceeds(rate, options.max)) continue;
      yield {
        at: samplePathKey(stage.name),
        message: message(
          '{0} of {1} negatives of {2} have a rank outside of {3} to {4}',
          rate.hits,
          rate.rows,
          name ?? 'hard_rank',
          ...ranks,
        ),
        details: [rateLine(rate), ...exampleRows(outsideExamples)],
      };
    }
  },
  docs: {
    summary: 'Hard negatives are outside of the ranks in the config',
    why: `Top ranks of a channel are what the user may want: as negatives, they teach the model to rank down good items.
Low ranks are as easy as random items. Typical causes: a filter before sampling that changes the ranks, or ranks of
another channel.

The rule looks up the smallest rank of each negative of \`hard_rank\` in its request, in \`channel\` only if the entry
has one, and compares it with \`ranks\`. Other rules report negatives that are not candidates
([data/not-recalled](not-recalled.md)) and lists that are too short ([data/shortfall](shortfall.md)). The sample file
must have the request of each row.`,
    source: 'By definition of `ranks`. The limit is our choice.',
    wrong: {
      text,
      reportedAt: '../out/recall.parquet',
      datasets: { 'samples.recall': file },
      answers: outside(200),
    },
    right: { text: changed('recall') },
  },
});
