import { message } from '../../../message/message.ts';
import { Z99 } from '../../../statistics/normalQuantile.ts';
import { changed } from '../../examples/example.ts';
import { clicksInLog, withClicks, youngLog } from '../../examples/sequences.ts';
import { nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { sequenceNeeds, sequencesAt } from '../../sequenceNeeds.ts';
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
  comparesNothing: nothingIn('sequence-log', ({ growths }) =>
    growths.length > 0 ? null : message('the log reaches back far enough, or few users have early and late rows'),
  ),
  *check(context): Iterable<Report> {
    const { facts, stage, options } = context;
    const answer = facts.answer({ kind: 'sequence-log', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    for (const { name, early, late, covariance, lastDay, isEval } of answer.value.growths) {
      const variance = (options.min * late.error) ** 2 + early.error ** 2 - 2 * options.min * covariance;
      if (options.min * late.mean - early.mean <= Z99 * Math.sqrt(Math.max(0, variance))) continue;
      const values = [
        name,
        new Date(lastDay / 1000).toISOString().slice(0, 10),
        early.mean.toFixed(1),
        late.mean.toFixed(1),
      ] as const;
      yield {
        at: sequencesAt(context),
        message: isEval
          ? message('{0}: rows up to {1} have {2} steps on average, eval rows of these users {3}', ...values)
          : message('{0}: rows up to {1} have {2} steps on average, later rows of these users {3}', ...values),
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

The rule compares the training file with the eval file, which it finds by the lock files as data/split-overlap does.
Without an eval file, it compares the last quarter of the days of the file with the days before. It reports a sequence
if the log begins less than \`lookback\` before the first row, and the early histories are shorter than \`min\` of the
late ones, with 99 % confidence. Only users with positives in both count, each once, so neither new users nor a daily
cap nor another share of negatives is a shift. With fewer than 20 such users, nothing is compared. A product whose
users are all new looks the same in its log.`,
    source: 'The limits are our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: clicksInLog({}, [youngLog()]),
    },
    right: { text: changed('recall'), datasets: withClicks, answers: clicksInLog({}, [youngLog({ mean: 20.9 })]) },
  },
});
