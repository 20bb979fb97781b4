import { unorderedRows } from '../../../audit/metrics/sequences.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { clickLists, withClicks } from '../../examples/sequences.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { areMany, listCounts, maxOption, sequenceNeeds, sequencesAt } from '../../sequenceNeeds.ts';

export const sequenceOrder = defineRule({
  id: 'data/sequence-order',
  kind: 'data',
  severity: 'warning',
  alone: true,
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: { max: maxOption },
  needs: (context) => sequenceNeeds(context, 'sequence-lists'),
  comparesNothing: nothingIn('sequence-lists', ({ lists }) => noRows(...lists.map(({ times }) => times?.ordered ?? 0))),
  *check(context): Iterable<Report> {
    for (const { name, times } of listCounts(context)) {
      if (times === null) continue;
      const rows = unorderedRows(times);
      if (!areMany(rows, times.ordered, context.options.max)) continue;
      yield {
        at: sequencesAt(context),
        message: message('{0}: {1} of {2} rows are not in the order of time', name, rows, times.ordered),
        details: [
          times.isNewestFirst
            ? message('The newest step should come first.')
            : message('The newest step should come last.'),
          message('Sort the steps of each row by time and, for equal times, by item.'),
        ],
      };
    }
  },
  docs: {
    summary: 'The steps of some rows are not in the order of time',
    why: `Models of sequences read positions: the last click is at one end. Trainers that shorten lists cut one end. In a
list without order, both mean something else in each row.

The rule compares neighbouring times in rows with two steps or more. \`newest_first\` of the config says which order is
meant; without a config, the order of most rows counts. Equal times have no order. Lists without times cannot be checked.`,
    source: 'The limits are our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: clickLists({}, { ascending: 900, descending: 150 }),
    },
    right: { text: changed('recall'), datasets: withClicks, answers: clickLists() },
  },
});
