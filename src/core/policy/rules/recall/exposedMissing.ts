import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { recallMixing } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { addEntryFix } from '../../shareFix.ts';
import { mixAt, partsOf } from '../../shares.ts';

export const exposedMissing = defineRule({
  id: 'recall/exposed-missing',
  kind: 'config',
  severity: 'info',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const parts = partsOf(stage, document);
    const at = mixAt(stage);
    if (!parts || !at || parts.length === 0 || parts.some(({ source }) => source.name === 'exposed_unclicked')) return;
    yield {
      at,
      on: 'key',
      message: message('No negative is exposed_unclicked: the model never learns what the user saw and did not click'),
      details: [message('Most mixes keep some exposed_unclicked negatives. Some teams found that they can drop them.')],
      fixes: addEntryFix('exposed_unclicked', 0.3, { stage, document, parts }),
    };
  },
  docs: {
    summary: 'Recall has no exposed-unclicked negatives',
    why: `Random negatives are mostly unlike anything that the user wants, so they teach coarse distinctions.
Exposed-unclicked items are close to the user's taste, but the user did not choose them. They teach fine distinctions.
It is common practice to keep some of them in the mix.

They are not required. Exposures carry position bias, and the user may have wanted an unclicked item without noticing
it. Some teams got better online results without exposed-unclicked items, or with them only as hard negatives of low
weight. If you measured this for your system, turn this rule off.`,
    source: `The practice of recommender teams, not one paper. The published evidence points both ways. Huang et al.
(KDD 2020) warn against unclicked impressions as the only negatives and do not need them. Example configs of open
frameworks such as EasyRec offer them as hard negatives next to drawn ones. So the severity is info.`,
    wrong: {
      text: recallMixing([
        'popularity: {share: 0.6, exponent: 0.75, count: click, window: 7d, group_by: region}',
        'global_random: 0.4',
      ]),
      reportedAt: 'mix',
    },
    right: { text: changed('recall') },
  },
});
