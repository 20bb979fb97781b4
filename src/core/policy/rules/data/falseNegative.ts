import { exceeds, rateInterval } from '../../../statistics/rate.ts';
import { message, type Message } from '../../../message/message.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { percent } from '../../shares.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { chosenNegatives } from '../../examples/chosenNegatives.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { roleNeeds } from '../../sampleNeeds.ts';
import { shareOption } from '../../shareOption.ts';

type Entry = Answers['false-negatives']['entries'][number];

export const falseNegative = defineRule({
  id: 'data/false-negative',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    max: shareOption(
      0.01,
      message(
        'Maximum share of the negatives of an entry that their user had chosen before (99 % confidence). Smaller shares are reported as info. Our choice.',
      ),
    ),
    max_later: shareOption(
      0.05,
      message(
        'Maximum share that is chosen only later, as info. Our choice: users choose again from what they were shown.',
      ),
    ),
  },
  needs: (context) => roleNeeds(context, ['user', 'time'], 'false-negatives', ['impressions']),
  comparesNothing: nothingIn('false-negatives', ({ entries }) =>
    noRows(...entries.filter(excluding).map(({ rows }) => rows)),
  ),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'false-negatives', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { examples } = answer.value;
    const entries = answer.value.entries.filter(excluding);
    const at = samplePathKey(stage.name);
    const rows = sum(entries, (entry) => entry.rows);
    const earlier = sum(entries, (entry) => entry.earlier.hits);
    const later = sum(entries, (entry) => entry.later.hits);
    if (earlier > 0)
      yield {
        at,
        message:
          earlier === 1
            ? message('1 of {0} negatives is an item that its user had chosen before', rows)
            : message('{0} of {1} negatives are items that their users had chosen before', earlier, rows),
        details: [
          ...entries.filter((entry) => entry.earlier.hits > 0).map(shareOf),
          ...(later > 0 ? [message('Chosen only later, which is not a fault: {0}.', later)] : []),
          ...exampleRows(examples),
        ],
        ...(entries.some((entry) => exceeds(entry.earlier, options.max)) ? {} : { severity: 'info' }),
      };
    else if (entries.some((entry) => exceeds(entry.later, options.max_later)))
      yield {
        at,
        severity: 'info',
        message: message('{0} of {1} negatives are items that their users chose later', later, rows),
        details: [message('A draw cannot know them. They limit the recall that a model can reach on this file.')],
      };
  },
  docs: {
    summary: 'Negatives are items that the user had chosen before',
    why: `A negative that the user has chosen teaches the model to rank down what the user wants. Samplers without
exclusion draw such items often, because users choose popular items.

The rule looks up each drawn negative in the log: has its user chosen the item before the time of the group, as
\`exclude\` of its entry defines it (\`events\`, \`within\`, \`lookback\`)? It counts by entry, or by source if the file
does not name entries, and shows the 95 % interval. A warning needs a lower 99 % bound above \`max\`. Both are clustered
by user. The counts equal the metric [\`false_negatives\`](../../audit.md#false-negatives-false_negatives). Entries with
\`exclude: none\` are skipped, and so are rejections by owners. \`data/contradiction\` reports choices at the same time.

Items that are chosen only later are counted separately, as info: no sampler can know them. The lists of
\`exclude.history\` have no times, so the rule does not use them.`,
    source: `Excluding the user's positives is common practice. The limit of 0.01 is our choice: one wrong negative in a
hundred is about one per ten positives with ten negatives each.`,
    wrong: {
      text: changed('recall', ['      exclude: {events: [click], within: train}\n', '']),
      reportedAt: '../out/recall.parquet',
      answers: {
        'false-negatives': {
          ...chosenNegatives({
            global_random: { rows: 292, earlier: 2, later: 1 },
            popularity: { rows: 584, earlier: 31, later: 9, design: 1.2 },
          }),
          examples: [{ user_id: '7203685477500600529', item_id: '4820193308562714772', source: 'popularity' }],
        },
      },
    },
    right: { text: changed('recall') },
  },
});

/** Rows of entries that exclude nothing are no fault of the sampler. */
const excluding = ({ excludes }: Entry): boolean => excludes;

function shareOf({ entry, rows, earlier }: Entry): Message {
  const { low, high } = rateInterval(earlier);
  const figures = [earlier.hits, rows, percent(earlier.hits / rows), percent(low), percent(high)] as const;
  return entry === null
    ? message('All negatives: {0} of {1}, {2} (95 % interval {3} to {4}).', ...figures)
    : message('{0}: {1} of {2}, {3} (95 % interval {4} to {5}).', entry, ...figures);
}

function sum(entries: readonly Entry[], countOf: (entry: Entry) => number): number {
  return entries.reduce((all, entry) => all + countOf(entry), 0);
}
