import { message } from '../../../message/message.ts';
import { coarseCounting } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { lowerShareFix } from '../../shareFix.ts';
import { amountAt, isAbove, isSome, largest, namesOf, partsOf, percent, shareOf } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

export const globalRandom = defineRule({
  id: 'coarse/global-random',
  kind: 'config',
  severity: 'warning',
  stages: ['coarse_ranking'],
  options: {
    max: shareOption(
      0.5,
      message(
        'The largest share of the drawn negatives that may be drawn from the whole corpus. 0.5 is a convention, not a measured optimum: it keeps candidates in the majority.',
      ),
    ),
  },
  *check({ stage, document, options }): Iterable<Report> {
    const parts = partsOf(stage, document) ?? [];
    const corpusParts = parts.filter(({ source }) => source.name === 'global_random' || source.name === 'popularity');
    const share = shareOf(corpusParts);
    if (!isSome(corpusParts) || !isAbove(share, options.max)) return;
    yield {
      at: amountAt(largest(corpusParts).entry),
      message: message(
        '{0} has {1} of the drawn negatives, above {2}',
        namesOf(corpusParts, ' + '),
        percent(share),
        percent(options.max),
      ),
      details: [
        message('The model then mostly learns from items that coarse ranking never sees. Increase coarse_filtered.'),
      ],
      fixes: lowerShareFix(options.max, corpusParts, { stage, document, parts }),
    };
  },
  docs: {
    summary: 'More than `max` of the negatives of coarse ranking come from the whole corpus',
    why: `Coarse ranking only meets what recall returned. An item from the whole corpus would not have been recalled for
this request, so it is easy to tell from a click. The loss falls, but the order of the candidates does not improve. A
small share does no harm and protects against changes of the recall channels.

The rule counts \`global_random\` and \`popularity\`. Items that share an attribute with the positive are closer to what
is recalled, so the rule ignores them.`,
    source: `The principle that training must contain what serving ranks: here, the merged results of the channels. 0.5
is our choice: most negatives are then candidates.`,
    wrong: {
      text: coarseCounting([
        'exposed_unclicked: 4',
        'ranked_unexposed: 4',
        'coarse_filtered: {count: 16, by: channel}',
        'global_random: 36',
      ]),
      reportedAt: '36',
    },
    right: {
      text: coarseCounting([
        'exposed_unclicked: 10',
        'ranked_unexposed: 10',
        'coarse_filtered: {count: 40, by: channel}',
        'global_random: 6',
      ]),
    },
  },
});
