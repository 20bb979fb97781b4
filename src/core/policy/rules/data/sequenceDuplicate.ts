import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { clickLists, withClicks } from '../../examples/sequences.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { areMany, listCounts, sequenceNeeds, sequencesAt } from '../../sequenceNeeds.ts';
import { shareOption } from '../../shareOption.ts';
import { percent } from '../../shares.ts';

export const sequenceDuplicate = defineRule({
  id: 'data/sequence-duplicate',
  kind: 'data',
  severity: 'warning',
  alone: true,
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    max: shareOption(0.001, message('Maximum share of the steps. Fewer than five steps are not reported. Our choice.')),
  },
  needs: (context) => sequenceNeeds(context, 'sequence-lists'),
  comparesNothing: nothingIn('sequence-lists', ({ lists }) =>
    noRows(...lists.map(({ steps, repeated, undeduped }) => ((repeated ?? undeduped) === null ? 0 : steps))),
  ),
  *check(context): Iterable<Report> {
    const at = sequencesAt(context);
    const { max } = context.options;
    for (const { name, steps, repeated, undeduped } of listCounts(context)) {
      if (areMany(repeated ?? 0, steps, max))
        yield {
          at,
          message: message('{0}: {1} of the steps are logged twice', name, percent((repeated ?? 0) / steps)),
          details: [message('The same data was read twice, or two tables hold one behavior. Use one of them.')],
        };
      else if (areMany(undeduped ?? 0, steps, max))
        yield {
          at,
          message: message('{0}: {1} steps repeat an item that dedup leaves out', name, undeduped ?? 0),
          details: [message('Write the file again with this config, or remove dedup from it.')],
        };
    }
  },
  docs: {
    summary: 'Steps of the histories occur twice',
    why: `A step that occurs twice takes the place of another one, and tells the model that the user came back. It happens
if the same data was read twice, or if two tables hold one behavior.

The rule compares item, time and event of the steps of a row. Without a list of events, a sequence of several events of
the config is not checked, because a click and an exposure may have one time. Steps that have only a date are not
checked either, because a user may click an item twice on a day. These are all steps at a quarter of an hour, or at
most one second before it: all time zones begin their days there. So a log rounded to 15 minutes or more is not checked.
With \`dedup\` in the config, it also counts steps of items that should occur once.`,
    source: 'The limits are our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: clickLists({ repeated: 370 }),
    },
    right: { text: changed('recall'), datasets: withClicks, answers: clickLists() },
  },
});
