import { removePair, setValue } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const withoutDownsampling = ['      downsample: 0.1\n      calibration: weight\n', ''] as const;

export const unit = defineRule({
  id: 'fine/unit',
  kind: 'config',
  severity: 'error',
  stages: ['fine_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const at = [...stage.path, 'unit'];
    // The unit impression has no count, so remove it and keep the mix. Counts by entry cannot be converted.
    const changes = [
      ...setValue(document, at, written('impression', document.language)),
      ...stage.countKeys.flatMap((key) => removePair(document, [...stage.path, 'negatives', key])),
    ];
    const fixes: TextFix[] =
      stage.amounts === 'shares' ? [{ title: message('Set unit to impression'), changes, safe: false }] : [];
    if (stage.unit === 'positive')
      yield {
        at,
        fixes,
        message: message('One group per positive leaves out the requests without a click: the click rate is wrong'),
        details: [message('Use unit: impression for fine ranking.')],
      };
    if (stage.unit === 'request')
      yield {
        at,
        fixes,
        message: message('One group per request draws some of its rows, not all: the click rate is wrong'),
        details: [message('Use unit: impression for fine ranking.')],
      };
  },
  docs: {
    summary: 'The unit of fine ranking is not `impression`',
    why: `A fine-ranking model predicts a click rate, so its rows must have the click rate of the log. With groups per
positive, a request without a click gives no row, although it tells most about what users do not want. With a fixed
number of negatives per group, this number sets the rate, not the users. Groups per request keep requests without a
click, but draw a fixed number of rows from each request.

With \`unit: impression\`, every exposure is a row with its own label. If there are too many rows, \`downsample\` keeps
a known part of the negatives, and \`calibration\` corrects the rate.`,
    source: `This follows from counting. He et al. (ADKDD 2014) describe training on all
impressions with downsampled negatives, and how to recover the rate.`,
    wrong: {
      text: changed(
        'fine_ranking',
        ['unit: impression', 'unit: positive'],
        ['    negatives:\n', '    negatives:\n      per_positive: 4\n'],
        withoutDownsampling,
      ),
      reportedAt: 'positive',
      after: 'unit: ',
    },
    right: { text: changed('fine_ranking') },
  },
});
