import { datasetPath, sampleName } from '../../../data/dataColumns.ts';
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
        'The largest share of rows that are earlier than some row before them in a file that counts as ordered by time. 0.1 is a choice of this tool: in a shuffled file, nearly all rows are.',
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
      at: [...datasetPath(sampleName(stage.name)), 'path'],
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
    why: `A trainer that reads the rows in their order, once, trains on the future first where the order breaks. This
happens if the files of several days are appended in the wrong order, or if late events are added at the end.

The rule compares the time of each row with the latest one before it. A file with more rows out of order than \`max\` is
taken to be in another order on purpose, such as shuffled or by user. The columns of the file must include its time, and
its layout must be long or grouped.`,
    source: 'Logic; no paper is claimed for the limit.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: { 'time-order': { rows: 1567, earlier: 2 } },
    },
    right: { text: changed('recall') },
  },
});
