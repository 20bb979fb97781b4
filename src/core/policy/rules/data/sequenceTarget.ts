import { areLabels } from '../../../audit/lateness.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { clickLists, withClicks } from '../../examples/sequences.ts';
import { defineRule, type Report } from '../../rule.ts';
import { areMany, comparesNoTimes, latenessOf, lateNeeds, maxOption, sequencesAt } from '../../sequenceNeeds.ts';
import { percent } from '../../shares.ts';

export const sequenceTarget = defineRule({
  id: 'data/sequence-target',
  kind: 'data',
  severity: 'error',
  alone: true,
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: { max: maxOption },
  needs: lateNeeds,
  comparesNothing: comparesNoTimes,
  *check(context): Iterable<Report> {
    for (const { name, lateness } of latenessOf(context)) {
      if (!areLabels(lateness)) continue;
      const { positives, negatives } = lateness.own;
      if (!areMany(positives.hits, positives.rows, context.options.max)) continue;
      yield {
        at: sequencesAt(context),
        message: message(
          '{0}: in {1} of {2} positives, a step is the event of the row',
          name,
          positives.hits,
          positives.rows,
        ),
        details: [
          message(
            'Negatives have a late step of their own item in {0} of the rows, positives in {1}.',
            percent(negatives.rows === 0 ? 0 : negatives.hits / negatives.rows),
            percent(positives.hits / positives.rows),
          ),
          message('The label is in the input. Cut each history strictly before the request of its row.'),
        ],
      };
    }
  },
  docs: {
    summary: 'Histories hold the event that is the label of their row',
    why: `If the history of a positive ends with the click that makes it a positive, the model learns to compare the item
of the row with its newest step. That is no prediction, and serving does not have this step.

The rule counts rows with a step of their own item at or after their time, for positives and for negatives. It reports
them if positives have such a step at least five times as often as negatives, and if most rows with a late step have no
other one. Otherwise the steps are too late, but they
are not the labels, and \`data/sequence-future\` reports them. A repeated purchase is no fault: its earlier step is before
the row. In lists without times, the log tells: the newest step is the item of the row, and its user had no contact with
it before the request.`,
    source: 'The factor of 5 and the limits are our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: clickLists(
        {},
        { late: 140, own: { positives: { rows: 146, hits: 140 }, negatives: { rows: 1421, hits: 0 } } },
      ),
    },
    right: { text: changed('recall'), datasets: withClicks, answers: clickLists() },
  },
});
