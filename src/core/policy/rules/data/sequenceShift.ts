import { message } from '../../../message/message.ts';
import { Z99 } from '../../../statistics/normalQuantile.ts';
import { changed } from '../../examples/example.ts';
import { clicksInLog, withClicks, youngLog } from '../../examples/sequences.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { loggedLists, sequenceNeeds, sequencesAt } from '../../sequenceNeeds.ts';
import { shareOption } from '../../shareOption.ts';

export const sequenceShift = defineRule({
  id: 'data/sequence-shift',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    min: shareOption(
      0.8,
      message('Minimum length of the early histories, as a share of the late ones (99 % confidence). Our choice.'),
    ),
  },
  needs: (context) => sequenceNeeds(context, 'sequence-log', ['impressions']),
  comparesNothing: nothingIn('sequence-log', ({ lists }) => noRows(...lists.map(({ compared }) => compared))),
  *check(context): Iterable<Report> {
    for (const { name, growth } of loggedLists(context)) {
      if (growth === null) continue;
      const { early, late, covariance, lastDay } = growth;
      const { min } = context.options;
      const variance = (min * late.error) ** 2 + early.error ** 2 - 2 * min * covariance;
      if (min * late.mean - early.mean <= Z99 * Math.sqrt(variance)) continue;
      yield {
        at: sequencesAt(context),
        message: message(
          '{0}: rows up to {1} have {2} steps on average, later rows {3}',
          name,
          new Date(lastDay / 1000).toISOString().slice(0, 10),
          early.mean.toFixed(1),
          late.mean.toFixed(1),
        ),
        details: [
          message('The log begins inside the reach of these rows, so they lack steps that serving has.'),
          message('Read older days, start the window later, or set a shorter lookback.'),
        ],
      };
    }
  },
  docs: {
    summary: 'Early rows have shorter histories, because the log begins too late',
    why: `A row looks back for the time of \`lookback\`, or without it over the whole log. If the log begins inside this
reach, the histories grow from day to day. So the model trains on shorter histories than serving has.

The rule compares the last quarter of the days of the file with the days before. Only positives count, so another share
of negatives is no shift. It reports the sequence if the log begins less than \`lookback\` before the first row, and the
early histories are shorter than \`min\` of the late ones, with 99 % confidence, clustered by user. Files of one day or
with fewer than 20 users are not compared. A product whose users are all new looks the same in its log.`,
    source: 'The limits are our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: clicksInLog({ growth: youngLog() }),
    },
    right: { text: changed('recall'), datasets: withClicks, answers: clicksInLog() },
  },
});
