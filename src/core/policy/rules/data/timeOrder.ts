import { samplePathKey } from '../../../data/dataColumns.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { roleNeeds } from '../../sampleNeeds.ts';
import { shareOption } from '../../shareOption.ts';

export const timeOrder = defineRule({
  id: 'data/time-order',
  kind: 'data',
  severity: 'warning',
  alone: true,
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    max: shareOption(
      0.1,
      message(
        'Maximum share of rows out of order in a file that is ordered by time. Our choice: in a shuffled file, nearly all rows are out of order.',
      ),
    ),
  },
  // In the layout wide, a row is a group, and its negatives have no order of their own.
  needs: (context) =>
    context.config.data?.samples?.[context.stage.name]?.layout === 'wide'
      ? []
      : roleNeeds(context, ['time'], 'time-order'),
  comparesNothing: nothingIn('time-order', ({ rows }) => noRows(rows)),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'time-order', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { rows, earlier } = answer.value;
    if (earlier === 0 || earlier > options.max * rows) return;
    yield {
      at: samplePathKey(stage.name),
      message: message('{0} of {1} rows are earlier than a row before them; the others are in order', earlier, rows),
      details: [
        message(
          'Files may have been appended in the wrong order. Sort the rows by time before you train in their order.',
        ),
      ],
    };
  },
  docs: {
    summary: 'A file that is ordered by time has a few rows out of order',
    why: `If the order breaks, a trainer that reads the rows once and in order trains on the future first. This happens
if the files of several days are appended in the wrong order, or if late events are added at the end.

The rule compares the time of each row with the latest time before it. If more rows than \`max\` are out of order, the
file has another order on purpose, such as shuffled. The file needs a time column and the layout long or grouped.`,
    source: 'The limit is our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: { 'time-order': { rows: 1567, earlier: 2 } },
    },
    right: { text: changed('recall') },
  },
});
