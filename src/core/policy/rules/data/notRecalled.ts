import { exceeds } from '../../../statistics/rate.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message, type Message } from '../../../message/message.ts';
import { candidateNeeds } from '../../candidateNeeds.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { files } from '../../examples/files.ts';
import { defineRule, type Report } from '../../rule.ts';
import { rateLine } from '../../rateLine.ts';
import { shareOption } from '../../shareOption.ts';

type Absent = Answers['candidate-rows']['entries'][number];

export const coarseFile = files('user_id:int64 item_id:int64 label:int8 source:string request:int64 time:timestamp');

export const absent = (hits: number, design = 1): Pick<Answers, 'candidate-rows'> => ({
  'candidate-rows': {
    entries: [
      {
        name: 'coarse_filtered',
        ranks: null,
        channel: null,
        absentChannels: [
          { channel: 'i2i', rows: hits },
          { channel: 'hot', rows: 2 },
        ],
        absent: { rows: 8000, hits, design },
        outside: { rows: 8000, hits: 0, design: 1 },
        absentExamples: [{ user_id: '7203685477500600529', item_id: '4820193308562714772', request: '812' }],
        outsideExamples: [],
      },
    ],
  },
});

export const notRecalled = defineRule({
  id: 'data/not-recalled',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    max: shareOption(
      0.001,
      message(
        'The largest share of the negatives of an entry that may be missing from the candidates of their request. A larger share is reported with 99 % confidence. Our choice.',
      ),
    ),
  },
  needs: (context) => candidateNeeds(context),
  comparesNothing: nothingIn('candidate-rows', ({ entries }) => noRows(...entries.map(({ absent }) => absent.rows))),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'candidate-rows', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    for (const { name, channel, absent: rate, absentChannels, absentExamples } of answer.value.entries) {
      if (!exceeds(rate, options.max)) continue;
      const what =
        name === null
          ? message('{0} of {1} negatives were not recalled for their request', rate.hits, rate.rows)
          : channel === null
            ? message('{0} of {1} negatives of {2} were not recalled for their request', rate.hits, rate.rows, name)
            : message(
                '{0} of {1} negatives of {2} were not recalled by {3} for their request',
                rate.hits,
                rate.rows,
                name,
                channel,
              );
      yield {
        at: samplePathKey(stage.name),
        message: what,
        details: [rateLine(rate), ...channelLines(absentChannels, channel), ...exampleRows(absentExamples)],
      };
    }
  },
  docs: {
    summary: 'Candidate negatives are not among the candidates of their request',
    why: `Coarse ranking scores only what recall returned for the request. Negatives of other requests, or of the whole
corpus, are too easy. Typical causes: a join by user instead of request, or candidate logs of other days.

The rule looks up each negative of an entry that draws candidates (such as \`ranked_unexposed\`, \`coarse_filtered\` and
\`hard_rank\`) by request and item in \`data.candidates\`. If the entry has a \`channel\`, the candidate must be of that
channel. The rule reports an entry if the lower 99 % bound of the share is above \`max\`; the bound is clustered by
user. If the candidates have channels, the finding lists the channels that answered these requests without the item. The
sample file must have the request of each row.`,
    source: 'By definition of a cascade. The limit is our choice: it allows for losses of the log.',
    wrong: {
      text: changed('coarse_ranking'),
      reportedAt: '../out/coarse_ranking.parquet',
      datasets: { 'samples.coarse_ranking': coarseFile },
      answers: absent(400),
    },
    right: { text: changed('coarse_ranking') },
  },
});

/** The channels that answered the requests of the rows, and did not return their items. */
function channelLines(channels: Absent['absentChannels'], onlyChannel: string | null): Message[] {
  if (channels === null) return [];
  if (channels.length === 0) return [message('No channel has candidates for these requests.')];
  const listed = channels.map(({ channel, rows }) => `${channel} (${rows})`).join(', ');
  return onlyChannel === null
    ? [message('Channels that answered these requests without the item, with rows: {0}.', listed)]
    : [message('Channels that answered these requests, with rows: {0}.', listed)];
}
