import { inBatchShare } from '../../../config/assist/effective.ts';
import { message } from '../../../message/message.ts';
import { formatCount } from '../../../table/format.ts';
import { recallMixing, withoutInBatch } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { lowerShareFix } from '../../shareFix.ts';
import {
  amountAt,
  inBatchNegatives,
  isAbove,
  isSome,
  largest,
  namesOf,
  partsOf,
  percent,
  shareOf,
} from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

export const hardShare = defineRule({
  id: 'recall/hard-share',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {
    max: shareOption(
      0.2,
      message(
        'The largest share of the drawn negatives that may be hard. 0.2 is a generous convention: published ratios are 1 in 50 or lower.',
      ),
    ),
  },
  *check({ stage, document, options }): Iterable<Report> {
    const parts = partsOf(stage, document) ?? [];
    const hard = parts.filter(({ source }) => source.family === 'hard');
    const share = shareOf(hard);
    if (!isSome(hard) || !isAbove(share, options.max)) return;
    const report = {
      at: amountAt(largest(hard).entry),
      fixes: lowerShareFix(options.max, hard, { stage, document, parts }),
    };
    const inBatch = stage.unit === 'positive' ? inBatchNegatives(stage) : 0;
    const met = share * (1 - inBatchShare(stage));
    // Published ratios count every negative of a positive. The share of the file alone is info, not a warning.
    if (isAbove(met, options.max)) {
      yield {
        ...report,
        message: message(
          '{0} has {1} of the drawn negatives, above {2}',
          namesOf(hard, ' + '),
          percent(share),
          percent(options.max),
        ),
        details: [
          message(
            'Hard negatives then replace the easy ones, but recall mostly ranks easy items. Increase global_random or popularity.',
          ),
        ],
      };
    } else {
      yield {
        ...report,
        severity: 'info',
        message: message(
          '{0} has {1} of the drawn negatives, above {2}. With {3} in-batch negatives, the share is {4}',
          namesOf(hard, ' + '),
          percent(share),
          percent(options.max),
          formatCount(inBatch),
          percent(met),
        ),
      };
    }
  },
  docs: {
    summary: 'More than `max` of the negatives of recall are hard negatives',
    why: `A few hard negatives sharpen the decision boundary. Many hard negatives make training resemble ranking, and
more of them are false: the user may well have wanted an item that was recalled but not shown. Hard negatives help only
up to a small share. More of them do harm.

The share is a part of the drawn negatives, over all entries that draw from \`hard_rank\` or \`hard_score\`. With
in-batch negatives, a positive may meet a smaller share in training. If this share is below the limit, the severity is
only info.`,
    source: `Huang et al. (KDD 2020), §6.1.1, found that the gain ends at easy : hard = 100 : 1. More than two hard
negatives per positive from the batch made their model worse. Example configs of EasyRec lie between 51 : 1 and 205 : 1.
These are only a few systems, and their ratios differ by a factor of four. So the default of 0.2 is far above these
ratios. It reports only mixes that no published ratio comes near.`,
    wrong: {
      text: recallMixing(
        [
          'exposed_unclicked: {share: 0.2, seen: viewed, mature_after: 30m}',
          'popularity: {share: 0.3, count: click, window: 7d, group_by: region}',
          'global_random: 0.2',
          'hard_rank: {share: 0.3, ranks: [101, 500]}',
        ],
        withoutInBatch,
      ),
      reportedAt: '0.3',
      after: 'hard_rank:',
    },
    right: {
      text: recallMixing(
        [
          'exposed_unclicked: {share: 0.3, seen: viewed, mature_after: 30m}',
          'popularity: {share: 0.4, count: click, window: 7d, group_by: region}',
          'global_random: 0.2',
          'hard_rank: {share: 0.1, ranks: [101, 500]}',
        ],
        withoutInBatch,
      ),
    },
  },
});
