import { setValue } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { message } from '../../../message/message.ts';
import { recallMixing } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';

export const mixing = (hard: string): string =>
  recallMixing(['exposed_unclicked: 0.3', 'popularity: {share: 0.4, group_by: region}', 'global_random: 0.2', hard]);

export const hardWindow = defineRule({
  id: 'recall/hard-window',
  kind: 'config',
  severity: 'info',
  stages: ['recall'],
  options: {
    window: {
      kind: 'numbers',
      fallback: [101, 500],
      length: 2,
      min: 1,
      max: 1e9,
      doc: message(
        'First and last rank of the window that is not reported. [101, 500] is the best of the windows that Huang et al. (KDD 2020) tried.',
      ),
    },
    displayed: {
      kind: 'number',
      fallback: 10,
      min: 0,
      max: 1e9,
      doc: message(
        'Ranks up to this number are shown to users. 10 is one page in many products. Set it to the number of items that one of your requests shows.',
      ),
    },
    length: {
      kind: 'number',
      fallback: 0,
      min: 0,
      max: 1e9,
      doc: message('Number of results of a recall list. 0: unknown, and not checked.'),
    },
  },
  *check({ stage, document, options }): Iterable<Report> {
    const [lowest = 1, highest = Infinity] = options.window;
    for (const {
      path,
      source,
      options: { ranks },
    } of stage.entries) {
      if (source?.name !== 'hard_rank' || !Array.isArray(ranks)) continue;
      const [first, last] = ranks as readonly number[];
      if (first === undefined || last === undefined || first > last) continue;
      const at = [...path, 'ranks'];
      const sound = lowest > options.displayed && (options.length === 0 || highest <= options.length);
      const fixes: TextFix[] = sound
        ? [
            {
              title: message('Use ranks {0} to {1}', lowest, highest),
              changes: setValue(document, at, `[${lowest}, ${highest}]`),
              safe: false,
            },
          ]
        : [];
      if (first <= options.displayed) {
        yield {
          at,
          severity: 'warning',
          fixes,
          message: message(
            'Ranks {0} to {1} overlap the first {2}, which are shown to users. Users want many of these items. Start at {3}',
            first,
            last,
            options.displayed,
            lowest,
          ),
        };
      } else if (options.length > 0 && last > options.length) {
        yield {
          at,
          severity: 'warning',
          message: message(
            'Ranks {0} to {1} go beyond the end of the list, which has {2} results: the entry has a shortfall',
            first,
            last,
            options.length,
          ),
          fixes:
            first > options.length
              ? []
              : [
                  {
                    title: message('End at rank {0}', options.length),
                    changes: setValue(document, [...at, 1], String(options.length)),
                    safe: false,
                  },
                ],
        };
      } else if (first < lowest || last > highest) {
        yield {
          at,
          fixes,
          message: message(
            'Ranks {0} to {1} are not within {2} to {3}, the recommended window',
            first,
            last,
            lowest,
            highest,
          ),
        };
      }
    }
  },
  docs: {
    summary: '`ranks` of hard negatives includes shown ranks, exceeds the list, or lies outside the published range',
    why: `The top of a recall list contains what the user probably wants, so negatives from the top are often false.
Items far down the list are no harder than random ones. Between them is a window of items that are close to the positive
and still wrong.

A window that includes displayed ranks makes wanted items negatives. A window past the end of the list leaves groups
without their negatives. Both are warnings. Any other window that leaves the published one is info. Both limits are
options, because a config does not know how many items your page shows or your channels return.`,
    source: `Huang et al. (KDD 2020), §6.1.1, tried several windows. Ranks 101 to 500 were the best for their search
engine. The best window depends on the size of the corpus and the quality of the list, so this number is info and not a
warning. \`displayed\` (10) is a common page size, not a research result.`,
    wrong: { text: mixing('hard_rank: {share: 0.1, ranks: [1, 100]}'), reportedAt: '[1, 100]' },
    right: { text: mixing('hard_rank: {share: 0.1, ranks: [101, 500]}') },
  },
});
