import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { recallMixing } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { lowerShareFix } from '../../shareFix.ts';
import { amountAt, isAbove, isSome, largest, namesOf, partsOf, percent, shareOf } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

export const exposedShare = defineRule({
  id: 'recall/exposed-share',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {
    max: shareOption(
      0.5,
      message(
        'The largest share of the drawn negatives that may be exposed-unclicked. 0.5 is a convention, not a measured optimum: at least half of them then come from other sources.',
      ),
    ),
  },
  *check({ stage, document, options }): Iterable<Report> {
    const parts = partsOf(stage, document) ?? [];
    const exposed = parts.filter(({ source }) => source.name === 'exposed_unclicked');
    const share = shareOf(exposed);
    if (!isSome(exposed) || !isAbove(share, options.max)) return;
    yield {
      at: amountAt(largest(exposed).entry),
      message: message(
        '{0} has {1} of the drawn negatives, above {2}',
        namesOf(exposed, ' + '),
        percent(share),
        percent(options.max),
      ),
      details: [message('The model then rarely sees the rest of the corpus. Increase global_random or popularity.')],
      fixes: lowerShareFix(options.max, exposed, { stage, document, parts }),
    };
  },
  docs: {
    summary: 'More than `max` of the negatives of recall are exposed-unclicked',
    why: `The more negatives were exposed before, the more training resembles ranking instead of recall. The model
spends its effort on items that recall already found. The scores of the other items in the corpus are never pushed
down.

The share is a part of the drawn negatives, over all entries that draw from \`exposed_unclicked\`. In-batch negatives do
not lower it. They are items that somebody clicked, so they were exposed too.`,
    source: `The direction comes from Huang et al. (KDD 2020), where unclicked impressions alone were far worse than
random negatives. 0.5 is our choice: most negatives are then not exposures. Set \`max\` to a value that your own tests
support.`,
    wrong: {
      text: recallMixing([
        'exposed_unclicked: {share: 0.6, seen: viewed, mature_after: 30m}',
        'popularity: {share: 0.2, count: click, window: 7d, group_by: region}',
        'global_random: 0.2',
      ]),
      reportedAt: '0.6',
    },
    right: { text: changed('recall') },
  },
});
