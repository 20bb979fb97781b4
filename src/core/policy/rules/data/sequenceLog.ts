import { isForeign, MAX_FOREIGN } from '../../../audit/loggedList.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { clicksInLog, withClicks } from '../../examples/sequences.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { areMany, loggedLists, sequenceNeeds, sequencesAt } from '../../sequenceNeeds.ts';
import { shareOption } from '../../shareOption.ts';
import { percent } from '../../shares.ts';

export const sequenceLog = defineRule({
  id: 'data/sequence-log',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    max: shareOption(
      MAX_FOREIGN,
      message('Maximum share of the rows. Fewer than five rows are not reported. Our choice.'),
    ),
  },
  needs: (context) => sequenceNeeds(context, 'sequence-log', ['impressions']),
  comparesNothing: nothingIn('sequence-log', ({ lists }) => noRows(...lists.map(({ compared }) => compared))),
  *check(context): Iterable<Report> {
    for (const list of loggedLists(context)) {
      const { name, compared, foreign } = list;
      if (!areMany(foreign, compared, context.options.max)) continue;
      yield {
        at: sequencesAt(context),
        message: message(
          '{0}: in {1} of the rows, the newest step is not in the log',
          name,
          percent(foreign / compared),
        ),
        details: [
          message('The histories come from another log, another scene or other ids.'),
          ...(isForeign(list) ? [message('So the log cannot tell whether lists without times are too late.')] : []),
          message('Name the table with these events in data.clicks.'),
        ],
      };
    }
  },
  docs: {
    summary: 'The newest steps of histories are not in the log',
    why: `Histories of another log, of another scene or with other ids cannot be compared with the log of the config: then
no rule can tell whether they end before their request. If serving reads the log of the config, the model also sees other
histories there than in training.

The rule counts rows whose user never had a contact with the newest item of the list: neither an exposure nor an event
in any table of the config. Only users who have a step at least two days before the row count (eight days, if enough
do): the newest step of these is in the log, even if serving reads a daily batch and the log begins later.`,
    source: 'The limits are our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: clicksInLog({ foreign: 140 }),
    },
    right: { text: changed('recall'), datasets: withClicks, answers: clicksInLog() },
  },
});
