import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { clicksInLog, withClicks } from '../../examples/sequences.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { areMany, loggedLists, sequenceNeeds, sequencesAt } from '../../sequenceNeeds.ts';

/** Share of the lists with old steps from which it is how the file was made, and no chance. */
const WRONG_SHARE = 0.5;

export const sequenceSide = defineRule({
  id: 'data/sequence-side',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => sequenceNeeds(context, 'sequence-log', ['impressions']),
  comparesNothing: nothingIn('sequence-log', ({ lists }) =>
    noRows(...lists.flatMap(({ full, stale }) => [full.compared, stale.compared])),
  ),
  *check(context): Iterable<Report> {
    const at = sequencesAt(context);
    for (const { name, full, stale } of loggedLists(context)) {
      if (areMany(full.rows, full.compared, WRONG_SHARE))
        yield {
          at,
          message: message('{0}: full lists keep the oldest steps', name),
          details: [
            message('In {0} of {1} full lists whose user has twice as many steps.', full.rows, full.compared),
            message('The newest steps predict. Keep the newest ones of each row.'),
          ],
        };
      else if (areMany(stale.rows, stale.compared, WRONG_SHARE))
        yield {
          at,
          message: message(
            '{0}: in {1} of {2} rows, all steps are older than the lookback',
            name,
            stale.rows,
            stale.compared,
          ),
          details: [
            message('Their users have newer steps in the log, so the histories come from an old snapshot.'),
            message('Build the histories again, or check the times of the rows.'),
          ],
        };
    }
  },
  docs: {
    summary: 'Histories keep the oldest steps of their user, or end before the lookback',
    why: `A list that is cut at the wrong end says what the user did at the beginning of the log, for ever. The newest steps
predict. Trainers that cut lists keep the first elements, which are the oldest ones in the usual order.

The rule looks at lists of the full length whose user has at least twice as many steps before the row. It reports the
sequence if, in more than half of them, the newest step of the list is one of the oldest steps of the user, and none of
the later ones.

If the config has a \`lookback\`, the rule also looks at all lists of users with steps within it. If the newest step of
more than half of these lists is older than the lookback, the file was made from an old snapshot of the log.

The last days before the row do not count, because a batch may not have their steps: 8 days, or 2 if few rows have older
steps. If the config has a \`lookback\`, the steps within it count, without those of its last day. So a lookback of one
day or less is not checked.`,
    source: 'The limits are our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: clicksInLog({ full: { compared: 300, rows: 290 } }),
    },
    right: { text: changed('recall'), datasets: withClicks, answers: clicksInLog() },
  },
});
